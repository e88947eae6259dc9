-- files; how much storage is used by whom, and what the last sweep has found.

-- +goose Up

-- files; the size of the attachments of a project, which a job counts every hour.
CREATE TABLE IF NOT EXISTS `file_use_project` (
  `project_id` INTEGER NOT NULL,
  `bytes` BIGINT NOT NULL,
  `files` INTEGER NOT NULL,
  `counted_at` DATETIME NOT NULL,
  PRIMARY KEY (`project_id`),
  KEY `ix_file_use_project_bytes` (`bytes`),
  CONSTRAINT `fk_file_use_project_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- files; that of all projects that a person owns.
CREATE TABLE IF NOT EXISTS `file_use_person` (
  `user_id` INTEGER NOT NULL,
  `bytes` BIGINT NOT NULL,
  `files` INTEGER NOT NULL,
  `counted_at` DATETIME NOT NULL,
  PRIMARY KEY (`user_id`),
  KEY `ix_file_use_person_bytes` (`bytes`),
  CONSTRAINT `fk_file_use_person_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- files; the last runs of the sweeper, the newest of which have the highest ids.
CREATE TABLE IF NOT EXISTS `file_sweep` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `ended_at` DATETIME NOT NULL,
  `files` INTEGER NOT NULL,
  `orphans` INTEGER NOT NULL,
  `missing` INTEGER NOT NULL,
  `first_missing` VARCHAR(64) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `file_sweep`;
DROP TABLE IF EXISTS `file_use_person`;
DROP TABLE IF EXISTS `file_use_project`;
