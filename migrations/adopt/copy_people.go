package adopt

import (
	"cmp"
	"slices"
)

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
