-- files: the parts of files that have not come whole. Their objects are reserved (unused_object), so that what is never
-- continued is deleted.

-- +goose Up

CREATE TABLE IF NOT EXISTS "upload_part" (
  "upload" VARCHAR(32) NOT NULL,
  "number" INTEGER NOT NULL,
  "storage_key" VARCHAR(64) NOT NULL,
  "size" BIGINT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("upload", "number")
);
CREATE INDEX IF NOT EXISTS "ix_upload_part_created" ON "upload_part" ("created_at");

-- +goose Down
DROP TABLE IF EXISTS "upload_part";
