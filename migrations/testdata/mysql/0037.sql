CREATE TABLE `account_event` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `kind` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `device` varchar(255) NOT NULL,
  `address` varchar(45) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_account_event_user` (`user_id`,`id`),
  KEY `ix_account_event_created_at` (`created_at`),
  CONSTRAINT `fk_account_event_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `board_presence` (
  `project_id` int(11) NOT NULL,
  `server_id` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `user_id` int(11) NOT NULL,
  `state` varchar(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `amount` int(11) NOT NULL,
  `seen_at` datetime NOT NULL,
  PRIMARY KEY (`project_id`,`server_id`,`user_id`),
  KEY `ix_board_presence_server` (`server_id`),
  KEY `ix_board_presence_seen_at` (`seen_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `card` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `list_id` int(11) NOT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `card_desc` varchar(2048) NOT NULL,
  `img_url` varchar(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `pos` int(11) NOT NULL,
  `removed_as` varchar(8) DEFAULT NULL,
  `removed_at` datetime DEFAULT NULL,
  `removed_by` int(11) DEFAULT NULL,
  `changed_rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `ix_card_list_removed_pos` (`list_id`,`removed_as`,`pos`),
  KEY `ix_card_removed` (`removed_as`,`removed_at`),
  CONSTRAINT `fk_card_list` FOREIGN KEY (`list_id`) REFERENCES `list` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `card_attached_file` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `card_id` int(11) NOT NULL,
  `url` varchar(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `name` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `size` bigint(20) DEFAULT NULL,
  `content_type` varchar(128) DEFAULT NULL,
  `storage_key` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `created_at` datetime DEFAULT NULL,
  `width` int(11) DEFAULT NULL,
  `height` int(11) DEFAULT NULL,
  `description` varchar(512) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_card_attached_file_url` (`url`),
  UNIQUE KEY `uq_card_attached_file_card_name` (`card_id`,`name`),
  UNIQUE KEY `uq_card_attached_file_storage_key` (`storage_key`),
  CONSTRAINT `fk_card_attached_file_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `card_label` (
  `card_id` int(11) NOT NULL,
  `label_id` int(11) NOT NULL,
  PRIMARY KEY (`card_id`,`label_id`),
  KEY `ix_card_label_label` (`label_id`),
  CONSTRAINT `fk_card_label_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_card_label_label` FOREIGN KEY (`label_id`) REFERENCES `label` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `card_user_assignment` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `card_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_card_user_assignment_card_user` (`card_id`,`user_id`),
  KEY `ix_card_user_assignment_user` (`user_id`),
  CONSTRAINT `fk_card_user_assignment_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`),
  CONSTRAINT `fk_card_user_assignment_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_event` (
  `stream_id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL,
  `payload` longtext NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`stream_id`,`rev`),
  KEY `ix_chat_event_created_at` (`created_at`),
  CONSTRAINT `fk_chat_event_stream` FOREIGN KEY (`stream_id`) REFERENCES `chat_stream` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_group` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(32) NOT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_group_member_link` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `chat_group_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `user_role` varchar(32) NOT NULL,
  `read_rev` bigint(20) NOT NULL DEFAULT 0,
  `muted` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_member_link_group_user` (`chat_group_id`,`user_id`),
  KEY `ix_chat_group_member_link_user` (`user_id`),
  CONSTRAINT `fk_chat_group_member_link_group` FOREIGN KEY (`chat_group_id`) REFERENCES `chat_group` (`id`),
  CONSTRAINT `fk_chat_group_member_link_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_group_msg` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `chat_group_id` int(11) NOT NULL,
  `content` varchar(2048) NOT NULL,
  `from_id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `num` bigint(20) NOT NULL DEFAULT 0,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `client_key` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `edited_at` datetime DEFAULT NULL,
  `deleted_at` datetime DEFAULT NULL,
  `reply_num` bigint(20) DEFAULT NULL,
  `has_file` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_msg_from_key` (`from_id`,`client_key`),
  KEY `ix_chat_group_msg_group_datetime` (`chat_group_id`,`datetime`,`id`),
  KEY `ix_chat_group_msg_from` (`from_id`),
  KEY `ix_chat_group_msg_group_num` (`chat_group_id`,`num`),
  KEY `ix_chat_group_msg_group_rev` (`chat_group_id`,`rev`),
  CONSTRAINT `fk_chat_group_msg_group` FOREIGN KEY (`chat_group_id`) REFERENCES `chat_group` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_group_msg_reaction` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `msg_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `emoji` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_msg_reaction_emoji` (`msg_id`,`emoji`,`user_id`),
  KEY `ix_chat_group_msg_reaction_user` (`user_id`),
  CONSTRAINT `fk_chat_group_msg_reaction_msg` FOREIGN KEY (`msg_id`) REFERENCES `chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_group_msg_status` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `chat_group_id` int(11) NOT NULL,
  `chat_group_msg_id` int(11) NOT NULL,
  `seen` tinyint(1) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_chat_group_msg_status_msg_user` (`chat_group_msg_id`,`user_id`),
  KEY `ix_chat_group_msg_status_user_seen` (`user_id`,`seen`),
  KEY `ix_chat_group_msg_status_user_group_seen` (`user_id`,`chat_group_id`,`seen`),
  CONSTRAINT `fk_chat_group_msg_status_msg` FOREIGN KEY (`chat_group_msg_id`) REFERENCES `chat_group_msg` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_chat_group_msg_status_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_group_msg_word` (
  `chat_id` int(11) NOT NULL,
  `word` varchar(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `msg_id` int(11) NOT NULL,
  PRIMARY KEY (`chat_id`,`word`,`msg_id`),
  KEY `ix_chat_group_msg_word_msg` (`msg_id`),
  CONSTRAINT `fk_chat_group_msg_word_msg` FOREIGN KEY (`msg_id`) REFERENCES `chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_hidden_sender` (
  `user_id` int(11) NOT NULL,
  `from_id` int(11) NOT NULL,
  PRIMARY KEY (`user_id`,`from_id`),
  KEY `ix_chat_hidden_sender_from` (`from_id`),
  CONSTRAINT `fk_chat_hidden_sender_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_chat_hidden_sender_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_pair` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_pair_link` (
  `user_id` int(11) NOT NULL,
  `friend_id` int(11) NOT NULL,
  `pair_id` int(11) NOT NULL,
  `read_rev` bigint(20) NOT NULL DEFAULT 0,
  `muted` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`,`friend_id`),
  KEY `ix_chat_pair_link_pair` (`pair_id`),
  CONSTRAINT `fk_chat_pair_link_pair` FOREIGN KEY (`pair_id`) REFERENCES `chat_pair` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `chat_stream` (
  `id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `file_sweep` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `ended_at` datetime NOT NULL,
  `files` int(11) NOT NULL,
  `orphans` int(11) NOT NULL,
  `missing` int(11) NOT NULL,
  `first_missing` varchar(64) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `file_use_person` (
  `user_id` int(11) NOT NULL,
  `bytes` bigint(20) NOT NULL,
  `files` int(11) NOT NULL,
  `counted_at` datetime NOT NULL,
  PRIMARY KEY (`user_id`),
  KEY `ix_file_use_person_bytes` (`bytes`),
  CONSTRAINT `fk_file_use_person_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `file_use_project` (
  `project_id` int(11) NOT NULL,
  `bytes` bigint(20) NOT NULL,
  `files` int(11) NOT NULL,
  `counted_at` datetime NOT NULL,
  PRIMARY KEY (`project_id`),
  KEY `ix_file_use_project_bytes` (`bytes`),
  CONSTRAINT `fk_file_use_project_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `friendship` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `friend_id` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_friendship_user_friend` (`user_id`,`friend_id`),
  KEY `ix_friendship_friend` (`friend_id`),
  CONSTRAINT `fk_friendship_friend` FOREIGN KEY (`friend_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_friendship_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `friendship_request` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `from_id` int(11) NOT NULL,
  `to_id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_friendship_request_from_to` (`from_id`,`to_id`),
  KEY `ix_friendship_request_to_datetime` (`to_id`,`datetime`),
  CONSTRAINT `fk_friendship_request_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_friendship_request_to` FOREIGN KEY (`to_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `friendship_request_address` (
  `request_id` int(11) NOT NULL,
  `address` varchar(32) NOT NULL,
  PRIMARY KEY (`request_id`),
  CONSTRAINT `fk_friendship_request_address_request` FOREIGN KEY (`request_id`) REFERENCES `friendship_request` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `friendship_request_unheard` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `from_id` int(11) NOT NULL,
  `to_id` int(11) DEFAULT NULL,
  `address` varchar(32) DEFAULT NULL,
  `datetime` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_friendship_request_unheard_from` (`from_id`,`datetime`),
  KEY `ix_friendship_request_unheard_to` (`to_id`),
  CONSTRAINT `fk_friendship_request_unheard_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_friendship_request_unheard_to` FOREIGN KEY (`to_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `half_login` (
  `id` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `user_id` int(11) NOT NULL,
  `persistent` tinyint(1) NOT NULL,
  `ends_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_half_login_user` (`user_id`),
  KEY `ix_half_login_ends_at` (`ends_at`),
  CONSTRAINT `fk_half_login_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `history_card_changed_list` (
  `event_id` int(11) NOT NULL AUTO_INCREMENT,
  `id` int(11) DEFAULT NULL,
  `datetime` datetime NOT NULL,
  `project_id` int(11) NOT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `old_list_name` varchar(64) NOT NULL,
  `new_list_name` varchar(64) NOT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(16) DEFAULT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_card_changed_list_project_datetime` (`project_id`,`datetime`),
  KEY `ix_history_card_changed_list_user` (`user_id`),
  KEY `ix_history_card_changed_list_subject` (`project_id`,`id`,`datetime`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `history_card_created` (
  `event_id` int(11) NOT NULL AUTO_INCREMENT,
  `id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `project_id` int(11) NOT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `list_name` varchar(64) NOT NULL,
  `card_desc` varchar(2048) NOT NULL,
  `attached_files` mediumtext NOT NULL,
  `assigned_users` mediumtext NOT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(16) DEFAULT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_card_created_project_datetime` (`project_id`,`datetime`),
  KEY `ix_history_card_created_user` (`user_id`),
  KEY `ix_history_card_created_subject` (`project_id`,`id`,`datetime`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `history_card_deleted` (
  `event_id` int(11) NOT NULL AUTO_INCREMENT,
  `id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `project_id` int(11) NOT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `list_name` varchar(64) NOT NULL,
  `card_desc` varchar(2048) NOT NULL,
  `attached_files` mediumtext NOT NULL,
  `assigned_users` mediumtext NOT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(16) DEFAULT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_card_deleted_project_datetime` (`project_id`,`datetime`),
  KEY `ix_history_card_deleted_user` (`user_id`),
  KEY `ix_history_card_deleted_subject` (`project_id`,`id`,`datetime`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `history_change` (
  `event_id` int(11) NOT NULL AUTO_INCREMENT,
  `id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `project_id` int(11) NOT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `kind` varchar(32) NOT NULL,
  `details` text NOT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(16) DEFAULT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `subject` varchar(8) NOT NULL DEFAULT '',
  PRIMARY KEY (`event_id`),
  KEY `ix_history_change_project_datetime` (`project_id`,`datetime`),
  KEY `ix_history_change_user` (`user_id`),
  KEY `ix_history_change_subject` (`project_id`,`subject`,`id`,`datetime`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `history_list_created` (
  `event_id` int(11) NOT NULL AUTO_INCREMENT,
  `id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `project_id` int(11) NOT NULL,
  `name` varchar(64) NOT NULL,
  `list_desc` varchar(2048) NOT NULL,
  `attached_files` mediumtext NOT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(16) DEFAULT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_list_created_project_datetime` (`project_id`,`datetime`),
  KEY `ix_history_list_created_user` (`user_id`),
  KEY `ix_history_list_created_subject` (`project_id`,`id`,`datetime`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `history_list_deleted` (
  `event_id` int(11) NOT NULL AUTO_INCREMENT,
  `id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `project_id` int(11) NOT NULL,
  `name` varchar(64) NOT NULL,
  `list_desc` varchar(2048) NOT NULL,
  `attached_files` mediumtext NOT NULL,
  `deleted_cards` mediumtext NOT NULL,
  `user_id` int(11) DEFAULT NULL,
  `user_name` varchar(16) DEFAULT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`event_id`),
  KEY `ix_history_list_deleted_project_datetime` (`project_id`,`datetime`),
  KEY `ix_history_list_deleted_user` (`user_id`),
  KEY `ix_history_list_deleted_subject` (`project_id`,`id`,`datetime`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `invite` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `email` varchar(254) NOT NULL,
  `role` varchar(16) NOT NULL,
  `code` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `from_id` int(11) NOT NULL,
  `to_id` int(11) DEFAULT NULL,
  `dismissed` tinyint(1) NOT NULL DEFAULT 0,
  `lang` varchar(8) NOT NULL,
  `sent_at` datetime NOT NULL,
  `expires_at` datetime NOT NULL,
  `ended_as` varchar(16) DEFAULT NULL,
  `ended_at` datetime DEFAULT NULL,
  `used_by` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_invite_code` (`code`),
  KEY `ix_invite_project_ended` (`project_id`,`ended_as`),
  KEY `ix_invite_to` (`to_id`,`expires_at`),
  KEY `ix_invite_from` (`from_id`),
  KEY `ix_invite_used_by` (`used_by`),
  KEY `ix_invite_ended_at` (`ended_at`),
  KEY `ix_invite_expires_at` (`expires_at`),
  CONSTRAINT `fk_invite_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_invite_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `item_attached_file` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `kind` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `place_id` int(11) NOT NULL,
  `item_id` int(11) NOT NULL,
  `url` varchar(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `name` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `size` bigint(20) NOT NULL,
  `content_type` varchar(128) NOT NULL,
  `storage_key` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `created_at` datetime NOT NULL,
  `width` int(11) DEFAULT NULL,
  `height` int(11) DEFAULT NULL,
  `description` varchar(512) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_item_attached_file_url` (`url`),
  UNIQUE KEY `uq_item_attached_file_item_name` (`kind`,`item_id`,`name`),
  UNIQUE KEY `uq_item_attached_file_storage_key` (`storage_key`),
  KEY `ix_item_attached_file_place` (`kind`,`place_id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `job_lease` (
  `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `owner` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `until` bigint(20) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `job_run` (
  `name` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `every_seconds` bigint(20) NOT NULL,
  `server` varchar(64) NOT NULL,
  `started_at` datetime DEFAULT NULL,
  `duration_ms` bigint(20) NOT NULL DEFAULT 0,
  `error` varchar(512) NOT NULL DEFAULT '',
  `failures` bigint(20) NOT NULL DEFAULT 0,
  `next_at` datetime NOT NULL,
  `asked_at` datetime DEFAULT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `label` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `name` varchar(50) NOT NULL,
  `colour` varchar(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `pos` int(11) NOT NULL,
  `deleted_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_label_project_pos` (`project_id`,`pos`),
  KEY `ix_label_deleted_at` (`deleted_at`),
  CONSTRAINT `fk_label_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `list` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `name` varchar(64) NOT NULL,
  `list_desc` varchar(2048) NOT NULL,
  `pos` int(11) NOT NULL,
  `removed_as` varchar(8) DEFAULT NULL,
  `removed_at` datetime DEFAULT NULL,
  `removed_by` int(11) DEFAULT NULL,
  `changed_rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `ix_list_project_removed_pos` (`project_id`,`removed_as`,`pos`),
  KEY `ix_list_removed` (`removed_as`,`removed_at`),
  CONSTRAINT `fk_list_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `list_attached_file` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `list_id` int(11) NOT NULL,
  `url` varchar(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `name` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `size` bigint(20) DEFAULT NULL,
  `content_type` varchar(128) DEFAULT NULL,
  `storage_key` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `created_at` datetime DEFAULT NULL,
  `width` int(11) DEFAULT NULL,
  `height` int(11) DEFAULT NULL,
  `description` varchar(512) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_list_attached_file_url` (`url`),
  UNIQUE KEY `uq_list_attached_file_list_name` (`list_id`,`name`),
  UNIQUE KEY `uq_list_attached_file_storage_key` (`storage_key`),
  CONSTRAINT `fk_list_attached_file_list` FOREIGN KEY (`list_id`) REFERENCES `list` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `login` (
  `id` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `user_id` int(11) NOT NULL,
  `token` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `device` varchar(255) NOT NULL,
  `address` varchar(45) NOT NULL,
  `created_at` datetime NOT NULL,
  `last_seen_at` datetime NOT NULL,
  `ends_at` datetime NOT NULL,
  `persistent` tinyint(1) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_login_user` (`user_id`),
  KEY `ix_login_ends_at` (`ends_at`),
  CONSTRAINT `fk_login_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `mail_job` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `mail_id` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `recipient` varchar(320) NOT NULL,
  `subject` varchar(255) NOT NULL,
  `text_body` longtext NOT NULL,
  `html_body` longtext NOT NULL,
  `state` varchar(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `claim` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `attempts` int(11) NOT NULL,
  `due_at` datetime NOT NULL,
  `expires_at` datetime DEFAULT NULL,
  `last_error` varchar(1024) NOT NULL,
  `created_at` datetime NOT NULL,
  `unsubscribe` varchar(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  KEY `ix_mail_job_state_due` (`state`,`due_at`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `msg` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `content` varchar(2048) NOT NULL,
  `from_id` int(11) NOT NULL,
  `to_id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `seen` tinyint(1) NOT NULL,
  `pair_id` int(11) DEFAULT NULL,
  `num` bigint(20) NOT NULL DEFAULT 0,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `client_key` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `edited_at` datetime DEFAULT NULL,
  `deleted_at` datetime DEFAULT NULL,
  `reply_num` bigint(20) DEFAULT NULL,
  `has_file` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_msg_from_key` (`from_id`,`client_key`),
  KEY `ix_msg_to_seen` (`to_id`,`seen`),
  KEY `ix_msg_from_to_datetime` (`from_id`,`to_id`,`datetime`,`id`),
  KEY `ix_msg_to_from_seen` (`to_id`,`from_id`,`seen`),
  KEY `ix_msg_pair_num` (`pair_id`,`num`),
  KEY `ix_msg_pair_rev` (`pair_id`,`rev`),
  CONSTRAINT `fk_msg_to` FOREIGN KEY (`to_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `msg_reaction` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `msg_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `emoji` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_msg_reaction_emoji` (`msg_id`,`emoji`,`user_id`),
  KEY `ix_msg_reaction_user` (`user_id`),
  CONSTRAINT `fk_msg_reaction_msg` FOREIGN KEY (`msg_id`) REFERENCES `msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `msg_word` (
  `chat_id` int(11) NOT NULL,
  `word` varchar(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `msg_id` int(11) NOT NULL,
  PRIMARY KEY (`chat_id`,`word`,`msg_id`),
  KEY `ix_msg_word_msg` (`msg_id`),
  CONSTRAINT `fk_msg_word_msg` FOREIGN KEY (`msg_id`) REFERENCES `msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `notification` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `kind` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `variant` varchar(32) NOT NULL DEFAULT '',
  `subject` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `project_id` int(11) DEFAULT NULL,
  `card_id` int(11) DEFAULT NULL,
  `by_id` int(11) DEFAULT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `excerpt` varchar(256) NOT NULL DEFAULT '',
  `path` varchar(255) NOT NULL DEFAULT '',
  `count` int(11) NOT NULL DEFAULT 1,
  `at` datetime NOT NULL,
  `listed` tinyint(1) NOT NULL DEFAULT 1,
  `read_at` datetime DEFAULT NULL,
  `mail_at` datetime DEFAULT NULL,
  `push_at` datetime DEFAULT NULL,
  `mailed_at` datetime DEFAULT NULL,
  `pushed_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_notification_user_at` (`user_id`,`at`),
  KEY `ix_notification_user_read` (`user_id`,`read_at`,`at`),
  KEY `ix_notification_subject` (`subject`,`kind`),
  KEY `ix_notification_project` (`project_id`),
  KEY `ix_notification_card` (`card_id`),
  KEY `ix_notification_by` (`by_id`),
  KEY `ix_notification_at` (`at`),
  KEY `ix_notification_mail_at` (`mail_at`),
  KEY `ix_notification_push_at` (`push_at`),
  CONSTRAINT `fk_notification_by` FOREIGN KEY (`by_id`) REFERENCES `user` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_notification_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `notification_choice` (
  `user_id` int(11) NOT NULL,
  `kind` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `choice` varchar(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`user_id`,`kind`),
  CONSTRAINT `fk_notification_choice_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `notification_muted_project` (
  `user_id` int(11) NOT NULL,
  `project_id` int(11) NOT NULL,
  PRIMARY KEY (`user_id`,`project_id`),
  KEY `ix_notification_muted_project_project` (`project_id`),
  CONSTRAINT `fk_notification_muted_project_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_muted_project_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `notification_person` (
  `user_id` int(11) NOT NULL,
  `time_zone` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `quiet_from` int(11) DEFAULT NULL,
  `quiet_to` int(11) DEFAULT NULL,
  `no_mails` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_notification_person_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `notification_read` (
  `user_id` int(11) NOT NULL,
  `until` datetime NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_notification_read_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `password_reset` (
  `user_id` int(11) NOT NULL,
  `case_id` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `code_hash` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `attempts` int(11) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`user_id`),
  UNIQUE KEY `uq_password_reset_case` (`case_id`),
  CONSTRAINT `fk_password_reset_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(32) NOT NULL,
  `owner_id` int(11) NOT NULL,
  `owner_name` varchar(16) NOT NULL,
  `project_desc` varchar(128) NOT NULL,
  `visibility` varchar(16) NOT NULL,
  `invite_code` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `invite_as_admin_code` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `invite_off` tinyint(1) NOT NULL DEFAULT 0,
  `invite_as_admin_off` tinyint(1) NOT NULL DEFAULT 0,
  `colour` varchar(16) NOT NULL DEFAULT '',
  `title` varchar(64) NOT NULL DEFAULT '',
  `changed_at` datetime DEFAULT NULL,
  `admins_invite` tinyint(1) NOT NULL DEFAULT 0,
  `deleted_at` datetime DEFAULT NULL,
  `deleted_name` varchar(32) NOT NULL DEFAULT '',
  `deleted_by_admin` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_owner_name` (`owner_name`,`name`),
  UNIQUE KEY `uq_project_invite_code` (`invite_code`),
  UNIQUE KEY `uq_project_invite_as_admin_code` (`invite_as_admin_code`),
  KEY `ix_project_owner` (`owner_id`,`owner_name`),
  KEY `ix_project_deleted_at` (`deleted_at`),
  KEY `ix_project_visibility_title` (`visibility`,`title`),
  KEY `ix_project_visibility_name` (`visibility`,`name`),
  CONSTRAINT `fk_project_owner` FOREIGN KEY (`owner_id`, `owner_name`) REFERENCES `user` (`id`, `name`) ON UPDATE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_action` (
  `project_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `action_id` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `rev` bigint(20) NOT NULL,
  `answer` text NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`project_id`,`user_id`,`action_id`),
  KEY `ix_project_action_created_at` (`created_at`),
  CONSTRAINT `fk_project_action_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_chat_group` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(64) NOT NULL,
  `project_id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_project` (`project_id`),
  CONSTRAINT `fk_project_chat_group_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_chat_group_member_link` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_chat_group_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `user_role` varchar(32) NOT NULL,
  `read_rev` bigint(20) NOT NULL DEFAULT 0,
  `muted` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_member_link_group_user` (`project_chat_group_id`,`user_id`),
  KEY `ix_project_chat_group_member_link_user` (`user_id`),
  CONSTRAINT `fk_project_chat_group_member_link_group` FOREIGN KEY (`project_chat_group_id`) REFERENCES `project_chat_group` (`id`),
  CONSTRAINT `fk_project_chat_group_member_link_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_chat_group_msg` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_chat_group_id` int(11) NOT NULL,
  `content` varchar(2048) NOT NULL,
  `from_id` int(11) NOT NULL,
  `datetime` datetime NOT NULL,
  `num` bigint(20) NOT NULL DEFAULT 0,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  `client_key` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `edited_at` datetime DEFAULT NULL,
  `deleted_at` datetime DEFAULT NULL,
  `reply_num` bigint(20) DEFAULT NULL,
  `has_file` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_msg_from_key` (`from_id`,`client_key`),
  KEY `ix_project_chat_group_msg_group_datetime` (`project_chat_group_id`,`datetime`,`id`),
  KEY `ix_project_chat_group_msg_from` (`from_id`),
  KEY `ix_project_chat_group_msg_group_num` (`project_chat_group_id`,`num`),
  KEY `ix_project_chat_group_msg_group_rev` (`project_chat_group_id`,`rev`),
  CONSTRAINT `fk_project_chat_group_msg_group` FOREIGN KEY (`project_chat_group_id`) REFERENCES `project_chat_group` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_chat_group_msg_reaction` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `msg_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `emoji` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_msg_reaction_emoji` (`msg_id`,`emoji`,`user_id`),
  KEY `ix_project_chat_group_msg_reaction_user` (`user_id`),
  CONSTRAINT `fk_project_chat_group_msg_reaction_msg` FOREIGN KEY (`msg_id`) REFERENCES `project_chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_chat_group_msg_status` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `project_chat_group_id` int(11) NOT NULL,
  `project_chat_group_msg_id` int(11) NOT NULL,
  `seen` tinyint(1) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_chat_group_msg_status_msg_user` (`project_chat_group_msg_id`,`user_id`),
  KEY `ix_project_chat_group_msg_status_user_seen` (`user_id`,`seen`),
  KEY `ix_project_chat_group_msg_status_user_group_seen` (`user_id`,`project_chat_group_id`,`seen`),
  CONSTRAINT `fk_project_chat_group_msg_status_msg` FOREIGN KEY (`project_chat_group_msg_id`) REFERENCES `project_chat_group_msg` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_project_chat_group_msg_status_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_chat_group_msg_word` (
  `chat_id` int(11) NOT NULL,
  `word` varchar(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `msg_id` int(11) NOT NULL,
  PRIMARY KEY (`chat_id`,`word`,`msg_id`),
  KEY `ix_project_chat_group_msg_word_msg` (`msg_id`),
  CONSTRAINT `fk_project_chat_group_msg_word_msg` FOREIGN KEY (`msg_id`) REFERENCES `project_chat_group_msg` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_collaborator_link` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `user_role` varchar(32) NOT NULL,
  `added_by` int(11) DEFAULT NULL,
  `added_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_project_collaborator_link_project_user` (`project_id`,`user_id`),
  KEY `ix_project_collaborator_link_user` (`user_id`),
  CONSTRAINT `fk_project_collaborator_link_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`),
  CONSTRAINT `fk_project_collaborator_link_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_event` (
  `project_id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL,
  `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `payload` longtext NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`project_id`,`rev`),
  KEY `ix_project_event_created_at` (`created_at`),
  CONSTRAINT `fk_project_event_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_opened` (
  `project_id` int(11) NOT NULL,
  `user_id` int(11) NOT NULL,
  `until` datetime NOT NULL,
  PRIMARY KEY (`project_id`,`user_id`),
  KEY `ix_project_opened_user` (`user_id`),
  CONSTRAINT `fk_project_opened_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_project_opened_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `project_star` (
  `user_id` int(11) NOT NULL,
  `project_id` int(11) NOT NULL,
  PRIMARY KEY (`user_id`,`project_id`),
  KEY `ix_project_star_project` (`project_id`),
  CONSTRAINT `fk_project_star_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_project_star_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `push_choice` (
  `user_id` int(11) NOT NULL,
  `kind` varchar(32) NOT NULL,
  `wanted` tinyint(1) NOT NULL,
  PRIMARY KEY (`user_id`,`kind`),
  CONSTRAINT `fk_push_choice_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `push_job` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `subscription_id` int(11) NOT NULL,
  `topic` varchar(32) NOT NULL,
  `payload` text NOT NULL,
  `attempts` int(11) NOT NULL DEFAULT 0,
  `due_at` datetime NOT NULL,
  `ends_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_push_job_due` (`due_at`),
  KEY `ix_push_job_subscription` (`subscription_id`),
  CONSTRAINT `fk_push_job_subscription` FOREIGN KEY (`subscription_id`) REFERENCES `push_subscription` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `push_key` (
  `id` int(11) NOT NULL,
  `private_key` varchar(512) NOT NULL,
  `public_key` varchar(128) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `push_subscription` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `login_id` varchar(64) NOT NULL,
  `endpoint_hash` varchar(64) NOT NULL,
  `endpoint` varchar(1024) NOT NULL,
  `browser_key` varchar(128) NOT NULL,
  `browser_auth` varchar(64) NOT NULL,
  `lang` varchar(8) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_push_subscription_endpoint` (`endpoint_hash`),
  KEY `ix_push_subscription_user` (`user_id`),
  KEY `ix_push_subscription_login` (`login_id`),
  CONSTRAINT `fk_push_subscription_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `recovery_code` (
  `user_id` int(11) NOT NULL,
  `code_hash` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`user_id`,`code_hash`),
  CONSTRAINT `fk_recovery_code_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `schema_checksum` (
  `version_id` bigint(20) NOT NULL,
  `checksum` char(64) NOT NULL,
  PRIMARY KEY (`version_id`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `schema_version` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `version_id` bigint(20) NOT NULL,
  `is_applied` tinyint(1) NOT NULL,
  `tstamp` datetime DEFAULT current_timestamp(),
  PRIMARY KEY (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=77 DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE `search_card` (
  `card_id` int(11) NOT NULL,
  `project_id` int(11) NOT NULL,
  `words` mediumtext NOT NULL,
  `version` int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (`card_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;

CREATE TABLE `search_word` (
  `project_id` int(11) NOT NULL,
  `field` int(11) NOT NULL,
  `word` varchar(24) NOT NULL,
  `card_id` int(11) NOT NULL,
  PRIMARY KEY (`project_id`,`field`,`word`,`card_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC;

CREATE TABLE `second_factor` (
  `user_id` int(11) NOT NULL,
  `secret` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `confirmed_at` datetime NOT NULL,
  `last_step` bigint(20) NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_second_factor_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `setting` (
  `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `value` text NOT NULL,
  `changed_at` datetime NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `setting_revision` (
  `id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_admin` (
  `user_id` int(11) NOT NULL,
  `origin` varchar(32) NOT NULL,
  `added_at` datetime NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_site_admin_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_admin_audit` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `at` datetime NOT NULL,
  `by_id` int(11) DEFAULT NULL,
  `by_name` varchar(32) NOT NULL,
  `act` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `subject_person_id` int(11) DEFAULT NULL,
  `subject` varchar(128) NOT NULL,
  `before_text` varchar(512) NOT NULL,
  `after_text` varchar(512) NOT NULL,
  `reason` varchar(256) NOT NULL,
  `address` varchar(45) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_site_admin_audit_at` (`at`),
  KEY `ix_site_admin_audit_by` (`by_id`),
  KEY `ix_site_admin_audit_person` (`subject_person_id`,`id`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_admin_claim` (
  `id` int(11) NOT NULL,
  `token_hash` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_admin_confirmation` (
  `login_id` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `confirmed_at` datetime NOT NULL,
  PRIMARY KEY (`login_id`),
  CONSTRAINT `fk_site_admin_confirmation_login` FOREIGN KEY (`login_id`) REFERENCES `login` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_disconnect` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `user_id` int(11) NOT NULL,
  `asked_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_site_disconnect_user` (`user_id`),
  CONSTRAINT `fk_site_disconnect_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_figure` (
  `day` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `value` bigint(20) NOT NULL,
  PRIMARY KEY (`day`,`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_health` (
  `id` int(11) NOT NULL,
  `examined_at` datetime NOT NULL,
  `server` varchar(64) NOT NULL,
  `findings` text NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `site_server` (
  `name` varchar(128) NOT NULL,
  `version` varchar(64) NOT NULL,
  `started_at` datetime NOT NULL,
  `seen_at` datetime NOT NULL,
  `drain_asked` tinyint(1) NOT NULL DEFAULT 0,
  `counts` text NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `suspension` (
  `user_id` int(11) NOT NULL,
  `created_at` datetime NOT NULL,
  `reason` varchar(256) NOT NULL DEFAULT '',
  `until` datetime DEFAULT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_suspension_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `text_version` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `kind` varchar(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `item_id` int(11) NOT NULL,
  `name` varchar(256) NOT NULL DEFAULT '',
  `item_desc` varchar(2048) NOT NULL,
  `replaced_by` int(11) NOT NULL,
  `replaced_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_text_version_item` (`project_id`,`kind`,`item_id`,`id`),
  KEY `ix_text_version_kind_item` (`kind`,`item_id`),
  KEY `ix_text_version_replaced_at` (`replaced_at`),
  CONSTRAINT `fk_text_version_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `unused_object` (
  `storage_key` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `state` varchar(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `scope` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `size` bigint(20) NOT NULL DEFAULT 0,
  `due_at` datetime NOT NULL,
  `attempts` int(11) NOT NULL DEFAULT 0,
  `last_error` varchar(512) NOT NULL DEFAULT '',
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`storage_key`),
  KEY `ix_unused_object_due` (`state`,`due_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `upload_part` (
  `upload` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `number` int(11) NOT NULL,
  `storage_key` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `size` bigint(20) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`upload`,`number`),
  KEY `ix_upload_part_created` (`created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `user` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(16) NOT NULL,
  `email` varchar(32) DEFAULT NULL,
  `avatar_url` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `small_avatar_url` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `profile_desc` varchar(256) NOT NULL,
  `password_hash` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `private` tinyint(1) NOT NULL,
  `email_private` tinyint(1) NOT NULL,
  `stay_logged_in` tinyint(1) NOT NULL,
  `block_all_friendship_requests` tinyint(1) NOT NULL,
  `sign_up_complete` tinyint(1) NOT NULL,
  `token` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `email_pending_verification` varchar(32) DEFAULT NULL,
  `email_verification_case_id` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `email_verification_code` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `email_verification_sent_at` datetime DEFAULT NULL,
  `reset_password_case_id` varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `reset_password_code_hash` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  `created_at` datetime NOT NULL,
  `display_name` varchar(64) NOT NULL DEFAULT '',
  `lang` varchar(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_user_name` (`name`),
  UNIQUE KEY `uq_user_id_name` (`id`,`name`),
  UNIQUE KEY `uq_user_email` (`email`),
  UNIQUE KEY `uq_user_email_pending` (`email_pending_verification`),
  UNIQUE KEY `uq_user_email_case` (`email_verification_case_id`),
  UNIQUE KEY `uq_user_reset_case` (`reset_password_case_id`),
  KEY `ix_user_display_name` (`display_name`),
  KEY `ix_user_created_at` (`created_at`),
  KEY `ix_user_complete_name` (`sign_up_complete`,`name`),
  KEY `ix_user_complete_created_at` (`sign_up_complete`,`created_at`)
) ENGINE=InnoDB AUTO_INCREMENT=2 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `user_block` (
  `user_id` int(11) NOT NULL,
  `blocked_id` int(11) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`user_id`,`blocked_id`),
  KEY `ix_user_block_blocked` (`blocked_id`),
  CONSTRAINT `fk_user_block_blocked` FOREIGN KEY (`blocked_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_user_block_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `user_event` (
  `user_id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL,
  `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `payload` longtext NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`user_id`,`rev`),
  KEY `ix_user_event_created_at` (`created_at`),
  CONSTRAINT `fk_user_event_user` FOREIGN KEY (`user_id`) REFERENCES `user_stream` (`user_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `user_stream` (
  `user_id` int(11) NOT NULL,
  `rev` bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_user_stream_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

CREATE TABLE `watch` (
  `user_id` int(11) NOT NULL,
  `subject` varchar(8) NOT NULL,
  `item_id` int(11) NOT NULL,
  `project_id` int(11) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`user_id`,`subject`,`item_id`),
  KEY `ix_watch_item` (`subject`,`item_id`),
  KEY `ix_watch_project` (`project_id`,`subject`),
  CONSTRAINT `fk_watch_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_watch_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

INSERT INTO `account_event` (`address`, `created_at`, `device`, `id`, `kind`, `user_id`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', 'a', '1');

INSERT INTO `board_presence` (`amount`, `project_id`, `seen_at`, `server_id`, `state`, `user_id`) VALUES ('1', '1', '2026-11-01 12:30:45', 'a', 'a', '1');

INSERT INTO `card` (`card_desc`, `changed_rev`, `id`, `img_url`, `list_id`, `name`, `pos`, `removed_as`, `removed_at`, `removed_by`) VALUES ('a', '1', '1', 'a', '1', 'a', '1', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `card_attached_file` (`card_id`, `content_type`, `created_at`, `description`, `height`, `id`, `name`, `size`, `storage_key`, `url`, `width`) VALUES ('1', 'a', '2026-11-01 12:30:45', 'a', '1', '1', 'a', '1', 'a', 'a', '1');

INSERT INTO `card_label` (`card_id`, `label_id`) VALUES ('1', '1');

INSERT INTO `card_user_assignment` (`card_id`, `id`, `user_id`) VALUES ('1', '1', '1');

INSERT INTO `chat_event` (`created_at`, `payload`, `rev`, `stream_id`) VALUES ('2026-11-01 12:30:45', 'a', '1', '1');

INSERT INTO `chat_group` (`id`, `name`, `rev`) VALUES ('1', 'a', '1');

INSERT INTO `chat_group_member_link` (`chat_group_id`, `id`, `muted`, `read_rev`, `user_id`, `user_role`) VALUES ('1', '1', '1', '1', '1', 'a');

INSERT INTO `chat_group_msg` (`chat_group_id`, `client_key`, `content`, `datetime`, `deleted_at`, `edited_at`, `from_id`, `has_file`, `id`, `num`, `reply_num`, `rev`) VALUES ('1', 'a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', '1', '1', '1', '1');

INSERT INTO `chat_group_msg_reaction` (`emoji`, `id`, `msg_id`, `user_id`) VALUES ('a', '1', '1', '1');

INSERT INTO `chat_group_msg_status` (`chat_group_id`, `chat_group_msg_id`, `id`, `seen`, `user_id`) VALUES ('1', '1', '1', '1', '1');

INSERT INTO `chat_group_msg_word` (`chat_id`, `msg_id`, `word`) VALUES ('1', '1', 'a');

INSERT INTO `chat_hidden_sender` (`from_id`, `user_id`) VALUES ('1', '1');

INSERT INTO `chat_pair` (`id`, `rev`) VALUES ('1', '1');

INSERT INTO `chat_pair_link` (`friend_id`, `muted`, `pair_id`, `read_rev`, `user_id`) VALUES ('1', '1', '1', '1', '1');

INSERT INTO `chat_stream` (`id`, `rev`) VALUES ('1', '1');

INSERT INTO `file_sweep` (`ended_at`, `files`, `first_missing`, `id`, `missing`, `orphans`) VALUES ('2026-11-01 12:30:45', '1', 'a', '1', '1', '1');

INSERT INTO `file_use_person` (`bytes`, `counted_at`, `files`, `user_id`) VALUES ('1', '2026-11-01 12:30:45', '1', '1');

INSERT INTO `file_use_project` (`bytes`, `counted_at`, `files`, `project_id`) VALUES ('1', '2026-11-01 12:30:45', '1', '1');

INSERT INTO `friendship` (`friend_id`, `id`, `user_id`) VALUES ('1', '1', '1');

INSERT INTO `friendship_request` (`datetime`, `from_id`, `id`, `to_id`) VALUES ('2026-11-01 12:30:45', '1', '1', '1');

INSERT INTO `friendship_request_address` (`address`, `request_id`) VALUES ('a', '1');

INSERT INTO `friendship_request_unheard` (`address`, `datetime`, `from_id`, `id`, `to_id`) VALUES ('a', '2026-11-01 12:30:45', '1', '1', '1');

INSERT INTO `half_login` (`ends_at`, `id`, `persistent`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', '1', '1');

INSERT INTO `history_card_changed_list` (`datetime`, `event_id`, `id`, `name`, `new_list_name`, `old_list_name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('2026-11-01 12:30:45', '1', '1', 'a', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_card_created` (`assigned_users`, `attached_files`, `card_desc`, `datetime`, `event_id`, `id`, `list_name`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', 'a', 'a', '2026-11-01 12:30:45', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_card_deleted` (`assigned_users`, `attached_files`, `card_desc`, `datetime`, `event_id`, `id`, `list_name`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', 'a', 'a', '2026-11-01 12:30:45', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_change` (`datetime`, `details`, `event_id`, `id`, `kind`, `name`, `project_id`, `rev`, `subject`, `user_id`, `user_name`) VALUES ('2026-11-01 12:30:45', 'a', '1', '1', 'a', 'a', '1', '1', 'a', '1', 'a');

INSERT INTO `history_list_created` (`attached_files`, `datetime`, `event_id`, `id`, `list_desc`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', '2026-11-01 12:30:45', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_list_deleted` (`attached_files`, `datetime`, `deleted_cards`, `event_id`, `id`, `list_desc`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `invite` (`code`, `dismissed`, `email`, `ended_as`, `ended_at`, `expires_at`, `from_id`, `id`, `lang`, `project_id`, `role`, `sent_at`, `to_id`, `used_by`) VALUES ('a', '1', 'a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', 'a', '1', 'a', '2026-11-01 12:30:45', '1', '1');

INSERT INTO `item_attached_file` (`content_type`, `created_at`, `description`, `height`, `id`, `item_id`, `kind`, `name`, `place_id`, `size`, `storage_key`, `url`, `width`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', '1', '1', 'a', 'a', '1', '1', 'a', 'a', '1');

INSERT INTO `job_lease` (`name`, `owner`, `until`) VALUES ('a', 'a', '1');

INSERT INTO `job_run` (`asked_at`, `duration_ms`, `error`, `every_seconds`, `failures`, `name`, `next_at`, `server`, `started_at`) VALUES ('2026-11-01 12:30:45', '1', 'a', '1', '1', 'a', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45');

INSERT INTO `label` (`colour`, `deleted_at`, `id`, `name`, `pos`, `project_id`) VALUES ('a', '2026-11-01 12:30:45', '1', 'a', '1', '1');

INSERT INTO `list` (`changed_rev`, `id`, `list_desc`, `name`, `pos`, `project_id`, `removed_as`, `removed_at`, `removed_by`) VALUES ('1', '1', 'a', 'a', '1', '1', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `list_attached_file` (`content_type`, `created_at`, `description`, `height`, `id`, `list_id`, `name`, `size`, `storage_key`, `url`, `width`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', '1', '1', 'a', '1', 'a', 'a', '1');

INSERT INTO `login` (`address`, `created_at`, `device`, `ends_at`, `id`, `last_seen_at`, `persistent`, `token`, `user_id`) VALUES ('a', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', '1', 'a', '1');

INSERT INTO `mail_job` (`attempts`, `claim`, `created_at`, `due_at`, `expires_at`, `html_body`, `id`, `last_error`, `mail_id`, `recipient`, `state`, `subject`, `text_body`, `unsubscribe`) VALUES ('1', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', '1', 'a', 'a', 'a', 'a', 'a', 'a', 'a');

INSERT INTO `msg` (`client_key`, `content`, `datetime`, `deleted_at`, `edited_at`, `from_id`, `has_file`, `id`, `num`, `pair_id`, `reply_num`, `rev`, `seen`, `to_id`) VALUES ('a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', '1', '1', '1', '1', '1', '1', '1');

INSERT INTO `msg_reaction` (`emoji`, `id`, `msg_id`, `user_id`) VALUES ('a', '1', '1', '1');

INSERT INTO `msg_word` (`chat_id`, `msg_id`, `word`) VALUES ('1', '1', 'a');

INSERT INTO `notification` (`at`, `by_id`, `card_id`, `count`, `excerpt`, `id`, `kind`, `listed`, `mail_at`, `mailed_at`, `name`, `path`, `project_id`, `push_at`, `pushed_at`, `read_at`, `subject`, `user_id`, `variant`) VALUES ('2026-11-01 12:30:45', '1', '1', '1', 'a', '1', 'a', '1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', 'a', '1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', '1', 'a');

INSERT INTO `notification_choice` (`choice`, `kind`, `user_id`) VALUES ('a', 'a', '1');

INSERT INTO `notification_muted_project` (`project_id`, `user_id`) VALUES ('1', '1');

INSERT INTO `notification_person` (`no_mails`, `quiet_from`, `quiet_to`, `time_zone`, `user_id`) VALUES ('1', '1', '1', 'a', '1');

INSERT INTO `notification_read` (`until`, `user_id`) VALUES ('2026-11-01 12:30:45', '1');

INSERT INTO `password_reset` (`attempts`, `case_id`, `code_hash`, `created_at`, `user_id`) VALUES ('1', 'a', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `project` (`admins_invite`, `changed_at`, `colour`, `deleted_at`, `deleted_by_admin`, `deleted_name`, `id`, `invite_as_admin_code`, `invite_as_admin_off`, `invite_code`, `invite_off`, `name`, `owner_id`, `owner_name`, `project_desc`, `rev`, `title`, `visibility`) VALUES ('1', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', '1', 'a', '1', 'a', '1', 'a', '1', 'a', '1', 'a', 'a', '1', 'a', 'a');

INSERT INTO `project_action` (`action_id`, `answer`, `created_at`, `project_id`, `rev`, `user_id`) VALUES ('a', 'a', '2026-11-01 12:30:45', '1', '1', '1');

INSERT INTO `project_chat_group` (`id`, `name`, `project_id`, `rev`) VALUES ('1', 'a', '1', '1');

INSERT INTO `project_chat_group_member_link` (`id`, `muted`, `project_chat_group_id`, `read_rev`, `user_id`, `user_role`) VALUES ('1', '1', '1', '1', '1', 'a');

INSERT INTO `project_chat_group_msg` (`client_key`, `content`, `datetime`, `deleted_at`, `edited_at`, `from_id`, `has_file`, `id`, `num`, `project_chat_group_id`, `reply_num`, `rev`) VALUES ('a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', '1', '1', '1', '1', '1');

INSERT INTO `project_chat_group_msg_reaction` (`emoji`, `id`, `msg_id`, `user_id`) VALUES ('a', '1', '1', '1');

INSERT INTO `project_chat_group_msg_status` (`id`, `project_chat_group_id`, `project_chat_group_msg_id`, `seen`, `user_id`) VALUES ('1', '1', '1', '1', '1');

INSERT INTO `project_chat_group_msg_word` (`chat_id`, `msg_id`, `word`) VALUES ('1', '1', 'a');

INSERT INTO `project_collaborator_link` (`added_at`, `added_by`, `id`, `project_id`, `user_id`, `user_role`) VALUES ('2026-11-01 12:30:45', '1', '1', '1', '1', 'a');

INSERT INTO `project_event` (`created_at`, `name`, `payload`, `project_id`, `rev`) VALUES ('2026-11-01 12:30:45', 'a', 'a', '1', '1');

INSERT INTO `project_opened` (`project_id`, `until`, `user_id`) VALUES ('1', '2026-11-01 12:30:45', '1');

INSERT INTO `project_star` (`project_id`, `user_id`) VALUES ('1', '1');

INSERT INTO `push_choice` (`kind`, `user_id`, `wanted`) VALUES ('a', '1', '1');

INSERT INTO `push_job` (`attempts`, `due_at`, `ends_at`, `id`, `payload`, `subscription_id`, `topic`) VALUES ('1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', 'a', '1', 'a');

INSERT INTO `push_key` (`id`, `private_key`, `public_key`) VALUES ('1', 'a', 'a');

INSERT INTO `push_subscription` (`browser_auth`, `browser_key`, `created_at`, `endpoint`, `endpoint_hash`, `id`, `lang`, `login_id`, `user_id`) VALUES ('a', 'a', '2026-11-01 12:30:45', 'a', 'a', '1', 'a', 'a', '1');

INSERT INTO `recovery_code` (`code_hash`, `user_id`) VALUES ('a', '1');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('f78cbe93cf285db71fc060527339fc65abe0ec973e582910cd3992b4e390905f', '1');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('9d721abac85d674df25c18e97450138ffe26d19fc756786430c5b307199f0608', '2');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('8b70d1a0a8e70b4ad3baf4efa25ebd8389d196f51a306361fd48c700fa5bb729', '3');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b9b772421f9b44d097de2e6307190b122871f67cccfdee64f7cfd87584ee96c7', '4');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('d097ab9e55fc4acdffc18df66c75ded4262eaa10cf05bc0eed3eefedfbcb91e4', '5');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('e1a056b1634683e5a40ab030d9f1a40eea3c50796067d3d2ce18ce62244ea6a4', '6');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('bbfffea50b3a26fa9e158aa432a8feff276f7e2646df73e49d5380a2273f18b0', '7');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('6da95b44dbf2816f0432709a1d4cf721caa7ade4ed8fc3ad9a3acf6f24751e0c', '8');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('6dda332e40daa4864167ed5edd92b808bd091cd12a9b3ebfe9318fc105b1cd74', '9');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('818c7de21b81011a3b21a788acea91db2ea6d4ee61b5f8e6d494b29fe8c747e9', '10');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('977901bdc9b4134bb579b23bb078474f14c5d02c76fe799815170626bc8b87a5', '11');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('8d31867ab6f5572c83e74791ed57f6ec61efb72e4e8604dba82ef81c53f01803', '12');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('5aacf2965d60769064b921d3b9c1745e366135394a2c3640a1aa0ae61938ab99', '13');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('dc8b436d3207fc5c034895488bfd4b7bba5ccf366b3a8fb9ccab27ce26dd4be0', '14');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('9715affa6ca70c2447abe503100db7ffc02e79c332fa0fc1b733cf26633c6166', '15');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b0171e8f675fd43593692c624013a1b8967f9d35ef68af261353da6406ef7e47', '16');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('51d1eadfaefad12424a4c44252e693b9c414156efccaa7f49d125bf41e44201d', '17');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('5f922957573ba555047f39ab4138edc45b91dd204056c784089cae3dac80f9b3', '18');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('db8761478fab3f6c18eee71978f55db5f8a71d97050bb47e31f1bb634ef1e67f', '19');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('9a2d20c75683c4952ec77476ca9d246bd36b9b5df1d6ad3a52412b35c89f6818', '20');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('89f981918025edb3a0686b1a29ed50eef452c775c7eb9d2bf3c9af77242f53cf', '21');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('886a53e9a88c522e32b4b5086e3c4ca4ce4cd7d2e7dcd844acad52f74b344223', '22');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('8bb2925ad58e432068d31a8c372aa8f2b437ca1d20a4364b6164b290f1c6ac28', '23');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('115eb522ae1e12796360f8ceab6258f2646144e8e17fadbd99868c548d164aca', '24');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('c5ea805b6506a6258777957508cabab96794472a457bcfd635a3df79fa15395f', '25');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b7caa036adf60f2001f482b1b25f97bb5da6fb73a15fb7fd97f5364c008b93d8', '26');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('29fb50c58fefbce0c0cde33399a1b1635862b2535b9107806197637f2d3a27d8', '27');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('81459950dce53ac460ea825743c9fa9b81df7206fe501b15b3e3ac648cc323ad', '28');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b80c82826eba1e9ccbfd11e10ed8d3d6dd6eb8562a98dd64bf59a19094f5a7fa', '29');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('af814ed4696209974893f59ff187d01a248e4c284230505403d30fb2a8b5b3b6', '30');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('490b259588b93a519b4f8f022248fd48c0b8f9af4470a390c54a38b617f832bd', '31');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('2cd2f8f7476ad11298b6efa762dc3af9710c378203f17be9797985025b568b58', '32');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('80eac7044ddae5e2eeb7a7b4679c8caa29829de6ca66bd34f80798ecd13c88fa', '33');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('1b2820c700ca5e8ff34e7a0bb42bd4bb856cecff6a6a850df5a9d044191949b2', '34');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('2ad142cede278f638f5e8532a4ea2cdca3dd25fc5eb2624ebb67874f2d60b034', '35');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('4c74b1b1f702914664996c2d08282fafc0f74c7411eac2d843757f63a0c87cf6', '36');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('212ba8bf2e512234b72c41484a448b263f2ebadfccb49161221bcc3e4697e236', '37');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('39', '1', '2026-12-01 01:55:00', '0');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('40', '1', '2026-12-01 01:55:00', '1');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('41', '1', '2026-12-01 01:55:00', '2');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('42', '1', '2026-12-01 01:55:00', '3');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('43', '1', '2026-12-01 01:55:00', '4');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('44', '1', '2026-12-01 01:55:00', '5');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('45', '1', '2026-12-01 01:55:00', '6');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('46', '1', '2026-12-01 01:55:00', '7');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('47', '1', '2026-12-01 01:55:00', '8');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('48', '1', '2026-12-01 01:55:00', '9');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('49', '1', '2026-12-01 01:55:00', '10');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('50', '1', '2026-12-01 01:55:00', '11');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('51', '1', '2026-12-01 01:55:00', '12');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('52', '1', '2026-12-01 01:55:00', '13');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('53', '1', '2026-12-01 01:55:00', '14');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('54', '1', '2026-12-01 01:55:00', '15');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('55', '1', '2026-12-01 01:55:00', '16');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('56', '1', '2026-12-01 01:55:00', '17');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('57', '1', '2026-12-01 01:55:00', '18');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('58', '1', '2026-12-01 01:55:00', '19');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('59', '1', '2026-12-01 01:55:00', '20');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('60', '1', '2026-12-01 01:55:00', '21');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('61', '1', '2026-12-01 01:55:00', '22');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('62', '1', '2026-12-01 01:55:00', '23');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('63', '1', '2026-12-01 01:55:00', '24');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('64', '1', '2026-12-01 01:55:00', '25');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('65', '1', '2026-12-01 01:55:00', '26');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('66', '1', '2026-12-01 01:55:00', '27');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('67', '1', '2026-12-01 01:55:00', '28');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('68', '1', '2026-12-01 01:55:00', '29');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('69', '1', '2026-12-01 01:55:00', '30');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('70', '1', '2026-12-01 01:55:00', '31');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('71', '1', '2026-12-01 01:55:00', '32');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('72', '1', '2026-12-01 01:55:00', '33');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('73', '1', '2026-12-01 01:55:00', '34');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('74', '1', '2026-12-01 01:55:00', '35');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('75', '1', '2026-12-01 01:55:00', '36');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('76', '1', '2026-12-01 01:55:00', '37');

INSERT INTO `search_card` (`card_id`, `project_id`, `version`, `words`) VALUES ('1', '1', '1', 'a');

INSERT INTO `search_word` (`card_id`, `field`, `project_id`, `word`) VALUES ('1', '1', '1', 'a');

INSERT INTO `second_factor` (`confirmed_at`, `last_step`, `secret`, `user_id`) VALUES ('2026-11-01 12:30:45', '1', 'a', '1');

INSERT INTO `setting` (`changed_at`, `name`, `value`) VALUES ('2026-11-01 12:30:45', 'a', 'a');

INSERT INTO `setting_revision` (`id`, `rev`) VALUES ('1', '1');

INSERT INTO `site_admin` (`added_at`, `origin`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', '1');

INSERT INTO `site_admin_audit` (`act`, `address`, `after_text`, `at`, `before_text`, `by_id`, `by_name`, `id`, `reason`, `subject`, `subject_person_id`) VALUES ('a', 'a', 'a', '2026-11-01 12:30:45', 'a', '1', 'a', '1', 'a', 'a', '1');

INSERT INTO `site_admin_claim` (`created_at`, `id`, `token_hash`) VALUES ('2026-11-01 12:30:45', '1', 'a');

INSERT INTO `site_admin_confirmation` (`confirmed_at`, `login_id`) VALUES ('2026-11-01 12:30:45', 'a');

INSERT INTO `site_disconnect` (`asked_at`, `id`, `user_id`) VALUES ('2026-11-01 12:30:45', '1', '1');

INSERT INTO `site_figure` (`day`, `name`, `value`) VALUES ('a', 'a', '1');

INSERT INTO `site_health` (`examined_at`, `findings`, `id`, `server`) VALUES ('2026-11-01 12:30:45', 'a', '1', 'a');

INSERT INTO `site_server` (`counts`, `drain_asked`, `name`, `seen_at`, `started_at`, `version`) VALUES ('a', '1', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a');

INSERT INTO `suspension` (`created_at`, `reason`, `until`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `text_version` (`id`, `item_desc`, `item_id`, `kind`, `name`, `project_id`, `replaced_at`, `replaced_by`) VALUES ('1', 'a', '1', 'a', 'a', '1', '2026-11-01 12:30:45', '1');

INSERT INTO `unused_object` (`attempts`, `created_at`, `due_at`, `last_error`, `scope`, `size`, `state`, `storage_key`) VALUES ('1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', 'a', '1', 'a', 'a');

INSERT INTO `upload_part` (`created_at`, `number`, `size`, `storage_key`, `upload`) VALUES ('2026-11-01 12:30:45', '1', '1', 'a', 'a');

INSERT INTO `user` (`avatar_url`, `block_all_friendship_requests`, `created_at`, `display_name`, `email`, `email_pending_verification`, `email_private`, `email_verification_case_id`, `email_verification_code`, `email_verification_sent_at`, `id`, `lang`, `name`, `password_hash`, `private`, `profile_desc`, `reset_password_case_id`, `reset_password_code_hash`, `sign_up_complete`, `small_avatar_url`, `stay_logged_in`, `token`) VALUES ('a', '1', '2026-11-01 12:30:45', 'a', 'a', 'a', '1', 'a', 'a', '2026-11-01 12:30:45', '1', 'a', 'a', 'a', '1', 'a', 'a', 'a', '1', 'a', '1', 'a');

INSERT INTO `user_block` (`blocked_id`, `created_at`, `user_id`) VALUES ('1', '2026-11-01 12:30:45', '1');

INSERT INTO `user_event` (`created_at`, `name`, `payload`, `rev`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', 'a', '1', '1');

INSERT INTO `user_stream` (`rev`, `user_id`) VALUES ('1', '1');

INSERT INTO `watch` (`created_at`, `item_id`, `project_id`, `subject`, `user_id`) VALUES ('2026-11-01 12:30:45', '1', '1', 'a', '1');

