-- +goose Up

-- invites: invitations by e-mail. The code is in the mail only, and lets one person in. to_id is the account whose
-- verified address it was when the invitation was sent. ended_as is NULL while nobody has used or withdrawn it.

CREATE TABLE IF NOT EXISTS `invite` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `project_id` INTEGER NOT NULL,
  `email` VARCHAR(254) NOT NULL,
  `role` VARCHAR(16) NOT NULL,
  `code` VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  `from_id` INTEGER NOT NULL,
  `to_id` INTEGER NULL,
  `dismissed` BOOL NOT NULL DEFAULT 0,
  `lang` VARCHAR(8) NOT NULL,
  `sent_at` DATETIME NOT NULL,
  `expires_at` DATETIME NOT NULL,
  `ended_as` VARCHAR(16) NULL,
  `ended_at` DATETIME NULL,
  `used_by` INTEGER NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_invite_code` (`code`),
  KEY `ix_invite_project_ended` (`project_id`, `ended_as`),
  KEY `ix_invite_to` (`to_id`, `expires_at`),
  KEY `ix_invite_from` (`from_id`),
  KEY `ix_invite_used_by` (`used_by`),
  KEY `ix_invite_ended_at` (`ended_at`),
  KEY `ix_invite_expires_at` (`expires_at`),
  CONSTRAINT `fk_invite_project` FOREIGN KEY (`project_id`) REFERENCES `project` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_invite_from` FOREIGN KEY (`from_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- +goose Down
DROP TABLE IF EXISTS `invite`;
