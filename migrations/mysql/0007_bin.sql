-- +goose Up

-- /*M! … */ is for MariaDB alone: there the step can be run again if a start was cut off in the middle of it.

-- lists and cards: what is not on the board waits in the bin or in the archive, or is gone and about to be deleted for
-- good; pos is then the place it had. removed_as is NULL on the board. changed_rev is the number of the event that last
-- changed the row itself: undoing asks it.

ALTER TABLE `list`
  ADD COLUMN /*M! IF NOT EXISTS */ `removed_as` VARCHAR(8) NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `removed_at` DATETIME NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `removed_by` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `changed_rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY /*M! IF NOT EXISTS */ `ix_list_project_removed_pos` (`project_id`, `removed_as`, `pos`),
  ADD KEY /*M! IF NOT EXISTS */ `ix_list_removed` (`removed_as`, `removed_at`),
  DROP KEY /*M! IF EXISTS */ `ix_list_project_pos`;

ALTER TABLE `card`
  ADD COLUMN /*M! IF NOT EXISTS */ `removed_as` VARCHAR(8) NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `removed_at` DATETIME NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `removed_by` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `changed_rev` BIGINT NOT NULL DEFAULT 0,
  ADD KEY /*M! IF NOT EXISTS */ `ix_card_list_removed_pos` (`list_id`, `removed_as`, `pos`),
  ADD KEY /*M! IF NOT EXISTS */ `ix_card_removed` (`removed_as`, `removed_at`),
  DROP KEY /*M! IF EXISTS */ `ix_card_list_pos`;

-- history: who did it; NULL for rows older than this step and for people who have deleted their account.

ALTER TABLE `history_list_created`
  ADD COLUMN /*M! IF NOT EXISTS */ `user_id` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `user_name` VARCHAR(16) NULL,
  ADD KEY /*M! IF NOT EXISTS */ `ix_history_list_created_user` (`user_id`);

ALTER TABLE `history_list_deleted`
  ADD COLUMN /*M! IF NOT EXISTS */ `user_id` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `user_name` VARCHAR(16) NULL,
  ADD KEY /*M! IF NOT EXISTS */ `ix_history_list_deleted_user` (`user_id`);

ALTER TABLE `history_card_created`
  ADD COLUMN /*M! IF NOT EXISTS */ `user_id` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `user_name` VARCHAR(16) NULL,
  ADD KEY /*M! IF NOT EXISTS */ `ix_history_card_created_user` (`user_id`);

ALTER TABLE `history_card_deleted`
  ADD COLUMN /*M! IF NOT EXISTS */ `user_id` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `user_name` VARCHAR(16) NULL,
  ADD KEY /*M! IF NOT EXISTS */ `ix_history_card_deleted_user` (`user_id`);

ALTER TABLE `history_card_changed_list`
  ADD COLUMN /*M! IF NOT EXISTS */ `user_id` INTEGER NULL,
  ADD COLUMN /*M! IF NOT EXISTS */ `user_name` VARCHAR(16) NULL,
  ADD KEY /*M! IF NOT EXISTS */ `ix_history_card_changed_list_user` (`user_id`);

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
  PRIMARY KEY (`event_id`),
  KEY `ix_history_change_project_datetime` (`project_id`, `datetime`),
  KEY `ix_history_change_user` (`user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE `history_change`;

ALTER TABLE `history_card_changed_list`
  DROP KEY /*M! IF EXISTS */ `ix_history_card_changed_list_user`,
  DROP COLUMN /*M! IF EXISTS */ `user_id`,
  DROP COLUMN /*M! IF EXISTS */ `user_name`;

ALTER TABLE `history_card_deleted`
  DROP KEY /*M! IF EXISTS */ `ix_history_card_deleted_user`,
  DROP COLUMN /*M! IF EXISTS */ `user_id`,
  DROP COLUMN /*M! IF EXISTS */ `user_name`;

ALTER TABLE `history_card_created`
  DROP KEY /*M! IF EXISTS */ `ix_history_card_created_user`,
  DROP COLUMN /*M! IF EXISTS */ `user_id`,
  DROP COLUMN /*M! IF EXISTS */ `user_name`;

ALTER TABLE `history_list_deleted`
  DROP KEY /*M! IF EXISTS */ `ix_history_list_deleted_user`,
  DROP COLUMN /*M! IF EXISTS */ `user_id`,
  DROP COLUMN /*M! IF EXISTS */ `user_name`;

ALTER TABLE `history_list_created`
  DROP KEY /*M! IF EXISTS */ `ix_history_list_created_user`,
  DROP COLUMN /*M! IF EXISTS */ `user_id`,
  DROP COLUMN /*M! IF EXISTS */ `user_name`;

ALTER TABLE `card`
  ADD KEY /*M! IF NOT EXISTS */ `ix_card_list_pos` (`list_id`, `pos`),
  DROP KEY /*M! IF EXISTS */ `ix_card_list_removed_pos`,
  DROP KEY /*M! IF EXISTS */ `ix_card_removed`,
  DROP COLUMN /*M! IF EXISTS */ `removed_as`,
  DROP COLUMN /*M! IF EXISTS */ `removed_at`,
  DROP COLUMN /*M! IF EXISTS */ `removed_by`,
  DROP COLUMN /*M! IF EXISTS */ `changed_rev`;

ALTER TABLE `list`
  ADD KEY /*M! IF NOT EXISTS */ `ix_list_project_pos` (`project_id`, `pos`),
  DROP KEY /*M! IF EXISTS */ `ix_list_project_removed_pos`,
  DROP KEY /*M! IF EXISTS */ `ix_list_removed`,
  DROP COLUMN /*M! IF EXISTS */ `removed_as`,
  DROP COLUMN /*M! IF EXISTS */ `removed_at`,
  DROP COLUMN /*M! IF EXISTS */ `removed_by`,
  DROP COLUMN /*M! IF EXISTS */ `changed_rev`;
