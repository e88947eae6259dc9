-- Chats: the search finds messages. The module fills the index with the messages that are already there.

-- +goose Up

-- chats; each beginning of a word that finds a message (platform/text/search.go). chat_id is the chat that the message is in.
CREATE TABLE IF NOT EXISTS "msg_word" (
  "chat_id" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "msg_id" INTEGER NOT NULL,
  PRIMARY KEY ("chat_id", "word", "msg_id"),
  CONSTRAINT "fk_msg_word_msg" FOREIGN KEY ("msg_id") REFERENCES "msg" ("id") ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "ix_msg_word_msg" ON "msg_word" ("msg_id");
CREATE TABLE IF NOT EXISTS "chat_group_msg_word" (
  "chat_id" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "msg_id" INTEGER NOT NULL,
  PRIMARY KEY ("chat_id", "word", "msg_id"),
  CONSTRAINT "fk_chat_group_msg_word_msg" FOREIGN KEY ("msg_id") REFERENCES "chat_group_msg" ("id") ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "ix_chat_group_msg_word_msg" ON "chat_group_msg_word" ("msg_id");
CREATE TABLE IF NOT EXISTS "project_chat_group_msg_word" (
  "chat_id" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "msg_id" INTEGER NOT NULL,
  PRIMARY KEY ("chat_id", "word", "msg_id"),
  CONSTRAINT "fk_project_chat_group_msg_word_msg" FOREIGN KEY ("msg_id") REFERENCES "project_chat_group_msg" ("id") ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_msg_word_msg" ON "project_chat_group_msg_word" ("msg_id");

-- +goose Down

DROP TABLE IF EXISTS "project_chat_group_msg_word";
DROP TABLE IF EXISTS "chat_group_msg_word";
DROP TABLE IF EXISTS "msg_word";
