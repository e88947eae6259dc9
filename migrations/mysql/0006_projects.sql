-- projects; an invitation link that is switched off keeps its code, so that switching it on again does not make a new one.

-- +goose Up

ALTER TABLE `project`
  ADD COLUMN /*M! IF NOT EXISTS */ `invite_off` BOOL NOT NULL DEFAULT 0,
  ADD COLUMN /*M! IF NOT EXISTS */ `invite_as_admin_off` BOOL NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE `project`
  DROP COLUMN /*M! IF EXISTS */ `invite_off`,
  DROP COLUMN /*M! IF EXISTS */ `invite_as_admin_off`;
