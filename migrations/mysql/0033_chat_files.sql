-- Files in chats: a message may have one, which is of the module files like those of lists and cards.

-- +goose Up

-- files; a file of an item of another module, which decides who may read it: kind and place say which, such as a chat and its messages.
CREATE TABLE IF NOT EXISTS `item_attached_file` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `kind` VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `place_id` INTEGER NOT NULL,
  `item_id` INTEGER NOT NULL,
  `url` VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
  `name` VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  `size` BIGINT NOT NULL,
  `content_type` VARCHAR(128) NOT NULL,
  `storage_key` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `created_at` DATETIME NOT NULL,
  `width` INTEGER NULL,
  `height` INTEGER NULL,
  `description` VARCHAR(512) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_item_attached_file_url` (`url`),
  UNIQUE KEY `uq_item_attached_file_item_name` (`kind`, `item_id`, `name`),
  UNIQUE KEY `uq_item_attached_file_storage_key` (`storage_key`),
  KEY `ix_item_attached_file_place` (`kind`, `place_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; whether a message has a file.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'msg' AND column_name = 'has_file') = 0,
'ALTER TABLE `msg` ADD COLUMN `has_file` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_msg' AND column_name = 'has_file') = 0,
'ALTER TABLE `chat_group_msg` ADD COLUMN `has_file` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_msg' AND column_name = 'has_file') = 0,
'ALTER TABLE `project_chat_group_msg` ADD COLUMN `has_file` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_msg' AND column_name = 'has_file') = 1,
'ALTER TABLE `project_chat_group_msg` DROP COLUMN `has_file`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_msg' AND column_name = 'has_file') = 1,
'ALTER TABLE `chat_group_msg` DROP COLUMN `has_file`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'msg' AND column_name = 'has_file') = 1,
'ALTER TABLE `msg` DROP COLUMN `has_file`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DROP TABLE IF EXISTS `item_attached_file`;
