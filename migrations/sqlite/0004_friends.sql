-- +goose Up

-- friends; what the sender of a request typed, if it was an address: until they are friends they are shown it, and not whose it is.
CREATE TABLE IF NOT EXISTS "friendship_request_address" (
  "request_id" INTEGER NOT NULL,
  "address" VARCHAR(32) COLLATE NOCASE NOT NULL,
  PRIMARY KEY ("request_id"),
  CONSTRAINT "fk_friendship_request_address_request" FOREIGN KEY ("request_id") REFERENCES "friendship_request" ("id") ON DELETE CASCADE
);

-- friends; what was sent and reached nobody: the sender sees it waiting like any other request. Either to_id or address says to whom.
CREATE TABLE IF NOT EXISTS "friendship_request_unheard" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "from_id" INTEGER NOT NULL,
  "to_id" INTEGER NULL,
  "address" VARCHAR(32) COLLATE NOCASE NULL,
  "datetime" DATETIME NOT NULL,
  CONSTRAINT "fk_friendship_request_unheard_from" FOREIGN KEY ("from_id") REFERENCES "user" ("id"),
  CONSTRAINT "fk_friendship_request_unheard_to" FOREIGN KEY ("to_id") REFERENCES "user" ("id")
);
CREATE INDEX IF NOT EXISTS "ix_friendship_request_unheard_from" ON "friendship_request_unheard" ("from_id", "datetime");
CREATE INDEX IF NOT EXISTS "ix_friendship_request_unheard_to" ON "friendship_request_unheard" ("to_id");

-- +goose Down
DROP TABLE IF EXISTS "friendship_request_unheard";
DROP TABLE IF EXISTS "friendship_request_address";
