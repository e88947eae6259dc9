package adopt

import (
	"context"
	"slices"
	"strings"
	"time"

	"taskstack.org/platform/migrate"
)

// pair is two ids, such as a project and a person.
type pair struct{ a, b int64 }

// copier reads the old tables and adds what the new ones get. What it remembers
// are ids, so that a large database takes some 100 bytes a row.
type copier struct {
	source
	to     *writer // nil only to examine
	report *Report
	now    time.Time

	users      map[int64]string // by id, their names
	usersNamed map[string]int64 // by folded name
	owners     map[int64]int64  // of projects
	projects   map[int64]string // by id, their names
	members    map[pair]bool    // project and person, owners too
	lists      map[int64]int64  // their projects
	cards      map[int64]int64  // their projects
	friends    map[pair]bool
}

// Ways of chats: groups of people, and the groups of projects.
var chatTables = []string{"chat_group", "project_chat_group"} // A constant table.

// copyRows goes through all old tables. With to nil it only examines.
func (a *Adoption) copyRows(ctx context.Context, steps []string, to *writer) (*Report, error) {
	from, err := a.source(ctx, steps)
	if err != nil {
		return nil, err
	}
	c := &copier{
		source: from, to: to, report: &Report{}, now: a.now(),
		users: map[int64]string{}, usersNamed: map[string]int64{}, owners: map[int64]int64{}, projects: map[int64]string{}, members: map[pair]bool{},
		lists: map[int64]int64{}, cards: map[int64]int64{}, friends: map[pair]bool{},
	}
	if len(steps) == 0 {
		if err := a.foreignTables(ctx, c.report); err != nil {
			return nil, err
		}
	}
	for _, step := range []func() error{
		c.copyUsers, c.copyFriendships, c.copyRequests, c.copyMessages, c.copyProjects, c.copyMembers, c.copyLists, c.copyCards,
		func() error { return c.copyFiles("list", c.lists) }, func() error { return c.copyFiles("card", c.cards) },
		c.copyAssignments, c.copyChats, c.copyHistory,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c.report, nil
}

// foreignTables refuses tables of other programs that have names of ours.
func (a *Adoption) foreignTables(ctx context.Context, r *Report) error {
	present, err := a.tables(ctx)
	if err != nil {
		return err
	}
	own, err := ownTables()
	if err != nil {
		return err
	}
	for _, name := range append(own, migrate.BookkeepingTables()...) {
		if slices.Contains(present, name) && !slices.Contains(oldTables, name) {
			r.undecided("the table %s is not of the Flask application, but Taskstack needs its name: rename or drop it", name)
		}
	}
	return nil
}

// table copies one table: convert returns the values of a new row, or nil to
// leave the row out.
func (c *copier) table(name, columns, order, newColumns string, convert func(row) []any) error {
	if order == "" {
		order = "id"
	}
	count := TableCount{Name: name}
	c.to.begin(name, newColumns)
	err := c.each(name, columns, order, func(r row) error {
		count.Had++
		values := convert(r)
		if values == nil {
			return nil
		}
		count.Kept++
		return c.to.add(values...)
	})
	c.report.Tables = append(c.report.Tables, count)
	if err != nil {
		return err
	}
	return c.to.flush()
}

// fold makes names comparable as MySQL compares names of people.
func fold(name string) string { return strings.ToLower(strings.TrimRight(name, " ")) }

// line takes a line break off the end of a name, which an old pattern let pass.
func (c *copier) line(table string, id int64, name string) string {
	clean := strings.TrimRight(name, "\r\n")
	if clean != name {
		c.report.change("line breaks taken off the end of names", "%s %d %q", table, id, clean)
	}
	return clean
}

func (c *copier) left(table, why string, id int64) []any {
	c.report.change("rows of "+table+" left out: "+why, "id %d", id)
	return nil
}

// visibilities are the values that mean anything; all others act as private.
var visibilities = []string{"public", "friends", "private"} // A constant table.

// copyHistory copies the five tables. Four of them get a key of their own, event_id,
// in the order of time.
func (c *copier) copyHistory() error {
	for _, t := range [][2]string{
		{"history_list_created", "list_desc, attached_files"},
		{"history_list_deleted", "list_desc, attached_files, deleted_cards"},
		{"history_card_created", "list_name, card_desc, attached_files, assigned_users"},
		{"history_card_deleted", "list_name, card_desc, attached_files, assigned_users"},
		{"history_card_changed_list", "old_list_name, new_list_name, event_id"},
	} {
		table, columns := t[0], "project_id, id, datetime, name, "+t[1]
		newColumns, last := columns, int64(0)
		if !strings.HasSuffix(columns, "event_id") {
			newColumns = "event_id, " + columns
		}
		err := c.table(table, columns, "datetime, id", newColumns, func(r row) []any {
			if c.owners[r.id(0)] == 0 {
				return c.left(table, "of no project", r.id(1))
			}
			var values []any
			if newColumns != columns {
				last++
				values = append(values, last)
			}
			values = append(values, r[0], r[1], r.time(2))
			for _, v := range r[3:] {
				if text, ok := v.(string); ok {
					v = strings.TrimRight(text, "\r\n")
				}
				values = append(values, v)
			}
			return values
		})
		if err != nil {
			return err
		}
	}
	return nil
}
