-- Chats: the search finds messages. The module fills the index with the messages that are already there.

-- +goose Up

-- chats; each beginning of a word that finds a message (platform/text/search.go). chat_id is the chat that the message is in.
CREATE TABLE IF NOT EXISTS `msg_word` (
  `chat_id` INTEGER NOT NULL,
  `word` VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `msg_id` INTEGER NOT NULL,
  PRIMARY KEY (`chat_id`, `word`, `msg_id`),
  KEY `ix_msg_word_msg` (`msg_id`),
  CONSTRAINT `fk_msg_word_msg` FOREIGN KEY (`msg_id`) REFERENCES `msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE IF NOT EXISTS `chat_group_msg_word` (
  `chat_id` INTEGER NOT NULL,
  `word` VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `msg_id` INTEGER NOT NULL,
  PRIMARY KEY (`chat_id`, `word`, `msg_id`),
  KEY `ix_chat_group_msg_word_msg` (`msg_id`),
  CONSTRAINT `fk_chat_group_msg_word_msg` FOREIGN KEY (`msg_id`) REFERENCES `chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE IF NOT EXISTS `project_chat_group_msg_word` (
  `chat_id` INTEGER NOT NULL,
  `word` VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `msg_id` INTEGER NOT NULL,
  PRIMARY KEY (`chat_id`, `word`, `msg_id`),
  KEY `ix_project_chat_group_msg_word_msg` (`msg_id`),
  CONSTRAINT `fk_project_chat_group_msg_word_msg` FOREIGN KEY (`msg_id`) REFERENCES `project_chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `project_chat_group_msg_word`;
DROP TABLE IF EXISTS `chat_group_msg_word`;
DROP TABLE IF EXISTS `msg_word`;
