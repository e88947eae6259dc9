package db

import "strings"

// Contains is the pattern for `LIKE ? ESCAPE '!'` that finds what contains a
// text, taken literally: % and _ in it are no wildcards.
func Contains(text string) string { return "%" + likeEscaper.Replace(text) + "%" }

// The sign is no backslash: MySQL reads that twice, SQLite does not.
var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_") // read-only
