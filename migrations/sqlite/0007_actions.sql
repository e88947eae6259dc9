-- Actions that were carried out, texts that were replaced, who is on a board.

-- +goose Up

-- projects; an action id that a client gave to a change, and what was answered: whoever sends it again is answered the same.
CREATE TABLE IF NOT EXISTS "project_action" (
  "project_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "action_id" VARCHAR(64) NOT NULL,
  "rev" BIGINT NOT NULL,
  "answer" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "user_id", "action_id"),
  CONSTRAINT "fk_project_action_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_action_created_at" ON "project_action" ("created_at");

-- versions; name and description of a list, card or project as they were before somebody replaced them. kind: list, card, project.
CREATE TABLE IF NOT EXISTS "text_version" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "kind" VARCHAR(8) NOT NULL,
  "item_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "item_desc" VARCHAR(2048) NOT NULL,
  "replaced_by" INTEGER NOT NULL,
  "replaced_at" DATETIME NOT NULL,
  CONSTRAINT "fk_text_version_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_text_version_item" ON "text_version" ("project_id", "kind", "item_id", "id");
CREATE INDEX IF NOT EXISTS "ix_text_version_kind_item" ON "text_version" ("kind", "item_id");
CREATE INDEX IF NOT EXISTS "ix_text_version_replaced_at" ON "text_version" ("replaced_at");

-- presence; one row per server and person on a board, renewed as long as the server lives. user_id 0: all who are not signed in.
-- No foreign keys: their locks would wait for writers of the board, and what is wrong here is gone in half a minute.
CREATE TABLE IF NOT EXISTS "board_presence" (
  "project_id" INTEGER NOT NULL,
  "server_id" VARCHAR(32) NOT NULL,
  "user_id" INTEGER NOT NULL,
  "state" VARCHAR(8) NOT NULL,
  "amount" INTEGER NOT NULL,
  "seen_at" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "server_id", "user_id")
);
CREATE INDEX IF NOT EXISTS "ix_board_presence_server" ON "board_presence" ("server_id");
CREATE INDEX IF NOT EXISTS "ix_board_presence_seen_at" ON "board_presence" ("seen_at");

-- +goose Down
DROP TABLE IF EXISTS "board_presence";
DROP TABLE IF EXISTS "text_version";
DROP TABLE IF EXISTS "project_action";
