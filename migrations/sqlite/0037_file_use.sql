-- files; how much storage is used by whom, and what the last sweep has found.

-- +goose Up

-- files; the size of the attachments of a project, which a job counts every hour.
CREATE TABLE IF NOT EXISTS "file_use_project" (
  "project_id" INTEGER NOT NULL PRIMARY KEY,
  "bytes" BIGINT NOT NULL,
  "files" INTEGER NOT NULL,
  "counted_at" DATETIME NOT NULL,
  CONSTRAINT "fk_file_use_project_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_file_use_project_bytes" ON "file_use_project" ("bytes");

-- files; that of all projects that a person owns.
CREATE TABLE IF NOT EXISTS "file_use_person" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "bytes" BIGINT NOT NULL,
  "files" INTEGER NOT NULL,
  "counted_at" DATETIME NOT NULL,
  CONSTRAINT "fk_file_use_person_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_file_use_person_bytes" ON "file_use_person" ("bytes");

-- files; the last runs of the sweeper, the newest of which have the highest ids.
CREATE TABLE IF NOT EXISTS "file_sweep" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "ended_at" DATETIME NOT NULL,
  "files" INTEGER NOT NULL,
  "orphans" INTEGER NOT NULL,
  "missing" INTEGER NOT NULL,
  "first_missing" VARCHAR(64) NOT NULL DEFAULT ''
);

-- +goose Down

DROP TABLE IF EXISTS "file_sweep";
DROP TABLE IF EXISTS "file_use_person";
DROP TABLE IF EXISTS "file_use_project";
