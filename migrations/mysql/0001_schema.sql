-- The schema of contract/database.md in the normalised form of its sections 4 and 5, plus logins and the change log.
-- Every statement can be repeated: MySQL commits each CREATE TABLE by itself, so a start that was cut off in between
-- is finished by the next one. utf8mb4_unicode_ci (ignores case) exists on MySQL 8 and on MariaDB; codes, hashes,
-- URLs and file names compare exactly. Times are UTC. Foreign keys restrict unless they say otherwise.

-- +goose Up

-- accounts; a person. Empty pending columns mean: nothing to verify.
CREATE TABLE IF NOT EXISTS `user` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(16) NOT NULL,
  `email` VARCHAR(32) NULL,
  `avatar_url` VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  `small_avatar_url` VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  `profile_desc` VARCHAR(256) NOT NULL,
  `password_hash` VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  `private` BOOL NOT NULL,
  `email_private` BOOL NOT NULL,
  `stay_logged_in` BOOL NOT NULL,
  `block_all_friendship_requests` BOOL NOT NULL,
  `sign_up_complete` BOOL NOT NULL,
  `token` VARCHAR(32) COLLATE utf8mb4_bin NULL,
  `email_pending_verification` VARCHAR(32) NULL,
  `email_verification_case_id` VARCHAR(32) COLLATE utf8mb4_bin NULL,
  `email_verification_code` VARCHAR(32) COLLATE utf8mb4_bin NULL,
  `email_verification_sent_at` DATETIME NULL,
  `reset_password_case_id` VARCHAR(32) COLLATE utf8mb4_bin NULL,
  `reset_password_code_hash` VARCHAR(128) COLLATE utf8mb4_bin NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_user_name` (`name`),
  UNIQUE KEY `uq_user_email` (`email`),
  UNIQUE KEY `uq_user_email_pending` (`email_pending_verification`),
  UNIQUE KEY `uq_user_email_case` (`email_verification_case_id`),
  UNIQUE KEY `uq_user_reset_case` (`reset_password_case_id`),
  UNIQUE KEY `uq_user_id_name` (`id`, `name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- accounts; one row per signed-in browser. id is a hash of the random id in the cookie.
