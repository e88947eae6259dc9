-- projects; whether the owner lets admins invite, as only the owner could before.

-- +goose Up

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER: it is made only where its column says
-- that it was not made yet, so that a start that was cut off is finished by the next one.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'admins_invite') = 0,
'ALTER TABLE `project`
  ADD COLUMN `admins_invite` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'admins_invite') = 1,
'ALTER TABLE `project`
  DROP COLUMN `admins_invite`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
