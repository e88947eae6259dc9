-- admin; the servers of the site with their connections, and what administrators ask of them.

-- +goose Up

-- admin; a server that runs: it writes its row every ten seconds. counts are its connections as JSON; drain_asked is an administrator's wish.
CREATE TABLE IF NOT EXISTS `site_server` (
  `name` VARCHAR(128) NOT NULL,
  `version` VARCHAR(64) NOT NULL,
  `started_at` DATETIME NOT NULL,
  `seen_at` DATETIME NOT NULL,
  `drain_asked` BOOL NOT NULL DEFAULT 0,
  `counts` TEXT NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- admin; a person whose connections all servers are to close.
CREATE TABLE IF NOT EXISTS `site_disconnect` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `user_id` INTEGER NOT NULL,
  `asked_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_site_disconnect_user` (`user_id`),
  CONSTRAINT `fk_site_disconnect_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down

DROP TABLE IF EXISTS `site_disconnect`;
DROP TABLE IF EXISTS `site_server`;
