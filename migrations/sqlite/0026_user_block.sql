-- People whose requests and messages do not reach a person.

-- +goose Up

-- friends; user_id has blocked blocked_id.
CREATE TABLE IF NOT EXISTS "user_block" (
  "user_id" INTEGER NOT NULL,
  "blocked_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id", "blocked_id"),
  CONSTRAINT "fk_user_block_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_user_block_blocked" FOREIGN KEY ("blocked_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_user_block_blocked" ON "user_block" ("blocked_id");

-- +goose Down

DROP TABLE IF EXISTS "user_block";
