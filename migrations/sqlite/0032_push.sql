-- Notifications in browsers, by Web Push.

-- +goose Up

-- notifications; the keys that identify the program to push services, sealed; one row.
CREATE TABLE IF NOT EXISTS "push_key" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "private_key" VARCHAR(512) NOT NULL,
  "public_key" VARCHAR(128) NOT NULL
);

-- notifications; a browser in which a person is notified, for as long as the login login_id lasts. endpoint_hash is the SHA-256 of endpoint.
CREATE TABLE IF NOT EXISTS "push_subscription" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "login_id" VARCHAR(64) NOT NULL,
  "endpoint_hash" VARCHAR(64) NOT NULL,
  "endpoint" VARCHAR(1024) NOT NULL,
  "browser_key" VARCHAR(128) NOT NULL,
  "browser_auth" VARCHAR(64) NOT NULL,
  "lang" VARCHAR(8) NOT NULL,
  "created_at" DATETIME NOT NULL,
  CONSTRAINT "uq_push_subscription_endpoint" UNIQUE ("endpoint_hash"),
  CONSTRAINT "fk_push_subscription_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_push_subscription_user" ON "push_subscription" ("user_id");
CREATE INDEX IF NOT EXISTS "ix_push_subscription_login" ON "push_subscription" ("login_id");

-- notifications; a message that is to be sent to a browser; tried again at due_at, until ends_at.
CREATE TABLE IF NOT EXISTS "push_job" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "subscription_id" INTEGER NOT NULL,
  "topic" VARCHAR(32) NOT NULL,
  "payload" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "due_at" DATETIME NOT NULL,
  "ends_at" DATETIME NOT NULL,
  CONSTRAINT "fk_push_job_subscription" FOREIGN KEY ("subscription_id") REFERENCES "push_subscription" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_push_job_due" ON "push_job" ("due_at");
CREATE INDEX IF NOT EXISTS "ix_push_job_subscription" ON "push_job" ("subscription_id");

-- notifications; whether browsers tell a person of a kind, if it is not the kind's default.
CREATE TABLE IF NOT EXISTS "push_choice" (
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "wanted" BOOLEAN NOT NULL,
  PRIMARY KEY ("user_id", "kind"),
  CONSTRAINT "fk_push_choice_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- +goose Down

DROP TABLE IF EXISTS "push_choice";
DROP TABLE IF EXISTS "push_job";
DROP TABLE IF EXISTS "push_subscription";
DROP TABLE IF EXISTS "push_key";
