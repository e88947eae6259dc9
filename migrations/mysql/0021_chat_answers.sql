-- Chats: a message answers another one, and people react to messages.

-- +goose Up

-- chats; reply_num is the number of the message in the same chat that this one answers.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'msg' AND column_name = 'reply_num') = 0,
'ALTER TABLE `msg` ADD COLUMN `reply_num` BIGINT NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_msg' AND column_name = 'reply_num') = 0,
'ALTER TABLE `chat_group_msg` ADD COLUMN `reply_num` BIGINT NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_msg' AND column_name = 'reply_num') = 0,
'ALTER TABLE `project_chat_group_msg` ADD COLUMN `reply_num` BIGINT NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- chats; an emoji that a person has put on a message.
CREATE TABLE IF NOT EXISTS `msg_reaction` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `msg_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `emoji` VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_msg_reaction_emoji` (`msg_id`, `emoji`, `user_id`),
  KEY `ix_msg_reaction_user` (`user_id`),
  CONSTRAINT `fk_msg_reaction_msg` FOREIGN KEY (`msg_id`) REFERENCES `msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE IF NOT EXISTS `chat_group_msg_reaction` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `msg_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `emoji` VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_msg_reaction_emoji` (`msg_id`, `emoji`, `user_id`),
  KEY `ix_chat_group_msg_reaction_user` (`user_id`),
  CONSTRAINT `fk_chat_group_msg_reaction_msg` FOREIGN KEY (`msg_id`) REFERENCES `chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;
CREATE TABLE IF NOT EXISTS `project_chat_group_msg_reaction` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `msg_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `emoji` VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_msg_reaction_emoji` (`msg_id`, `emoji`, `user_id`),
  KEY `ix_project_chat_group_msg_reaction_user` (`user_id`),
  CONSTRAINT `fk_project_chat_group_msg_reaction_msg` FOREIGN KEY (`msg_id`) REFERENCES `project_chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `project_chat_group_msg_reaction`;
DROP TABLE IF EXISTS `chat_group_msg_reaction`;
DROP TABLE IF EXISTS `msg_reaction`;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_msg' AND column_name = 'reply_num') = 1,
'ALTER TABLE `project_chat_group_msg` DROP COLUMN `reply_num`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_msg' AND column_name = 'reply_num') = 1,
'ALTER TABLE `chat_group_msg` DROP COLUMN `reply_num`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'msg' AND column_name = 'reply_num') = 1,
'ALTER TABLE `msg` DROP COLUMN `reply_num`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
