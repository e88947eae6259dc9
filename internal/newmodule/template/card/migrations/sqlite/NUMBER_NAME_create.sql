-- +goose Up

CREATE TABLE IF NOT EXISTS "⟦.Name⟧_card" (
  "card_id" INTEGER NOT NULL PRIMARY KEY,
  "project_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  CONSTRAINT "fk_⟦.Name⟧_card_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_⟦.Name⟧_card_project" ON "⟦.Name⟧_card" ("project_id");

-- +goose Down

DROP TABLE IF EXISTS "⟦.Name⟧_card";
