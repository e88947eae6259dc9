// Package migrations holds the versioned SQL of the database, one folder per
// dialect with the same numbers and names in both. Package platform/migrate
// runs it.
//
// A file is NNNN_name.sql with a "-- +goose Up" and a "-- +goose Down" part.
// A file that has landed is never edited or renamed: databases have it. Write the
// next one (`make migration name=…`), and when it is finished note its checksum
// and dump the schema it makes (`make migration-dump`). testdata keeps the
// checksum of each file and the dumps of landed schemas; the tests of platform/migrate
// compare them and upgrade each dump.
package migrations

import "embed"

// FS holds the folders mysql and sqlite.
//
//go:embed mysql/*.sql sqlite/*.sql
var FS embed.FS
