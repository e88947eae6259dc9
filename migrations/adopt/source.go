package adopt

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// row is one row of an old table, in the order of the asked columns.
type row []any

// id returns an integer, 0 for NULL and for what is none: link tables of some
// databases hold numbers as texts, or anything.
func (r row) id(i int) int64 {
	switch v := r[i].(type) {
	case int64:
		return v
	case string:
		n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		if err == nil {
			return n
		}
	}
	return 0
}

// text returns a text, empty for NULL.
func (r row) text(i int) string {
	v, _ := r[i].(string)
	return v
}

// flag returns a BOOL as 0 or 1.
func (r row) flag(i int) int64 {
	if r.id(i) != 0 {
		return 1
	}
	return 0
}

// time returns a DATETIME; the beginning of time for a zero date, which the old
// server may have allowed.
func (r row) time(i int) time.Time {
	if v, ok := r[i].(time.Time); ok && !v.IsZero() {
		return v
	}
	return time.Unix(1, 0).UTC()
}

// source reads the old tables, whatever they are called now.
type source struct {
	ctx  context.Context // of the one run that it lives for
	db   *sql.DB
	name map[string]string // by old name; no entry for a table that does not exist
}

func (a *Adoption) source(ctx context.Context, steps []string) (source, error) {
	present, err := a.tables(ctx)
	if err != nil {
		return source{}, err
	}
	s := source{ctx: ctx, db: a.DB, name: map[string]string{}}
	for _, name := range oldTables {
		recorded := len(steps) == 0 || slices.Contains(steps, tableStep+name)
		switch {
		case recorded && slices.Contains(present, prefix+name):
			s.name[name] = prefix + name
		case recorded && slices.Contains(present, name):
			s.name[name] = name
		}
	}
	return s, nil
}

// each calls fn for every row of an old table.
func (s source) each(table, columns, order string, fn func(row) error) (err error) {
	name, ok := s.name[table]
	if !ok {
		return nil // some databases never got it
	}
	rows, err := s.db.QueryContext(s.ctx, "SELECT "+columns+" FROM `"+name+"` ORDER BY "+order)
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	values := make(row, len(names))
	into := make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", table, err)
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = string(b)
			}
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	return nil
}

// collisions returns groups of ids whose values of a column are one value to the
// new tables, which ignore case, accents and a line break at the end.
func (s source) collisions(table, column, group string) (found [][]int64, err error) {
	name, ok := s.name[table]
	if !ok {
		return nil, nil
	}
	folded := func(c string) string {
		return "CONVERT(TRIM(TRAILING CHAR(13) FROM TRIM(TRAILING CHAR(10) FROM `" + c + "`)) USING utf8mb4) COLLATE utf8mb4_unicode_ci"
	}
	by := folded(column)
	if group != "" {
		by = folded(group) + ", " + by
	}
	lists, err := texts(s.ctx, s.db, "SELECT GROUP_CONCAT(id ORDER BY id) FROM `"+name+"` WHERE `"+column+"` IS NOT NULL GROUP BY "+by+" HAVING COUNT(*) > 1")
	if err != nil {
		return nil, fmt.Errorf("compare the names of %s: %w", table, err)
	}
	for _, list := range lists {
		var ids []int64
		for text := range strings.SplitSeq(list, ",") {
			id, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("compare the names of %s: %w", table, err)
			}
			ids = append(ids, id)
		}
		found = append(found, ids)
	}
	return found, nil
}

// batchRows is how many rows one INSERT has: with the longest texts 2 MB.
const batchRows = 200

// writer inserts rows of the new tables in batches, in one transaction.
type writer struct {
	ctx    context.Context // of the one run that it lives for
	tx     *sql.Tx
	before func(step string) error

	table, columns string
	rows, batches  int
	values         []any
}

// begin begins a table.
func (w *writer) begin(table, columns string) {
	if w != nil {
		w.table, w.columns, w.batches = table, columns, 0
	}
}

// add adds a row; a nil writer, which only examines, ignores it.
func (w *writer) add(values ...any) error {
	if w == nil {
		return nil
	}
	w.values = append(w.values, values...)
	if w.rows++; w.rows < batchRows {
		return nil
	}
	return w.flush()
}

// flush writes what was added.
func (w *writer) flush() error {
	if w == nil || w.rows == 0 {
		return nil
	}
	w.batches++
	if err := w.before(fmt.Sprintf("rows of %s, %d", w.table, w.batches)); err != nil {
		return err
	}
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(w.values)/w.rows), ",") + ")"
	statement := "INSERT INTO `" + w.table + "` (" + w.columns + ") VALUES " + strings.TrimSuffix(strings.Repeat(one+",", w.rows), ",")
	if _, err := w.tx.ExecContext(w.ctx, statement, w.values...); err != nil {
		return fmt.Errorf("rows of %s: %w", w.table, err)
	}
	w.values, w.rows = w.values[:0], 0
	return nil
}
