-- +goose Up

-- chats: the log of what servers send to the people of chats, in numbered streams: a chat belongs to one of them. One row
-- holds an event for all its recipients. Rows are deleted after an hour.
CREATE TABLE IF NOT EXISTS "chat_stream" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "rev" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS "chat_event" (
  "stream_id" INTEGER NOT NULL,
  "rev" BIGINT NOT NULL,
  "payload" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("stream_id", "rev"),
  CONSTRAINT "fk_chat_event_stream" FOREIGN KEY ("stream_id") REFERENCES "chat_stream" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_chat_event_created_at" ON "chat_event" ("created_at");

-- platform/lease: which server does a job in the background, and until when, in milliseconds since 1970.
CREATE TABLE IF NOT EXISTS "job_lease" (
  "name" VARCHAR(64) NOT NULL PRIMARY KEY,
  "owner" VARCHAR(64) NOT NULL,
  "until" BIGINT NOT NULL
);

-- +goose Down
DROP TABLE IF EXISTS "job_lease";
DROP TABLE IF EXISTS "chat_event";
DROP TABLE IF EXISTS "chat_stream";
