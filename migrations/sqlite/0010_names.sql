-- Names as people write them: a project's title beside the name in its address, a person's display name beside the
-- user name, and titles of cards of up to 256 characters.

-- +goose Up

-- projects; title '' is a project that a version without titles has made: its name is shown.
ALTER TABLE "project" ADD COLUMN "title" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "project" SET "title" = "name" WHERE "title" = '';

-- accounts; display_name '' is a person who has none: the user name is shown.
ALTER TABLE "user" ADD COLUMN "display_name" VARCHAR(64) NOT NULL DEFAULT '';

-- cards, revisions, history; where titles of cards are kept. SQLite cannot change the type of a column: a new one takes
-- the place of the old.
ALTER TABLE "card" ADD COLUMN "new_name" VARCHAR(256) NOT NULL DEFAULT '';
UPDATE "card" SET "new_name" = "name";
ALTER TABLE "card" DROP COLUMN "name";
ALTER TABLE "card" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "text_version" ADD COLUMN "new_name" VARCHAR(256) NOT NULL DEFAULT '';
UPDATE "text_version" SET "new_name" = "name";
ALTER TABLE "text_version" DROP COLUMN "name";
ALTER TABLE "text_version" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_card_created" ADD COLUMN "new_name" VARCHAR(256) NOT NULL DEFAULT '';
UPDATE "history_card_created" SET "new_name" = "name";
ALTER TABLE "history_card_created" DROP COLUMN "name";
ALTER TABLE "history_card_created" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_card_deleted" ADD COLUMN "new_name" VARCHAR(256) NOT NULL DEFAULT '';
UPDATE "history_card_deleted" SET "new_name" = "name";
ALTER TABLE "history_card_deleted" DROP COLUMN "name";
ALTER TABLE "history_card_deleted" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_card_changed_list" ADD COLUMN "new_name" VARCHAR(256) NOT NULL DEFAULT '';
UPDATE "history_card_changed_list" SET "new_name" = "name";
ALTER TABLE "history_card_changed_list" DROP COLUMN "name";
ALTER TABLE "history_card_changed_list" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_change" ADD COLUMN "new_name" VARCHAR(256) NOT NULL DEFAULT '';
UPDATE "history_change" SET "new_name" = "name";
ALTER TABLE "history_change" DROP COLUMN "name";
ALTER TABLE "history_change" RENAME COLUMN "new_name" TO "name";

-- +goose Down

-- What the old columns cannot hold is cut.
ALTER TABLE "card" ADD COLUMN "new_name" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "card" SET "new_name" = CASE WHEN LENGTH("name") > 64 THEN SUBSTR("name", 1, 63) || '…' ELSE "name" END;
ALTER TABLE "card" DROP COLUMN "name";
ALTER TABLE "card" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "text_version" ADD COLUMN "new_name" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "text_version" SET "new_name" = CASE WHEN LENGTH("name") > 64 THEN SUBSTR("name", 1, 63) || '…' ELSE "name" END;
ALTER TABLE "text_version" DROP COLUMN "name";
ALTER TABLE "text_version" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_card_created" ADD COLUMN "new_name" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "history_card_created" SET "new_name" = CASE WHEN LENGTH("name") > 64 THEN SUBSTR("name", 1, 63) || '…' ELSE "name" END;
ALTER TABLE "history_card_created" DROP COLUMN "name";
ALTER TABLE "history_card_created" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_card_deleted" ADD COLUMN "new_name" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "history_card_deleted" SET "new_name" = CASE WHEN LENGTH("name") > 64 THEN SUBSTR("name", 1, 63) || '…' ELSE "name" END;
ALTER TABLE "history_card_deleted" DROP COLUMN "name";
ALTER TABLE "history_card_deleted" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_card_changed_list" ADD COLUMN "new_name" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "history_card_changed_list" SET "new_name" = CASE WHEN LENGTH("name") > 64 THEN SUBSTR("name", 1, 63) || '…' ELSE "name" END;
ALTER TABLE "history_card_changed_list" DROP COLUMN "name";
ALTER TABLE "history_card_changed_list" RENAME COLUMN "new_name" TO "name";
ALTER TABLE "history_change" ADD COLUMN "new_name" VARCHAR(64) NOT NULL DEFAULT '';
UPDATE "history_change" SET "new_name" = CASE WHEN LENGTH("name") > 64 THEN SUBSTR("name", 1, 63) || '…' ELSE "name" END;
ALTER TABLE "history_change" DROP COLUMN "name";
ALTER TABLE "history_change" RENAME COLUMN "new_name" TO "name";

ALTER TABLE "user" DROP COLUMN "display_name";
ALTER TABLE "project" DROP COLUMN "title";