CREATE TABLE IF NOT EXISTS `login` (
  `id` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `user_id` INTEGER NOT NULL,
  `token` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `device` VARCHAR(255) NOT NULL,
  `address` VARCHAR(45) NOT NULL,
  `created_at` DATETIME NOT NULL,
  `last_seen_at` DATETIME NOT NULL,
  `ends_at` DATETIME NOT NULL,
  `persistent` BOOL NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_login_user` (`user_id`),
  KEY `ix_login_ends_at` (`ends_at`),
  CONSTRAINT `fk_login_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- friends; one row per direction, two per friendship.
CREATE TABLE IF NOT EXISTS `friendship` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `user_id` INTEGER NOT NULL,
  `friend_id` INTEGER NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_friendship_user_friend` (`user_id`, `friend_id`),
  KEY `ix_friendship_friend` (`friend_id`),
  CONSTRAINT `fk_friendship_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_friendship_friend` FOREIGN KEY (`friend_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- friends.
CREATE TABLE IF NOT EXISTS `friendship_request` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `from_id` INTEGER NOT NULL,
  `to_id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_friendship_request_from_to` (`from_id`, `to_id`),
  KEY `ix_friendship_request_to_datetime` (`to_id`, `datetime`),
  CONSTRAINT `fk_friendship_request_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_friendship_request_to` FOREIGN KEY (`to_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; person to person. No key on from_id: what was said outlives the account that said it.
CREATE TABLE IF NOT EXISTS `msg` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `content` VARCHAR(2048) NOT NULL,
  `from_id` INTEGER NOT NULL,
  `to_id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  `seen` BOOL NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_msg_to_seen` (`to_id`, `seen`),
  KEY `ix_msg_from_to_datetime` (`from_id`, `to_id`, `datetime`, `id`),
  KEY `ix_msg_to_from_seen` (`to_id`, `from_id`, `seen`),
  CONSTRAINT `fk_msg_to` FOREIGN KEY (`to_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- projects; rev counts the changes of its board, one project_event each. The owner is a pair, so that owner_name cannot drift from owner_id.
CREATE TABLE IF NOT EXISTS `project` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(32) NOT NULL,
  `owner_id` INTEGER NOT NULL,
  `owner_name` VARCHAR(16) NOT NULL,
  `project_desc` VARCHAR(128) NOT NULL,
  `visibility` VARCHAR(16) NOT NULL,
  `invite_code` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `invite_as_admin_code` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `rev` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_owner_name` (`owner_name`, `name`),
  UNIQUE KEY `uq_project_invite_code` (`invite_code`),
  UNIQUE KEY `uq_project_invite_as_admin_code` (`invite_as_admin_code`),
  KEY `ix_project_owner` (`owner_id`, `owner_name`),
  CONSTRAINT `fk_project_owner` FOREIGN KEY (`owner_id`, `owner_name`) REFERENCES `user` (`id`, `name`) ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- projects; the change log every connected board is brought up to date from. payload is JSON.
CREATE TABLE IF NOT EXISTS `project_event` (
  `project_id` INTEGER NOT NULL,
  `rev` BIGINT NOT NULL,
  `name` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `payload` LONGTEXT NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`project_id`, `rev`),
  KEY `ix_project_event_created_at` (`created_at`),
  CONSTRAINT `fk_project_event_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- projects; members other than the owner.
CREATE TABLE IF NOT EXISTS `project_collaborator_link` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `user_role` VARCHAR(32) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_collaborator_link_project_user` (`project_id`, `user_id`),
  KEY `ix_project_collaborator_link_user` (`user_id`),
  CONSTRAINT `fk_project_collaborator_link_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`),
  CONSTRAINT `fk_project_collaborator_link_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- lists; pos is 0-based and dense within the project.
CREATE TABLE IF NOT EXISTS `list` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `list_desc` VARCHAR(2048) NOT NULL,
  `pos` INTEGER NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_list_project_pos` (`project_id`, `pos`),
  CONSTRAINT `fk_list_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- cards; pos is 0-based and dense within the list. img_url is a column nobody uses, kept for the old schema.
CREATE TABLE IF NOT EXISTS `card` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `list_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `card_desc` VARCHAR(2048) NOT NULL,
  `img_url` VARCHAR(256) COLLATE utf8mb4_bin NULL,
  `pos` INTEGER NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_card_list_pos` (`list_id`, `pos`),
  CONSTRAINT `fk_card_list` FOREIGN KEY (`list_id`) REFERENCES `list` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- files; the nullable columns are unknown for rows taken over from the Flask application.
CREATE TABLE IF NOT EXISTS `list_attached_file` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `list_id` INTEGER NOT NULL,
  `url` VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
  `name` VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  `size` BIGINT NULL,
  `content_type` VARCHAR(128) NULL,
  `storage_key` VARCHAR(64) COLLATE utf8mb4_bin NULL,
  `created_at` DATETIME NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_list_attached_file_url` (`url`),
  UNIQUE KEY `uq_list_attached_file_list_name` (`list_id`, `name`),
  UNIQUE KEY `uq_list_attached_file_storage_key` (`storage_key`),
  CONSTRAINT `fk_list_attached_file_list` FOREIGN KEY (`list_id`) REFERENCES `list` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- files; the nullable columns are unknown for rows taken over from the Flask application.
CREATE TABLE IF NOT EXISTS `card_attached_file` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `card_id` INTEGER NOT NULL,
  `url` VARCHAR(256) COLLATE utf8mb4_bin NOT NULL,
  `name` VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  `size` BIGINT NULL,
  `content_type` VARCHAR(128) NULL,
  `storage_key` VARCHAR(64) COLLATE utf8mb4_bin NULL,
  `created_at` DATETIME NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_card_attached_file_url` (`url`),
  UNIQUE KEY `uq_card_attached_file_card_name` (`card_id`, `name`),
  UNIQUE KEY `uq_card_attached_file_storage_key` (`storage_key`),
  CONSTRAINT `fk_card_attached_file_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- cards.
CREATE TABLE IF NOT EXISTS `card_user_assignment` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `card_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_card_user_assignment_card_user` (`card_id`, `user_id`),
  KEY `ix_card_user_assignment_user` (`user_id`),
  CONSTRAINT `fk_card_user_assignment_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`),
  CONSTRAINT `fk_card_user_assignment_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats.
CREATE TABLE IF NOT EXISTS `chat_group` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(32) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats.
CREATE TABLE IF NOT EXISTS `chat_group_member_link` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `chat_group_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `user_role` VARCHAR(32) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_member_link_group_user` (`chat_group_id`, `user_id`),
  KEY `ix_chat_group_member_link_user` (`user_id`),
  CONSTRAINT `fk_chat_group_member_link_group` FOREIGN KEY (`chat_group_id`) REFERENCES `chat_group` (`id`),
  CONSTRAINT `fk_chat_group_member_link_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; at most one per project, named owner/project.
CREATE TABLE IF NOT EXISTS `project_chat_group` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(64) NOT NULL,
  `project_id` INTEGER NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_project` (`project_id`),
  CONSTRAINT `fk_project_chat_group_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; the owner is a member too.
CREATE TABLE IF NOT EXISTS `project_chat_group_member_link` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_chat_group_id` INTEGER NOT NULL,
  `user_id` INTEGER NOT NULL,
  `user_role` VARCHAR(32) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_member_link_group_user` (`project_chat_group_id`, `user_id`),
  KEY `ix_project_chat_group_member_link_user` (`user_id`),
  CONSTRAINT `fk_project_chat_group_member_link_group` FOREIGN KEY (`project_chat_group_id`) REFERENCES `project_chat_group` (`id`),
  CONSTRAINT `fk_project_chat_group_member_link_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats. No key on from_id, as in msg.
CREATE TABLE IF NOT EXISTS `chat_group_msg` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `chat_group_id` INTEGER NOT NULL,
  `content` VARCHAR(2048) NOT NULL,
  `from_id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_chat_group_msg_group_datetime` (`chat_group_id`, `datetime`, `id`),
  KEY `ix_chat_group_msg_from` (`from_id`),
  CONSTRAINT `fk_chat_group_msg_group` FOREIGN KEY (`chat_group_id`) REFERENCES `chat_group` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; one row per member and message, goes with its message so that no unread count counts what is gone.
CREATE TABLE IF NOT EXISTS `chat_group_msg_status` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `user_id` INTEGER NOT NULL,
  `chat_group_id` INTEGER NOT NULL,
  `chat_group_msg_id` INTEGER NOT NULL,
  `seen` BOOL NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_msg_status_msg_user` (`chat_group_msg_id`, `user_id`),
  KEY `ix_chat_group_msg_status_user_seen` (`user_id`, `seen`),
  KEY `ix_chat_group_msg_status_user_group_seen` (`user_id`, `chat_group_id`, `seen`),
  CONSTRAINT `fk_chat_group_msg_status_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_chat_group_msg_status_msg` FOREIGN KEY (`chat_group_msg_id`) REFERENCES `chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats. No key on from_id, as in msg.
CREATE TABLE IF NOT EXISTS `project_chat_group_msg` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_chat_group_id` INTEGER NOT NULL,
  `content` VARCHAR(2048) NOT NULL,
  `from_id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_project_chat_group_msg_group_datetime` (`project_chat_group_id`, `datetime`, `id`),
  KEY `ix_project_chat_group_msg_from` (`from_id`),
  CONSTRAINT `fk_project_chat_group_msg_group` FOREIGN KEY (`project_chat_group_id`) REFERENCES `project_chat_group` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- chats; one row per member and message, goes with its message so that no unread count counts what is gone.
CREATE TABLE IF NOT EXISTS `project_chat_group_msg_status` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `user_id` INTEGER NOT NULL,
  `project_chat_group_id` INTEGER NOT NULL,
  `project_chat_group_msg_id` INTEGER NOT NULL,
  `seen` BOOL NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_msg_status_msg_user` (`project_chat_group_msg_id`, `user_id`),
  KEY `ix_project_chat_group_msg_status_user_seen` (`user_id`, `seen`),
  KEY `ix_project_chat_group_msg_status_user_group_seen` (`user_id`, `project_chat_group_id`, `seen`),
  CONSTRAINT `fk_project_chat_group_msg_status_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_project_chat_group_msg_status_msg` FOREIGN KEY (`project_chat_group_msg_id`) REFERENCES `project_chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- history; a snapshot, never updated, without foreign keys. id is the list's, event_id the row's own.
CREATE TABLE IF NOT EXISTS `history_list_created` (
  `event_id` INTEGER NOT NULL AUTO_INCREMENT,
  `id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `list_desc` VARCHAR(2048) NOT NULL,
  `attached_files` MEDIUMTEXT NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_list_created_project_datetime` (`project_id`, `datetime`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- history; a snapshot, never updated, without foreign keys. id is the list's, event_id the row's own.
CREATE TABLE IF NOT EXISTS `history_list_deleted` (
  `event_id` INTEGER NOT NULL AUTO_INCREMENT,
  `id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `list_desc` VARCHAR(2048) NOT NULL,
  `attached_files` MEDIUMTEXT NOT NULL,
  `deleted_cards` MEDIUMTEXT NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_list_deleted_project_datetime` (`project_id`, `datetime`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- history; a snapshot, never updated, without foreign keys. id is the card's, event_id the row's own.
CREATE TABLE IF NOT EXISTS `history_card_created` (
  `event_id` INTEGER NOT NULL AUTO_INCREMENT,
  `id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `list_name` VARCHAR(64) NOT NULL,
  `card_desc` VARCHAR(2048) NOT NULL,
  `attached_files` MEDIUMTEXT NOT NULL,
  `assigned_users` MEDIUMTEXT NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_card_created_project_datetime` (`project_id`, `datetime`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- history; a snapshot, never updated, without foreign keys. id is the card's, event_id the row's own.
CREATE TABLE IF NOT EXISTS `history_card_deleted` (
  `event_id` INTEGER NOT NULL AUTO_INCREMENT,
  `id` INTEGER NOT NULL,
  `datetime` DATETIME NOT NULL,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `list_name` VARCHAR(64) NOT NULL,
  `card_desc` VARCHAR(2048) NOT NULL,
  `attached_files` MEDIUMTEXT NOT NULL,
  `assigned_users` MEDIUMTEXT NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_card_deleted_project_datetime` (`project_id`, `datetime`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- history; a snapshot, never updated, without foreign keys. id is the card's, event_id the row's own.
CREATE TABLE IF NOT EXISTS `history_card_changed_list` (
  `event_id` INTEGER NOT NULL AUTO_INCREMENT,
  `id` INTEGER NULL,
  `datetime` DATETIME NOT NULL,
  `project_id` INTEGER NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `old_list_name` VARCHAR(64) NOT NULL,
  `new_list_name` VARCHAR(64) NOT NULL,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_card_changed_list_project_datetime` (`project_id`, `datetime`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `history_card_changed_list`;
DROP TABLE IF EXISTS `history_card_deleted`;
DROP TABLE IF EXISTS `history_card_created`;
DROP TABLE IF EXISTS `history_list_deleted`;
DROP TABLE IF EXISTS `history_list_created`;
DROP TABLE IF EXISTS `project_chat_group_msg_status`;
DROP TABLE IF EXISTS `project_chat_group_msg`;
DROP TABLE IF EXISTS `chat_group_msg_status`;
DROP TABLE IF EXISTS `chat_group_msg`;
DROP TABLE IF EXISTS `project_chat_group_member_link`;
DROP TABLE IF EXISTS `project_chat_group`;
DROP TABLE IF EXISTS `chat_group_member_link`;
DROP TABLE IF EXISTS `chat_group`;
DROP TABLE IF EXISTS `card_user_assignment`;
DROP TABLE IF EXISTS `card_attached_file`;
DROP TABLE IF EXISTS `list_attached_file`;
DROP TABLE IF EXISTS `card`;
DROP TABLE IF EXISTS `list`;
DROP TABLE IF EXISTS `project_collaborator_link`;
DROP TABLE IF EXISTS `project_event`;
DROP TABLE IF EXISTS `project`;
DROP TABLE IF EXISTS `msg`;
DROP TABLE IF EXISTS `friendship_request`;
DROP TABLE IF EXISTS `friendship`;
DROP TABLE IF EXISTS `login`;
DROP TABLE IF EXISTS `user`;
