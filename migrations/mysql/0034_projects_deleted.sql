-- projects; deleted ones stay for 30 days, and administrators of the site find projects and open private ones.

-- +goose Up

-- deleted_at is NULL unless the project is deleted; its name is free meanwhile, and kept in deleted_name.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'deleted_at') = 0,
'ALTER TABLE `project`
  ADD COLUMN `deleted_at` DATETIME NULL,
  ADD COLUMN `deleted_name` VARCHAR(32) NOT NULL DEFAULT '''',
  ADD COLUMN `deleted_by_admin` BOOL NOT NULL DEFAULT 0,
  ADD KEY `ix_project_deleted_at` (`deleted_at`),
  ADD KEY `ix_project_visibility_title` (`visibility`, `title`),
  ADD KEY `ix_project_visibility_name` (`visibility`, `name`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- projects; an administrator of the site who may read a project until a time.
CREATE TABLE IF NOT EXISTS `project_opened` (
  `project_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `until` DATETIME NOT NULL,
  PRIMARY KEY (`project_id`, `user_id`),
  KEY `ix_project_opened_user` (`user_id`),
  CONSTRAINT `fk_project_opened_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_project_opened_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `project_opened`;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project' AND column_name = 'deleted_at') = 1,
'ALTER TABLE `project`
  DROP KEY `ix_project_visibility_name`,
  DROP KEY `ix_project_visibility_title`,
  DROP KEY `ix_project_deleted_at`,
  DROP COLUMN `deleted_by_admin`,
  DROP COLUMN `deleted_name`,
  DROP COLUMN `deleted_at`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
