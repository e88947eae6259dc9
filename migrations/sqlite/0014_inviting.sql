-- projects; whether the owner lets admins invite, as only the owner could before.

-- +goose Up

ALTER TABLE "project" ADD COLUMN "admins_invite" BOOLEAN NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE "project" DROP COLUMN "admins_invite";
