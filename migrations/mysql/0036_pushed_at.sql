-- notifications: when browsers told of a notification, so that more of the same unread subject do not tell again and again.

-- +goose Up

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER; see 0010.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'notification' AND column_name = 'pushed_at') = 0,
'ALTER TABLE `notification` ADD COLUMN `pushed_at` DATETIME NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'notification' AND column_name = 'pushed_at') = 1,
'ALTER TABLE `notification` DROP COLUMN `pushed_at`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
