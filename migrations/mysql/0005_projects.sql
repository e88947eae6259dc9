-- projects; an invitation link that is switched off keeps its code, so that switching it on again does not make a new one.

-- +goose Up

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER: every one is made only where its
-- first column says that it was not made yet, so that a start that was cut off is finished by the next one.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'invite_off') = 0,
'ALTER TABLE `project`
  ADD COLUMN `invite_off` BOOL NOT NULL DEFAULT 0,
  ADD COLUMN `invite_as_admin_off` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'invite_off') = 1,
'ALTER TABLE `project`
  DROP COLUMN `invite_off`,
  DROP COLUMN `invite_as_admin_off`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
