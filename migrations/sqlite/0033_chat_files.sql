-- Files in chats: a message may have one, which is of the module files like those of lists and cards.

-- +goose Up

-- files; a file of an item of another module, which decides who may read it: kind and place say which, such as a chat and its messages.
CREATE TABLE IF NOT EXISTS "item_attached_file" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "kind" VARCHAR(32) NOT NULL,
  "place_id" INTEGER NOT NULL,
  "item_id" INTEGER NOT NULL,
  "url" VARCHAR(256) NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "size" BIGINT NOT NULL,
  "content_type" VARCHAR(128) NOT NULL,
  "storage_key" VARCHAR(64) NOT NULL,
  "created_at" DATETIME NOT NULL,
  "width" INTEGER NULL,
  "height" INTEGER NULL,
  "description" VARCHAR(512) NOT NULL DEFAULT '',
  CONSTRAINT "uq_item_attached_file_url" UNIQUE ("url"),
  CONSTRAINT "uq_item_attached_file_item_name" UNIQUE ("kind", "item_id", "name"),
  CONSTRAINT "uq_item_attached_file_storage_key" UNIQUE ("storage_key")
);
CREATE INDEX IF NOT EXISTS "ix_item_attached_file_place" ON "item_attached_file" ("kind", "place_id");

-- chats; whether a message has a file.
ALTER TABLE "msg" ADD COLUMN "has_file" BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE "chat_group_msg" ADD COLUMN "has_file" BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE "project_chat_group_msg" ADD COLUMN "has_file" BOOLEAN NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE "project_chat_group_msg" DROP COLUMN "has_file";
ALTER TABLE "chat_group_msg" DROP COLUMN "has_file";
ALTER TABLE "msg" DROP COLUMN "has_file";
DROP TABLE IF EXISTS "item_attached_file";
