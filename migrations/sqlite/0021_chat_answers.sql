-- Chats: a message answers another one, and people react to messages.

-- +goose Up

-- chats; reply_num is the number of the message in the same chat that this one answers.
ALTER TABLE "msg" ADD COLUMN "reply_num" BIGINT NULL;
ALTER TABLE "chat_group_msg" ADD COLUMN "reply_num" BIGINT NULL;
ALTER TABLE "project_chat_group_msg" ADD COLUMN "reply_num" BIGINT NULL;

-- chats; an emoji that a person has put on a message.
CREATE TABLE IF NOT EXISTS "msg_reaction" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "msg_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "emoji" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_msg_reaction_emoji" UNIQUE ("msg_id", "emoji", "user_id"),
  CONSTRAINT "fk_msg_reaction_msg" FOREIGN KEY ("msg_id") REFERENCES "msg" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_msg_reaction_user" ON "msg_reaction" ("user_id");
CREATE TABLE IF NOT EXISTS "chat_group_msg_reaction" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "msg_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "emoji" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_chat_group_msg_reaction_emoji" UNIQUE ("msg_id", "emoji", "user_id"),
  CONSTRAINT "fk_chat_group_msg_reaction_msg" FOREIGN KEY ("msg_id") REFERENCES "chat_group_msg" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_chat_group_msg_reaction_user" ON "chat_group_msg_reaction" ("user_id");
CREATE TABLE IF NOT EXISTS "project_chat_group_msg_reaction" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "msg_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "emoji" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_project_chat_group_msg_reaction_emoji" UNIQUE ("msg_id", "emoji", "user_id"),
  CONSTRAINT "fk_project_chat_group_msg_reaction_msg" FOREIGN KEY ("msg_id") REFERENCES "project_chat_group_msg" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_msg_reaction_user" ON "project_chat_group_msg_reaction" ("user_id");

-- +goose Down

DROP TABLE IF EXISTS "project_chat_group_msg_reaction";
DROP TABLE IF EXISTS "chat_group_msg_reaction";
DROP TABLE IF EXISTS "msg_reaction";
ALTER TABLE "project_chat_group_msg" DROP COLUMN "reply_num";
ALTER TABLE "chat_group_msg" DROP COLUMN "reply_num";
ALTER TABLE "msg" DROP COLUMN "reply_num";
