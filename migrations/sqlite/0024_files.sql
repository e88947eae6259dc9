-- +goose Up

-- platform/objects: objects of the storage that no other row names: not yet, while a file is uploaded, or no longer.
CREATE TABLE IF NOT EXISTS "unused_object" (
  "storage_key" VARCHAR(64) NOT NULL PRIMARY KEY,
  "state" VARCHAR(16) NOT NULL,
  "scope" VARCHAR(64) NOT NULL DEFAULT '',
  "size" BIGINT NOT NULL DEFAULT 0,
  "due_at" DATETIME NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "last_error" VARCHAR(512) NOT NULL DEFAULT '',
  "created_at" DATETIME NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_unused_object_due" ON "unused_object" ("state", "due_at");

-- +goose Down
DROP TABLE IF EXISTS "unused_object";
