package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/profiles"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/storage"
)

// idColumns says of every column that may hold somebody's id whether it does.
// A new one that is not named here fails the test: think of who removes it.
var idColumns = map[string]bool{
	"user_id": true, "owner_id": true, "friend_id": true, "from_id": true, "to_id": true, "removed_by": true, "replaced_by": true,

	"id": false, "project_id": false, "list_id": false, "card_id": false, "event_id": false, "request_id": false, "item_id": false,
	"chat_group_id": false, "chat_group_msg_id": false, "project_chat_group_id": false, "project_chat_group_msg_id": false,
	"email_verification_case_id": false, "reset_password_case_id": false, "case_id": false, "action_id": false, "mail_id": false,
	"server_id": false,
}

// marks are ids that may stay in other people's projects (decision 0008): they
// say that it was one person, and no longer which. Everything else is cleared.
var marks = []string{"text_version.replaced_by", "project_action.user_id", "board_presence.user_id"}

// leaver is the program with people of the demo, of whom ana is to leave: she
// owns three boards, works on others, has friends, a picture and attachments.
type leaver struct {
	*app
	t            *testing.T
	ana          accounts.Actor
	ben          accounts.Actor
	kept, shared projects.Project
}

func newLeaver(t *testing.T, uri string) *leaver {
	t.Helper()
	cfg, err := config.Load([]string{
		"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off", "TASKSTACK_DB_URI=" + uri,
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := demo(t.Context(), cfg, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &leaver{app: a, t: t}
	l.ana, l.ben = l.who("ana"), l.who("ben")
	// Beside those of the demo: there chloe and farid are her friends, greta has
	// asked her, and she has asked hanna.
	l.befriend("ana", "ben")
	l.ask("ana", "dmitri")
	board, err := a.domain.projects.Board(t.Context(), l.ana, "ana", "website-relaunch")
	l.must(err)
	l.kept = board.Project
	l.shared = l.boardOf(l.ana, "shared", l.ben)
	l.boardOf(l.ana, "alone")
	var pic bytes.Buffer
	l.must(png.Encode(&pic, image.NewNRGBA(image.Rect(0, 0, 80, 80))))
	_, err = a.domain.accounts.EditProfile(t.Context(), l.ana, accounts.ProfileEdit{Picture: pic.Bytes()})
	l.must(err)
	return l
}

func (l *leaver) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *leaver) who(name string) accounts.Actor {
	l.t.Helper()
	p, err := l.domain.accounts.ByName(l.t.Context(), name)
	l.must(err)
	return accounts.Actor{UserID: p.ID, Name: p.Name}
}

func (l *leaver) ask(from, to string) {
	l.t.Helper()
	_, err := l.domain.friends.Send(l.t.Context(), l.who(from), to)
	l.must(err)
}

// befriend lets two people ask each other.
func (l *leaver) befriend(a, b string) {
	l.t.Helper()
	l.ask(a, b)
	l.ask(b, a)
}

// boardOf makes a board with a list, a card and attachments; others work on it.
func (l *leaver) boardOf(owner accounts.Actor, name string, admins ...accounts.Actor) projects.Project {
	l.t.Helper()
	ctx := l.t.Context()
	p, err := l.domain.projects.Create(ctx, owner, projects.Draft{Name: name})
	l.must(err)
	for _, admin := range admins {
		_, _, err := l.domain.projects.Join(ctx, admin, p.InviteAsAdminCode)
		l.must(err)
	}
	attached := map[string][]byte{"plan.txt": []byte("plan of " + name)}
	listID, _, err := l.domain.lists.Create(ctx, owner, p.ID, lists.Draft{Name: "list", Files: attached})
	l.must(err)
	_, _, err = l.domain.cards.Create(ctx, owner, p.ID, listID, cards.Draft{Name: "card", Files: attached, Members: []int64{owner.UserID}})
	l.must(err)
	return p
}

// rows is everything in the database, by table, each row as text.
func (l *leaver) rows() map[string][]string {
	l.t.Helper()
	all := map[string][]string{}
	for _, table := range l.tables() {
		var rows []map[string]any
		l.must(l.db.From(l.t.Context()).Table(table).Find(&rows).Error)
		for _, row := range rows {
			all[table] = append(all[table], textOf(row))
		}
		slices.Sort(all[table])
	}
	return all
}

func textOf(row map[string]any) string {
	var text strings.Builder
	for _, column := range slices.Sorted(maps.Keys(row)) {
		value := row[column]
		if b, ok := value.([]byte); ok {
			value = string(b)
		}
		fmt.Fprintf(&text, "%s=%v ", column, value)
	}
	return text.String()
}

func (l *leaver) tables() []string {
	l.t.Helper()
	tables, err := l.db.From(l.t.Context()).Migrator().GetTables()
	l.must(err)
	return slices.DeleteFunc(tables, func(name string) bool {
		return strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "schema_")
	})
}

// personColumns are the columns of a table that hold people's ids.
func (l *leaver) personColumns(table string) []string {
	l.t.Helper()
	types, err := l.db.From(l.t.Context()).Migrator().ColumnTypes(table)
	l.must(err)
	var people []string
	for _, c := range types {
		name := c.Name()
		isPerson, known := idColumns[name]
		if looksLikeID := name == "id" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_by"); looksLikeID && !known {
			l.t.Errorf("%s.%s: does it hold somebody's id? Say so in idColumns, and see that it goes with the account", table, name)
		}
		if isPerson && !slices.Contains(marks, table+"."+name) {
			people = append(people, name)
		}
	}
	return people
}

