-- +goose Up

-- admin: the administrators of the site. origin is the name of the person who made them one, or of the command.
CREATE TABLE IF NOT EXISTS "site_admin" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "origin" VARCHAR(32) NOT NULL,
  "added_at" DATETIME NOT NULL,
  CONSTRAINT "fk_site_admin_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- The token of a fresh installation, as a hash; one row at most, which its use deletes.
CREATE TABLE IF NOT EXISTS "site_admin_claim" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "token_hash" VARCHAR(64) NOT NULL,
  "created_at" DATETIME NOT NULL
);

-- When the person of a login has last proved who they are for the pages of administrators.
CREATE TABLE IF NOT EXISTS "site_admin_confirmation" (
  "login_id" VARCHAR(64) NOT NULL PRIMARY KEY,
  "confirmed_at" DATETIME NOT NULL,
  CONSTRAINT "fk_site_admin_confirmation_login" FOREIGN KEY ("login_id") REFERENCES "login" ("id") ON DELETE CASCADE
);

-- What administrators have done. Rows are only added, and deleted after two years. The ids are NULL for the command and once the
-- account is deleted; the names stay.
CREATE TABLE IF NOT EXISTS "site_admin_audit" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "at" DATETIME NOT NULL,
  "by_id" INTEGER NULL,
  "by_name" VARCHAR(32) COLLATE NOCASE NOT NULL,
  "act" VARCHAR(64) NOT NULL,
  "subject_person_id" INTEGER NULL,
  "subject" VARCHAR(128) COLLATE NOCASE NOT NULL,
  "before_text" VARCHAR(512) NOT NULL,
  "after_text" VARCHAR(512) NOT NULL,
  "reason" VARCHAR(256) NOT NULL,
  "address" VARCHAR(45) NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_site_admin_audit_at" ON "site_admin_audit" ("at");
CREATE INDEX IF NOT EXISTS "ix_site_admin_audit_by" ON "site_admin_audit" ("by_id");
CREATE INDEX IF NOT EXISTS "ix_site_admin_audit_person" ON "site_admin_audit" ("subject_person_id", "id");

-- admin: sums of the whole site by day, kept by a job. day is 2026-11-30.
CREATE TABLE IF NOT EXISTS "site_figure" (
  "day" VARCHAR(10) NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "value" BIGINT NOT NULL,
  PRIMARY KEY ("day", "name")
);

-- auth: why an account is suspended, and until when; NULL until it is lifted.
ALTER TABLE "suspension" ADD COLUMN "reason" VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE "suspension" ADD COLUMN "until" DATETIME NULL;

-- accounts: the pages of administrators search people by what they are called, and list them by name or newest first.
CREATE INDEX IF NOT EXISTS "ix_user_display_name" ON "user" ("display_name" COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS "ix_user_created_at" ON "user" ("created_at");
CREATE INDEX IF NOT EXISTS "ix_user_complete_name" ON "user" ("sign_up_complete", "name");
CREATE INDEX IF NOT EXISTS "ix_user_complete_created_at" ON "user" ("sign_up_complete", "created_at");

-- +goose Down

DROP INDEX IF EXISTS "ix_user_complete_created_at";
DROP INDEX IF EXISTS "ix_user_complete_name";
DROP INDEX IF EXISTS "ix_user_created_at";
DROP INDEX IF EXISTS "ix_user_display_name";
ALTER TABLE "suspension" DROP COLUMN "until";
ALTER TABLE "suspension" DROP COLUMN "reason";
DROP TABLE IF EXISTS "site_figure";
DROP TABLE IF EXISTS "site_admin_audit";
DROP TABLE IF EXISTS "site_admin_confirmation";
DROP TABLE IF EXISTS "site_admin_claim";
DROP TABLE IF EXISTS "site_admin";
