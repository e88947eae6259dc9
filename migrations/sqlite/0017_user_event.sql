-- +goose Up

-- accounts: what a person's pages are told, numbered per person; rows are deleted after a week. user_stream has the number
-- of a person's last event. It is a table of its own, so that numbering waits for no lock on the person.

CREATE TABLE IF NOT EXISTS "user_stream" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "rev" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "fk_user_stream_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS "user_event" (
  "user_id" INTEGER NOT NULL,
  "rev" BIGINT NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "payload" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id", "rev"),
  CONSTRAINT "fk_user_event_user" FOREIGN KEY ("user_id") REFERENCES "user_stream" ("user_id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_user_event_created_at" ON "user_event" ("created_at");

INSERT OR IGNORE INTO "user_stream" ("user_id", "rev") SELECT "id", 0 FROM "user";

-- +goose Down
DROP TABLE IF EXISTS "user_event";
DROP TABLE IF EXISTS "user_stream";
