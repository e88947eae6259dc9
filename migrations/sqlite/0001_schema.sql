-- The schema of contract/database.md in the normalised form of its sections 4 and 5, plus logins and the change log.
-- Types are written as on MySQL: SQLite ignores lengths, people do not, and a test compares both files.
-- COLLATE NOCASE on names and e-mail addresses; everything else compares exactly. Times are UTC.
-- Foreign keys restrict unless they say otherwise.

-- +goose Up

-- accounts; a person. Empty pending columns mean: nothing to verify.
CREATE TABLE IF NOT EXISTS "user" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(16) COLLATE NOCASE NOT NULL,
  "email" VARCHAR(32) COLLATE NOCASE NULL,
  "avatar_url" VARCHAR(128) NOT NULL,
  "small_avatar_url" VARCHAR(128) NOT NULL,
  "profile_desc" VARCHAR(256) NOT NULL,
  "password_hash" VARCHAR(128) NOT NULL,
  "private" BOOLEAN NOT NULL,
  "email_private" BOOLEAN NOT NULL,
  "stay_logged_in" BOOLEAN NOT NULL,
  "block_all_friendship_requests" BOOLEAN NOT NULL,
  "sign_up_complete" BOOLEAN NOT NULL,
  "token" VARCHAR(32) NULL,
  "email_pending_verification" VARCHAR(32) COLLATE NOCASE NULL,
  "email_verification_case_id" VARCHAR(32) NULL,
  "email_verification_code" VARCHAR(32) NULL,
  "email_verification_sent_at" DATETIME NULL,
  "reset_password_case_id" VARCHAR(32) NULL,
  "reset_password_code_hash" VARCHAR(128) NULL,
  "created_at" DATETIME NOT NULL,
  CONSTRAINT "uq_user_name" UNIQUE ("name"),
  CONSTRAINT "uq_user_email" UNIQUE ("email"),
  CONSTRAINT "uq_user_email_pending" UNIQUE ("email_pending_verification"),
  CONSTRAINT "uq_user_email_case" UNIQUE ("email_verification_case_id"),
  CONSTRAINT "uq_user_reset_case" UNIQUE ("reset_password_case_id"),
  CONSTRAINT "uq_user_id_name" UNIQUE ("id", "name")
);

