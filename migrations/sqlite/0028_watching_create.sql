-- Watching: cards and lists whose changes a person is notified of.

-- +goose Up

-- watching; subject is "card" or "list", item_id the id of one.
CREATE TABLE IF NOT EXISTS "watch" (
  "user_id" INTEGER NOT NULL,
  "subject" VARCHAR(8) NOT NULL,
  "item_id" INTEGER NOT NULL,
  "project_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id", "subject", "item_id"),
  CONSTRAINT "fk_watch_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_watch_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_watch_item" ON "watch" ("subject", "item_id");
CREATE INDEX IF NOT EXISTS "ix_watch_project" ON "watch" ("project_id", "subject");

-- +goose Down

DROP TABLE IF EXISTS "watch";
