-- +goose Up

-- invites: invitations by e-mail. The code is in the mail only, and lets one person in. to_id is the account whose
-- verified address it was when the invitation was sent. ended_as is NULL while nobody has used or withdrawn it.

CREATE TABLE IF NOT EXISTS "invite" (
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
CREATE INDEX IF NOT EXISTS "ix_invite_project_ended" ON "invite" ("project_id", "ended_as");
CREATE INDEX IF NOT EXISTS "ix_invite_to" ON "invite" ("to_id", "expires_at");
CREATE INDEX IF NOT EXISTS "ix_invite_from" ON "invite" ("from_id");
CREATE INDEX IF NOT EXISTS "ix_invite_used_by" ON "invite" ("used_by");
CREATE INDEX IF NOT EXISTS "ix_invite_ended_at" ON "invite" ("ended_at");
CREATE INDEX IF NOT EXISTS "ix_invite_expires_at" ON "invite" ("expires_at");

-- +goose Down
DROP TABLE IF EXISTS "invite";
