-- Actions that were carried out, texts that were replaced, who is on a board.

-- +goose Up

-- projects; an action id that a client gave to a change, and what was answered: whoever sends it again is answered the same.
CREATE TABLE IF NOT EXISTS `project_action` (
  `project_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `action_id` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `rev` BIGINT NOT NULL,
  `answer` TEXT NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`project_id`, `user_id`, `action_id`),
  KEY `ix_project_action_created_at` (`created_at`),
  CONSTRAINT `fk_project_action_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- versions; name and description of a list, card or project as they were before somebody replaced them. kind: list, card, project.
CREATE TABLE IF NOT EXISTS `text_version` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_id` INTEGER NOT NULL,
  `kind` VARCHAR(8) COLLATE utf8mb4_bin NOT NULL,
  `item_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `item_desc` VARCHAR(2048) NOT NULL,
  `replaced_by` INTEGER NOT NULL,
  `replaced_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_text_version_item` (`project_id`, `kind`, `item_id`, `id`),
  KEY `ix_text_version_kind_item` (`kind`, `item_id`),
  KEY `ix_text_version_replaced_at` (`replaced_at`),
  CONSTRAINT `fk_text_version_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- presence; one row per server and person on a board, renewed as long as the server lives. user_id 0: all who are not signed in.
-- No foreign keys: their locks would wait for writers of the board, and what is wrong here is gone in half a minute.
CREATE TABLE IF NOT EXISTS `board_presence` (
  `project_id` INTEGER NOT NULL,
  `server_id` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `user_id` INTEGER NOT NULL,
  `state` VARCHAR(8) COLLATE utf8mb4_bin NOT NULL,
  `amount` INTEGER NOT NULL,
  `seen_at` DATETIME NOT NULL,
  PRIMARY KEY (`project_id`, `server_id`, `user_id`),
  KEY `ix_board_presence_server` (`server_id`),
  KEY `ix_board_presence_seen_at` (`seen_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `board_presence`;
DROP TABLE IF EXISTS `text_version`;
DROP TABLE IF EXISTS `project_action`;
