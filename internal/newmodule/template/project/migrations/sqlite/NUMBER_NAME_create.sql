-- +goose Up

CREATE TABLE IF NOT EXISTS "⟦.Name⟧_text" (
  "project_id" INTEGER NOT NULL PRIMARY KEY,
  "content" VARCHAR(2000) NOT NULL,
  "changed_at" DATETIME NOT NULL,
  CONSTRAINT "fk_⟦.Name⟧_text_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

-- +goose Down

DROP TABLE IF EXISTS "⟦.Name⟧_text";
