-- +goose Up

-- colour of the board; empty where none was chosen: such a board has one by its id.

ALTER TABLE "project" ADD COLUMN "colour" VARCHAR(16) NOT NULL DEFAULT '';

-- +goose Down

ALTER TABLE "project" DROP COLUMN "colour";