func (l *leaver) objects() (keys []string) {
	l.t.Helper()
	files, err := storage.NewDir(l.cfg.UploadsDir())
	l.must(err)
	defer func() { l.must(files.Close()) }()
	l.must(files.List(context.Background(), "", func(o storage.Info) error { keys = append(keys, o.Key); return nil }))
	return keys
}

// leave deletes ana's account: one board goes to ben, all others with her.
func (l *leaver) leave() error {
	l.t.Helper()
	name := "ana"
	heirs := []profiles.Heir{{ProjectID: l.kept.ID, Name: "ben"}, {ProjectID: l.shared.ID}}
	return l.domain.profiles.DeleteAccount(l.t.Context(), l.ana, accounts.Deletion{Password: demoPassword, Name: &name}, heirs, true)
}

func TestNothingOfADeletedAccountRemains(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		l := newLeaver(t, uri)
		l.actEverywhere()
		before := l.objects()
		for _, at := range l.rowsOf(l.ana.UserID) {
			if at.rows == 0 {
				t.Errorf("she has nothing in %s, so that nothing is proved of it", at.column)
			}
		}
		l.must(l.leave())
		for _, at := range l.rowsOf(l.ana.UserID) {
			if at.rows > 0 {
				t.Errorf("%d rows still have her in %s", at.rows, at.column)
			}
		}
		// Two sizes of the picture, and the files of two boards' lists and cards.
		if after := l.objects(); len(before)-len(after) != 2+4 {
			t.Errorf("%d objects before, %d after", len(before), len(after))
		}
		if _, err := l.domain.accounts.ByName(t.Context(), "ana"); err == nil {
			t.Error("she can still be found")
		}
	})
}

type inColumn struct {
	column string
	rows   int64
}

// rowsOf is how many rows have a person's id, by table and column.
func (l *leaver) rowsOf(userID int64) (all []inColumn) {
	l.t.Helper()
	for _, table := range l.tables() {
		for _, column := range l.personColumns(table) {
			at := inColumn{column: table + "." + column}
			l.must(l.db.From(l.t.Context()).Table(table).Where(column+" = ?", userID).Count(&at.rows).Error)
			all = append(all, at)
		}
	}
	return all
}

