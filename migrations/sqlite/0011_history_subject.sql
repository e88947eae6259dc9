-- +goose Up

-- history_change: what an entry is about, "card" or "list" with its id; empty for the rest. The window of a card shows what is
-- about it, which the keys find.

ALTER TABLE "history_change" ADD COLUMN "subject" VARCHAR(8) NOT NULL DEFAULT '';
UPDATE "history_change" SET "subject" = 'card' WHERE "kind" LIKE 'card%' OR "kind" IN ('labels.put', 'labels.taken');
UPDATE "history_change" SET "subject" = 'list' WHERE "kind" LIKE 'list%';

CREATE INDEX "ix_history_change_subject" ON "history_change" ("project_id", "subject", "id", "datetime");
CREATE INDEX "ix_history_list_created_subject" ON "history_list_created" ("project_id", "id", "datetime");
CREATE INDEX "ix_history_list_deleted_subject" ON "history_list_deleted" ("project_id", "id", "datetime");
CREATE INDEX "ix_history_card_created_subject" ON "history_card_created" ("project_id", "id", "datetime");
CREATE INDEX "ix_history_card_deleted_subject" ON "history_card_deleted" ("project_id", "id", "datetime");
CREATE INDEX "ix_history_card_changed_list_subject" ON "history_card_changed_list" ("project_id", "id", "datetime");

-- +goose Down

DROP INDEX "ix_history_card_changed_list_subject";
DROP INDEX "ix_history_card_deleted_subject";
DROP INDEX "ix_history_card_created_subject";
DROP INDEX "ix_history_list_deleted_subject";
DROP INDEX "ix_history_list_created_subject";
DROP INDEX "ix_history_change_subject";
ALTER TABLE "history_change" DROP COLUMN "subject";
