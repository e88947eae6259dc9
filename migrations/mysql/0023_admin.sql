-- +goose Up

-- admin: the administrators of the site. origin is the name of the person who made them one, or of the command.
CREATE TABLE IF NOT EXISTS `site_admin` (
  `user_id` INTEGER NOT NULL,
  `origin` VARCHAR(32) NOT NULL,
  `added_at` DATETIME NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_site_admin_user` FOREIGN KEY (`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- The token of a fresh installation, as a hash; one row at most, which its use deletes.
CREATE TABLE IF NOT EXISTS `site_admin_claim` (
  `id` INTEGER NOT NULL,
  `token_hash` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `created_at` DATETIME NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- When the person of a login has last proved who they are for the pages of administrators.
CREATE TABLE IF NOT EXISTS `site_admin_confirmation` (
  `login_id` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `confirmed_at` DATETIME NOT NULL,
  PRIMARY KEY (`login_id`),
  CONSTRAINT `fk_site_admin_confirmation_login` FOREIGN KEY (`login_id`) REFERENCES `login` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- What administrators have done. Rows are only added, and deleted after two years. The ids are NULL for the command and once the
-- account is deleted; the names stay.
CREATE TABLE IF NOT EXISTS `site_admin_audit` (
  `id` INTEGER NOT NULL AUTO_INCREMENT,
  `at` DATETIME NOT NULL,
  `by_id` INTEGER NULL,
  `by_name` VARCHAR(32) NOT NULL,
  `act` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `subject_person_id` INTEGER NULL,
  `subject` VARCHAR(128) NOT NULL,
  `before_text` VARCHAR(512) NOT NULL,
  `after_text` VARCHAR(512) NOT NULL,
  `reason` VARCHAR(256) NOT NULL,
  `address` VARCHAR(45) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_site_admin_audit_at` (`at`),
  KEY `ix_site_admin_audit_by` (`by_id`),
  KEY `ix_site_admin_audit_person` (`subject_person_id`, `id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- admin: sums of the whole site by day, kept by a job. day is 2026-11-30.
CREATE TABLE IF NOT EXISTS `site_figure` (
  `day` VARCHAR(10) COLLATE utf8mb4_bin NOT NULL,
  `name` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL,
  `value` BIGINT NOT NULL,
  PRIMARY KEY (`day`, `name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC;

-- MySQL keeps what each statement has done, and knows no IF NOT EXISTS in an ALTER: a column or index is added only where it
-- is missing, so that a start that was cut off is finished by the next one.

-- auth: why an account is suspended, and until when; NULL until it is lifted.
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'suspension' AND column_name = 'reason') = 0,
'ALTER TABLE `suspension` ADD COLUMN `reason` VARCHAR(256) NOT NULL DEFAULT '''', ADD COLUMN `until` DATETIME NULL', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- accounts: the pages of administrators search people by what they are called, and list them by name or newest first.
SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'user' AND index_name = 'ix_user_display_name') = 0,
'ALTER TABLE `user`
  ADD KEY `ix_user_display_name` (`display_name`),
  ADD KEY `ix_user_created_at` (`created_at`),
  ADD KEY `ix_user_complete_name` (`sign_up_complete`, `name`),
  ADD KEY `ix_user_complete_created_at` (`sign_up_complete`, `created_at`)', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;

-- +goose Down

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'user' AND index_name = 'ix_user_display_name') > 0,
'ALTER TABLE `user` DROP KEY `ix_user_display_name`, DROP KEY `ix_user_created_at`, DROP KEY `ix_user_complete_name`, DROP KEY `ix_user_complete_created_at`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'suspension' AND column_name = 'reason') = 1,
'ALTER TABLE `suspension` DROP COLUMN `reason`, DROP COLUMN `until`', 'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DROP TABLE IF EXISTS `site_figure`;
DROP TABLE IF EXISTS `site_admin_audit`;
DROP TABLE IF EXISTS `site_admin_confirmation`;
DROP TABLE IF EXISTS `site_admin_claim`;
DROP TABLE IF EXISTS `site_admin`;
