package adopt

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

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
