-- Tables of their own, not columns of user and login: on MySQL every statement here can be repeated, so a start that was
-- cut off in between is finished by the next one.

-- +goose Up

-- accounts; somebody has asked for a new password. case_id is in the link, the code in the mail, and only its hash here.
CREATE TABLE IF NOT EXISTS "password_reset" (
  "user_id" INTEGER NOT NULL,
  "case_id" VARCHAR(32) NOT NULL,
  "code_hash" VARCHAR(128) NOT NULL,
  "attempts" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "uq_password_reset_case" UNIQUE ("case_id"),
  CONSTRAINT "fk_password_reset_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- accounts; a second factor, with a sealed secret. last_step is the last time step whose code was used.
CREATE TABLE IF NOT EXISTS "second_factor" (
  "user_id" INTEGER NOT NULL,
  "secret" VARCHAR(255) NOT NULL,
  "confirmed_at" DATETIME NOT NULL,
  "last_step" BIGINT NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "fk_second_factor_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- accounts; hashes of the recovery codes that are not used yet.
CREATE TABLE IF NOT EXISTS "recovery_code" (
  "user_id" INTEGER NOT NULL,
  "code_hash" VARCHAR(64) NOT NULL,
  PRIMARY KEY ("user_id", "code_hash"),
  CONSTRAINT "fk_recovery_code_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- accounts; right password, second step still to come: no login yet. id is a hash of the random id in the cookie.
CREATE TABLE IF NOT EXISTS "half_login" (
  "id" VARCHAR(64) NOT NULL,
  "user_id" INTEGER NOT NULL,
  "persistent" BOOLEAN NOT NULL,
  "ends_at" DATETIME NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_half_login_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_half_login_user" ON "half_login" ("user_id");
CREATE INDEX IF NOT EXISTS "ix_half_login_ends_at" ON "half_login" ("ends_at");

-- accounts; people who may not log in.
CREATE TABLE IF NOT EXISTS "suspension" (
  "user_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "fk_suspension_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- accounts; what happened to somebody's credentials, written with the change itself.
CREATE TABLE IF NOT EXISTS "account_event" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "device" VARCHAR(255) NOT NULL,
  "address" VARCHAR(45) NOT NULL,
  "created_at" DATETIME NOT NULL,
  CONSTRAINT "fk_account_event_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_account_event_user" ON "account_event" ("user_id", "id");
CREATE INDEX IF NOT EXISTS "ix_account_event_created_at" ON "account_event" ("created_at");

-- +goose Down
DROP TABLE IF EXISTS "account_event";
DROP TABLE IF EXISTS "suspension";
DROP TABLE IF EXISTS "half_login";
DROP TABLE IF EXISTS "recovery_code";
DROP TABLE IF EXISTS "second_factor";
DROP TABLE IF EXISTS "password_reset";
