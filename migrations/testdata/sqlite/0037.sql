CREATE TABLE "account_event" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "device" VARCHAR(255) NOT NULL,
  "address" VARCHAR(45) NOT NULL,
  "created_at" DATETIME NOT NULL,
  CONSTRAINT "fk_account_event_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "board_presence" (
  "project_id" INTEGER NOT NULL,
  "server_id" VARCHAR(32) NOT NULL,
  "user_id" INTEGER NOT NULL,
  "state" VARCHAR(8) NOT NULL,
  "amount" INTEGER NOT NULL,
  "seen_at" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "server_id", "user_id")
);

CREATE TABLE "card" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "list_id" INTEGER NOT NULL,
  "card_desc" VARCHAR(2048) NOT NULL,
  "img_url" VARCHAR(256) NULL,
  "pos" INTEGER NOT NULL, "removed_as" VARCHAR(8) NULL, "removed_at" DATETIME NULL, "removed_by" INTEGER NULL, "changed_rev" BIGINT NOT NULL DEFAULT 0, "name" VARCHAR(256) NOT NULL DEFAULT '',
  CONSTRAINT "fk_card_list" FOREIGN KEY ("list_id") REFERENCES "list" ("id")
);

CREATE TABLE "card_attached_file" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "card_id" INTEGER NOT NULL,
  "url" VARCHAR(256) NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "size" BIGINT NULL,
  "content_type" VARCHAR(128) NULL,
  "storage_key" VARCHAR(64) NULL,
  "created_at" DATETIME NULL, "width" INTEGER NULL, "height" INTEGER NULL, "description" VARCHAR(512) NOT NULL DEFAULT '',
  CONSTRAINT "uq_card_attached_file_url" UNIQUE ("url"),
  CONSTRAINT "uq_card_attached_file_card_name" UNIQUE ("card_id", "name"),
  CONSTRAINT "uq_card_attached_file_storage_key" UNIQUE ("storage_key"),
  CONSTRAINT "fk_card_attached_file_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id")
);

CREATE TABLE "card_label" (
  "card_id" INTEGER NOT NULL,
  "label_id" INTEGER NOT NULL,
  PRIMARY KEY ("card_id", "label_id"),
  CONSTRAINT "fk_card_label_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_card_label_label" FOREIGN KEY ("label_id") REFERENCES "label" ("id") ON DELETE CASCADE
);

CREATE TABLE "card_user_assignment" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "card_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  CONSTRAINT "uq_card_user_assignment_card_user" UNIQUE ("card_id", "user_id"),
  CONSTRAINT "fk_card_user_assignment_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id"),
  CONSTRAINT "fk_card_user_assignment_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);

CREATE TABLE "chat_event" (
  "stream_id" INTEGER NOT NULL,
  "rev" BIGINT NOT NULL,
  "payload" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("stream_id", "rev"),
  CONSTRAINT "fk_chat_event_stream" FOREIGN KEY ("stream_id") REFERENCES "chat_stream" ("id") ON DELETE CASCADE
);

CREATE TABLE "chat_group" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(32) COLLATE NOCASE NOT NULL
, "rev" BIGINT NOT NULL DEFAULT 0);

CREATE TABLE "chat_group_member_link" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "chat_group_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "user_role" VARCHAR(32) NOT NULL, "read_rev" BIGINT NOT NULL DEFAULT 0, "muted" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "uq_chat_group_member_link_group_user" UNIQUE ("chat_group_id", "user_id"),
  CONSTRAINT "fk_chat_group_member_link_group" FOREIGN KEY ("chat_group_id") REFERENCES "chat_group" ("id"),
  CONSTRAINT "fk_chat_group_member_link_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);

CREATE TABLE "chat_group_msg" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "chat_group_id" INTEGER NOT NULL,
  "content" VARCHAR(2048) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL, "num" BIGINT NOT NULL DEFAULT 0, "rev" BIGINT NOT NULL DEFAULT 0, "client_key" VARCHAR(64) NULL, "edited_at" DATETIME NULL, "deleted_at" DATETIME NULL, "reply_num" BIGINT NULL, "has_file" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "fk_chat_group_msg_group" FOREIGN KEY ("chat_group_id") REFERENCES "chat_group" ("id")
);

CREATE TABLE "chat_group_msg_reaction" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "msg_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "emoji" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_chat_group_msg_reaction_emoji" UNIQUE ("msg_id", "emoji", "user_id"),
  CONSTRAINT "fk_chat_group_msg_reaction_msg" FOREIGN KEY ("msg_id") REFERENCES "chat_group_msg" ("id") ON DELETE CASCADE
);

CREATE TABLE "chat_group_msg_status" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "chat_group_id" INTEGER NOT NULL,
  "chat_group_msg_id" INTEGER NOT NULL,
  "seen" BOOLEAN NOT NULL,
  CONSTRAINT "uq_chat_group_msg_status_msg_user" UNIQUE ("chat_group_msg_id", "user_id"),
  CONSTRAINT "fk_chat_group_msg_status_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_chat_group_msg_status_msg" FOREIGN KEY ("chat_group_msg_id") REFERENCES "chat_group_msg" ("id") ON DELETE CASCADE
);

CREATE TABLE "chat_group_msg_word" (
  "chat_id" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "msg_id" INTEGER NOT NULL,
  PRIMARY KEY ("chat_id", "word", "msg_id"),
  CONSTRAINT "fk_chat_group_msg_word_msg" FOREIGN KEY ("msg_id") REFERENCES "chat_group_msg" ("id") ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE "chat_hidden_sender" (
  "user_id" INTEGER NOT NULL,
  "from_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "from_id"),
  CONSTRAINT "fk_chat_hidden_sender_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_chat_hidden_sender_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "chat_pair" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "rev" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE "chat_pair_link" (
  "user_id" INTEGER NOT NULL,
  "friend_id" INTEGER NOT NULL,
  "pair_id" INTEGER NOT NULL,
  "read_rev" BIGINT NOT NULL DEFAULT 0,
  "muted" BOOLEAN NOT NULL DEFAULT 0,
  PRIMARY KEY ("user_id", "friend_id"),
  CONSTRAINT "fk_chat_pair_link_pair" FOREIGN KEY ("pair_id") REFERENCES "chat_pair" ("id") ON DELETE CASCADE
);

CREATE TABLE "chat_stream" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "rev" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE "file_sweep" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "ended_at" DATETIME NOT NULL,
  "files" INTEGER NOT NULL,
  "orphans" INTEGER NOT NULL,
  "missing" INTEGER NOT NULL,
  "first_missing" VARCHAR(64) NOT NULL DEFAULT ''
);

CREATE TABLE "file_use_person" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "bytes" BIGINT NOT NULL,
  "files" INTEGER NOT NULL,
  "counted_at" DATETIME NOT NULL,
  CONSTRAINT "fk_file_use_person_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "file_use_project" (
  "project_id" INTEGER NOT NULL PRIMARY KEY,
  "bytes" BIGINT NOT NULL,
  "files" INTEGER NOT NULL,
  "counted_at" DATETIME NOT NULL,
  CONSTRAINT "fk_file_use_project_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "friendship" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "friend_id" INTEGER NOT NULL,
  CONSTRAINT "uq_friendship_user_friend" UNIQUE ("user_id", "friend_id"),
  CONSTRAINT "fk_friendship_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_friendship_friend" FOREIGN KEY ("friend_id") REFERENCES "user" ("id")
);

CREATE TABLE "friendship_request" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  CONSTRAINT "uq_friendship_request_from_to" UNIQUE ("from_id", "to_id"),
  CONSTRAINT "fk_friendship_request_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_friendship_request_to" FOREIGN KEY ("to_id") REFERENCES "user" ("id")
);

CREATE TABLE "friendship_request_address" (
  "request_id" INTEGER NOT NULL,
  "address" VARCHAR(32) COLLATE NOCASE NOT NULL,
  PRIMARY KEY ("request_id"),
  CONSTRAINT "fk_friendship_request_address_request" FOREIGN KEY ("request_id") REFERENCES "friendship_request" ("id") ON DELETE CASCADE
);

CREATE TABLE "friendship_request_unheard" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NULL,
  "address" VARCHAR(32) COLLATE NOCASE NULL,
  "datetime" DATETIME NOT NULL,
  CONSTRAINT "fk_friendship_request_unheard_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_friendship_request_unheard_to" FOREIGN KEY ("to_id") REFERENCES "user" ("id")
);

