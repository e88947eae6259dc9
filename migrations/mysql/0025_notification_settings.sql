-- Settings of notifications, and mails of them.

-- +goose Up

-- accounts; the language of the person's mails, as of the last log-in or choice; empty if it is not known.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'lang') = 0,
'ALTER TABLE `user` ADD COLUMN `lang` VARCHAR(8) COLLATE utf8mb4_bin NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- platform/mail; the address that a mail program calls to end mails of this kind (RFC 8058); empty for none.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'mail_job' AND column_name = 'unsubscribe') = 0,
'ALTER TABLE `mail_job` ADD COLUMN `unsubscribe` VARCHAR(512) COLLATE utf8mb4_bin NOT NULL DEFAULT ''''', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- notifications; when a mail told of it.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'notification' AND column_name = 'mailed_at') = 0,
'ALTER TABLE `notification` ADD COLUMN `mailed_at` DATETIME NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- notifications; what a person has chosen for a kind, if it is not the kind's default.
CREATE TABLE IF NOT EXISTS `notification_choice` (
  `user_id` INTEGER NOT NULL,
  `kind` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `choice` VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (`user_id`, `kind`),
  CONSTRAINT `fk_notification_choice_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- notifications; projects of which a person wants no notifications.
CREATE TABLE IF NOT EXISTS `notification_muted_project` (
  `user_id` INTEGER NOT NULL,
  `project_id` INTEGER NOT NULL,
  PRIMARY KEY (`user_id`, `project_id`),
  KEY `ix_notification_muted_project_project` (`project_id`),
  CONSTRAINT `fk_notification_muted_project_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_notification_muted_project_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- notifications; settings of a person. quiet_from and quiet_to are minutes after midnight in time_zone.
CREATE TABLE IF NOT EXISTS `notification_person` (
  `user_id` INTEGER NOT NULL,
  `time_zone` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `quiet_from` INTEGER NULL,
  `quiet_to` INTEGER NULL,
  `no_mails` BOOL NOT NULL DEFAULT 0,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_notification_person_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `notification_person`;
DROP TABLE IF EXISTS `notification_muted_project`;
DROP TABLE IF EXISTS `notification_choice`;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'notification' AND column_name = 'mailed_at') = 1,
'ALTER TABLE `notification` DROP COLUMN `mailed_at`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'mail_job' AND column_name = 'unsubscribe') = 1,
'ALTER TABLE `mail_job` DROP COLUMN `unsubscribe`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'user' AND column_name = 'lang') = 1,
'ALTER TABLE `user` DROP COLUMN `lang`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
