// Package migrations holds the versioned SQL of the database, one folder per
// dialect with the same numbers and names in both. Package platform/migrate
// runs it.
//
// A file is NNNN_name.sql with a "-- +goose Up" and a "-- +goose Down" part.
// A file that has landed is never edited: write the next one (`make migration
// name=…`).
package migrations

import "embed"

// FS holds the folders mysql and sqlite.
//
//go:embed mysql/*.sql sqlite/*.sql
var FS embed.FS
