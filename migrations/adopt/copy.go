package adopt

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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

func (c *copier) copyUsers() error {
	for _, column := range []string{"name", "email", "email_pending_verification"} {
		groups, err := c.collisions("user", column, "")
		if err != nil {
			return err
		}
		for _, ids := range groups {
			c.report.undecided("the rows %v of user have values of %s that differ in case, accents or a line break only: change all but one", ids, column)
		}
	}
	const shared = "avatar_url, small_avatar_url, profile_desc, password_hash"
	return c.table("user", "id, name, email, "+shared+", private, email_private, stay_logged_in, block_all_friendship_requests, sign_up_complete, "+
		"token, email_pending_verification, email_verification_case_id, email_verification_code, reset_password_case_id, reset_password_code_hash", "",
		"id, name, email, "+shared+", private, email_private, stay_logged_in, block_all_friendship_requests, sign_up_complete, "+
			"token, email_pending_verification, email_verification_case_id, email_verification_code, reset_password_case_id, reset_password_code_hash, "+
			"email_verification_sent_at, created_at", func(r row) []any {
			id, name := r.id(0), c.line("user", r.id(0), r.text(1))
			if name == "" {
				c.report.undecided("the person with the id %d has no name: give them one", id)
			}
			c.users[id], c.usersNamed[fold(name)] = name, id
			pending, verification, code, sent := r[13], r[14], r[15], any(nil)
			switch {
			case pending == nil: // nothing to verify
			case r.flag(11) == 1:
				c.report.change("changes of address cancelled, since their codes were cut off", "%s", name)
				pending, verification, code = nil, nil, nil
			default:
				sent = c.now
			}
			return []any{
				id, name, r[2], r[3], r[4], r[5], r[6], r.flag(7), r.flag(8), r.flag(9), r.flag(10), r.flag(11),
				r[12], pending, verification, code, r[16], r[17], sent, c.now,
			}
		})
}

