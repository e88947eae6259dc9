-- +goose Up

-- lists and cards: what is not on the board waits in the bin or in the archive, or is gone and about to be deleted for
-- good; pos is then the place it had. removed_as is NULL on the board. changed_rev is the number of the event that last
-- changed the row itself: undoing asks it.

ALTER TABLE "list" ADD COLUMN "removed_as" VARCHAR(8) NULL;
ALTER TABLE "list" ADD COLUMN "removed_at" DATETIME NULL;
ALTER TABLE "list" ADD COLUMN "removed_by" INTEGER NULL;
ALTER TABLE "list" ADD COLUMN "changed_rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_list_project_removed_pos" ON "list" ("project_id", "removed_as", "pos");
CREATE INDEX "ix_list_removed" ON "list" ("removed_as", "removed_at");
DROP INDEX "ix_list_project_pos";

ALTER TABLE "card" ADD COLUMN "removed_as" VARCHAR(8) NULL;
ALTER TABLE "card" ADD COLUMN "removed_at" DATETIME NULL;
ALTER TABLE "card" ADD COLUMN "removed_by" INTEGER NULL;
ALTER TABLE "card" ADD COLUMN "changed_rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_card_list_removed_pos" ON "card" ("list_id", "removed_as", "pos");
CREATE INDEX "ix_card_removed" ON "card" ("removed_as", "removed_at");
DROP INDEX "ix_card_list_pos";

-- history: who did it; NULL for rows older than this step and for people who have deleted their account. rev is the
-- number of the change, which orders what happened within a second; 0 for older rows.

ALTER TABLE "history_list_created" ADD COLUMN "user_id" INTEGER NULL;
ALTER TABLE "history_list_created" ADD COLUMN "user_name" VARCHAR(16) NULL;
ALTER TABLE "history_list_created" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_history_list_created_user" ON "history_list_created" ("user_id");

ALTER TABLE "history_list_deleted" ADD COLUMN "user_id" INTEGER NULL;
ALTER TABLE "history_list_deleted" ADD COLUMN "user_name" VARCHAR(16) NULL;
ALTER TABLE "history_list_deleted" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_history_list_deleted_user" ON "history_list_deleted" ("user_id");

ALTER TABLE "history_card_created" ADD COLUMN "user_id" INTEGER NULL;
ALTER TABLE "history_card_created" ADD COLUMN "user_name" VARCHAR(16) NULL;
ALTER TABLE "history_card_created" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_history_card_created_user" ON "history_card_created" ("user_id");

ALTER TABLE "history_card_deleted" ADD COLUMN "user_id" INTEGER NULL;
ALTER TABLE "history_card_deleted" ADD COLUMN "user_name" VARCHAR(16) NULL;
ALTER TABLE "history_card_deleted" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_history_card_deleted_user" ON "history_card_deleted" ("user_id");

ALTER TABLE "history_card_changed_list" ADD COLUMN "user_id" INTEGER NULL;
ALTER TABLE "history_card_changed_list" ADD COLUMN "user_name" VARCHAR(16) NULL;
ALTER TABLE "history_card_changed_list" ADD COLUMN "rev" BIGINT NOT NULL DEFAULT 0;
CREATE INDEX "ix_history_card_changed_list_user" ON "history_card_changed_list" ("user_id");

-- history; what the contract's five tables have no place for. details is JSON, its keys depend on kind.

CREATE TABLE "history_change" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "details" TEXT NOT NULL,
  "user_id" INTEGER NULL,
  "user_name" VARCHAR(16) NULL,
  "rev" BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX "ix_history_change_project_datetime" ON "history_change" ("project_id", "datetime");
CREATE INDEX "ix_history_change_user" ON "history_change" ("user_id");

-- +goose Down

DROP TABLE "history_change";

DROP INDEX "ix_history_card_changed_list_user";
ALTER TABLE "history_card_changed_list" DROP COLUMN "user_id";
ALTER TABLE "history_card_changed_list" DROP COLUMN "user_name";
ALTER TABLE "history_card_changed_list" DROP COLUMN "rev";

DROP INDEX "ix_history_card_deleted_user";
ALTER TABLE "history_card_deleted" DROP COLUMN "user_id";
ALTER TABLE "history_card_deleted" DROP COLUMN "user_name";
ALTER TABLE "history_card_deleted" DROP COLUMN "rev";

DROP INDEX "ix_history_card_created_user";
ALTER TABLE "history_card_created" DROP COLUMN "user_id";
ALTER TABLE "history_card_created" DROP COLUMN "user_name";
ALTER TABLE "history_card_created" DROP COLUMN "rev";

DROP INDEX "ix_history_list_deleted_user";
ALTER TABLE "history_list_deleted" DROP COLUMN "user_id";
ALTER TABLE "history_list_deleted" DROP COLUMN "user_name";
ALTER TABLE "history_list_deleted" DROP COLUMN "rev";

DROP INDEX "ix_history_list_created_user";
ALTER TABLE "history_list_created" DROP COLUMN "user_id";
ALTER TABLE "history_list_created" DROP COLUMN "user_name";
ALTER TABLE "history_list_created" DROP COLUMN "rev";

DROP INDEX "ix_card_list_removed_pos";
DROP INDEX "ix_card_removed";
CREATE INDEX "ix_card_list_pos" ON "card" ("list_id", "pos");
ALTER TABLE "card" DROP COLUMN "removed_as";
ALTER TABLE "card" DROP COLUMN "removed_at";
ALTER TABLE "card" DROP COLUMN "removed_by";
ALTER TABLE "card" DROP COLUMN "changed_rev";

DROP INDEX "ix_list_project_removed_pos";
DROP INDEX "ix_list_removed";
CREATE INDEX "ix_list_project_pos" ON "list" ("project_id", "pos");
ALTER TABLE "list" DROP COLUMN "removed_as";
ALTER TABLE "list" DROP COLUMN "removed_at";
ALTER TABLE "list" DROP COLUMN "removed_by";
ALTER TABLE "list" DROP COLUMN "changed_rev";
