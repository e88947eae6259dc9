-- +goose Up

CREATE TABLE IF NOT EXISTS `⟦.Name⟧_card` (
  `card_id` INTEGER NOT NULL,
  `project_id` INTEGER NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`card_id`),
  KEY `ix_⟦.Name⟧_card_project` (`project_id`),
  CONSTRAINT `fk_⟦.Name⟧_card_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `⟦.Name⟧_card`;
