-- projects; deleted ones stay for 30 days, and administrators of the site find projects and open private ones.

-- +goose Up

-- deleted_at is NULL unless the project is deleted; its name is free meanwhile, and kept in deleted_name.
ALTER TABLE "project" ADD COLUMN "deleted_at" DATETIME NULL;
ALTER TABLE "project" ADD COLUMN "deleted_name" VARCHAR(32) NOT NULL DEFAULT '';
ALTER TABLE "project" ADD COLUMN "deleted_by_admin" BOOLEAN NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS "ix_project_deleted_at" ON "project" ("deleted_at");
CREATE INDEX IF NOT EXISTS "ix_project_visibility_title" ON "project" ("visibility", "title" COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS "ix_project_visibility_name" ON "project" ("visibility", "name");

-- projects; an administrator of the site who may read a project until a time.
CREATE TABLE IF NOT EXISTS "project_opened" (
  "project_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "until" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "user_id"),
  CONSTRAINT "fk_project_opened_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_project_opened_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_opened_user" ON "project_opened" ("user_id");

-- +goose Down

DROP TABLE IF EXISTS "project_opened";
DROP INDEX IF EXISTS "ix_project_visibility_name";
DROP INDEX IF EXISTS "ix_project_visibility_title";
DROP INDEX IF EXISTS "ix_project_deleted_at";
ALTER TABLE "project" DROP COLUMN "deleted_by_admin";
ALTER TABLE "project" DROP COLUMN "deleted_name";
ALTER TABLE "project" DROP COLUMN "deleted_at";