// actEverywhere lets ana do everything once, on a board that others keep.
func (l *leaver) actEverywhere() {
	l.t.Helper()
	ctx := l.t.Context()
	p := l.boardOf(l.ben, "theirs", l.ana)
	list := func() int64 {
		id, _, err := l.domain.lists.Create(ctx, l.ana, p.ID, lists.Draft{Name: "hers"})
		l.must(err)
		return id
	}
	first, second := list(), list()
	var made []int64
	for range 3 {
		id, _, err := l.domain.cards.Create(ctx, l.ana, p.ID, first, cards.Draft{Name: "hers", Members: []int64{l.ana.UserID, l.ben.UserID}})
		l.must(err)
		made = append(made, id)
	}
	_, err := l.domain.cards.Edit(ctx, l.ana, p.ID, made[0], cards.Edit{Name: "edited", Desc: "d"})
	l.must(err)
	_, err = l.domain.cards.MoveMany(ctx, l.ana, p.ID, made, second, 0)
	l.must(err)
	for _, id := range made[1:] {
		_, err = l.domain.cards.Delete(ctx, l.ana, p.ID, id)
		l.must(err)
	}
	_, err = l.domain.cards.Archive(ctx, l.ana, p.ID, made[0])
	l.must(err)
	_, err = l.domain.lists.Delete(ctx, l.ana, p.ID, first)
	l.must(err)
	_, err = l.domain.lists.Archive(ctx, l.ana, p.ID, second)
	l.must(err)
	l.must(l.domain.accounts.EndOtherLogins(ctx, l.ana, accounts.Visit{}))
	_, err = l.domain.chats.Activate(ctx, l.ben, p.ID)
	l.must(err)
	l.writeTheRest(p)
}

// writeTheRest writes rows of what takes long to come by otherwise.
func (l *leaver) writeTheRest(p projects.Project) {
	l.t.Helper()
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.must(l.db.InTx(l.t.Context(), func(ctx context.Context) error {
		for _, row := range []struct {
			table  string
			values map[string]any
		}{
			{"login", map[string]any{"id": "l", "user_id": id, "token": "t", "device": "", "address": "", "created_at": at, "last_seen_at": at, "ends_at": at, "persistent": false}},
			{"half_login", map[string]any{"id": "h", "user_id": id, "persistent": false, "ends_at": at}},
			{"password_reset", map[string]any{"user_id": id, "case_id": "c", "code_hash": "h", "attempts": 0, "created_at": at}},
			{"second_factor", map[string]any{"user_id": id, "secret": "s", "confirmed_at": at, "last_step": 0}},
			{"recovery_code", map[string]any{"user_id": id, "code_hash": "h"}},
			{"suspension", map[string]any{"user_id": id, "created_at": at}},
			{"friendship_request_unheard", map[string]any{"from_id": id, "to_id": l.ben.UserID, "datetime": at}},
			{"friendship_request_unheard", map[string]any{"from_id": l.ben.UserID, "to_id": id, "datetime": at}},
			{"msg", map[string]any{"content": "x", "from_id": id, "to_id": l.ben.UserID, "datetime": at, "seen": false}},
			{"msg", map[string]any{"content": "x", "from_id": l.ben.UserID, "to_id": id, "datetime": at, "seen": false}},
			{"chat_group", map[string]any{"id": 900, "name": "g"}},
			{"chat_group_member_link", map[string]any{"chat_group_id": 900, "user_id": id, "user_role": "admin"}},
			{"chat_group_member_link", map[string]any{"chat_group_id": 900, "user_id": l.ben.UserID, "user_role": "default"}},
			{"chat_group_msg", map[string]any{"id": 900, "chat_group_id": 900, "content": "x", "from_id": id, "datetime": at}},
			{"chat_group_msg", map[string]any{"id": 901, "chat_group_id": 900, "content": "x", "from_id": l.ben.UserID, "datetime": at}},
			{"chat_group_msg_status", map[string]any{"user_id": id, "chat_group_id": 900, "chat_group_msg_id": 901, "seen": false}},
		} {
			if err := l.db.From(ctx).Table(row.table).Create(row.values).Error; err != nil {
				return fmt.Errorf("%s: %w", row.table, err)
			}
		}
		for _, by := range []int64{id, l.ben.UserID} {
			err := l.db.From(ctx).Exec(`INSERT INTO project_chat_group_msg (project_chat_group_id, content, from_id, datetime)
SELECT id, 'x', ?, ? FROM project_chat_group WHERE project_id = ?`, by, at, p.ID).Error
			if err != nil {
				return err
			}
		}
		return l.db.From(ctx).Exec(`INSERT INTO project_chat_group_msg_status (user_id, project_chat_group_id, project_chat_group_msg_id, seen)
SELECT ?, project_chat_group_id, id, ? FROM project_chat_group_msg WHERE from_id = ?`, id, false, l.ben.UserID).Error
	}))
}

