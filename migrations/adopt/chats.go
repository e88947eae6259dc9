package adopt

// chat is what is remembered of the groups of one kind.
type chat struct {
	kind    string          // chat_group or project_chat_group
	group   map[int64]int64 // by id; another one for a group that is merged into it
	members map[pair]bool   // group and person
	msgs    map[int64]int64 // their groups
}

// copyChats copies groups of people and groups of projects with members, messages
// and who has seen them.
func (c *copier) copyChats() error {
	for _, kind := range chatTables {
		ch := &chat{kind: kind, group: map[int64]int64{}, members: map[pair]bool{}, msgs: map[int64]int64{}}
		groups := c.copyGroups
		if kind == "project_chat_group" {
			groups = c.copyProjectGroups
		}
		for _, step := range []func(*chat) error{groups, c.copyGroupMembers, c.copyGroupMessages, c.copyStatuses} {
			if err := step(ch); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *copier) copyGroups(ch *chat) error {
	return c.table(ch.kind, "id, name", "", "id, name", func(r row) []any {
		ch.group[r.id(0)] = r.id(0)
		return []any{r.id(0), c.line(ch.kind, r.id(0), r.text(1))}
	})
}

// copyProjectGroups keeps one group of each project: the one with the most recent
// message. The messages of the others move to it.
func (c *copier) copyProjectGroups(ch *chat) error {
	latest := map[int64]string{} // by group
	err := c.each("project_chat_group_msg", "project_chat_group_id, datetime", "id", func(r row) error {
		latest[r.id(0)] = max(latest[r.id(0)], r.time(1).Format("2006-01-02 15:04:05"))
		return nil
	})
	if err != nil {
		return err
	}
	kept, project := map[int64]int64{}, map[int64]int64{} // by project; by group
	err = c.each(ch.kind, "id, project_id", "id", func(r row) error {
		id, of := r.id(0), r.id(1)
		project[id] = of
		if best, ok := kept[of]; !ok || latest[id] > latest[best] {
			kept[of] = id
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.table(ch.kind, "id, name, project_id", "", "id, name, project_id", func(r row) []any {
		id, of := r.id(0), r.id(2)
		if c.owners[of] == 0 {
			return c.left(ch.kind, "of no project", id)
		}
		ch.group[id] = kept[of]
		if kept[of] != id {
			return c.left(ch.kind, "a second one of its project; its messages are in the other", id)
		}
		name := c.users[c.owners[of]] + "/" + c.projects[of]
		if name != r.text(1) {
			c.report.change("chat groups of projects named anew", "%s", name)
		}
		return []any{id, name, of}
	})
}

func (c *copier) copyGroupMembers(ch *chat) error {
	table := ch.kind + "_member_link"
	admins := map[pair]bool{} // the stronger role wins
	err := c.each(table, ch.kind+"_id, user_id, user_role", "id", func(r row) error {
		if r.text(2) == "admin" && ch.kind == "chat_group" {
			admins[pair{r.id(0), r.id(1)}] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	columns := "id, " + ch.kind + "_id, user_id, user_role"
	return c.table(table, columns, "", columns, func(r row) []any {
		id, group, user := r.id(0), ch.group[r.id(1)], r.id(2)
		switch {
		case group == 0:
			return c.left(table, "of no group", id)
		case c.users[user] == "":
			return c.left(table, "of no account", id)
		case ch.members[pair{group, user}]:
			return c.left(table, "there twice", id)
		}
		ch.members[pair{group, user}] = true
		role := "default"
		if admins[pair{group, user}] {
			role = "admin"
		}
		return []any{id, group, user, role}
	})
}

func (c *copier) copyGroupMessages(ch *chat) error {
	columns := "id, " + ch.kind + "_id, content, from_id, datetime"
	return c.table(ch.kind+"_msg", columns, "", columns, func(r row) []any {
		id, group := r.id(0), ch.group[r.id(1)]
		if group == 0 {
			return c.left(ch.kind+"_msg", "of no group", id)
		}
		ch.msgs[id] = group
		return []any{id, group, r.text(2), r.id(3), r.time(4)}
	})
}

// copyStatuses copies who has seen a message. Of doubled rows one that has seen it
// counts.
func (c *copier) copyStatuses(ch *chat) error {
	table, message := ch.kind+"_msg_status", ch.kind+"_msg_id"
	seen := map[pair]bool{}
	err := c.each(table, message+", user_id, seen", "id", func(r row) error {
		p := pair{r.id(0), r.id(1)}
		seen[p] = seen[p] || r.flag(2) == 1
		return nil
	})
	if err != nil {
		return err
	}
	written := map[pair]bool{}
	columns := "id, user_id, " + ch.kind + "_id, " + message + ", seen"
	return c.table(table, columns, "", columns, func(r row) []any {
		id, p := r.id(0), pair{r.id(3), r.id(1)}
		group := ch.msgs[p.a]
		switch {
		case group == 0:
			return c.left(table, "of no message", id)
		case !ch.members[pair{group, p.b}]:
			return c.left(table, "of someone who is not a member", id)
		case written[p]:
			return c.left(table, "there twice", id)
		}
		written[p] = true
		return []any{id, p.b, group, p.a, seen[p]}
	})
}