CREATE TABLE "half_login" (
  "id" VARCHAR(64) NOT NULL,
  "user_id" INTEGER NOT NULL,
  "persistent" BOOLEAN NOT NULL,
  "ends_at" DATETIME NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_half_login_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "history_card_changed_list" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "old_list_name" VARCHAR(64) NOT NULL,
  "new_list_name" VARCHAR(64) NOT NULL
, "user_id" INTEGER NULL, "user_name" VARCHAR(16) NULL, "rev" BIGINT NOT NULL DEFAULT 0, "name" VARCHAR(256) NOT NULL DEFAULT '');

CREATE TABLE "history_card_created" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "list_name" VARCHAR(64) NOT NULL,
  "card_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL,
  "assigned_users" TEXT NOT NULL
, "user_id" INTEGER NULL, "user_name" VARCHAR(16) NULL, "rev" BIGINT NOT NULL DEFAULT 0, "name" VARCHAR(256) NOT NULL DEFAULT '');

CREATE TABLE "history_card_deleted" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "list_name" VARCHAR(64) NOT NULL,
  "card_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL,
  "assigned_users" TEXT NOT NULL
, "user_id" INTEGER NULL, "user_name" VARCHAR(16) NULL, "rev" BIGINT NOT NULL DEFAULT 0, "name" VARCHAR(256) NOT NULL DEFAULT '');

CREATE TABLE "history_change" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "details" TEXT NOT NULL,
  "user_id" INTEGER NULL,
  "user_name" VARCHAR(16) NULL,
  "rev" BIGINT NOT NULL DEFAULT 0
, "name" VARCHAR(256) NOT NULL DEFAULT '', "subject" VARCHAR(8) NOT NULL DEFAULT '');

CREATE TABLE "history_list_created" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "list_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL
, "user_id" INTEGER NULL, "user_name" VARCHAR(16) NULL, "rev" BIGINT NOT NULL DEFAULT 0);

CREATE TABLE "history_list_deleted" (
  "event_id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "list_desc" VARCHAR(2048) NOT NULL,
  "attached_files" TEXT NOT NULL,
  "deleted_cards" TEXT NOT NULL
, "user_id" INTEGER NULL, "user_name" VARCHAR(16) NULL, "rev" BIGINT NOT NULL DEFAULT 0);

CREATE TABLE "invite" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "email" VARCHAR(254) NOT NULL,
  "role" VARCHAR(16) NOT NULL,
  "code" VARCHAR(32) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NULL,
  "dismissed" BOOLEAN NOT NULL DEFAULT 0,
  "lang" VARCHAR(8) NOT NULL,
  "sent_at" DATETIME NOT NULL,
  "expires_at" DATETIME NOT NULL,
  "ended_as" VARCHAR(16) NULL,
  "ended_at" DATETIME NULL,
  "used_by" INTEGER NULL,
  CONSTRAINT "uq_invite_code" UNIQUE ("code"),
  CONSTRAINT "fk_invite_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_invite_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "item_attached_file" (
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

CREATE TABLE "job_lease" (
  "name" VARCHAR(64) NOT NULL PRIMARY KEY,
  "owner" VARCHAR(64) NOT NULL,
  "until" BIGINT NOT NULL
);

CREATE TABLE "job_run" (
  "name" VARCHAR(128) NOT NULL PRIMARY KEY,
  "every_seconds" BIGINT NOT NULL,
  "server" VARCHAR(64) NOT NULL,
  "started_at" DATETIME NULL,
  "duration_ms" BIGINT NOT NULL DEFAULT 0,
  "error" VARCHAR(512) NOT NULL DEFAULT '',
  "failures" BIGINT NOT NULL DEFAULT 0,
  "next_at" DATETIME NOT NULL,
  "asked_at" DATETIME NULL
);

CREATE TABLE "label" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(50) NOT NULL,
  "colour" VARCHAR(8) NOT NULL,
  "pos" INTEGER NOT NULL,
  "deleted_at" DATETIME NULL,
  CONSTRAINT "fk_label_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "list" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "name" VARCHAR(64) COLLATE NOCASE NOT NULL,
  "list_desc" VARCHAR(2048) NOT NULL,
  "pos" INTEGER NOT NULL, "removed_as" VARCHAR(8) NULL, "removed_at" DATETIME NULL, "removed_by" INTEGER NULL, "changed_rev" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "fk_list_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id")
);

CREATE TABLE "list_attached_file" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "list_id" INTEGER NOT NULL,
  "url" VARCHAR(256) NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "size" BIGINT NULL,
  "content_type" VARCHAR(128) NULL,
  "storage_key" VARCHAR(64) NULL,
  "created_at" DATETIME NULL, "width" INTEGER NULL, "height" INTEGER NULL, "description" VARCHAR(512) NOT NULL DEFAULT '',
  CONSTRAINT "uq_list_attached_file_url" UNIQUE ("url"),
  CONSTRAINT "uq_list_attached_file_list_name" UNIQUE ("list_id", "name"),
  CONSTRAINT "uq_list_attached_file_storage_key" UNIQUE ("storage_key"),
  CONSTRAINT "fk_list_attached_file_list" FOREIGN KEY ("list_id") REFERENCES "list" ("id")
);

CREATE TABLE "login" (
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

CREATE TABLE "mail_job" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "mail_id" VARCHAR(64) NOT NULL,
  "recipient" VARCHAR(320) COLLATE NOCASE NOT NULL,
  "subject" VARCHAR(255) COLLATE NOCASE NOT NULL,
  "text_body" LONGTEXT NOT NULL,
  "html_body" LONGTEXT NOT NULL,
  "state" VARCHAR(16) NOT NULL,
  "claim" VARCHAR(32) NOT NULL,
  "attempts" INTEGER NOT NULL,
  "due_at" DATETIME NOT NULL,
  "expires_at" DATETIME NULL,
  "last_error" VARCHAR(1024) NOT NULL,
  "created_at" DATETIME NOT NULL
, "unsubscribe" VARCHAR(512) NOT NULL DEFAULT '');

CREATE TABLE "msg" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "content" VARCHAR(2048) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL,
  "seen" BOOLEAN NOT NULL, "pair_id" INTEGER NULL, "num" BIGINT NOT NULL DEFAULT 0, "rev" BIGINT NOT NULL DEFAULT 0, "client_key" VARCHAR(64) NULL, "edited_at" DATETIME NULL, "deleted_at" DATETIME NULL, "reply_num" BIGINT NULL, "has_file" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "fk_msg_to" FOREIGN KEY ("to_id") REFERENCES "user" ("id")
);

CREATE TABLE "msg_reaction" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "msg_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "emoji" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_msg_reaction_emoji" UNIQUE ("msg_id", "emoji", "user_id"),
  CONSTRAINT "fk_msg_reaction_msg" FOREIGN KEY ("msg_id") REFERENCES "msg" ("id") ON DELETE CASCADE
);

CREATE TABLE "msg_word" (
  "chat_id" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "msg_id" INTEGER NOT NULL,
  PRIMARY KEY ("chat_id", "word", "msg_id"),
  CONSTRAINT "fk_msg_word_msg" FOREIGN KEY ("msg_id") REFERENCES "msg" ("id") ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE "notification" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "variant" VARCHAR(32) NOT NULL DEFAULT '',
  "subject" VARCHAR(64) NOT NULL DEFAULT '',
  "project_id" INTEGER NULL,
  "card_id" INTEGER NULL,
  "by_id" INTEGER NULL,
  "name" VARCHAR(256) NOT NULL DEFAULT '',
  "excerpt" VARCHAR(256) NOT NULL DEFAULT '',
  "path" VARCHAR(255) NOT NULL DEFAULT '',
  "count" INTEGER NOT NULL DEFAULT 1,
  "at" DATETIME NOT NULL,
  "listed" BOOLEAN NOT NULL DEFAULT 1,
  "read_at" DATETIME NULL,
  "mail_at" DATETIME NULL,
  "push_at" DATETIME NULL, "mailed_at" DATETIME NULL, "pushed_at" DATETIME NULL,
  CONSTRAINT "fk_notification_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_notification_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_notification_card" FOREIGN KEY ("card_id") REFERENCES "card" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_notification_by" FOREIGN KEY ("by_id") REFERENCES "user" ("id") ON DELETE SET NULL
);

