-- Chats: every change of a chat has a number, from which unread counts, pages and what a client has missed are read.

-- +goose Up

-- chats; the chat of two people, with one link for each of them. rev is the number of its last change.
CREATE TABLE IF NOT EXISTS "chat_pair" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "rev" BIGINT NOT NULL DEFAULT 0
);

-- chats; read_rev is the number up to which the person has read.
CREATE TABLE IF NOT EXISTS "chat_pair_link" (
  "user_id" INTEGER NOT NULL,
  "friend_id" INTEGER NOT NULL,
  "pair_id" INTEGER NOT NULL,
  "read_rev" BIGINT NOT NULL DEFAULT 0,
  "muted" BOOLEAN NOT NULL DEFAULT 0,
  PRIMARY KEY ("user_id", "friend_id"),
  CONSTRAINT "fk_chat_pair_link_pair" FOREIGN KEY ("pair_id") REFERENCES "chat_pair" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_chat_pair_link_pair" ON "chat_pair_link" ("pair_id");

-- chats; num is the number of the change that made a message, rev of the one that last changed it. client_key is the sender's
-- identifier of a message, so that it is stored once however often it is sent.
ALTER TABLE "msg" ADD COLUMN "pair_id" INTEGER NULL;
ALTER TABLE "msg" ADD COLUMN "num" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "msg" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "msg" ADD COLUMN "client_key" VARCHAR(64) NULL;
ALTER TABLE "msg" ADD COLUMN "edited_at" DATETIME NULL;
ALTER TABLE "msg" ADD COLUMN "deleted_at" DATETIME NULL;
CREATE INDEX "ix_msg_pair_num" ON "msg" ("pair_id", "num");
CREATE INDEX "ix_msg_pair_rev" ON "msg" ("pair_id", "rev");
CREATE UNIQUE INDEX "uq_msg_from_key" ON "msg" ("from_id", "client_key");

ALTER TABLE "chat_group_msg" ADD COLUMN "num" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "chat_group_msg" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "chat_group_msg" ADD COLUMN "client_key" VARCHAR(64) NULL;
ALTER TABLE "chat_group_msg" ADD COLUMN "edited_at" DATETIME NULL;
ALTER TABLE "chat_group_msg" ADD COLUMN "deleted_at" DATETIME NULL;
CREATE INDEX "ix_chat_group_msg_group_num" ON "chat_group_msg" ("chat_group_id", "num");
CREATE INDEX "ix_chat_group_msg_group_rev" ON "chat_group_msg" ("chat_group_id", "rev");
CREATE UNIQUE INDEX "uq_chat_group_msg_from_key" ON "chat_group_msg" ("from_id", "client_key");

ALTER TABLE "project_chat_group_msg" ADD COLUMN "num" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "project_chat_group_msg" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "project_chat_group_msg" ADD COLUMN "client_key" VARCHAR(64) NULL;
ALTER TABLE "project_chat_group_msg" ADD COLUMN "edited_at" DATETIME NULL;
ALTER TABLE "project_chat_group_msg" ADD COLUMN "deleted_at" DATETIME NULL;
CREATE INDEX "ix_project_chat_group_msg_group_num" ON "project_chat_group_msg" ("project_chat_group_id", "num");
CREATE INDEX "ix_project_chat_group_msg_group_rev" ON "project_chat_group_msg" ("project_chat_group_id", "rev");
CREATE UNIQUE INDEX "uq_project_chat_group_msg_from_key" ON "project_chat_group_msg" ("from_id", "client_key");

ALTER TABLE "chat_group" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "project_chat_group" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "chat_group_member_link" ADD COLUMN "read_rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "chat_group_member_link" ADD COLUMN "muted" BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE "project_chat_group_member_link" ADD COLUMN "read_rev" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "project_chat_group_member_link" ADD COLUMN "muted" BOOLEAN NOT NULL DEFAULT 0;

-- Messages from before: a chat for each two people whose accounts exist; its id is that of their first message.
INSERT INTO "chat_pair" ("id") SELECT MIN("msg"."id") FROM "msg"
  WHERE "from_id" <> "to_id" AND EXISTS (SELECT 1 FROM "user" WHERE "user"."id" = "from_id")
  GROUP BY MIN("from_id", "to_id"), MAX("from_id", "to_id");
INSERT INTO "chat_pair_link" ("user_id", "friend_id", "pair_id")
  SELECT "from_id", "to_id", "chat_pair"."id" FROM "chat_pair" JOIN "msg" ON "msg"."id" = "chat_pair"."id"
  UNION ALL SELECT "to_id", "from_id", "chat_pair"."id" FROM "chat_pair" JOIN "msg" ON "msg"."id" = "chat_pair"."id";
UPDATE "msg" SET "pair_id" = (SELECT "pair_id" FROM "chat_pair_link" AS "l" WHERE "l"."user_id" = "msg"."from_id" AND "l"."friend_id" = "msg"."to_id");

-- Their numbers, in the order of time.
UPDATE "msg" SET "num" = "o"."n", "rev" = "o"."n" FROM (
  SELECT "id", ROW_NUMBER() OVER (PARTITION BY "pair_id" ORDER BY "datetime", "id") AS "n" FROM "msg" WHERE "pair_id" IS NOT NULL
) AS "o" WHERE "o"."id" = "msg"."id";
UPDATE "chat_group_msg" SET "num" = "o"."n", "rev" = "o"."n" FROM (
  SELECT "id", ROW_NUMBER() OVER (PARTITION BY "chat_group_id" ORDER BY "datetime", "id") AS "n" FROM "chat_group_msg"
) AS "o" WHERE "o"."id" = "chat_group_msg"."id";
UPDATE "project_chat_group_msg" SET "num" = "o"."n", "rev" = "o"."n" FROM (
  SELECT "id", ROW_NUMBER() OVER (PARTITION BY "project_chat_group_id" ORDER BY "datetime", "id") AS "n" FROM "project_chat_group_msg"
) AS "o" WHERE "o"."id" = "project_chat_group_msg"."id";
UPDATE "chat_pair" SET "rev" = COALESCE((SELECT MAX("rev") FROM "msg" WHERE "pair_id" = "chat_pair"."id"), 0);
UPDATE "chat_group" SET "rev" = COALESCE((SELECT MAX("rev") FROM "chat_group_msg" WHERE "chat_group_id" = "chat_group"."id"), 0);
UPDATE "project_chat_group" SET "rev" = COALESCE((SELECT MAX("rev") FROM "project_chat_group_msg" WHERE "project_chat_group_id" = "project_chat_group"."id"), 0);

-- Read up to the first message that was not seen.
UPDATE "chat_pair_link" SET "read_rev" = COALESCE(
  (SELECT MIN("num") - 1 FROM "msg" WHERE "msg"."pair_id" = "chat_pair_link"."pair_id" AND "to_id" = "user_id" AND NOT "seen"),
  (SELECT "rev" FROM "chat_pair" WHERE "id" = "pair_id"));
UPDATE "chat_group_member_link" SET "read_rev" = COALESCE(
  (SELECT MIN("num") - 1 FROM "chat_group_msg" AS "m" JOIN "chat_group_msg_status" AS "s" ON "s"."chat_group_msg_id" = "m"."id"
    WHERE "m"."chat_group_id" = "chat_group_member_link"."chat_group_id" AND "s"."user_id" = "chat_group_member_link"."user_id" AND NOT "s"."seen"),
  (SELECT "rev" FROM "chat_group" WHERE "chat_group"."id" = "chat_group_id"), 0);
UPDATE "project_chat_group_member_link" SET "read_rev" = COALESCE(
  (SELECT MIN("num") - 1 FROM "project_chat_group_msg" AS "m" JOIN "project_chat_group_msg_status" AS "s" ON "s"."project_chat_group_msg_id" = "m"."id"
    WHERE "m"."project_chat_group_id" = "project_chat_group_member_link"."project_chat_group_id" AND "s"."user_id" = "project_chat_group_member_link"."user_id" AND NOT "s"."seen"),
  (SELECT "rev" FROM "project_chat_group" WHERE "project_chat_group"."id" = "project_chat_group_id"), 0);

-- +goose Down

ALTER TABLE "project_chat_group_member_link" DROP COLUMN "muted";
ALTER TABLE "project_chat_group_member_link" DROP COLUMN "read_rev";
ALTER TABLE "chat_group_member_link" DROP COLUMN "muted";
ALTER TABLE "chat_group_member_link" DROP COLUMN "read_rev";
ALTER TABLE "project_chat_group" DROP COLUMN "rev";
ALTER TABLE "chat_group" DROP COLUMN "rev";
DROP INDEX "uq_project_chat_group_msg_from_key";
DROP INDEX "ix_project_chat_group_msg_group_rev";
DROP INDEX "ix_project_chat_group_msg_group_num";
ALTER TABLE "project_chat_group_msg" DROP COLUMN "deleted_at";
ALTER TABLE "project_chat_group_msg" DROP COLUMN "edited_at";
ALTER TABLE "project_chat_group_msg" DROP COLUMN "client_key";
ALTER TABLE "project_chat_group_msg" DROP COLUMN "rev";
ALTER TABLE "project_chat_group_msg" DROP COLUMN "num";
DROP INDEX "uq_chat_group_msg_from_key";
DROP INDEX "ix_chat_group_msg_group_rev";
DROP INDEX "ix_chat_group_msg_group_num";
ALTER TABLE "chat_group_msg" DROP COLUMN "deleted_at";
ALTER TABLE "chat_group_msg" DROP COLUMN "edited_at";
ALTER TABLE "chat_group_msg" DROP COLUMN "client_key";
ALTER TABLE "chat_group_msg" DROP COLUMN "rev";
ALTER TABLE "chat_group_msg" DROP COLUMN "num";
DROP INDEX "uq_msg_from_key";
DROP INDEX "ix_msg_pair_rev";
DROP INDEX "ix_msg_pair_num";
ALTER TABLE "msg" DROP COLUMN "deleted_at";
ALTER TABLE "msg" DROP COLUMN "edited_at";
ALTER TABLE "msg" DROP COLUMN "client_key";
ALTER TABLE "msg" DROP COLUMN "rev";
ALTER TABLE "msg" DROP COLUMN "num";
ALTER TABLE "msg" DROP COLUMN "pair_id";
DROP TABLE IF EXISTS "chat_pair_link";
DROP TABLE IF EXISTS "chat_pair";
