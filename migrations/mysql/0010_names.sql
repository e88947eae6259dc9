-- Names as people write them: a project's title beside the name in its address, a person's display name beside the
-- user name, and titles of cards of up to 256 characters.

-- +goose Up

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER: a column is added only where it is
-- missing, so that a start that was cut off is finished by the next one.

-- projects; title '' is a project that a version without titles has made: its name is shown.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'title') = 0,
'ALTER TABLE `project` ADD COLUMN `title` VARCHAR(64) NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
UPDATE `project` SET `title` = `name` WHERE `title` = '';

-- accounts; display_name '' is a person who has none: the user name is shown.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'display_name') = 0,
'ALTER TABLE `user` ADD COLUMN `display_name` VARCHAR(64) NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- cards, revisions, history; where titles of cards are kept.
ALTER TABLE `card` MODIFY `name` VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE `text_version` MODIFY `name` VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE `history_card_created` MODIFY `name` VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE `history_card_deleted` MODIFY `name` VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE `history_card_changed_list` MODIFY `name` VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE `history_change` MODIFY `name` VARCHAR(256) NOT NULL DEFAULT '';

-- +goose Down

-- What the old columns cannot hold is cut.
UPDATE `card` SET `name` = CONCAT(LEFT(`name`, 63), '…') WHERE CHAR_LENGTH(`name`) > 64;
ALTER TABLE `card` MODIFY `name` VARCHAR(64) NOT NULL;
UPDATE `text_version` SET `name` = CONCAT(LEFT(`name`, 63), '…') WHERE CHAR_LENGTH(`name`) > 64;
ALTER TABLE `text_version` MODIFY `name` VARCHAR(64) NOT NULL;
UPDATE `history_card_created` SET `name` = CONCAT(LEFT(`name`, 63), '…') WHERE CHAR_LENGTH(`name`) > 64;
ALTER TABLE `history_card_created` MODIFY `name` VARCHAR(64) NOT NULL;
UPDATE `history_card_deleted` SET `name` = CONCAT(LEFT(`name`, 63), '…') WHERE CHAR_LENGTH(`name`) > 64;
ALTER TABLE `history_card_deleted` MODIFY `name` VARCHAR(64) NOT NULL;
UPDATE `history_card_changed_list` SET `name` = CONCAT(LEFT(`name`, 63), '…') WHERE CHAR_LENGTH(`name`) > 64;
ALTER TABLE `history_card_changed_list` MODIFY `name` VARCHAR(64) NOT NULL;
UPDATE `history_change` SET `name` = CONCAT(LEFT(`name`, 63), '…') WHERE CHAR_LENGTH(`name`) > 64;
ALTER TABLE `history_change` MODIFY `name` VARCHAR(64) NOT NULL;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'display_name') = 1,
'ALTER TABLE `user` DROP COLUMN `display_name`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'title') = 1,
'ALTER TABLE `project` DROP COLUMN `title`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
