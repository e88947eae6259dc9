-- +goose Up

-- jobs: what one of several servers does again and again, with its last run. started_at is NULL before the first run has ended;
-- asked_at is when an administrator asked for a run that has not ended.
CREATE TABLE IF NOT EXISTS "job_run" (
  "name" VARCHAR(128) NOT NULL PRIMARY KEY,
  "every_seconds" BIGINT NOT NULL,
  "server" VARCHAR(64) NOT NULL,
  "started_at" DATETIME NULL,
  "duration_ms" BIGINT NOT NULL DEFAULT 0,
  "error" VARCHAR(512) NOT NULL DEFAULT '',
  "failures" BIGINT NOT NULL DEFAULT 0,
  "next_at" DATETIME NOT NULL,
  "asked_at" DATETIME NULL
);

-- admin: what the last examination of the site has found, as JSON; one row at most.
CREATE TABLE IF NOT EXISTS "site_health" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "examined_at" DATETIME NOT NULL,
  "server" VARCHAR(64) NOT NULL,
  "findings" TEXT NOT NULL
);

-- settings: what administrators have changed while the program runs; a setting without a row has its default.
CREATE TABLE IF NOT EXISTS "setting" (
  "name" VARCHAR(64) NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL,
  "changed_at" DATETIME NOT NULL
);

-- How many changes there were, in one row that changes hold until they commit: servers follow it.
CREATE TABLE IF NOT EXISTS "setting_revision" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "rev" BIGINT NOT NULL DEFAULT 0
);

-- +goose Down

DROP TABLE IF EXISTS "setting_revision";
DROP TABLE IF EXISTS "setting";
DROP TABLE IF EXISTS "site_health";
DROP TABLE IF EXISTS "job_run";