// TestNothingOfOthersIsTouched compares what people other than ana see.
func TestNothingOfOthersIsTouched(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		l := newLeaver(t, uri)
		own := l.boardOf(l.ben, "own", l.who("hanna"))
		l.befriend("ben", "chloe")
		lists := l.listsOf(l.ben, l.kept.ID)
		before := l.rows()
		l.must(l.leave())
		after := l.rows()

		// A board she had nothing to do with is as it was, to the last row.
		for table, rows := range before {
			for _, row := range rows {
				if strings.Contains(row, fmt.Sprintf("project_id=%d ", own.ID)) && !slices.Contains(after[table], row) {
					t.Errorf("%s lost or changed %s", table, row)
				}
			}
		}
		// The board she handed over is ben's, with everything on it.
		in, err := l.domain.projects.Access(t.Context(), l.ben, l.kept.ID)
		l.must(err)
		if in.Role != projects.RoleOwner || in.OwnerName != "ben" {
			t.Errorf("the kept board is %s's, ben is %s", in.OwnerName, in.Role)
		}
		if got := l.listsOf(l.ben, l.kept.ID); got != lists {
			t.Errorf("the kept board has\n%s\nand had\n%s", got, lists)
		}
		if friends, err := l.domain.friends.Of(t.Context(), l.ben.UserID); err != nil || len(friends) != 2 || friends[0].Name != "chloe" || friends[1].Name != "greta" {
			t.Errorf("ben's friends are %v (%v)", friends, err)
		}
		for _, name := range []string{"ben", "chloe", "dmitri", "hanna"} {
			if !slices.ContainsFunc(after["user"], func(row string) bool { return strings.Contains(row, " name="+name+" ") }) {
				t.Errorf("%s is gone", name)
			}
		}
	})
}

// listsOf is a board's lists and cards as text.
func (l *leaver) listsOf(by accounts.Actor, projectID int64) string {
	l.t.Helper()
	var text strings.Builder
	var rows []struct{ List, Card string }
	l.must(l.db.From(l.t.Context()).Raw(`SELECT list.name AS list, COALESCE(card.name, '') AS card FROM list
LEFT JOIN card ON card.list_id = list.id WHERE list.project_id = ? ORDER BY list.pos, card.pos`, projectID).Scan(&rows).Error)
	for _, r := range rows {
		fmt.Fprintln(&text, r.List, r.Card)
	}
	return text.String()
}

func TestADeletionThatCannotBeDoneChangesNothing(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		l := newLeaver(t, uri)
		before, objects := l.rows(), l.objects()
		name, wrong := "ana", "ben"
		delete := func(password string, name *string, heirs ...profiles.Heir) error {
			return l.domain.profiles.DeleteAccount(t.Context(), l.ana, accounts.Deletion{Password: password, Name: name}, heirs, true)
		}
		both := []profiles.Heir{{ProjectID: l.kept.ID, Name: "ben"}, {ProjectID: l.shared.ID}}
		for what, err := range map[string]error{
			"a wrong password":        delete("wrong horse", &name, both...),
			"another name":            delete(demoPassword, &wrong, both...),
			"a board left undecided":  delete(demoPassword, &name, both[0]),
			"an heir who is nobody":   delete(demoPassword, &name, profiles.Heir{ProjectID: l.kept.ID, Name: "nobody"}, both[1]),
			"an heir who is stranger": delete(demoPassword, &name, profiles.Heir{ProjectID: l.shared.ID, Name: "chloe"}, both[0]),
			"a board of others":       delete(demoPassword, &name, profiles.Heir{ProjectID: 2, Name: "ben"}, both[0], both[1]),
			"a board there is not":    delete(demoPassword, &name, profiles.Heir{ProjectID: 1 << 40, Name: "ben"}, both[0], both[1]),
		} {
			if err == nil {
				t.Errorf("%s: it was done", what)
			}
		}
		after := l.rows()
		for table := range before {
			if !slices.Equal(before[table], after[table]) {
				t.Errorf("%s has changed", table)
			}
		}
		if !slices.Equal(objects, l.objects()) {
			t.Error("objects are gone")
		}
	})
}