-- accounts; one row per signed-in browser. id is a hash of the random id in the cookie.
CREATE TABLE IF NOT EXISTS "login" (
  "id" VARCHAR(64) NOT NULL,
  "user_id" INTEGER NOT NULL,
  "token" VARCHAR(32) NOT NULL,
  "device" VARCHAR(255) NOT NULL,
  "address" VARCHAR(45) NOT NULL,
  "created_at" DATETIME NOT NULL,
  "last_seen_at" DATETIME NOT NULL,
  "ends_at" DATETIME NOT NULL,
  "persistent" BOOLEAN NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_login_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_login_user" ON "login" ("user_id");
CREATE INDEX IF NOT EXISTS "ix_login_ends_at" ON "login" ("ends_at");

-- friends; one row per direction, two per friendship.
CREATE TABLE IF NOT EXISTS "friendship" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "friend_id" INTEGER NOT NULL,
  CONSTRAINT "uq_friendship_user_friend" UNIQUE ("user_id", "friend_id"),
  CONSTRAINT "fk_friendship_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_friendship_friend" FOREIGN KEY ("friend_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_friendship_friend" ON "friendship" ("friend_id");

-- friends.
CREATE TABLE IF NOT EXISTS "friendship_request" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  CONSTRAINT "uq_friendship_request_from_to" UNIQUE ("from_id", "to_id"),
  CONSTRAINT "fk_friendship_request_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_friendship_request_to" FOREIGN KEY ("to_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_friendship_request_to_datetime" ON "friendship_request" ("to_id", "datetime");

-- chats; person to person. No key on from_id: what was said outlives the account that said it.
CREATE TABLE IF NOT EXISTS "msg" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "content" VARCHAR(2048) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "seen" BOOLEAN NOT NULL,
  CONSTRAINT "fk_msg_to" FOREIGN KEY ("to_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_msg_to_seen" ON "msg" ("to_id", "seen");
CREATE INDEX IF NOT EXISTS "ix_msg_from_to_datetime" ON "msg" ("from_id", "to_id", "datetime", "id");
CREATE INDEX IF NOT EXISTS "ix_msg_to_from_seen" ON "msg" ("to_id", "from_id", "seen");

-- projects; rev counts the changes of its board, one project_event each. The owner is a pair, so that owner_name cannot drift from owner_id.
CREATE TABLE IF NOT EXISTS "project" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(32) COLLATE NOCASE NOT NULL,
  "owner_id" INTEGER NOT NULL,
  "owner_name" VARCHAR(16) COLLATE NOCASE NOT NULL,
  "project_desc" VARCHAR(128) NOT NULL,
  "visibility" VARCHAR(16) NOT NULL,
  "invite_code" VARCHAR(32) NOT NULL,
  "invite_as_admin_code" VARCHAR(32) NOT NULL,
  "rev" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "uq_project_owner_name" UNIQUE ("owner_name", "name"),
  CONSTRAINT "uq_project_invite_code" UNIQUE ("invite_code"),
  CONSTRAINT "uq_project_invite_as_admin_code" UNIQUE ("invite_as_admin_code"),
  CONSTRAINT "fk_project_owner" FOREIGN KEY ("owner_id", "owner_name") REFERENCES "user" ("id", "name") ON UPDATE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_owner" ON "project" ("owner_id", "owner_name");
-- A cascade does not see a change of case where names compare without it; MySQL cascades that too.
-- +goose StatementBegin
CREATE TRIGGER IF NOT EXISTS "tr_user_name_case" AFTER UPDATE OF "name" ON "user"
WHEN old."name" <> new."name" COLLATE BINARY
BEGIN
  UPDATE "project" SET "owner_name" = new."name"
  WHERE "owner_id" = new."id" AND "owner_name" <> new."name" COLLATE BINARY;
END;
-- +goose StatementEnd

-- projects; the change log every connected board is brought up to date from. payload is JSON.
CREATE TABLE IF NOT EXISTS "project_event" (
  "project_id" INTEGER NOT NULL,
  "rev" BIGINT NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "payload" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "rev"),
  CONSTRAINT "fk_project_event_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_event_created_at" ON "project_event" ("created_at");

-- projects; members other than the owner.
CREATE TABLE IF NOT EXISTS "project_collaborator_link" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "user_role" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_project_collaborator_link_project_user" UNIQUE ("project_id", "user_id"),
  CONSTRAINT "fk_project_collaborator_link_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id"),
  CONSTRAINT "fk_project_collaborator_link_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_project_collaborator_link_user" ON "project_collaborator_link" ("user_id");

-- lists; pos is 0-based and dense within the project.
CREATE TABLE IF NOT EXISTS "list" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) COLLATE NOCASE NOT NULL,
  "list_desc" VARCHAR(2048) NOT NULL,
  "pos" INTEGER NOT NULL,
  CONSTRAINT "fk_list_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_list_project_pos" ON "list" ("project_id", "pos");

-- cards; pos is 0-based and dense within the list. img_url is a column nobody uses, kept for the old schema.
CREATE TABLE IF NOT EXISTS "card" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "list_id" INTEGER NOT NULL,
  "name" VARCHAR(64) COLLATE NOCASE NOT NULL,
  "card_desc" VARCHAR(2048) NOT NULL,
  "img_url" VARCHAR(256) NULL,
  "pos" INTEGER NOT NULL,
  CONSTRAINT "fk_card_list" FOREIGN KEY ("list_id") REFERENCES "list" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_card_list_pos" ON "card" ("list_id", "pos");

-- files; the nullable columns are unknown for rows taken over from the Flask application.
CREATE TABLE IF NOT EXISTS "list_attached_file" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "list_id" INTEGER NOT NULL,
  "url" VARCHAR(256) NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "size" BIGINT NULL,
  "content_type" VARCHAR(128) NULL,
  "storage_key" VARCHAR(64) NULL,
  "created_at" DATETIME NULL,
  CONSTRAINT "uq_list_attached_file_url" UNIQUE ("url"),
  CONSTRAINT "uq_list_attached_file_list_name" UNIQUE ("list_id", "name"),
  CONSTRAINT "uq_list_attached_file_storage_key" UNIQUE ("storage_key"),
  CONSTRAINT "fk_list_attached_file_list" FOREIGN KEY ("list_id") REFERENCES "list" ("id")
);

-- files; the nullable columns are unknown for rows taken over from the Flask application.
CREATE TABLE IF NOT EXISTS "card_attached_file" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "card_id" INTEGER NOT NULL,
  "url" VARCHAR(256) NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "size" BIGINT NULL,
  "content_type" VARCHAR(128) NULL,
  "storage_key" VARCHAR(64) NULL,
  "created_at" DATETIME NULL,
  CONSTRAINT "uq_card_attached_file_url" UNIQUE ("url"),
  CONSTRAINT "uq_card_attached_file_card_name" UNIQUE ("card_id", "name"),
  CONSTRAINT "uq_card_attached_file_storage_key" UNIQUE ("storage_key"),
  CONSTRAINT "fk_card_attached_file_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id")
);