CREATE TABLE "notification_choice" (
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "choice" VARCHAR(16) NOT NULL,
  PRIMARY KEY ("user_id", "kind"),
  CONSTRAINT "fk_notification_choice_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "notification_muted_project" (
  "user_id" INTEGER NOT NULL,
  "project_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "project_id"),
  CONSTRAINT "fk_notification_muted_project_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_notification_muted_project_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "notification_person" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "time_zone" VARCHAR(64) NOT NULL DEFAULT '',
  "quiet_from" INTEGER NULL,
  "quiet_to" INTEGER NULL,
  "no_mails" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "fk_notification_person_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "notification_read" (
  "user_id" INTEGER NOT NULL,
  "until" DATETIME NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "fk_notification_read_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "password_reset" (
  "user_id" INTEGER NOT NULL,
  "case_id" VARCHAR(32) NOT NULL,
  "code_hash" VARCHAR(128) NOT NULL,
  "attempts" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "uq_password_reset_case" UNIQUE ("case_id"),
  CONSTRAINT "fk_password_reset_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "project" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(32) COLLATE NOCASE NOT NULL,
  "owner_id" INTEGER NOT NULL,
  "owner_name" VARCHAR(16) COLLATE NOCASE NOT NULL,
  "project_desc" VARCHAR(128) NOT NULL,
  "visibility" VARCHAR(16) NOT NULL,
  "invite_code" VARCHAR(32) NOT NULL,
  "invite_as_admin_code" VARCHAR(32) NOT NULL,
  "rev" BIGINT NOT NULL DEFAULT 0, "invite_off" BOOLEAN NOT NULL DEFAULT 0, "invite_as_admin_off" BOOLEAN NOT NULL DEFAULT 0, "colour" VARCHAR(16) NOT NULL DEFAULT '', "title" VARCHAR(64) NOT NULL DEFAULT '', "changed_at" DATETIME NULL, "admins_invite" BOOLEAN NOT NULL DEFAULT 0, "deleted_at" DATETIME NULL, "deleted_name" VARCHAR(32) NOT NULL DEFAULT '', "deleted_by_admin" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "uq_project_owner_name" UNIQUE ("owner_name", "name"),
  CONSTRAINT "uq_project_invite_code" UNIQUE ("invite_code"),
  CONSTRAINT "uq_project_invite_as_admin_code" UNIQUE ("invite_as_admin_code"),
  CONSTRAINT "fk_project_owner" FOREIGN KEY ("owner_id", "owner_name") REFERENCES "user" ("id", "name") ON UPDATE CASCADE
);

CREATE TABLE "project_action" (
  "project_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "action_id" VARCHAR(64) NOT NULL,
  "rev" BIGINT NOT NULL,
  "answer" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "user_id", "action_id"),
  CONSTRAINT "fk_project_action_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "project_chat_group" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "name" VARCHAR(64) COLLATE NOCASE NOT NULL,
  "project_id" INTEGER NOT NULL, "rev" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "uq_project_chat_group_project" UNIQUE ("project_id"),
  CONSTRAINT "fk_project_chat_group_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id")
);

CREATE TABLE "project_chat_group_member_link" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_chat_group_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "user_role" VARCHAR(32) NOT NULL, "read_rev" BIGINT NOT NULL DEFAULT 0, "muted" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "uq_project_chat_group_member_link_group_user" UNIQUE ("project_chat_group_id", "user_id"),
  CONSTRAINT "fk_project_chat_group_member_link_group" FOREIGN KEY ("project_chat_group_id") REFERENCES "project_chat_group" ("id"),
  CONSTRAINT "fk_project_chat_group_member_link_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);

CREATE TABLE "project_chat_group_msg" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_chat_group_id" INTEGER NOT NULL,
  "content" VARCHAR(2048) NOT NULL,
  "from_id" INTEGER NOT NULL,
  "datetime" DATETIME NOT NULL, "num" BIGINT NOT NULL DEFAULT 0, "rev" BIGINT NOT NULL DEFAULT 0, "client_key" VARCHAR(64) NULL, "edited_at" DATETIME NULL, "deleted_at" DATETIME NULL, "reply_num" BIGINT NULL, "has_file" BOOLEAN NOT NULL DEFAULT 0,
  CONSTRAINT "fk_project_chat_group_msg_group" FOREIGN KEY ("project_chat_group_id") REFERENCES "project_chat_group" ("id")
);

CREATE TABLE "project_chat_group_msg_reaction" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "msg_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "emoji" VARCHAR(32) NOT NULL,
  CONSTRAINT "uq_project_chat_group_msg_reaction_emoji" UNIQUE ("msg_id", "emoji", "user_id"),
  CONSTRAINT "fk_project_chat_group_msg_reaction_msg" FOREIGN KEY ("msg_id") REFERENCES "project_chat_group_msg" ("id") ON DELETE CASCADE
);

CREATE TABLE "project_chat_group_msg_status" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "project_chat_group_id" INTEGER NOT NULL,
  "project_chat_group_msg_id" INTEGER NOT NULL,
  "seen" BOOLEAN NOT NULL,
  CONSTRAINT "uq_project_chat_group_msg_status_msg_user" UNIQUE ("project_chat_group_msg_id", "user_id"),
  CONSTRAINT "fk_project_chat_group_msg_status_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_project_chat_group_msg_status_msg" FOREIGN KEY ("project_chat_group_msg_id") REFERENCES "project_chat_group_msg" ("id") ON DELETE CASCADE
);

CREATE TABLE "project_chat_group_msg_word" (
  "chat_id" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "msg_id" INTEGER NOT NULL,
  PRIMARY KEY ("chat_id", "word", "msg_id"),
  CONSTRAINT "fk_project_chat_group_msg_word_msg" FOREIGN KEY ("msg_id") REFERENCES "project_chat_group_msg" ("id") ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE "project_collaborator_link" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "user_role" VARCHAR(32) NOT NULL, "added_by" INTEGER NULL, "added_at" DATETIME NULL,
  CONSTRAINT "uq_project_collaborator_link_project_user" UNIQUE ("project_id", "user_id"),
  CONSTRAINT "fk_project_collaborator_link_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id"),
  CONSTRAINT "fk_project_collaborator_link_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id")
);

CREATE TABLE "project_event" (
  "project_id" INTEGER NOT NULL,
  "rev" BIGINT NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "payload" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "rev"),
  CONSTRAINT "fk_project_event_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "project_opened" (
  "project_id" INTEGER NOT NULL,
  "user_id" INTEGER NOT NULL,
  "until" DATETIME NOT NULL,
  PRIMARY KEY ("project_id", "user_id"),
  CONSTRAINT "fk_project_opened_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_project_opened_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "project_star" (
  "user_id" INTEGER NOT NULL,
  "project_id" INTEGER NOT NULL,
  PRIMARY KEY ("user_id", "project_id"),
  CONSTRAINT "fk_project_star_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_project_star_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "push_choice" (
  "user_id" INTEGER NOT NULL,
  "kind" VARCHAR(32) NOT NULL,
  "wanted" BOOLEAN NOT NULL,
  PRIMARY KEY ("user_id", "kind"),
  CONSTRAINT "fk_push_choice_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "push_job" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "subscription_id" INTEGER NOT NULL,
  "topic" VARCHAR(32) NOT NULL,
  "payload" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "due_at" DATETIME NOT NULL,
  "ends_at" DATETIME NOT NULL,
  CONSTRAINT "fk_push_job_subscription" FOREIGN KEY ("subscription_id") REFERENCES "push_subscription" ("id") ON DELETE CASCADE
);

CREATE TABLE "push_key" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "private_key" VARCHAR(512) NOT NULL,
  "public_key" VARCHAR(128) NOT NULL
);

CREATE TABLE "push_subscription" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "login_id" VARCHAR(64) NOT NULL,
  "endpoint_hash" VARCHAR(64) NOT NULL,
  "endpoint" VARCHAR(1024) NOT NULL,
  "browser_key" VARCHAR(128) NOT NULL,
  "browser_auth" VARCHAR(64) NOT NULL,
  "lang" VARCHAR(8) NOT NULL,
  "created_at" DATETIME NOT NULL,
  CONSTRAINT "uq_push_subscription_endpoint" UNIQUE ("endpoint_hash"),
  CONSTRAINT "fk_push_subscription_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "recovery_code" (
  "user_id" INTEGER NOT NULL,
  "code_hash" VARCHAR(64) NOT NULL,
  PRIMARY KEY ("user_id", "code_hash"),
  CONSTRAINT "fk_recovery_code_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE schema_checksum (version_id BIGINT NOT NULL PRIMARY KEY, checksum CHAR(64) NOT NULL);

