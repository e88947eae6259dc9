-- +goose Up

-- friends; what the sender of a request typed, if it was an address: until they are friends they are shown it, and not whose it is.
CREATE TABLE IF NOT EXISTS `friendship_request_address` (
  `request_id` INTEGER NOT NULL,
  `address` VARCHAR(32) NOT NULL,
  PRIMARY KEY (`request_id`),
  CONSTRAINT `fk_friendship_request_address_request` FOREIGN KEY (`request_id`) REFERENCES `friendship_request` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- friends; what was sent and reached nobody: the sender sees it waiting like any other request. Either to_id or address says to whom.
CREATE TABLE IF NOT EXISTS `friendship_request_unheard` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `from_id` INTEGER NOT NULL,
  `to_id` INTEGER NULL,
  `address` VARCHAR(32) NULL,
  `datetime` DATETIME NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_friendship_request_unheard_from` (`from_id`, `datetime`),
  KEY `ix_friendship_request_unheard_to` (`to_id`),
  CONSTRAINT `fk_friendship_request_unheard_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`),
  CONSTRAINT `fk_friendship_request_unheard_to` FOREIGN KEY (`to_id`) REFERENCES `user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `friendship_request_unheard`;
DROP TABLE IF EXISTS `friendship_request_address`;
