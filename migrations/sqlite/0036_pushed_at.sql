-- notifications: when browsers told of a notification, so that more of the same unread subject do not tell again and again.

-- +goose Up

ALTER TABLE "notification" ADD COLUMN "pushed_at" DATETIME NULL;

-- +goose Down

ALTER TABLE "notification" DROP COLUMN "pushed_at";
