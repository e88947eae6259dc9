-- admin; the servers of the site with their connections, and what administrators ask of them.

-- +goose Up

-- admin; a server that runs: it writes its row every ten seconds. counts are its connections as JSON; drain_asked is an administrator's wish.
CREATE TABLE IF NOT EXISTS "site_server" (
  "name" VARCHAR(128) NOT NULL PRIMARY KEY,
  "version" VARCHAR(64) NOT NULL,
  "started_at" DATETIME NOT NULL,
  "seen_at" DATETIME NOT NULL,
  "drain_asked" BOOLEAN NOT NULL DEFAULT 0,
  "counts" TEXT NOT NULL
);

-- admin; a person whose connections all servers are to close.
CREATE TABLE IF NOT EXISTS "site_disconnect" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "user_id" INTEGER NOT NULL,
  "asked_at" DATETIME NOT NULL,
  CONSTRAINT "fk_site_disconnect_user" FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "ix_site_disconnect_user" ON "site_disconnect" ("user_id");

-- +goose Down

DROP TABLE IF EXISTS "site_disconnect";
DROP TABLE IF EXISTS "site_server";
