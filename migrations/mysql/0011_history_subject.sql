-- +goose Up

-- history_change: what an entry is about, "card" or "list" with its id; empty for the rest. The window of a card shows what is
-- about it, which the keys find.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_change' AND column_name = 'subject') = 0,
'ALTER TABLE `history_change`
  ADD COLUMN `subject` VARCHAR(8) NOT NULL DEFAULT '''',
  ADD KEY `ix_history_change_subject` (`project_id`, `subject`, `id`, `datetime`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

UPDATE `history_change` SET `subject` = 'card' WHERE `subject` = '' AND (`kind` LIKE 'card%' OR `kind` IN ('labels.put', 'labels.taken'));
UPDATE `history_change` SET `subject` = 'list' WHERE `subject` = '' AND `kind` LIKE 'list%';

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'history_list_created' AND index_name = 'ix_history_list_created_subject') = 0,
'ALTER TABLE `history_list_created` ADD KEY `ix_history_list_created_subject` (`project_id`, `id`, `datetime`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'history_list_deleted' AND index_name = 'ix_history_list_deleted_subject') = 0,
'ALTER TABLE `history_list_deleted` ADD KEY `ix_history_list_deleted_subject` (`project_id`, `id`, `datetime`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'history_card_created' AND index_name = 'ix_history_card_created_subject') = 0,
'ALTER TABLE `history_card_created` ADD KEY `ix_history_card_created_subject` (`project_id`, `id`, `datetime`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'history_card_deleted' AND index_name = 'ix_history_card_deleted_subject') = 0,
'ALTER TABLE `history_card_deleted` ADD KEY `ix_history_card_deleted_subject` (`project_id`, `id`, `datetime`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'history_card_changed_list' AND index_name = 'ix_history_card_changed_list_subject') = 0,
'ALTER TABLE `history_card_changed_list` ADD KEY `ix_history_card_changed_list_subject` (`project_id`, `id`, `datetime`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

ALTER TABLE `history_change` DROP KEY `ix_history_change_subject`, DROP COLUMN `subject`;
ALTER TABLE `history_list_created` DROP KEY `ix_history_list_created_subject`;
ALTER TABLE `history_list_deleted` DROP KEY `ix_history_list_deleted_subject`;
ALTER TABLE `history_card_created` DROP KEY `ix_history_card_created_subject`;
ALTER TABLE `history_card_deleted` DROP KEY `ix_history_card_deleted_subject`;
ALTER TABLE `history_card_changed_list` DROP KEY `ix_history_card_changed_list_subject`;
