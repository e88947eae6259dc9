-- files: the size of attached pictures, so that pages keep their place, and what they show, for people who cannot see them.
-- The cover of a card is the column img_url of the table card, which exists: it holds the url of one of its attachments.

-- +goose Up

ALTER TABLE "list_attached_file" ADD COLUMN "width" INTEGER NULL;
ALTER TABLE "list_attached_file" ADD COLUMN "height" INTEGER NULL;
ALTER TABLE "list_attached_file" ADD COLUMN "description" VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE "card_attached_file" ADD COLUMN "width" INTEGER NULL;
ALTER TABLE "card_attached_file" ADD COLUMN "height" INTEGER NULL;
ALTER TABLE "card_attached_file" ADD COLUMN "description" VARCHAR(512) NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE "card_attached_file" DROP COLUMN "description";
ALTER TABLE "card_attached_file" DROP COLUMN "height";
ALTER TABLE "card_attached_file" DROP COLUMN "width";
ALTER TABLE "list_attached_file" DROP COLUMN "description";
ALTER TABLE "list_attached_file" DROP COLUMN "height";
ALTER TABLE "list_attached_file" DROP COLUMN "width";
