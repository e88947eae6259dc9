-- files: the size of attached pictures, so that pages keep their place, and what they show, for people who cannot see them.
-- The cover of a card is the column img_url of the table card, which exists: it holds the url of one of its attachments.

-- +goose Up

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER; see 0010.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list_attached_file' AND column_name = 'width') = 0,
'ALTER TABLE `list_attached_file` ADD COLUMN `width` INTEGER NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list_attached_file' AND column_name = 'height') = 0,
'ALTER TABLE `list_attached_file` ADD COLUMN `height` INTEGER NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list_attached_file' AND column_name = 'description') = 0,
'ALTER TABLE `list_attached_file` ADD COLUMN `description` VARCHAR(512) NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card_attached_file' AND column_name = 'width') = 0,
'ALTER TABLE `card_attached_file` ADD COLUMN `width` INTEGER NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card_attached_file' AND column_name = 'height') = 0,
'ALTER TABLE `card_attached_file` ADD COLUMN `height` INTEGER NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card_attached_file' AND column_name = 'description') = 0,
'ALTER TABLE `card_attached_file` ADD COLUMN `description` VARCHAR(512) NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card_attached_file' AND column_name = 'description') = 1,
'ALTER TABLE `card_attached_file` DROP COLUMN `description`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card_attached_file' AND column_name = 'height') = 1,
'ALTER TABLE `card_attached_file` DROP COLUMN `height`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card_attached_file' AND column_name = 'width') = 1,
'ALTER TABLE `card_attached_file` DROP COLUMN `width`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list_attached_file' AND column_name = 'description') = 1,
'ALTER TABLE `list_attached_file` DROP COLUMN `description`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list_attached_file' AND column_name = 'height') = 1,
'ALTER TABLE `list_attached_file` DROP COLUMN `height`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list_attached_file' AND column_name = 'width') = 1,
'ALTER TABLE `list_attached_file` DROP COLUMN `width`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
