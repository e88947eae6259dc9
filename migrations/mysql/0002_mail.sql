-- platform/mail; mails that wait to be sent, written in the transaction of their cause. A mail that was sent has no row
-- any more; one that was given up keeps its row for a while, without its texts (they may hold codes). due_at is when to
-- try next and, while a server is at it (claim is not empty), when its claim ends.

-- +goose Up

CREATE TABLE IF NOT EXISTS `mail_job` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `mail_id` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `recipient` VARCHAR(320) NOT NULL,
  `subject` VARCHAR(255) NOT NULL,
  `text_body` LONGTEXT NOT NULL,
  `html_body` LONGTEXT NOT NULL,
  `state` VARCHAR(16) COLLATE utf8mb4_bin NOT NULL,
  `claim` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `attempts` INTEGER NOT NULL,
  `due_at` DATETIME NOT NULL,
  `expires_at` DATETIME NULL,
  `last_error` VARCHAR(1024) NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_mail_job_state_due` (`state`, `due_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `mail_job`;
