-- projects; an invitation link that is switched off keeps its code, so that switching it on again does not make a new one.

-- +goose Up

ALTER TABLE "project" ADD COLUMN "invite_off" BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE "project" ADD COLUMN "invite_as_admin_off" BOOLEAN NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE "project" DROP COLUMN "invite_off";
ALTER TABLE "project" DROP COLUMN "invite_as_admin_off";
