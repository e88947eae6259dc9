-- search; the version of what is indexed of a card, so that cards of older databases are indexed again.

-- +goose Up

ALTER TABLE "search_card" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;

-- +goose Down

ALTER TABLE "search_card" DROP COLUMN "version";
