-- +goose Up

-- notifications: what people are told, one row each. listed is false for rows that only a mail or a browser tells. mail_at and
-- push_at are when they do, NULL for never or done. count is how many of one subject the row stands for.

CREATE TABLE IF NOT EXISTS `notification` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `user_id` INTEGER NOT NULL,
  `kind` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `variant` VARCHAR(32) NOT NULL DEFAULT '',
  `subject` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `project_id` INTEGER NULL,
  `card_id` INTEGER NULL,
  `by_id` INTEGER NULL,
  `name` VARCHAR(256) NOT NULL DEFAULT '',
  `excerpt` VARCHAR(256) NOT NULL DEFAULT '',
  `path` VARCHAR(255) NOT NULL DEFAULT '',
  `count` INTEGER NOT NULL DEFAULT 1,
  `at` DATETIME NOT NULL,
  `listed` BOOL NOT NULL DEFAULT 1,
  `read_at` DATETIME NULL,
  `mail_at` DATETIME NULL,
  `push_at` DATETIME NULL,
  PRIMARY KEY (`id`),
  KEY `ix_notification_user_at` (`user_id`, `at`),
  KEY `ix_notification_user_read` (`user_id`, `read_at`, `at`),
  KEY `ix_notification_subject` (`subject`, `kind`),
  KEY `ix_notification_project` (`project_id`),
  KEY `ix_notification_card` (`card_id`),
  KEY `ix_notification_by` (`by_id`),
  KEY `ix_notification_at` (`at`),
  KEY `ix_notification_mail_at` (`mail_at`),
  KEY `ix_notification_push_at` (`push_at`),
  CONSTRAINT `fk_notification_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_card` FOREIGN KEY (`card_id`) REFERENCES `card` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_by` FOREIGN KEY (`by_id`) REFERENCES `user` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- Until now the link of a member said who had added them, and for 30 days that was a notification. They go on as read ones or
-- unread ones by notification_read.
INSERT INTO `notification` (`user_id`, `kind`, `subject`, `project_id`, `by_id`, `at`, `read_at`)
  SELECT l.user_id, 'projects.added', '', l.project_id, u.id, l.added_at, CASE WHEN r.until >= l.added_at THEN r.until END
  FROM project_collaborator_link l JOIN `user` u ON u.id = l.added_by LEFT JOIN notification_read r ON r.user_id = l.user_id
  WHERE l.added_at > NOW() - INTERVAL 30 DAY AND NOT EXISTS (SELECT 1 FROM `notification` n WHERE n.user_id = l.user_id AND n.project_id = l.project_id AND n.kind = 'projects.added');

-- +goose Down
DROP TABLE IF EXISTS `notification`;
