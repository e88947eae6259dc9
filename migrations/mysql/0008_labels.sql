-- +goose Up

-- labels; deleted_at is set while the deletion of a label can be undone: its cards keep it for that time.
CREATE TABLE IF NOT EXISTS `label` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(50) NOT NULL,
  `colour` VARCHAR(8) COLLATE utf8mb4_bin NOT NULL,
  `pos` INTEGER NOT NULL,
  `deleted_at` DATETIME NULL,
  PRIMARY KEY (`id`),
  KEY `ix_label_project_pos` (`project_id`, `pos`),
  KEY `ix_label_deleted_at` (`deleted_at`),
  CONSTRAINT `fk_label_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE IF NOT EXISTS `card_label` (
  `card_id` INTEGER NOT NULL,
  `label_id` INTEGER NOT NULL,
  PRIMARY KEY (`card_id`, `label_id`),
  KEY `ix_card_label_label` (`label_id`),
  CONSTRAINT `fk_card_label_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_card_label_label` FOREIGN KEY (`label_id`) REFERENCES `label` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `card_label`;
DROP TABLE IF EXISTS `label`;
