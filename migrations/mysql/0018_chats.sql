-- Chats: every change of a chat has a number, from which unread counts, pages and what a client has missed are read.

-- +goose Up

-- chats; the chat of two people, with one link for each of them. rev is the number of its last change.
CREATE TABLE IF NOT EXISTS `chat_pair` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `rev` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; read_rev is the number up to which the person has read.
CREATE TABLE IF NOT EXISTS `chat_pair_link` (
  `user_id` INTEGER NOT NULL,
  `friend_id` INTEGER NOT NULL,
  `pair_id` INTEGER NOT NULL,
  `read_rev` BIGINT NOT NULL DEFAULT 0,
  `muted` BOOL NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`, `friend_id`),
  KEY `ix_chat_pair_link_pair` (`pair_id`),
  CONSTRAINT `fk_chat_pair_link_pair` FOREIGN KEY (`pair_id`) REFERENCES `chat_pair` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; num is the number of the change that made a message, rev of the one that last changed it. client_key is the sender's
-- identifier of a message, so that it is stored once however often it is sent.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'msg' AND column_name = 'num') = 0,
'ALTER TABLE `msg`
  ADD COLUMN `pair_id` INTEGER NULL,
  ADD COLUMN `num` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `client_key` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN `edited_at` DATETIME NULL,
  ADD COLUMN `deleted_at` DATETIME NULL,
  ADD KEY `ix_msg_pair_num` (`pair_id`, `num`),
  ADD KEY `ix_msg_pair_rev` (`pair_id`, `rev`),
  ADD UNIQUE KEY `uq_msg_from_key` (`from_id`, `client_key`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_msg' AND column_name = 'num') = 0,
'ALTER TABLE `chat_group_msg`
  ADD COLUMN `num` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `client_key` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN `edited_at` DATETIME NULL,
  ADD COLUMN `deleted_at` DATETIME NULL,
  ADD KEY `ix_chat_group_msg_group_num` (`chat_group_id`, `num`),
  ADD KEY `ix_chat_group_msg_group_rev` (`chat_group_id`, `rev`),
  ADD UNIQUE KEY `uq_chat_group_msg_from_key` (`from_id`, `client_key`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_msg' AND column_name = 'num') = 0,
'ALTER TABLE `project_chat_group_msg`
  ADD COLUMN `num` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `client_key` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN `edited_at` DATETIME NULL,
  ADD COLUMN `deleted_at` DATETIME NULL,
  ADD KEY `ix_project_chat_group_msg_group_num` (`project_chat_group_id`, `num`),
  ADD KEY `ix_project_chat_group_msg_group_rev` (`project_chat_group_id`, `rev`),
  ADD UNIQUE KEY `uq_project_chat_group_msg_from_key` (`from_id`, `client_key`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group' AND column_name = 'rev') = 0,
'ALTER TABLE `chat_group`
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group' AND column_name = 'rev') = 0,
'ALTER TABLE `project_chat_group`
  ADD COLUMN `rev` BIGINT NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_member_link' AND column_name = 'read_rev') = 0,
'ALTER TABLE `chat_group_member_link`
  ADD COLUMN `read_rev` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `muted` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_member_link' AND column_name = 'read_rev') = 0,
'ALTER TABLE `project_chat_group_member_link`
  ADD COLUMN `read_rev` BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN `muted` BOOL NOT NULL DEFAULT 0', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- Messages from before: a chat for each two people whose accounts exist; its id is that of their first message. What is
-- filled in already is left: another start may have got as far as this.
INSERT IGNORE INTO `chat_pair` (`id`) SELECT MIN(`msg`.`id`) FROM `msg`
  WHERE `pair_id` IS NULL AND `from_id` <> `to_id` AND EXISTS (SELECT 1 FROM `user` WHERE `user`.`id` = `from_id`)
  GROUP BY LEAST(`from_id`, `to_id`), GREATEST(`from_id`, `to_id`);
INSERT IGNORE INTO `chat_pair_link` (`user_id`, `friend_id`, `pair_id`)
  SELECT `from_id`, `to_id`, `chat_pair`.`id` FROM `chat_pair` JOIN `msg` ON `msg`.`id` = `chat_pair`.`id`
  UNION ALL SELECT `to_id`, `from_id`, `chat_pair`.`id` FROM `chat_pair` JOIN `msg` ON `msg`.`id` = `chat_pair`.`id`;
UPDATE `msg` JOIN `chat_pair_link` AS `l` ON `l`.`user_id` = `msg`.`from_id` AND `l`.`friend_id` = `msg`.`to_id` SET `msg`.`pair_id` = `l`.`pair_id`
  WHERE `msg`.`pair_id` IS NULL;

-- Their numbers, in the order of time.
UPDATE `msg` JOIN (
  SELECT `id`, ROW_NUMBER() OVER (PARTITION BY `pair_id` ORDER BY `datetime`, `id`) AS `n` FROM `msg` WHERE `pair_id` IS NOT NULL
) AS `o` ON `o`.`id` = `msg`.`id` SET `msg`.`num` = `o`.`n`, `msg`.`rev` = `o`.`n` WHERE `msg`.`num` = 0;
UPDATE `chat_group_msg` JOIN (
  SELECT `id`, ROW_NUMBER() OVER (PARTITION BY `chat_group_id` ORDER BY `datetime`, `id`) AS `n` FROM `chat_group_msg`
) AS `o` ON `o`.`id` = `chat_group_msg`.`id` SET `chat_group_msg`.`num` = `o`.`n`, `chat_group_msg`.`rev` = `o`.`n` WHERE `chat_group_msg`.`num` = 0;
UPDATE `project_chat_group_msg` JOIN (
  SELECT `id`, ROW_NUMBER() OVER (PARTITION BY `project_chat_group_id` ORDER BY `datetime`, `id`) AS `n` FROM `project_chat_group_msg`
) AS `o` ON `o`.`id` = `project_chat_group_msg`.`id` SET `project_chat_group_msg`.`num` = `o`.`n`, `project_chat_group_msg`.`rev` = `o`.`n` WHERE `project_chat_group_msg`.`num` = 0;
UPDATE `chat_pair` SET `rev` = COALESCE((SELECT MAX(`msg`.`rev`) FROM `msg` WHERE `msg`.`pair_id` = `chat_pair`.`id`), 0) WHERE `rev` = 0;
UPDATE `chat_group` SET `rev` = COALESCE((SELECT MAX(`chat_group_msg`.`rev`) FROM `chat_group_msg` WHERE `chat_group_msg`.`chat_group_id` = `chat_group`.`id`), 0) WHERE `rev` = 0;
UPDATE `project_chat_group` SET `rev` = COALESCE((SELECT MAX(`project_chat_group_msg`.`rev`) FROM `project_chat_group_msg` WHERE `project_chat_group_msg`.`project_chat_group_id` = `project_chat_group`.`id`), 0) WHERE `rev` = 0;

-- Read up to the first message that was not seen.
UPDATE `chat_pair_link` AS `l` SET `read_rev` = COALESCE(
  (SELECT MIN(`num`) - 1 FROM `msg` WHERE `msg`.`pair_id` = `l`.`pair_id` AND `to_id` = `l`.`user_id` AND NOT `seen`),
  (SELECT `rev` FROM `chat_pair` WHERE `id` = `l`.`pair_id`), 0) WHERE `read_rev` = 0;
UPDATE `chat_group_member_link` AS `l` SET `read_rev` = COALESCE(
  (SELECT MIN(`num`) - 1 FROM `chat_group_msg` AS `m` JOIN `chat_group_msg_status` AS `s` ON `s`.`chat_group_msg_id` = `m`.`id`
    WHERE `m`.`chat_group_id` = `l`.`chat_group_id` AND `s`.`user_id` = `l`.`user_id` AND NOT `s`.`seen`),
  (SELECT `rev` FROM `chat_group` WHERE `chat_group`.`id` = `l`.`chat_group_id`), 0) WHERE `read_rev` = 0;
UPDATE `project_chat_group_member_link` AS `l` SET `read_rev` = COALESCE(
  (SELECT MIN(`num`) - 1 FROM `project_chat_group_msg` AS `m` JOIN `project_chat_group_msg_status` AS `s` ON `s`.`project_chat_group_msg_id` = `m`.`id`
    WHERE `m`.`project_chat_group_id` = `l`.`project_chat_group_id` AND `s`.`user_id` = `l`.`user_id` AND NOT `s`.`seen`),
  (SELECT `rev` FROM `project_chat_group` WHERE `project_chat_group`.`id` = `l`.`project_chat_group_id`), 0) WHERE `read_rev` = 0;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_member_link' AND column_name = 'read_rev') = 1,
'ALTER TABLE `project_chat_group_member_link`
  DROP COLUMN `muted`,
  DROP COLUMN `read_rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_member_link' AND column_name = 'read_rev') = 1,
'ALTER TABLE `chat_group_member_link`
  DROP COLUMN `muted`,
  DROP COLUMN `read_rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group' AND column_name = 'rev') = 1,
'ALTER TABLE `project_chat_group`
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group' AND column_name = 'rev') = 1,
'ALTER TABLE `chat_group`
  DROP COLUMN `rev`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'project_chat_group_msg' AND column_name = 'num') = 1,
'ALTER TABLE `project_chat_group_msg`
  DROP KEY `uq_project_chat_group_msg_from_key`,
  DROP KEY `ix_project_chat_group_msg_group_rev`,
  DROP KEY `ix_project_chat_group_msg_group_num`,
  DROP COLUMN `deleted_at`,
  DROP COLUMN `edited_at`,
  DROP COLUMN `client_key`,
  DROP COLUMN `rev`,
  DROP COLUMN `num`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'chat_group_msg' AND column_name = 'num') = 1,
'ALTER TABLE `chat_group_msg`
  DROP KEY `uq_chat_group_msg_from_key`,
  DROP KEY `ix_chat_group_msg_group_rev`,
  DROP KEY `ix_chat_group_msg_group_num`,
  DROP COLUMN `deleted_at`,
  DROP COLUMN `edited_at`,
  DROP COLUMN `client_key`,
  DROP COLUMN `rev`,
  DROP COLUMN `num`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'msg' AND column_name = 'num') = 1,
'ALTER TABLE `msg`
  DROP KEY `uq_msg_from_key`,
  DROP KEY `ix_msg_pair_rev`,
  DROP KEY `ix_msg_pair_num`,
  DROP COLUMN `deleted_at`,
  DROP COLUMN `edited_at`,
  DROP COLUMN `client_key`,
  DROP COLUMN `rev`,
  DROP COLUMN `num`,
  DROP COLUMN `pair_id`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

DROP TABLE IF EXISTS `chat_pair_link`;
DROP TABLE IF EXISTS `chat_pair`;
