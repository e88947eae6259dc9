-- The start page: when a board was last changed, who has starred it, and which notifications a person has read.

-- +goose Up

-- projects; when a board was last changed, NULL if nothing says so. What is known of older boards is when their history ends.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'changed_at') = 0,
'ALTER TABLE `project` ADD COLUMN `changed_at` DATETIME NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
UPDATE `project` JOIN (SELECT `project_id`, MAX(`datetime`) AS `last` FROM (
  SELECT `project_id`, `datetime` FROM `history_list_created`
  UNION ALL SELECT `project_id`, `datetime` FROM `history_list_deleted`
  UNION ALL SELECT `project_id`, `datetime` FROM `history_card_created`
  UNION ALL SELECT `project_id`, `datetime` FROM `history_card_deleted`
  UNION ALL SELECT `project_id`, `datetime` FROM `history_card_changed_list`
  UNION ALL SELECT `project_id`, `datetime` FROM `history_change`
) AS `h` GROUP BY `project_id`) AS `l` ON `l`.`project_id` = `project`.`id`
SET `project`.`changed_at` = `l`.`last` WHERE `project`.`changed_at` IS NULL;

-- projects; who made a person a member, and when; NULL for those who have joined by a link, and for older rows.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_collaborator_link' AND column_name = 'added_by') = 0,
'ALTER TABLE `project_collaborator_link`
  ADD COLUMN `added_by` INTEGER NULL,
  ADD COLUMN `added_at` DATETIME NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- home; the boards that a person has starred.
CREATE TABLE IF NOT EXISTS `project_star` (
  `user_id` INTEGER NOT NULL,
  `project_id` INTEGER NOT NULL,
  PRIMARY KEY (`user_id`, `project_id`),
  KEY `ix_project_star_project` (`project_id`),
  CONSTRAINT `fk_project_star_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_project_star_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- home; up to when a person has read their notifications.
CREATE TABLE IF NOT EXISTS `notification_read` (
  `user_id` INTEGER NOT NULL,
  `until` DATETIME NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_notification_read_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `notification_read`;
DROP TABLE IF EXISTS `project_star`;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_collaborator_link' AND column_name = 'added_by') = 1,
'ALTER TABLE `project_collaborator_link`
  DROP COLUMN `added_at`,
  DROP COLUMN `added_by`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'changed_at') = 1,
'ALTER TABLE `project` DROP COLUMN `changed_at`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