-- cards.
CREATE TABLE IF NOT EXISTS "card_user_assignment" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "card_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  CONSTRAINT "uq_card_user_assignment_card_user" UNIQUE ("card_id", "user_id"),
  CONSTRAINT "fk_card_user_assignment_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id"),
  CONSTRAINT "fk_card_user_assignment_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_card_user_assignment_user" ON "card_user_assignment" ("user_id");

-- chats.
CREATE TABLE IF NOT EXISTS "chat_group" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(32) COLLATE NOCASE NOT NULL
);

-- chats.
CREATE TABLE IF NOT EXISTS "chat_group_member_link" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "chat_group_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "user_role" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_chat_group_member_link_group_user" UNIQUE ("chat_group_id", "user_id"),
  CONSTRAINT "fk_chat_group_member_link_group" FOREIGN KEY ("chat_group_id") REFERENCES "chat_group" ("id"),
  CONSTRAINT "fk_chat_group_member_link_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_chat_group_member_link_user" ON "chat_group_member_link" ("user_id");

-- chats; at most one per project, named owner/project.
CREATE TABLE IF NOT EXISTS "project_chat_group" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(64) COLLATE NOCASE NOT NULL,
  "project_id" INTEGER NOT NULL,
  CONSTRAINT "uq_project_chat_group_project" UNIQUE ("project_id"),
  CONSTRAINT "fk_project_chat_group_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id")
);

-- chats; the owner is a member too.
CREATE TABLE IF NOT EXISTS "project_chat_group_member_link" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_chat_group_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "user_role" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_project_chat_group_member_link_group_user" UNIQUE ("project_chat_group_id", "user_id"),
  CONSTRAINT "fk_project_chat_group_member_link_group" FOREIGN KEY ("project_chat_group_id") REFERENCES "project_chat_group" ("id"),
  CONSTRAINT "fk_project_chat_group_member_link_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_member_link_user" ON "project_chat_group_member_link" ("user_id");

-- chats. No key on from_id, as in msg.
CREATE TABLE IF NOT EXISTS "chat_group_msg" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "chat_group_id" INTEGER NOT NULL,
  "content" VARCHAR(2048) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  CONSTRAINT "fk_chat_group_msg_group" FOREIGN KEY ("chat_group_id") REFERENCES "chat_group" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_chat_group_msg_group_datetime" ON "chat_group_msg" ("chat_group_id", "datetime", "id");
CREATE INDEX IF NOT EXISTS "ix_chat_group_msg_from" ON "chat_group_msg" ("from_id");

-- chats; one row per member and message, goes with its message so that no unread count counts what is gone.
CREATE TABLE IF NOT EXISTS "chat_group_msg_status" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "chat_group_id" INTEGER NOT NULL,
  "chat_group_msg_id" INTEGER NOT NULL,
  "seen" BOOLEAN NOT NULL,
  CONSTRAINT "uq_chat_group_msg_status_msg_user" UNIQUE ("chat_group_msg_id", "user_id"),
  CONSTRAINT "fk_chat_group_msg_status_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_chat_group_msg_status_msg" FOREIGN KEY ("chat_group_msg_id") REFERENCES "chat_group_msg" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_chat_group_msg_status_user_seen" ON "chat_group_msg_status" ("user_id", "seen");
CREATE INDEX IF NOT EXISTS "ix_chat_group_msg_status_user_group_seen" ON "chat_group_msg_status" ("user_id", "chat_group_id", "seen");

-- chats. No key on from_id, as in msg.
CREATE TABLE IF NOT EXISTS "project_chat_group_msg" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_chat_group_id" INTEGER NOT NULL,
  "content" VARCHAR(2048) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  CONSTRAINT "fk_project_chat_group_msg_group" FOREIGN KEY ("project_chat_group_id") REFERENCES "project_chat_group" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_msg_group_datetime" ON "project_chat_group_msg" ("project_chat_group_id", "datetime", "id");
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_msg_from" ON "project_chat_group_msg" ("from_id");