CREATE TABLE schema_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);

CREATE TABLE "search_card" (
  "card_id" INTEGER PRIMARY KEY,
  "project_id" INTEGER NOT NULL,
  "words" TEXT NOT NULL
, "version" INTEGER NOT NULL DEFAULT 0);

CREATE TABLE "search_word" (
  "project_id" INTEGER NOT NULL,
  "field" INTEGER NOT NULL,
  "word" VARCHAR(24) NOT NULL,
  "card_id" INTEGER NOT NULL,
  PRIMARY KEY ("project_id", "field", "word", "card_id")
) WITHOUT ROWID;

CREATE TABLE "second_factor" (
  "user_id" INTEGER NOT NULL,
  "secret" VARCHAR(255) NOT NULL,
  "confirmed_at" DATETIME NOT NULL,
  "last_step" BIGINT NOT NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "fk_second_factor_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "setting" (
  "name" VARCHAR(64) NOT NULL PRIMARY KEY,
  "value" TEXT NOT NULL,
  "changed_at" DATETIME NOT NULL
);

CREATE TABLE "setting_revision" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "rev" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE "site_admin" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "origin" VARCHAR(32) NOT NULL,
  "added_at" DATETIME NOT NULL,
  CONSTRAINT "fk_site_admin_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "site_admin_audit" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "at" DATETIME NOT NULL,
  "by_id" INTEGER NULL,
  "by_name" VARCHAR(32) COLLATE NOCASE NOT NULL,
  "act" VARCHAR(64) NOT NULL,
  "subject_person_id" INTEGER NULL,
  "subject" VARCHAR(128) COLLATE NOCASE NOT NULL,
  "before_text" VARCHAR(512) NOT NULL,
  "after_text" VARCHAR(512) NOT NULL,
  "reason" VARCHAR(256) NOT NULL,
  "address" VARCHAR(45) NOT NULL
);

CREATE TABLE "site_admin_claim" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "token_hash" VARCHAR(64) NOT NULL,
  "created_at" DATETIME NOT NULL
);

CREATE TABLE "site_admin_confirmation" (
  "login_id" VARCHAR(64) NOT NULL PRIMARY KEY,
  "confirmed_at" DATETIME NOT NULL,
  CONSTRAINT "fk_site_admin_confirmation_login" FOREIGN KEY ("login_id") REFERENCES "login" ("id") ON DELETE CASCADE
);

CREATE TABLE "site_disconnect" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "asked_at" DATETIME NOT NULL,
  CONSTRAINT "fk_site_disconnect_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "site_figure" (
  "day" VARCHAR(10) NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "value" BIGINT NOT NULL,
  PRIMARY KEY ("day", "name")
);

CREATE TABLE "site_health" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "examined_at" DATETIME NOT NULL,
  "server" VARCHAR(64) NOT NULL,
  "findings" TEXT NOT NULL
);

CREATE TABLE "site_server" (
  "name" VARCHAR(128) NOT NULL PRIMARY KEY,
  "version" VARCHAR(64) NOT NULL,
  "started_at" DATETIME NOT NULL,
  "seen_at" DATETIME NOT NULL,
  "drain_asked" BOOLEAN NOT NULL DEFAULT 0,
  "counts" TEXT NOT NULL
);

CREATE TABLE "suspension" (
  "user_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL, "reason" VARCHAR(256) NOT NULL DEFAULT '', "until" DATETIME NULL,
  PRIMARY KEY ("user_id"),
  CONSTRAINT "fk_suspension_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "text_version" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "project_id" INTEGER NOT NULL,
  "kind" VARCHAR(8) NOT NULL,
  "item_id" INTEGER NOT NULL,
  "item_desc" VARCHAR(2048) NOT NULL,
  "replaced_by" INTEGER NOT NULL,
  "replaced_at" DATETIME NOT NULL, "name" VARCHAR(256) NOT NULL DEFAULT '',
  CONSTRAINT "fk_text_version_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE TABLE "unused_object" (
  "storage_key" VARCHAR(64) NOT NULL PRIMARY KEY,
  "state" VARCHAR(16) NOT NULL,
  "scope" VARCHAR(64) NOT NULL DEFAULT '',
  "size" BIGINT NOT NULL DEFAULT 0,
  "due_at" DATETIME NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "last_error" VARCHAR(512) NOT NULL DEFAULT '',
  "created_at" DATETIME NOT NULL
);

CREATE TABLE "upload_part" (
  "upload" VARCHAR(32) NOT NULL,
  "number" INTEGER NOT NULL,
  "storage_key" VARCHAR(64) NOT NULL,
  "size" BIGINT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("upload", "number")
);

CREATE TABLE "user" (
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
  "created_at" DATETIME NOT NULL, "display_name" VARCHAR(64) NOT NULL DEFAULT '', "lang" VARCHAR(8) NOT NULL DEFAULT '',
  CONSTRAINT "uq_user_name" UNIQUE ("name"),
  CONSTRAINT "uq_user_email" UNIQUE ("email"),
  CONSTRAINT "uq_user_email_pending" UNIQUE ("email_pending_verification"),
  CONSTRAINT "uq_user_email_case" UNIQUE ("email_verification_case_id"),
  CONSTRAINT "uq_user_reset_case" UNIQUE ("reset_password_case_id"),
  CONSTRAINT "uq_user_id_name" UNIQUE ("id", "name")
);

CREATE TABLE "user_block" (
  "user_id" INTEGER NOT NULL,
  "blocked_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id", "blocked_id"),
  CONSTRAINT "fk_user_block_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_user_block_blocked" FOREIGN KEY ("blocked_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "user_event" (
  "user_id" INTEGER NOT NULL,
  "rev" BIGINT NOT NULL,
  "name" VARCHAR(64) NOT NULL,
  "payload" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id", "rev"),
  CONSTRAINT "fk_user_event_user" FOREIGN KEY ("user_id") REFERENCES "user_stream" ("user_id") ON DELETE CASCADE
);

