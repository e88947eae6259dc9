package backup

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/db"
	"taskstack.org/platform/migrate"
)

// leftOut reports tables that are no data of this program.
func leftOut(table string) bool {
	return strings.HasPrefix(table, "flask_") || slices.Contains(migrate.BookkeepingTables(), table)
}

// tablesOf returns the tables that are backed up, in the order of their names.
func tablesOf(ctx context.Context, d *db.DB) ([]string, error) {
	query := "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name"
	if d.Dialect() == db.SQLite {
		query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
	}
	var all []string
	if err := d.From(ctx).Raw(query).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	return slices.DeleteFunc(all, leftOut), nil
}

// writeTables adds all rows, and returns the ids that the next rows would get.
func writeTables(ctx context.Context, d *db.DB, a *archive) (map[string]int64, error) {
	tables, err := tablesOf(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		if err := writeTable(ctx, d, a, table); err != nil {
			return nil, fmt.Errorf("table %s: %w", table, err)
		}
	}
	return nextIDs(ctx, d)
}

func writeTable(ctx context.Context, d *db.DB, a *archive, table string) (err error) {
	rows, err := d.From(ctx).Raw("SELECT * FROM `" + table + "`").Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	piece := &piece{archive: a, table: table, columns: columns}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := piece.add(values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return piece.flush()
}

// piece collects rows of a table until they are an entry of the archive.
type piece struct {
	archive *archive
	table   string
	columns []string
	text    bytes.Buffer
	number  int
}

func (p *piece) add(values []any) error {
	if p.text.Len() == 0 {
		if err := p.line(p.columns); err != nil {
			return err
		}
	}
	encoded := make([]any, len(values))
	for i, v := range values {
		encoded[i] = encode(v)
	}
	p.archive.sum.Rows[p.table]++
	if err := p.line(encoded); err != nil {
		return err
	}
	if p.text.Len() < pieceSize {
		return nil
	}
	return p.flush()
}

func (p *piece) line(value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	p.text.Write(text)
	p.text.WriteByte('\n')
	return nil
}

func (p *piece) flush() error {
	if p.text.Len() == 0 {
		return nil
	}
	p.number++
	err := p.archive.add(fmt.Sprintf("%s%s/%06d.jsonl", tablesDir, p.table, p.number), int64(p.text.Len()), bytes.NewReader(p.text.Bytes()))
	p.text.Reset()
	return err
}

// Values that JSON has no form for.
type (
	timeValue  struct{ T time.Time } // {"T":"2026-…"}
	bytesValue struct{ B string }    // {"B":"base64"}
)

// encode makes values of both databases equal: times in UTC, flags as numbers.
func encode(v any) any {
	switch v := v.(type) {
	case time.Time:
		return timeValue{v.UTC()}
	case bool:
		if v {
			return 1
		}
		return 0
	case []byte:
		return encode(string(v))
	case string:
		if !utf8.ValidString(v) {
			return bytesValue{base64.StdEncoding.EncodeToString([]byte(v))}
		}
	}
	return v
}

// decode is encode backwards; numbers come as json.Number.
func decode(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case map[string]any:
		if text, ok := v["T"].(string); ok {
			return time.Parse(time.RFC3339Nano, text)
		}
		if text, ok := v["B"].(string); ok {
			return base64.StdEncoding.DecodeString(text)
		}
		return nil, fmt.Errorf("%w: an unknown value", ErrDamaged)
	}
	return v, nil
}

// nextIDs returns the ids that the next rows get where a table counts: an id of
// something deleted must not be given again, since logs and histories know it.
func nextIDs(ctx context.Context, d *db.DB) (map[string]int64, error) {
	query := "SELECT table_name AS name, auto_increment AS next FROM information_schema.tables WHERE table_schema = DATABASE() AND auto_increment IS NOT NULL"
	if d.Dialect() == db.SQLite {
		query = "SELECT name, seq + 1 AS next FROM sqlite_sequence"
	} else if err := askAnew(ctx, d); err != nil {
		return nil, err
	}
	var all []struct {
		Name string
		Next int64
	}
	if err := d.From(ctx).Raw(query).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("read the next ids: %w", err)
	}
	next := map[string]int64{}
	for _, one := range all {
		if !leftOut(one.Name) {
			next[one.Name] = one.Next
		}
	}
	return next, nil
}

// askAnew makes MySQL 8 read the figures of tables, which it keeps for a day.
// MariaDB always does, and knows no such variable.
func askAnew(ctx context.Context, d *db.DB) error {
	var version string
	if err := d.From(ctx).Raw("SELECT VERSION()").Scan(&version).Error; err != nil || strings.Contains(version, "MariaDB") {
		return err
	}
	return d.From(ctx).Exec("SET SESSION information_schema_stats_expiry = 0").Error
}

// setNextIDs is nextIDs backwards. On MySQL it is called after the commit, which
// ALTER TABLE would do by itself.
func setNextIDs(ctx context.Context, q execer, dialect string, next map[string]int64) error {
	for table, id := range next {
		statements := []string{fmt.Sprintf("ALTER TABLE `%s` AUTO_INCREMENT = %d", table, id)}
		if dialect == db.SQLite {
			statements = []string{
				fmt.Sprintf("DELETE FROM sqlite_sequence WHERE name = '%s'", table),
				fmt.Sprintf("INSERT INTO sqlite_sequence (name, seq) VALUES ('%s', %d)", table, id-1),
			}
		}
		for _, statement := range statements {
			if _, err := q.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("set the next id of %s: %w", table, err)
			}
		}
	}
	return nil
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}