-- chats; one row per member and message, goes with its message so that no unread count counts what is gone.
CREATE TABLE IF NOT EXISTS "project_chat_group_msg_status" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "project_chat_group_id" INTEGER NOT NULL,
  "project_chat_group_msg_id" INTEGER NOT NULL,
  "seen" BOOLEAN NOT NULL,
  CONSTRAINT "uq_project_chat_group_msg_status_msg_user" UNIQUE ("project_chat_group_msg_id", "user_id"),
  CONSTRAINT "fk_project_chat_group_msg_status_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_project_chat_group_msg_status_msg" FOREIGN KEY ("project_chat_group_msg_id") REFERENCES "project_chat_group_msg" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_msg_status_user_seen" ON "project_chat_group_msg_status" ("user_id", "seen");
CREATE INDEX IF NOT EXISTS "ix_project_chat_group_msg_status_user_group_seen" ON "project_chat_group_msg_status" ("user_id", "project_chat_group_id", "seen");

-- history; a snapshot, never updated, without foreign keys. id is the list's, event_id the row's own.
CREATE TABLE IF NOT EXISTS "history_list_created" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "list_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_history_list_created_project_datetime" ON "history_list_created" ("project_id", "datetime");

-- history; a snapshot, never updated, without foreign keys. id is the list's, event_id the row's own.
CREATE TABLE IF NOT EXISTS "history_list_deleted" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "list_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL,
  "deleted_cards" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_history_list_deleted_project_datetime" ON "history_list_deleted" ("project_id", "datetime");

-- history; a snapshot, never updated, without foreign keys. id is the card's, event_id the row's own.
CREATE TABLE IF NOT EXISTS "history_card_created" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "list_name" VARCHAR(64) NOT NULL,
  "card_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL,
  "assigned_users" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_history_card_created_project_datetime" ON "history_card_created" ("project_id", "datetime");

-- history; a snapshot, never updated, without foreign keys. id is the card's, event_id the row's own.
CREATE TABLE IF NOT EXISTS "history_card_deleted" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "list_name" VARCHAR(64) NOT NULL,
  "card_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL,
  "assigned_users" TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_history_card_deleted_project_datetime" ON "history_card_deleted" ("project_id", "datetime");

-- history; a snapshot, never updated, without foreign keys. id is the card's, event_id the row's own.
CREATE TABLE IF NOT EXISTS "history_card_changed_list" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "old_list_name" VARCHAR(64) NOT NULL,
  "new_list_name" VARCHAR(64) NOT NULL
);
CREATE INDEX IF NOT EXISTS "ix_history_card_changed_list_project_datetime" ON "history_card_changed_list" ("project_id", "datetime");

-- +goose Down

DROP TRIGGER IF EXISTS "tr_user_name_case";
DROP TABLE IF EXISTS "history_card_changed_list";
DROP TABLE IF EXISTS "history_card_deleted";
DROP TABLE IF EXISTS "history_card_created";
DROP TABLE IF EXISTS "history_list_deleted";
DROP TABLE IF EXISTS "history_list_created";
DROP TABLE IF EXISTS "project_chat_group_msg_status";
DROP TABLE IF EXISTS "project_chat_group_msg";
DROP TABLE IF EXISTS "chat_group_msg_status";
DROP TABLE IF EXISTS "chat_group_msg";
DROP TABLE IF EXISTS "project_chat_group_member_link";
DROP TABLE IF EXISTS "project_chat_group";
DROP TABLE IF EXISTS "chat_group_member_link";
DROP TABLE IF EXISTS "chat_group";
DROP TABLE IF EXISTS "card_user_assignment";
DROP TABLE IF EXISTS "card_attached_file";
DROP TABLE IF EXISTS "list_attached_file";
DROP TABLE IF EXISTS "card";
DROP TABLE IF EXISTS "list";
DROP TABLE IF EXISTS "project_collaborator_link";
DROP TABLE IF EXISTS "project_event";
DROP TABLE IF EXISTS "project";
DROP TABLE IF EXISTS "msg";
DROP TABLE IF EXISTS "friendship_request";
DROP TABLE IF EXISTS "friendship";
DROP TABLE IF EXISTS "login";
DROP TABLE IF EXISTS "user";
