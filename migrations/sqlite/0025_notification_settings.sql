-- Settings of notifications, and mails of them.

-- +goose Up

-- accounts; the language of the person's mails, as of the last log-in or choice; empty if it is not known.
ALTER TABLE "user" ADD COLUMN "lang" VARCHAR(8) NOT NULL DEFAULT '';

-- platform/mail; the address that a mail program calls to end mails of this kind (RFC 8058); empty for none.
ALTER TABLE "mail_job" ADD COLUMN "unsubscribe" VARCHAR(512) NOT NULL DEFAULT '';

-- notifications; when a mail told of it.
ALTER TABLE "notification" ADD COLUMN "mailed_at" DATETIME NULL;

-- notifications; what a person has chosen for a kind, if it is not the kind's default.
CREATE TABLE IF NOT EXISTS "notification_choice" (
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "choice" VARCHAR(16) NOT NULL,
  PRIMARY KEY ("user_id", "kind"),
  CONSTRAINT "fk_notification_choice_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- notifications; projects of which a person wants no notifications.
CREATE TABLE IF NOT EXISTS "notification_muted_project" (
  "user_id" INTEGER NOT NULL,
  "project_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "project_id"),
  CONSTRAINT "fk_notification_muted_project_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_notification_muted_project_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_notification_muted_project_project" ON "notification_muted_project" ("project_id");

-- notifications; settings of a person. quiet_from and quiet_to are minutes after midnight in time_zone.
CREATE TABLE IF NOT EXISTS "notification_person" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "time_zone" VARCHAR(64) NOT NULL DEFAULT '',
  "quiet_from" INTEGER NULL,
  "quiet_to" INTEGER NULL,
  "no_mails" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "fk_notification_person_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- +goose Down

DROP TABLE IF EXISTS "notification_person";
DROP TABLE IF EXISTS "notification_muted_project";
DROP TABLE IF EXISTS "notification_choice";
ALTER TABLE "notification" DROP COLUMN "mailed_at";
ALTER TABLE "mail_job" DROP COLUMN "unsubscribe";
ALTER TABLE "user" DROP COLUMN "lang";
