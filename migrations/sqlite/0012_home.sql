-- The start page: when a board was last changed, who has starred it, and which notifications a person has read.

-- +goose Up

-- projects; when a board was last changed, NULL if nothing says so. What is known of older boards is when their history ends.
ALTER TABLE "project" ADD COLUMN "changed_at" DATETIME NULL;
UPDATE "project" SET "changed_at" = (SELECT MAX("datetime") FROM (
  SELECT "project_id", "datetime" FROM "history_list_created"
  UNION ALL SELECT "project_id", "datetime" FROM "history_list_deleted"
  UNION ALL SELECT "project_id", "datetime" FROM "history_card_created"
  UNION ALL SELECT "project_id", "datetime" FROM "history_card_deleted"
  UNION ALL SELECT "project_id", "datetime" FROM "history_card_changed_list"
  UNION ALL SELECT "project_id", "datetime" FROM "history_change"
) AS "h" WHERE "h"."project_id" = "project"."id");

-- projects; who made a person a member, and when; NULL for those who have joined by a link, and for older rows.
ALTER TABLE "project_collaborator_link" ADD COLUMN "added_by" INTEGER NULL;
ALTER TABLE "project_collaborator_link" ADD COLUMN "added_at" DATETIME NULL;

-- home; the boards that a person has starred.
CREATE TABLE IF NOT EXISTS "project_star" (
  "user_id" INTEGER NOT NULL,
  "project_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "project_id"),
  CONSTRAINT "fk_project_star_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_project_star_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_star_project" ON "project_star" ("project_id");

-- home; up to when a person has read their notifications.
CREATE TABLE IF NOT EXISTS "notification_read" (
  "user_id" INTEGER NOT NULL,
  "until" DATETIME NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "fk_notification_read_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

-- +goose Down

DROP TABLE IF EXISTS "notification_read";
DROP TABLE IF EXISTS "project_star";
ALTER TABLE "project_collaborator_link" DROP COLUMN "added_at";
ALTER TABLE "project_collaborator_link" DROP COLUMN "added_by";
ALTER TABLE "project" DROP COLUMN "changed_at";
