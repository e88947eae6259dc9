-- +goose Up

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER: every one is made only where its
-- first column says that it was not made yet, so that a start that was cut off is finished by the next one.

-- lists and cards: what is not on the board waits in the bin or in the archive, or is gone and about to be deleted for
-- good; pos is then the place it had. removed_as is NULL on the board. changed_rev is the number of the event that last
-- changed the row itself: undoing asks it.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list' AND column_name = 'removed_as') = 0,
'ALTER TABLE `list`
  ADD COLUMN `removed_as` VARCHAR(8) NULL,
  ADD COLUMN `removed_at` DATETIME NULL,
  ADD COLUMN `removed_by` INTEGER NULL,
  ADD COLUMN `changed_rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_list_project_removed_pos` (`project_id`, `removed_as`, `pos`),
  ADD KEY `ix_list_removed` (`removed_as`, `removed_at`),
  DROP KEY `ix_list_project_pos`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card' AND column_name = 'removed_as') = 0,
'ALTER TABLE `card`
  ADD COLUMN `removed_as` VARCHAR(8) NULL,
  ADD COLUMN `removed_at` DATETIME NULL,
  ADD COLUMN `removed_by` INTEGER NULL,
  ADD COLUMN `changed_rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_card_list_removed_pos` (`list_id`, `removed_as`, `pos`),
  ADD KEY `ix_card_removed` (`removed_as`, `removed_at`),
  DROP KEY `ix_card_list_pos`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- history: who did it; NULL for rows older than this step and for people who have deleted their account. rev is the
-- number of the change, which orders what happened within a second; 0 for older rows.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_list_created' AND column_name = 'user_id') = 0,
'ALTER TABLE `history_list_created`
  ADD COLUMN `user_id` INTEGER NULL,
  ADD COLUMN `user_name` VARCHAR(16) NULL,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_history_list_created_user` (`user_id`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_list_deleted' AND column_name = 'user_id') = 0,
'ALTER TABLE `history_list_deleted`
  ADD COLUMN `user_id` INTEGER NULL,
  ADD COLUMN `user_name` VARCHAR(16) NULL,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_history_list_deleted_user` (`user_id`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_card_created' AND column_name = 'user_id') = 0,
'ALTER TABLE `history_card_created`
  ADD COLUMN `user_id` INTEGER NULL,
  ADD COLUMN `user_name` VARCHAR(16) NULL,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_history_card_created_user` (`user_id`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_card_deleted' AND column_name = 'user_id') = 0,
'ALTER TABLE `history_card_deleted`
  ADD COLUMN `user_id` INTEGER NULL,
  ADD COLUMN `user_name` VARCHAR(16) NULL,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_history_card_deleted_user` (`user_id`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_card_changed_list' AND column_name = 'user_id') = 0,
'ALTER TABLE `history_card_changed_list`
  ADD COLUMN `user_id` INTEGER NULL,
  ADD COLUMN `user_name` VARCHAR(16) NULL,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY `ix_history_card_changed_list_user` (`user_id`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- history; what the contract's five tables have no place for. details is JSON, its keys depend on kind.

CREATE TABLE IF NOT EXISTS `history_change` (
  `event_id` INTEGER NOT NULL AUTO_INCREMENT,
  `id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `kind` VARCHAR(32) NOT NULL,
  `details` TEXT NOT NULL,
  `user_id` INTEGER NULL,
  `user_name` VARCHAR(16) NULL,
  `rev` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_change_project_datetime` (`project_id`, `datetime`),
  KEY `ix_history_change_user` (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `history_change`;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_card_changed_list' AND column_name = 'user_id') = 1,
'ALTER TABLE `history_card_changed_list`
  DROP KEY `ix_history_card_changed_list_user`,
  DROP COLUMN `user_id`,
  DROP COLUMN `user_name`,
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_card_deleted' AND column_name = 'user_id') = 1,
'ALTER TABLE `history_card_deleted`
  DROP KEY `ix_history_card_deleted_user`,
  DROP COLUMN `user_id`,
  DROP COLUMN `user_name`,
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_card_created' AND column_name = 'user_id') = 1,
'ALTER TABLE `history_card_created`
  DROP KEY `ix_history_card_created_user`,
  DROP COLUMN `user_id`,
  DROP COLUMN `user_name`,
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_list_deleted' AND column_name = 'user_id') = 1,
'ALTER TABLE `history_list_deleted`
  DROP KEY `ix_history_list_deleted_user`,
  DROP COLUMN `user_id`,
  DROP COLUMN `user_name`,
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'history_list_created' AND column_name = 'user_id') = 1,
'ALTER TABLE `history_list_created`
  DROP KEY `ix_history_list_created_user`,
  DROP COLUMN `user_id`,
  DROP COLUMN `user_name`,
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'card' AND column_name = 'removed_as') = 1,
'ALTER TABLE `card`
  ADD KEY `ix_card_list_pos` (`list_id`, `pos`),
  DROP KEY `ix_card_list_removed_pos`,
  DROP KEY `ix_card_removed`,
  DROP COLUMN `removed_as`,
  DROP COLUMN `removed_at`,
  DROP COLUMN `removed_by`,
  DROP COLUMN `changed_rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'list' AND column_name = 'removed_as') = 1,
'ALTER TABLE `list`
  ADD KEY `ix_list_project_pos` (`project_id`, `pos`),
  DROP KEY `ix_list_project_removed_pos`,
  DROP KEY `ix_list_removed`,
  DROP COLUMN `removed_as`,
  DROP COLUMN `removed_at`,
  DROP COLUMN `removed_by`,
  DROP COLUMN `changed_rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
