-- +goose Up

-- platform/objects: objects of the storage that no other row names: not yet, while a file is uploaded, or no longer.
CREATE TABLE IF NOT EXISTS `unused_object` (
  `storage_key` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `state` VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
  `scope` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `size` BIGINT NOT NULL DEFAULT 0,
  `due_at` DATETIME NOT NULL,
  `attempts` INTEGER NOT NULL DEFAULT 0,
  `last_error` VARCHAR(512) NOT NULL DEFAULT '',
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`storage_key`),
  KEY `ix_unused_object_due` (`state`, `due_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `unused_object`;
