package db

import "strings"

// Contains is the pattern for `LIKE ? ESCAPE '!'` that finds what contains a
// text, taken literally: % and _ in it are no wildcards.
func Contains(text string) string { return "%" + likeEscaper.Replace(text) + "%" }

// The sign is no backslash: MySQL reads that twice, SQLite does not.
var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_") // read-only

// lastSign sorts behind every other sign.
const lastSign = "\U0010FFFF"

// BeginsWith is the condition that a column begins with a text, ignoring case, in the
// form for which the database uses the column's index: MySQL reads a pattern, SQLite
// wants bounds. On SQLite the index must be one with COLLATE NOCASE.
func (d *DB) BeginsWith(column, text string) (condition string, args []any) {
	if d.Dialect() == MySQL {
		return column + " LIKE ? ESCAPE '!'", []any{strings.TrimPrefix(Contains(text), "%")}
	}
	column += " COLLATE NOCASE"
	return "(" + column + " >= ? AND " + column + " < ?)", []any{text, text + lastSign}
}
