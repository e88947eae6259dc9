-- Notifications in browsers, by Web Push.

-- +goose Up

-- notifications; the keys that identify the program to push services, sealed; one row.
CREATE TABLE IF NOT EXISTS `push_key` (
  `id` INTEGER NOT NULL,
  `private_key` VARCHAR(512) NOT NULL,
  `public_key` VARCHAR(128) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- notifications; a browser in which a person is notified, for as long as the login login_id lasts. endpoint_hash is the SHA-256 of endpoint.
CREATE TABLE IF NOT EXISTS `push_subscription` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `user_id` INTEGER NOT NULL,
  `login_id` VARCHAR(64) NOT NULL,
  `endpoint_hash` VARCHAR(64) NOT NULL,
  `endpoint` VARCHAR(1024) NOT NULL,
  `browser_key` VARCHAR(128) NOT NULL,
  `browser_auth` VARCHAR(64) NOT NULL,
  `lang` VARCHAR(8) NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_push_subscription_endpoint` (`endpoint_hash`),
  KEY `ix_push_subscription_user` (`user_id`),
  KEY `ix_push_subscription_login` (`login_id`),
  CONSTRAINT `fk_push_subscription_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- notifications; a message that is to be sent to a browser; tried again at due_at, until ends_at.
CREATE TABLE IF NOT EXISTS `push_job` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `subscription_id` INTEGER NOT NULL,
  `topic` VARCHAR(32) NOT NULL,
  `payload` TEXT NOT NULL,
  `attempts` INTEGER NOT NULL DEFAULT 0,
  `due_at` DATETIME NOT NULL,
  `ends_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_push_job_due` (`due_at`),
  KEY `ix_push_job_subscription` (`subscription_id`),
  CONSTRAINT `fk_push_job_subscription` FOREIGN KEY (`subscription_id`) REFERENCES `push_subscription` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- notifications; whether browsers tell a person of a kind, if it is not the kind's default.
CREATE TABLE IF NOT EXISTS `push_choice` (
  `user_id` INTEGER NOT NULL,
  `kind` VARCHAR(32) NOT NULL,
  `wanted` BOOL NOT NULL,
  PRIMARY KEY (`user_id`, `kind`),
  CONSTRAINT `fk_push_choice_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `push_choice`;
DROP TABLE IF EXISTS `push_job`;
DROP TABLE IF EXISTS `push_subscription`;
DROP TABLE IF EXISTS `push_key`;
