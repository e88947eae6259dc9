-- Chats: the messages of people whom a person has blocked are hidden in groups.

-- +goose Up

-- chats; messages of from_id are hidden from user_id.
CREATE TABLE IF NOT EXISTS "chat_hidden_sender" (
  "user_id" INTEGER NOT NULL,
  "from_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "from_id"),
  CONSTRAINT "fk_chat_hidden_sender_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_chat_hidden_sender_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_chat_hidden_sender_from" ON "chat_hidden_sender" ("from_id");

-- +goose Down

DROP TABLE IF EXISTS "chat_hidden_sender";
