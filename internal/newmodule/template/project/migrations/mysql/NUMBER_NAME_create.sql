-- +goose Up

CREATE TABLE IF NOT EXISTS `⟦.Name⟧_text` (
  `project_id` INTEGER NOT NULL,
  `content` VARCHAR(2000) NOT NULL,
  `changed_at` DATETIME NOT NULL,
  PRIMARY KEY (`project_id`),
  CONSTRAINT `fk_⟦.Name⟧_text_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `⟦.Name⟧_text`;
