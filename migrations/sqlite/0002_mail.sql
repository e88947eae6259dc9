-- platform/mail; mails that wait to be sent, written in the transaction of their cause. A mail that was sent has no row
-- any more; one that was given up keeps its row for a while, without its texts (they may hold codes). due_at is when to
-- try next and, while a server is at it (claim is not empty), when its claim ends.

-- +goose Up

CREATE TABLE IF NOT EXISTS "mail_job" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "mail_id" VARCHAR(64) NOT NULL,
  "recipient" VARCHAR(320) COLLATE NOCASE NOT NULL,
  "subject" VARCHAR(255) COLLATE NOCASE NOT NULL,
  "text_body" LONGTEXT NOT NULL,
  "html_body" LONGTEXT NOT NULL,
  "state" VARCHAR(16) NOT NULL,
  "claim" VARCHAR(32) NOT NULL,
  "attempts" INTEGER NOT NULL,
  "due_at" DATETIME NOT NULL,
  "expires_at" DATETIME NULL,
  "last_error" VARCHAR(1024) NOT NULL,
  "created_at" DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_mail_job_state_due" ON "mail_job" ("state", "due_at");

-- +goose Down

DROP TABLE IF EXISTS "mail_job";
