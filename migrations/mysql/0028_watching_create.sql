-- Watching: cards and lists whose changes a person is notified of.

-- +goose Up

-- watching; subject is "card" or "list", item_id the id of one.
CREATE TABLE IF NOT EXISTS `watch` (
  `user_id` INTEGER NOT NULL,
  `subject` VARCHAR(8) NOT NULL,
  `item_id` INTEGER NOT NULL,
  `project_id` INTEGER NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`user_id`, `subject`, `item_id`),
  KEY `ix_watch_item` (`subject`, `item_id`),
  KEY `ix_watch_project` (`project_id`, `subject`),
  CONSTRAINT `fk_watch_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_watch_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `watch`;