func (c *copier) copyFriendships() error {
	var missing []pair
	var last int64
	err := c.table("friendship", "id, user_id, friend_id", "", "id, user_id, friend_id", func(r row) []any {
		id, p := r.id(0), pair{r.id(1), r.id(2)}
		last = id
		switch {
		case c.users[p.a] == "" || c.users[p.b] == "":
			return c.left("friendship", "one of the two has no account", id)
		case p.a == p.b:
			return c.left("friendship", "with oneself", id)
		case c.friends[p]:
			return c.left("friendship", "there twice", id)
		}
		c.friends[p] = true
		return []any{id, p.a, p.b}
	})
	if err != nil {
		return err
	}
	for p := range c.friends {
		if !c.friends[pair{p.b, p.a}] {
			missing = append(missing, pair{p.b, p.a})
		}
	}
	slices.SortFunc(missing, func(x, y pair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	c.to.begin("friendship", "id, user_id, friend_id")
	for _, p := range missing {
		c.friends[p] = true
		c.report.change("friendships that only one side had, completed", "%s and %s", c.users[p.a], c.users[p.b])
		last++
		if err := c.to.add(last, p.a, p.b); err != nil {
			return err
		}
	}
	return c.to.flush()
}

func (c *copier) copyRequests() error {
	seen := map[pair]bool{}
	return c.table("friendship_request", "id, from_id, to_id, datetime", "", "id, from_id, to_id, datetime", func(r row) []any {
		id, p := r.id(0), pair{r.id(1), r.id(2)}
		switch {
		case c.users[p.a] == "" || c.users[p.b] == "":
			return c.left("friendship_request", "one of the two has no account", id)
		case p.a == p.b:
			return c.left("friendship_request", "to oneself", id)
		case c.friends[p]:
			return c.left("friendship_request", "they are friends", id)
		case seen[p]:
			return c.left("friendship_request", "there twice", id)
		}
		seen[p] = true
		return []any{id, p.a, p.b, r.time(3)}
	})
}

func (c *copier) copyMessages() error {
	return c.table("msg", "id, content, from_id, to_id, datetime, seen", "", "id, content, from_id, to_id, datetime, seen", func(r row) []any {
		if c.users[r.id(3)] == "" {
			return c.left("msg", "its receiver has no account", r.id(0))
		}
		return []any{r.id(0), r.text(1), r.id(2), r.id(3), r.time(4), r.flag(5)}
	})
}

// visibilities are the values that mean anything; all others act as private.
var visibilities = []string{"public", "friends", "private"} // A constant table.

func (c *copier) copyProjects() error {
	groups, err := c.collisions("project", "name", "owner_name")
	if err != nil {
		return err
	}
	second := map[int64]bool{} // all but the first of a group
	for _, ids := range groups {
		for _, id := range ids[1:] {
			second[id] = true
		}
	}
	taken, err := c.projectNames()
	if err != nil {
		return err
	}
	columns := "project_desc, visibility, invite_code, invite_as_admin_code"
	return c.table("project", "id, name, owner_name, "+columns, "", "id, name, owner_id, owner_name, "+columns+", rev", func(r row) []any {
		id, name := r.id(0), c.line("project", r.id(0), r.text(1))
		owner, ok := c.usersNamed[fold(strings.TrimRight(r.text(2), "\r\n"))]
		if !ok {
			c.report.undecided("project %d (%s) has the owner %q, and there is no such person: name another in project.owner_name", id, name, r.text(2))
			return nil
		}
		if second[id] {
			name = freeName(name, 32, "-%d", func(n string) bool { return !taken[fold(r.text(2)+"/"+n)] })
			taken[fold(r.text(2)+"/"+name)] = true
			c.report.change("projects renamed, since their owner has another of that name", "%s is %s/%s", r.text(1), c.users[owner], name)
		}
		visibility := r.text(4)
		if !slices.Contains(visibilities, visibility) {
			c.report.change("projects made private, as they acted", "%s (was %q)", name, visibility)
			visibility = "private"
		}
		c.owners[id], c.projects[id], c.members[pair{id, owner}] = owner, name, true
		return []any{id, name, owner, c.users[owner], r[3], visibility, r[5], r[6], 0}
	})
}

// projectNames returns which names of projects are taken, by owner and name.
func (c *copier) projectNames() (map[string]bool, error) {
	taken := map[string]bool{}
	err := c.each("project", "owner_name, name", "id", func(r row) error {
		taken[fold(r.text(0)+"/"+strings.TrimRight(r.text(1), "\r\n"))] = true
		return nil
	})
	return taken, err
}

// freeName returns the name with the first number, from 2 on, with which it is
// free and has at most limit characters.
func freeName(name string, limit int, number string, free func(string) bool) string {
	for n := 2; ; n++ {
		suffix := fmt.Sprintf(number, n)
		base := []rune(name)
		base = base[:min(len(base), limit-utf8.RuneCountInString(suffix))]
		if tried := string(base) + suffix; free(tried) {
			return tried
		}
	}
}

func (c *copier) copyMembers() error {
	const admin, reader = "admin", "access-only"
	strongest := map[pair]int64{} // the link that is kept
	role := map[int64]string{}    // of that link
	err := c.each("project_collaborator_link", "id, project_id, user_id, user_role", "id", func(r row) error {
		p := pair{r.id(1), r.id(2)}
		is := r.text(3)
		if is != admin && is != reader {
			is = reader
		}
		kept, known := strongest[p]
		if !known {
			strongest[p], role[r.id(0)] = r.id(0), is
		} else if is == admin {
			role[kept] = admin
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.table("project_collaborator_link", "id, project_id, user_id, user_role", "", "id, project_id, user_id, user_role", func(r row) []any {
		id, p := r.id(0), pair{r.id(1), r.id(2)}
		switch {
		case c.owners[p.a] == 0:
			return c.left("project_collaborator_link", "of no project", id)
		case c.users[p.b] == "":
			return c.left("project_collaborator_link", "of no account", id)
		case c.owners[p.a] == p.b:
			return c.left("project_collaborator_link", "of the owner", id)
		case strongest[p] != id:
			return c.left("project_collaborator_link", "there twice", id)
		}
		if is := r.text(3); is != admin && is != reader {
			c.report.change("unknown roles are "+reader, "%s in %s (was %q)", c.users[p.b], c.projects[p.a], is)
		}
		c.members[p] = true
		return []any{id, p.a, p.b, role[id]}
	})
}

// positions numbers rows that come ordered by their parent.
type positions struct {
	parent int64
	next   int64
	moved  int
}

func (p *positions) of(parent, was int64) int64 {
	if parent != p.parent {
		p.parent, p.next = parent, 0
	}
	pos := p.next
	p.next++
	if pos != was {
		p.moved++
	}
	return pos
}

func (c *copier) copyLists() error {
	var places positions
	err := c.table("list", "id, project_id, name, list_desc, pos", "project_id, pos, id", "id, project_id, name, list_desc, pos", func(r row) []any {
		id, project := r.id(0), r.id(1)
		if c.owners[project] == 0 {
			return c.left("list", "of no project", id)
		}
		c.lists[id] = project
		return []any{id, project, c.line("list", id, r.text(2)), r.text(3), places.of(project, r.id(4))}
	})
	c.renumbered("lists", places)
	return err
}

func (c *copier) copyCards() error {
	var places positions
	err := c.table("card", "id, list_id, name, card_desc, img_url, pos", "list_id, pos, id", "id, list_id, name, card_desc, img_url, pos", func(r row) []any {
		id, list := r.id(0), r.id(1)
		project, ok := c.lists[list]
		if !ok {
			return c.left("card", "of no list", id)
		}
		c.cards[id] = project
		return []any{id, list, c.line("card", id, r.text(2)), r.text(3), r[4], places.of(list, r.id(5))}
	})
	c.renumbered("cards", places)
	return err
}

func (c *copier) renumbered(what string, p positions) {
	if p.moved > 0 {
		c.report.Changes = append(c.report.Changes, &Change{What: "positions of " + what + " numbered without holes; their order stays", Rows: p.moved, Examples: []string{"0, 1, 2, …"}})
	}
}

// copyFiles copies list_attached_file or card_attached_file. Of equal names in one
// place all but the first get a number.
func (c *copier) copyFiles(kind string, owners map[int64]int64) error {
	table, owner := kind+"_attached_file", kind+"_id"
	type place struct {
		owner int64
		name  string
	}
	taken := map[place]bool{}
	err := c.each(table, owner+", name", "id", func(r row) error {
		taken[place{r.id(0), strings.TrimRight(r.text(1), " ")}] = true
		return nil
	})
	if err != nil {
		return err
	}
	seen := map[place]bool{}
	return c.table(table, "id, "+owner+", url, name", "", "id, "+owner+", url, name", func(r row) []any {
		id, of, name := r.id(0), r.id(1), r.text(3)
		if _, ok := owners[of]; !ok {
			return c.left(table, "of no "+kind, id)
		}
		if seen[place{of, strings.TrimRight(name, " ")}] {
			ext := path.Ext(name)
			base := strings.TrimSuffix(name, ext)
			name = freeName(base, 128-utf8.RuneCountInString(ext), " (%d)", func(n string) bool { return !taken[place{of, n + ext}] }) + ext
			c.report.change("files renamed, since there is another of that name", "%s %d: %s", kind, of, name)
			taken[place{of, name}] = true
		}
		seen[place{of, strings.TrimRight(name, " ")}] = true
		return []any{id, of, r.text(2), name}
	})
}

func (c *copier) copyAssignments() error {
	seen := map[pair]bool{}
	return c.table("card_user_assignment", "id, card_id, user_id", "", "id, card_id, user_id", func(r row) []any {
		id, p := r.id(0), pair{r.id(1), r.id(2)}
		project, ok := c.cards[p.a]
		switch {
		case !ok:
			return c.left("card_user_assignment", "of no card", id)
		case !c.members[pair{project, p.b}]:
			return c.left("card_user_assignment", "of someone who is not a member", id)
		case seen[p]:
			return c.left("card_user_assignment", "there twice", id)
		}
		seen[p] = true
		return []any{id, p.a, p.b}
	})
}

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
