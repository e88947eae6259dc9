// Command crowd adds people to the data of `taskstack demo`, for bench/chat: groups of
// the sizes given, and a person called friendly, in no group, who has exchanged
// messages with friends. All have the password of the demo. It prints the ids of the groups, in their order.
//
//	go run ./internal/crowd -db data/taskstack.db -groups 50,500 -friends 30
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"taskstack.org/platform/db"
)

func main() {
	file := flag.String("db", "", "the SQLite file")
	groups := flag.String("groups", "50,500", "how many members groups have")
	friends := flag.Int("friends", 30, "how many friends friendly has")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *file, *groups, *friends); err != nil {
		fmt.Fprintln(os.Stderr, "crowd:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, file, groups string, friends int) error {
	var sizes []int
	most := friends
	for text := range strings.SplitSeq(groups, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		sizes, most = append(sizes, n), max(most, n)
	}
	d, err := db.Open(ctx, db.Options{Dialect: db.SQLite, DSN: file})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }() // it only reads from here on
	var ids []string
	err = d.InTx(ctx, func(ctx context.Context) error {
		c := crowd{d, ctx}
		if err := c.people(most); err != nil {
			return err
		}
		for i, n := range sizes {
			id := 1_000_000 + i
			ids = append(ids, strconv.Itoa(id))
			if err := c.group(id, n); err != nil {
				return err
			}
		}
		return c.friends(friends)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, strings.Join(ids, " "))
	return err
}

// crowd is a transaction that adds people.
type crowd struct {
	db  *db.DB
	ctx context.Context
}

func (c crowd) exec(query string, args ...any) error {
	return c.db.From(c.ctx).Exec(query, args...).Error
}

// numbers are 1 to n, in a statement that begins with it.
const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "

// people adds member1 to membern, and friendly, as dmitri is.
func (c crowd) people(n int) error {
	return c.exec(`INSERT INTO user (name, email, avatar_url, small_avatar_url, profile_desc, password_hash, private, email_private, stay_logged_in, block_all_friendship_requests, sign_up_complete, created_at) `+numbers+`
SELECT CASE WHEN i = 0 THEN 'friendly' ELSE 'member' || i END, 'member' || i || '@example.org', avatar_url, small_avatar_url, '', password_hash, private, email_private, stay_logged_in, block_all_friendship_requests, sign_up_complete, created_at
FROM (SELECT i FROM n UNION ALL SELECT 0), user WHERE user.name = 'dmitri'`, n)
}

// group adds a group of the first n people.
func (c crowd) group(id, n int) error {
	if err := c.exec("INSERT INTO chat_group (id, name) VALUES (?, ?)", id, fmt.Sprintf("group of %d", n)); err != nil {
		return err
	}
	return c.exec("INSERT INTO chat_group_member_link (chat_group_id, user_id, user_role) "+numbers+`
SELECT ?, user.id, 'admin' FROM n JOIN user ON user.name = 'member' || i`, n, id)
}

// friends makes the first n people friends of friendly, each with a chat of 20
// messages.
func (c crowd) friends(n int) error {
	for _, query := range []string{
		numbers + "INSERT INTO friendship (user_id, friend_id) SELECT a.id, b.id FROM n JOIN user a ON a.name = 'friendly' JOIN user b ON b.name = 'member' || i",
		numbers + "INSERT INTO friendship (user_id, friend_id) SELECT b.id, a.id FROM n JOIN user a ON a.name = 'friendly' JOIN user b ON b.name = 'member' || i",
		numbers + "INSERT INTO chat_pair (id, rev) SELECT 1000000 + i, 20 FROM n",
		numbers + "INSERT INTO chat_pair_link (user_id, friend_id, pair_id, read_rev) SELECT a.id, b.id, 1000000 + i, i % 3 + 18 FROM n JOIN user a ON a.name = 'friendly' JOIN user b ON b.name = 'member' || i",
		numbers + "INSERT INTO chat_pair_link (user_id, friend_id, pair_id, read_rev) SELECT b.id, a.id, 1000000 + i, 20 FROM n JOIN user a ON a.name = 'friendly' JOIN user b ON b.name = 'member' || i",
		numbers + `, m (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM m WHERE k < 20)
INSERT INTO msg (pair_id, from_id, to_id, content, datetime, seen, num, rev) SELECT 1000000 + i, b.id, a.id, 'message ' || k, '2026-11-01 10:00:00', 0, k, k
FROM n, m JOIN user a ON a.name = 'friendly' JOIN user b ON b.name = 'member' || i`,
	} {
		if err := c.exec(query, n); err != nil {
			return err
		}
	}
	return nil
}
