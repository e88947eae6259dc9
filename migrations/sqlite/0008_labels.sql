-- Labels of projects, and the cards that have them.

-- +goose Up

-- labels; deleted_at is set while the deletion of a label can be undone: its cards keep it for that time.
CREATE TABLE IF NOT EXISTS "label" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(50) NOT NULL,
  "colour" VARCHAR(8) NOT NULL,
  "pos" INTEGER NOT NULL,
  "deleted_at" DATETIME NULL,
  CONSTRAINT "fk_label_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_label_project_pos" ON "label" ("project_id", "pos");
CREATE INDEX IF NOT EXISTS "ix_label_deleted_at" ON "label" ("deleted_at");

CREATE TABLE IF NOT EXISTS "card_label" (
  "card_id" INTEGER NOT NULL,
  "label_id" INTEGER NOT NULL,
  PRIMARY KEY ("card_id", "label_id"),
  CONSTRAINT "fk_card_label_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_card_label_label" FOREIGN KEY ("label_id") REFERENCES "label" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_card_label_label" ON "card_label" ("label_id");

-- +goose Down
DROP TABLE IF EXISTS "card_label";
DROP TABLE IF EXISTS "label";
