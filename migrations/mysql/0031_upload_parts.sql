-- files: the parts of files that have not come whole. Their objects are reserved (unused_object), so that what is never
-- continued is deleted.

-- +goose Up

CREATE TABLE IF NOT EXISTS `upload_part` (
  `upload` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `number` INTEGER NOT NULL,
  `storage_key` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `size` BIGINT NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`upload`, `number`),
  KEY `ix_upload_part_created` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `upload_part`;
