package testenv

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"taskstack.org/platform/db"
)

// Dump is all rows of all tables, by table, each as a text and in order, so
// that comparing two shows whether anything was changed in between. The time at
// which a login was seen is left out: reading changes it.
func Dump(t testing.TB, d *db.DB) map[string][]string {
	t.Helper()
	query := "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
	if d.Dialect() == db.SQLite {
		query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	}
	var tables []string
	if err := d.From(t.Context()).Raw(query).Scan(&tables).Error; err != nil {
		t.Fatalf("testenv: tables: %v", err)
	}
	all := make(map[string][]string, len(tables))
	for _, table := range tables {
		var rows []map[string]any
		if err := d.From(t.Context()).Table(table).Find(&rows).Error; err != nil {
			t.Fatalf("testenv: table %s: %v", table, err)
		}
		all[table] = []string{}
		for _, row := range rows {
			delete(row, "last_seen_at")
			all[table] = append(all[table], rowText(row))
		}
		slices.Sort(all[table])
	}
	return all
}

func rowText(row map[string]any) string {
	text := ""
	for _, column := range slices.Sorted(maps.Keys(row)) {
		text += fmt.Sprintf("%s=%v ", column, row[column])
	}
	return text
}