CREATE TABLE "user_stream" (
  "user_id" INTEGER NOT NULL PRIMARY KEY,
  "rev" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "fk_user_stream_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);

CREATE TABLE "watch" (
  "user_id" INTEGER NOT NULL,
  "subject" VARCHAR(8) NOT NULL,
  "item_id" INTEGER NOT NULL,
  "project_id" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL,
  PRIMARY KEY ("user_id", "subject", "item_id"),
  CONSTRAINT "fk_watch_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
  CONSTRAINT "fk_watch_project" FOREIGN KEY ("project_id") REFERENCES "project" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_account_event_created_at" ON "account_event" ("created_at");

CREATE INDEX "ix_account_event_user" ON "account_event" ("user_id", "id");

CREATE INDEX "ix_board_presence_seen_at" ON "board_presence" ("seen_at");

CREATE INDEX "ix_board_presence_server" ON "board_presence" ("server_id");

CREATE INDEX "ix_card_label_label" ON "card_label" ("label_id");

CREATE INDEX "ix_card_list_removed_pos" ON "card" ("list_id", "removed_as", "pos");

CREATE INDEX "ix_card_removed" ON "card" ("removed_as", "removed_at");

CREATE INDEX "ix_card_user_assignment_user" ON "card_user_assignment" ("user_id");

CREATE INDEX "ix_chat_event_created_at" ON "chat_event" ("created_at");

CREATE INDEX "ix_chat_group_member_link_user" ON "chat_group_member_link" ("user_id");

CREATE INDEX "ix_chat_group_msg_from" ON "chat_group_msg" ("from_id");

CREATE INDEX "ix_chat_group_msg_group_datetime" ON "chat_group_msg" ("chat_group_id", "datetime", "id");

CREATE INDEX "ix_chat_group_msg_group_num" ON "chat_group_msg" ("chat_group_id", "num");

CREATE INDEX "ix_chat_group_msg_group_rev" ON "chat_group_msg" ("chat_group_id", "rev");

CREATE INDEX "ix_chat_group_msg_reaction_user" ON "chat_group_msg_reaction" ("user_id");

CREATE INDEX "ix_chat_group_msg_status_user_group_seen" ON "chat_group_msg_status" ("user_id", "chat_group_id", "seen");

CREATE INDEX "ix_chat_group_msg_status_user_seen" ON "chat_group_msg_status" ("user_id", "seen");

CREATE INDEX "ix_chat_group_msg_word_msg" ON "chat_group_msg_word" ("msg_id");

CREATE INDEX "ix_chat_hidden_sender_from" ON "chat_hidden_sender" ("from_id");

CREATE INDEX "ix_chat_pair_link_pair" ON "chat_pair_link" ("pair_id");

CREATE INDEX "ix_file_use_person_bytes" ON "file_use_person" ("bytes");

CREATE INDEX "ix_file_use_project_bytes" ON "file_use_project" ("bytes");

CREATE INDEX "ix_friendship_friend" ON "friendship" ("friend_id");

CREATE INDEX "ix_friendship_request_to_datetime" ON "friendship_request" ("to_id", "datetime");

CREATE INDEX "ix_friendship_request_unheard_from" ON "friendship_request_unheard" ("from_id", "datetime");

CREATE INDEX "ix_friendship_request_unheard_to" ON "friendship_request_unheard" ("to_id");

CREATE INDEX "ix_half_login_ends_at" ON "half_login" ("ends_at");

CREATE INDEX "ix_half_login_user" ON "half_login" ("user_id");

CREATE INDEX "ix_history_card_changed_list_project_datetime" ON "history_card_changed_list" ("project_id", "datetime");

CREATE INDEX "ix_history_card_changed_list_subject" ON "history_card_changed_list" ("project_id", "id", "datetime");

CREATE INDEX "ix_history_card_changed_list_user" ON "history_card_changed_list" ("user_id");

CREATE INDEX "ix_history_card_created_project_datetime" ON "history_card_created" ("project_id", "datetime");

CREATE INDEX "ix_history_card_created_subject" ON "history_card_created" ("project_id", "id", "datetime");

CREATE INDEX "ix_history_card_created_user" ON "history_card_created" ("user_id");

CREATE INDEX "ix_history_card_deleted_project_datetime" ON "history_card_deleted" ("project_id", "datetime");

CREATE INDEX "ix_history_card_deleted_subject" ON "history_card_deleted" ("project_id", "id", "datetime");

CREATE INDEX "ix_history_card_deleted_user" ON "history_card_deleted" ("user_id");

CREATE INDEX "ix_history_change_project_datetime" ON "history_change" ("project_id", "datetime");

CREATE INDEX "ix_history_change_subject" ON "history_change" ("project_id", "subject", "id", "datetime");

CREATE INDEX "ix_history_change_user" ON "history_change" ("user_id");

CREATE INDEX "ix_history_list_created_project_datetime" ON "history_list_created" ("project_id", "datetime");

CREATE INDEX "ix_history_list_created_subject" ON "history_list_created" ("project_id", "id", "datetime");

CREATE INDEX "ix_history_list_created_user" ON "history_list_created" ("user_id");

CREATE INDEX "ix_history_list_deleted_project_datetime" ON "history_list_deleted" ("project_id", "datetime");

CREATE INDEX "ix_history_list_deleted_subject" ON "history_list_deleted" ("project_id", "id", "datetime");

CREATE INDEX "ix_history_list_deleted_user" ON "history_list_deleted" ("user_id");

CREATE INDEX "ix_invite_ended_at" ON "invite" ("ended_at");

CREATE INDEX "ix_invite_expires_at" ON "invite" ("expires_at");

CREATE INDEX "ix_invite_from" ON "invite" ("from_id");

CREATE INDEX "ix_invite_project_ended" ON "invite" ("project_id", "ended_as");

CREATE INDEX "ix_invite_to" ON "invite" ("to_id", "expires_at");

CREATE INDEX "ix_invite_used_by" ON "invite" ("used_by");

CREATE INDEX "ix_item_attached_file_place" ON "item_attached_file" ("kind", "place_id");

CREATE INDEX "ix_label_deleted_at" ON "label" ("deleted_at");

CREATE INDEX "ix_label_project_pos" ON "label" ("project_id", "pos");

CREATE INDEX "ix_list_project_removed_pos" ON "list" ("project_id", "removed_as", "pos");

CREATE INDEX "ix_list_removed" ON "list" ("removed_as", "removed_at");

CREATE INDEX "ix_login_ends_at" ON "login" ("ends_at");

CREATE INDEX "ix_login_user" ON "login" ("user_id");

CREATE INDEX "ix_mail_job_state_due" ON "mail_job" ("state", "due_at");

CREATE INDEX "ix_msg_from_to_datetime" ON "msg" ("from_id", "to_id", "datetime", "id");

CREATE INDEX "ix_msg_pair_num" ON "msg" ("pair_id", "num");

CREATE INDEX "ix_msg_pair_rev" ON "msg" ("pair_id", "rev");

CREATE INDEX "ix_msg_reaction_user" ON "msg_reaction" ("user_id");

CREATE INDEX "ix_msg_to_from_seen" ON "msg" ("to_id", "from_id", "seen");

CREATE INDEX "ix_msg_to_seen" ON "msg" ("to_id", "seen");

CREATE INDEX "ix_msg_word_msg" ON "msg_word" ("msg_id");

CREATE INDEX "ix_notification_at" ON "notification" ("at");

CREATE INDEX "ix_notification_by" ON "notification" ("by_id");

CREATE INDEX "ix_notification_card" ON "notification" ("card_id");

CREATE INDEX "ix_notification_mail_at" ON "notification" ("mail_at");

CREATE INDEX "ix_notification_muted_project_project" ON "notification_muted_project" ("project_id");

CREATE INDEX "ix_notification_project" ON "notification" ("project_id");

CREATE INDEX "ix_notification_push_at" ON "notification" ("push_at");

CREATE INDEX "ix_notification_subject" ON "notification" ("subject", "kind");

CREATE INDEX "ix_notification_user_at" ON "notification" ("user_id", "at");

CREATE INDEX "ix_notification_user_read" ON "notification" ("user_id", "read_at", "at");

CREATE INDEX "ix_project_action_created_at" ON "project_action" ("created_at");

CREATE INDEX "ix_project_chat_group_member_link_user" ON "project_chat_group_member_link" ("user_id");

CREATE INDEX "ix_project_chat_group_msg_from" ON "project_chat_group_msg" ("from_id");

CREATE INDEX "ix_project_chat_group_msg_group_datetime" ON "project_chat_group_msg" ("project_chat_group_id", "datetime", "id");

CREATE INDEX "ix_project_chat_group_msg_group_num" ON "project_chat_group_msg" ("project_chat_group_id", "num");

CREATE INDEX "ix_project_chat_group_msg_group_rev" ON "project_chat_group_msg" ("project_chat_group_id", "rev");

CREATE INDEX "ix_project_chat_group_msg_reaction_user" ON "project_chat_group_msg_reaction" ("user_id");

CREATE INDEX "ix_project_chat_group_msg_status_user_group_seen" ON "project_chat_group_msg_status" ("user_id", "project_chat_group_id", "seen");

CREATE INDEX "ix_project_chat_group_msg_status_user_seen" ON "project_chat_group_msg_status" ("user_id", "seen");

CREATE INDEX "ix_project_chat_group_msg_word_msg" ON "project_chat_group_msg_word" ("msg_id");

CREATE INDEX "ix_project_collaborator_link_user" ON "project_collaborator_link" ("user_id");

CREATE INDEX "ix_project_deleted_at" ON "project" ("deleted_at");

CREATE INDEX "ix_project_event_created_at" ON "project_event" ("created_at");

CREATE INDEX "ix_project_opened_user" ON "project_opened" ("user_id");

CREATE INDEX "ix_project_owner" ON "project" ("owner_id", "owner_name");

CREATE INDEX "ix_project_star_project" ON "project_star" ("project_id");

CREATE INDEX "ix_project_visibility_name" ON "project" ("visibility", "name");

CREATE INDEX "ix_project_visibility_title" ON "project" ("visibility", "title" COLLATE NOCASE);

CREATE INDEX "ix_push_job_due" ON "push_job" ("due_at");

CREATE INDEX "ix_push_job_subscription" ON "push_job" ("subscription_id");

CREATE INDEX "ix_push_subscription_login" ON "push_subscription" ("login_id");

CREATE INDEX "ix_push_subscription_user" ON "push_subscription" ("user_id");

CREATE INDEX "ix_site_admin_audit_at" ON "site_admin_audit" ("at");

CREATE INDEX "ix_site_admin_audit_by" ON "site_admin_audit" ("by_id");

CREATE INDEX "ix_site_admin_audit_person" ON "site_admin_audit" ("subject_person_id", "id");

CREATE INDEX "ix_site_disconnect_user" ON "site_disconnect" ("user_id");

CREATE INDEX "ix_text_version_item" ON "text_version" ("project_id", "kind", "item_id", "id");

CREATE INDEX "ix_text_version_kind_item" ON "text_version" ("kind", "item_id");

CREATE INDEX "ix_text_version_replaced_at" ON "text_version" ("replaced_at");

CREATE INDEX "ix_unused_object_due" ON "unused_object" ("state", "due_at");

CREATE INDEX "ix_upload_part_created" ON "upload_part" ("created_at");

CREATE INDEX "ix_user_block_blocked" ON "user_block" ("blocked_id");

CREATE INDEX "ix_user_complete_created_at" ON "user" ("sign_up_complete", "created_at");

CREATE INDEX "ix_user_complete_name" ON "user" ("sign_up_complete", "name");

CREATE INDEX "ix_user_created_at" ON "user" ("created_at");

CREATE INDEX "ix_user_display_name" ON "user" ("display_name" COLLATE NOCASE);

CREATE INDEX "ix_user_event_created_at" ON "user_event" ("created_at");

CREATE INDEX "ix_watch_item" ON "watch" ("subject", "item_id");

CREATE INDEX "ix_watch_project" ON "watch" ("project_id", "subject");

CREATE UNIQUE INDEX "uq_chat_group_msg_from_key" ON "chat_group_msg" ("from_id", "client_key");

CREATE UNIQUE INDEX "uq_msg_from_key" ON "msg" ("from_id", "client_key");

CREATE UNIQUE INDEX "uq_project_chat_group_msg_from_key" ON "project_chat_group_msg" ("from_id", "client_key");

CREATE TRIGGER "tr_user_name_case" AFTER UPDATE OF "name" ON "user"
WHEN old."name" <> new."name" COLLATE BINARY
BEGIN
  UPDATE "project" SET "owner_name" = new."name"
  WHERE "owner_id" = new."id" AND "owner_name" <> new."name" COLLATE BINARY;
END;

INSERT INTO `account_event` (`address`, `created_at`, `device`, `id`, `kind`, `user_id`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', 'a', '1');

INSERT INTO `board_presence` (`amount`, `project_id`, `seen_at`, `server_id`, `state`, `user_id`) VALUES ('1', '1', '2026-11-01 12:30:45', 'a', 'a', '1');

INSERT INTO `card` (`card_desc`, `changed_rev`, `id`, `img_url`, `list_id`, `name`, `pos`, `removed_as`, `removed_at`, `removed_by`) VALUES ('a', '1', '1', 'a', '1', 'a', '1', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `card_attached_file` (`card_id`, `content_type`, `created_at`, `description`, `height`, `id`, `name`, `size`, `storage_key`, `url`, `width`) VALUES ('1', 'a', '2026-11-01 12:30:45', 'a', '1', '1', 'a', '1', 'a', 'a', '1');

INSERT INTO `card_label` (`card_id`, `label_id`) VALUES ('1', '1');

INSERT INTO `card_user_assignment` (`card_id`, `id`, `user_id`) VALUES ('1', '1', '1');

INSERT INTO `chat_event` (`created_at`, `payload`, `rev`, `stream_id`) VALUES ('2026-11-01 12:30:45', 'a', '1', '1');

INSERT INTO `chat_group` (`id`, `name`, `rev`) VALUES ('1', 'a', '1');

INSERT INTO `chat_group_member_link` (`chat_group_id`, `id`, `muted`, `read_rev`, `user_id`, `user_role`) VALUES ('1', '1', '1', '1', '1', 'a');

INSERT INTO `chat_group_msg` (`chat_group_id`, `client_key`, `content`, `datetime`, `deleted_at`, `edited_at`, `from_id`, `has_file`, `id`, `num`, `reply_num`, `rev`) VALUES ('1', 'a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', '1', '1', '1', '1');

INSERT INTO `chat_group_msg_reaction` (`emoji`, `id`, `msg_id`, `user_id`) VALUES ('a', '1', '1', '1');

INSERT INTO `chat_group_msg_status` (`chat_group_id`, `chat_group_msg_id`, `id`, `seen`, `user_id`) VALUES ('1', '1', '1', '1', '1');

INSERT INTO `chat_group_msg_word` (`chat_id`, `msg_id`, `word`) VALUES ('1', '1', 'a');

INSERT INTO `chat_hidden_sender` (`from_id`, `user_id`) VALUES ('1', '1');

INSERT INTO `chat_pair` (`id`, `rev`) VALUES ('1', '1');

INSERT INTO `chat_pair_link` (`friend_id`, `muted`, `pair_id`, `read_rev`, `user_id`) VALUES ('1', '1', '1', '1', '1');

INSERT INTO `chat_stream` (`id`, `rev`) VALUES ('1', '1');

INSERT INTO `file_sweep` (`ended_at`, `files`, `first_missing`, `id`, `missing`, `orphans`) VALUES ('2026-11-01 12:30:45', '1', 'a', '1', '1', '1');

INSERT INTO `file_use_person` (`bytes`, `counted_at`, `files`, `user_id`) VALUES ('1', '2026-11-01 12:30:45', '1', '1');

INSERT INTO `file_use_project` (`bytes`, `counted_at`, `files`, `project_id`) VALUES ('1', '2026-11-01 12:30:45', '1', '1');

INSERT INTO `friendship` (`friend_id`, `id`, `user_id`) VALUES ('1', '1', '1');

INSERT INTO `friendship_request` (`datetime`, `from_id`, `id`, `to_id`) VALUES ('2026-11-01 12:30:45', '1', '1', '1');

INSERT INTO `friendship_request_address` (`address`, `request_id`) VALUES ('a', '1');

INSERT INTO `friendship_request_unheard` (`address`, `datetime`, `from_id`, `id`, `to_id`) VALUES ('a', '2026-11-01 12:30:45', '1', '1', '1');

INSERT INTO `half_login` (`ends_at`, `id`, `persistent`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', '1', '1');

INSERT INTO `history_card_changed_list` (`datetime`, `event_id`, `id`, `name`, `new_list_name`, `old_list_name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('2026-11-01 12:30:45', '1', '1', 'a', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_card_created` (`assigned_users`, `attached_files`, `card_desc`, `datetime`, `event_id`, `id`, `list_name`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', 'a', 'a', '2026-11-01 12:30:45', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_card_deleted` (`assigned_users`, `attached_files`, `card_desc`, `datetime`, `event_id`, `id`, `list_name`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', 'a', 'a', '2026-11-01 12:30:45', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_change` (`datetime`, `details`, `event_id`, `id`, `kind`, `name`, `project_id`, `rev`, `subject`, `user_id`, `user_name`) VALUES ('2026-11-01 12:30:45', 'a', '1', '1', 'a', 'a', '1', '1', 'a', '1', 'a');

INSERT INTO `history_list_created` (`attached_files`, `datetime`, `event_id`, `id`, `list_desc`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', '2026-11-01 12:30:45', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `history_list_deleted` (`attached_files`, `datetime`, `deleted_cards`, `event_id`, `id`, `list_desc`, `name`, `project_id`, `rev`, `user_id`, `user_name`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', '1', 'a', 'a', '1', '1', '1', 'a');

INSERT INTO `invite` (`code`, `dismissed`, `email`, `ended_as`, `ended_at`, `expires_at`, `from_id`, `id`, `lang`, `project_id`, `role`, `sent_at`, `to_id`, `used_by`) VALUES ('a', '1', 'a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', 'a', '1', 'a', '2026-11-01 12:30:45', '1', '1');

INSERT INTO `item_attached_file` (`content_type`, `created_at`, `description`, `height`, `id`, `item_id`, `kind`, `name`, `place_id`, `size`, `storage_key`, `url`, `width`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', '1', '1', 'a', 'a', '1', '1', 'a', 'a', '1');

INSERT INTO `job_lease` (`name`, `owner`, `until`) VALUES ('a', 'a', '1');

INSERT INTO `job_run` (`asked_at`, `duration_ms`, `error`, `every_seconds`, `failures`, `name`, `next_at`, `server`, `started_at`) VALUES ('2026-11-01 12:30:45', '1', 'a', '1', '1', 'a', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45');

INSERT INTO `label` (`colour`, `deleted_at`, `id`, `name`, `pos`, `project_id`) VALUES ('a', '2026-11-01 12:30:45', '1', 'a', '1', '1');

INSERT INTO `list` (`changed_rev`, `id`, `list_desc`, `name`, `pos`, `project_id`, `removed_as`, `removed_at`, `removed_by`) VALUES ('1', '1', 'a', 'a', '1', '1', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `list_attached_file` (`content_type`, `created_at`, `description`, `height`, `id`, `list_id`, `name`, `size`, `storage_key`, `url`, `width`) VALUES ('a', '2026-11-01 12:30:45', 'a', '1', '1', '1', 'a', '1', 'a', 'a', '1');

INSERT INTO `login` (`address`, `created_at`, `device`, `ends_at`, `id`, `last_seen_at`, `persistent`, `token`, `user_id`) VALUES ('a', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', '1', 'a', '1');

INSERT INTO `mail_job` (`attempts`, `claim`, `created_at`, `due_at`, `expires_at`, `html_body`, `id`, `last_error`, `mail_id`, `recipient`, `state`, `subject`, `text_body`, `unsubscribe`) VALUES ('1', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', '1', 'a', 'a', 'a', 'a', 'a', 'a', 'a');

INSERT INTO `msg` (`client_key`, `content`, `datetime`, `deleted_at`, `edited_at`, `from_id`, `has_file`, `id`, `num`, `pair_id`, `reply_num`, `rev`, `seen`, `to_id`) VALUES ('a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', '1', '1', '1', '1', '1', '1', '1');

INSERT INTO `msg_reaction` (`emoji`, `id`, `msg_id`, `user_id`) VALUES ('a', '1', '1', '1');

INSERT INTO `msg_word` (`chat_id`, `msg_id`, `word`) VALUES ('1', '1', 'a');

INSERT INTO `notification` (`at`, `by_id`, `card_id`, `count`, `excerpt`, `id`, `kind`, `listed`, `mail_at`, `mailed_at`, `name`, `path`, `project_id`, `push_at`, `pushed_at`, `read_at`, `subject`, `user_id`, `variant`) VALUES ('2026-11-01 12:30:45', '1', '1', '1', 'a', '1', 'a', '1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', 'a', '1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', '1', 'a');

INSERT INTO `notification_choice` (`choice`, `kind`, `user_id`) VALUES ('a', 'a', '1');

INSERT INTO `notification_muted_project` (`project_id`, `user_id`) VALUES ('1', '1');

INSERT INTO `notification_person` (`no_mails`, `quiet_from`, `quiet_to`, `time_zone`, `user_id`) VALUES ('1', '1', '1', 'a', '1');

INSERT INTO `notification_read` (`until`, `user_id`) VALUES ('2026-11-01 12:30:45', '1');

INSERT INTO `password_reset` (`attempts`, `case_id`, `code_hash`, `created_at`, `user_id`) VALUES ('1', 'a', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `project` (`admins_invite`, `changed_at`, `colour`, `deleted_at`, `deleted_by_admin`, `deleted_name`, `id`, `invite_as_admin_code`, `invite_as_admin_off`, `invite_code`, `invite_off`, `name`, `owner_id`, `owner_name`, `project_desc`, `rev`, `title`, `visibility`) VALUES ('1', '2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', '1', 'a', '1', 'a', '1', 'a', '1', 'a', '1', 'a', 'a', '1', 'a', 'a');

INSERT INTO `project_action` (`action_id`, `answer`, `created_at`, `project_id`, `rev`, `user_id`) VALUES ('a', 'a', '2026-11-01 12:30:45', '1', '1', '1');

INSERT INTO `project_chat_group` (`id`, `name`, `project_id`, `rev`) VALUES ('1', 'a', '1', '1');

INSERT INTO `project_chat_group_member_link` (`id`, `muted`, `project_chat_group_id`, `read_rev`, `user_id`, `user_role`) VALUES ('1', '1', '1', '1', '1', 'a');

INSERT INTO `project_chat_group_msg` (`client_key`, `content`, `datetime`, `deleted_at`, `edited_at`, `from_id`, `has_file`, `id`, `num`, `project_chat_group_id`, `reply_num`, `rev`) VALUES ('a', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', '1', '1', '1', '1', '1', '1');

INSERT INTO `project_chat_group_msg_reaction` (`emoji`, `id`, `msg_id`, `user_id`) VALUES ('a', '1', '1', '1');

INSERT INTO `project_chat_group_msg_status` (`id`, `project_chat_group_id`, `project_chat_group_msg_id`, `seen`, `user_id`) VALUES ('1', '1', '1', '1', '1');

INSERT INTO `project_chat_group_msg_word` (`chat_id`, `msg_id`, `word`) VALUES ('1', '1', 'a');

INSERT INTO `project_collaborator_link` (`added_at`, `added_by`, `id`, `project_id`, `user_id`, `user_role`) VALUES ('2026-11-01 12:30:45', '1', '1', '1', '1', 'a');

INSERT INTO `project_event` (`created_at`, `name`, `payload`, `project_id`, `rev`) VALUES ('2026-11-01 12:30:45', 'a', 'a', '1', '1');

INSERT INTO `project_opened` (`project_id`, `until`, `user_id`) VALUES ('1', '2026-11-01 12:30:45', '1');

INSERT INTO `project_star` (`project_id`, `user_id`) VALUES ('1', '1');

INSERT INTO `push_choice` (`kind`, `user_id`, `wanted`) VALUES ('a', '1', '1');

INSERT INTO `push_job` (`attempts`, `due_at`, `ends_at`, `id`, `payload`, `subscription_id`, `topic`) VALUES ('1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', '1', 'a', '1', 'a');

INSERT INTO `push_key` (`id`, `private_key`, `public_key`) VALUES ('1', 'a', 'a');

INSERT INTO `push_subscription` (`browser_auth`, `browser_key`, `created_at`, `endpoint`, `endpoint_hash`, `id`, `lang`, `login_id`, `user_id`) VALUES ('a', 'a', '2026-11-01 12:30:45', 'a', 'a', '1', 'a', 'a', '1');

INSERT INTO `recovery_code` (`code_hash`, `user_id`) VALUES ('a', '1');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('3b23f4dbf1c62ef9777a9c9f92532ddf1e278b021b86af75f6983a97c0ccd453', '1');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b8b3e31e97989d4c0f5259a06a263bd7f913a166fcc113f7818dc03d1759fb6d', '2');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('d493abd2565d5b147e174d8b0be3205ab58fa985d304a2244f9b5eced7efc0d4', '3');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('dde6d03dcfbe1be1476b1d8b1ca1e05e1e2a7c96ee699edcb020f1582a8d75ce', '4');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('d1a54fe378861eb6bc4a5c02fc805a4954f1d21008953cd3ac90a2066d277657', '5');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('c5131fe27c21a91bb5f6738a2573d6def19185daf2a5dea5162fb237456053c5', '6');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('32841daa25959756fbd4b3a879c34297a0ae9e9d501c2c62cc05048303a8d80b', '7');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('7e63de6fb7ffe82c2c23036c91e3766abe2f3089018f6ecf63549579032cfe69', '8');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('af8a09b05933ae054969fcf2075692b4619e775775a2cae78cef9aef1e313f07', '9');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('37504a510e8226b6b697af025384c2f3ff7b21ffcd5f619fb55a8851fb126db2', '10');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('37e9bec9b60c5bb3277d6eb43cd7e9df52b7292d0381f52fb087c34f69f3ffb6', '11');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('bb59de2ff9feaafba6896109bcab2fe94f11211f9c80908153994e64439d2b94', '12');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('96cd9f7a307bba21d3968bfd27208058f573497fcb815e87ecaef32b3aace247', '13');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b711b014a2b9fdc989a9fefcbb44cab7416793fe8219ac1f2e706e74b1eaa922', '14');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('444883afabf7969d9380b32d5bffb0e5e7485b84223499874358815a42a928fe', '15');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('17a92f57fe6d59ef4231d5efafdfa169de14c81bf70a3e5dbc99c24aab54944b', '16');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('74d4a75cae453e25ff31b03170978793a7183ef11768513f9001f6d689b4bba2', '17');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('c2060da11fb6ca428810472afa286e3e17e8651240329e1a40a0f49ee268c4f4', '18');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('55d0eca9fe9044473b303c62dce70d216d205b76d91087e92a22a2f57e586ae2', '19');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('97e6ffe92cb5e48fb2c47a920cee1a1c94ff281933619c56b4c91c27f41c6e3e', '20');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('1a75ced80fd42d0b1569a513c4efb4d6c3841794266be4b6c466eb7b5609231d', '21');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('4ef516e39272ffb19865ee53270f5f29cbfe7d94e14fdba84666a8790beefe78', '22');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('30da3488806bca70c41eeb23cb3b999feff4e50e8a382d4b14898d43a72deb22', '23');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('5a5db9f6d8f2f35a261689f908a6c3c99d0b06832e58a0158e62edf6bb3c861c', '24');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('a41650e7e9810d71bbee63cb47d38695304407da61f66a1e5c14967a4de3a4b8', '25');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('7497e921e8de76ebba531e2b43858900ebc03c9be9dca25f40603bb775df86f7', '26');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('d6be389e1265cf132a45ce75896de3f64a32d8113061d6ff5c8b8ca6fccbf35e', '27');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('c108cb9941e3546647bddaf1d31d35acb598c63fe956c4dd9e8b6d83c6b1ddba', '28');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('f680a4b93fea3ce94ff46e6ffea671b2a44c1b0933e7358d65a0d18db0d7f529', '29');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('59b5310f5ba7758bcac0c5ea8e006daac75e70691085316592ac5d4f5624e9a8', '30');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('f2cb507ced9283442cfa34cd01e82bdb12a447c4f22cde9cb7e1580f00c7ebb4', '31');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('c8fa2396dc9eb2a9706aba7f23967efb7d61f85748a2a51448e4d0002e138798', '32');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('f081d8ac1808e0a925d7a3f5f8a546672a079347e04b9ba8eb3e5670ee0d623c', '33');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('c188640fd402edbf3c4b57d6c2dd5ec4fa4b457217ea38709d6f203ca513d40a', '34');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('54de29efcec8f24453d851efc4412d03e17c726f99875337ae12362ef3f474e5', '35');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('30bc1ee0e1f1f0c1331fcf5ff44184ad1f7110e8adf230b7c396f0ca9f05bee9', '36');

INSERT INTO `schema_checksum` (`checksum`, `version_id`) VALUES ('b95f62ef0e5f0d4b3c5c5d2abb7bfb68be3ddb16031948b4f7a0e74744f91655', '37');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('1', '1', '2026-12-01 01:52:03', '0');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('2', '1', '2026-12-01 01:52:03', '1');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('3', '1', '2026-12-01 01:52:03', '2');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('4', '1', '2026-12-01 01:52:03', '3');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('5', '1', '2026-12-01 01:52:03', '4');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('6', '1', '2026-12-01 01:52:03', '5');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('7', '1', '2026-12-01 01:52:03', '6');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('8', '1', '2026-12-01 01:52:03', '7');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('9', '1', '2026-12-01 01:52:03', '8');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('10', '1', '2026-12-01 01:52:03', '9');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('11', '1', '2026-12-01 01:52:03', '10');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('12', '1', '2026-12-01 01:52:03', '11');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('13', '1', '2026-12-01 01:52:03', '12');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('14', '1', '2026-12-01 01:52:03', '13');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('15', '1', '2026-12-01 01:52:03', '14');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('16', '1', '2026-12-01 01:52:03', '15');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('17', '1', '2026-12-01 01:52:03', '16');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('18', '1', '2026-12-01 01:52:03', '17');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('19', '1', '2026-12-01 01:52:03', '18');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('20', '1', '2026-12-01 01:52:03', '19');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('21', '1', '2026-12-01 01:52:03', '20');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('22', '1', '2026-12-01 01:52:03', '21');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('23', '1', '2026-12-01 01:52:03', '22');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('24', '1', '2026-12-01 01:52:03', '23');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('25', '1', '2026-12-01 01:52:03', '24');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('26', '1', '2026-12-01 01:52:03', '25');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('27', '1', '2026-12-01 01:52:03', '26');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('28', '1', '2026-12-01 01:52:03', '27');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('29', '1', '2026-12-01 01:52:03', '28');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('30', '1', '2026-12-01 01:52:03', '29');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('31', '1', '2026-12-01 01:52:03', '30');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('32', '1', '2026-12-01 01:52:03', '31');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('33', '1', '2026-12-01 01:52:03', '32');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('34', '1', '2026-12-01 01:52:03', '33');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('35', '1', '2026-12-01 01:52:03', '34');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('36', '1', '2026-12-01 01:52:03', '35');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('37', '1', '2026-12-01 01:52:03', '36');

INSERT INTO `schema_version` (`id`, `is_applied`, `tstamp`, `version_id`) VALUES ('38', '1', '2026-12-01 01:52:03', '37');

INSERT INTO `search_card` (`card_id`, `project_id`, `version`, `words`) VALUES ('1', '1', '1', 'a');

INSERT INTO `search_word` (`card_id`, `field`, `project_id`, `word`) VALUES ('1', '1', '1', 'a');

INSERT INTO `second_factor` (`confirmed_at`, `last_step`, `secret`, `user_id`) VALUES ('2026-11-01 12:30:45', '1', 'a', '1');

INSERT INTO `setting` (`changed_at`, `name`, `value`) VALUES ('2026-11-01 12:30:45', 'a', 'a');

INSERT INTO `setting_revision` (`id`, `rev`) VALUES ('1', '1');

INSERT INTO `site_admin` (`added_at`, `origin`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', '1');

INSERT INTO `site_admin_audit` (`act`, `address`, `after_text`, `at`, `before_text`, `by_id`, `by_name`, `id`, `reason`, `subject`, `subject_person_id`) VALUES ('a', 'a', 'a', '2026-11-01 12:30:45', 'a', '1', 'a', '1', 'a', 'a', '1');

INSERT INTO `site_admin_claim` (`created_at`, `id`, `token_hash`) VALUES ('2026-11-01 12:30:45', '1', 'a');

INSERT INTO `site_admin_confirmation` (`confirmed_at`, `login_id`) VALUES ('2026-11-01 12:30:45', 'a');

INSERT INTO `site_disconnect` (`asked_at`, `id`, `user_id`) VALUES ('2026-11-01 12:30:45', '1', '1');

INSERT INTO `site_figure` (`day`, `name`, `value`) VALUES ('a', 'a', '1');

INSERT INTO `site_health` (`examined_at`, `findings`, `id`, `server`) VALUES ('2026-11-01 12:30:45', 'a', '1', 'a');

INSERT INTO `site_server` (`counts`, `drain_asked`, `name`, `seen_at`, `started_at`, `version`) VALUES ('a', '1', 'a', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a');

INSERT INTO `suspension` (`created_at`, `reason`, `until`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', '2026-11-01 12:30:45', '1');

INSERT INTO `text_version` (`id`, `item_desc`, `item_id`, `kind`, `name`, `project_id`, `replaced_at`, `replaced_by`) VALUES ('1', 'a', '1', 'a', 'a', '1', '2026-11-01 12:30:45', '1');

INSERT INTO `unused_object` (`attempts`, `created_at`, `due_at`, `last_error`, `scope`, `size`, `state`, `storage_key`) VALUES ('1', '2026-11-01 12:30:45', '2026-11-01 12:30:45', 'a', 'a', '1', 'a', 'a');

INSERT INTO `upload_part` (`created_at`, `number`, `size`, `storage_key`, `upload`) VALUES ('2026-11-01 12:30:45', '1', '1', 'a', 'a');

INSERT INTO `user` (`avatar_url`, `block_all_friendship_requests`, `created_at`, `display_name`, `email`, `email_pending_verification`, `email_private`, `email_verification_case_id`, `email_verification_code`, `email_verification_sent_at`, `id`, `lang`, `name`, `password_hash`, `private`, `profile_desc`, `reset_password_case_id`, `reset_password_code_hash`, `sign_up_complete`, `small_avatar_url`, `stay_logged_in`, `token`) VALUES ('a', '1', '2026-11-01 12:30:45', 'a', 'a', 'a', '1', 'a', 'a', '2026-11-01 12:30:45', '1', 'a', 'a', 'a', '1', 'a', 'a', 'a', '1', 'a', '1', 'a');

INSERT INTO `user_block` (`blocked_id`, `created_at`, `user_id`) VALUES ('1', '2026-11-01 12:30:45', '1');

INSERT INTO `user_event` (`created_at`, `name`, `payload`, `rev`, `user_id`) VALUES ('2026-11-01 12:30:45', 'a', 'a', '1', '1');

INSERT INTO `user_stream` (`rev`, `user_id`) VALUES ('1', '1');

INSERT INTO `watch` (`created_at`, `item_id`, `project_id`, `subject`, `user_id`) VALUES ('2026-11-01 12:30:45', '1', '1', 'a', '1');

