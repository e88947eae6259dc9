package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/profiles"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/storage"
)

// idColumns are the columns whose names do not say whether they hold the id of
// a person, and whether they do. The others are id, and the name of a table with
// _id. A module names its own in its testdata/examples.json.
var idColumns = map[string]bool{
	"owner_id": true, "friend_id": true, "from_id": true, "to_id": true, "removed_by": true, "replaced_by": true, "added_by": true,

	"event_id": false, "request_id": false, "item_id": false, "action_id": false, "mail_id": false, "server_id": false,
	"email_verification_case_id": false, "reset_password_case_id": false, "case_id": false,
}

// marks are ids that may stay in other people's projects (decision 0008): they
// say that it was one person, and no longer which. Everything else is cleared.
var marks = []string{"text_version.replaced_by", "project_action.user_id", "board_presence.user_id"}

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
	owned := ownedTables(l.t)
	return slices.DeleteFunc(tables, func(name string) bool {
		return strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "schema_") || !owned[name]
	})
}

var tablesOwned = regexp.MustCompile(`Tables owned: ([^.]+)\.`)

// ownedTables are the tables of the modules and packages that there are. Databases
// also have those of removed ones, which nothing fills or empties.
func ownedTables(t *testing.T) map[string]bool {
	t.Helper()
	owned := map[string]bool{}
	for _, pattern := range []string{"../../modules/*/doc.go", "../../platform/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if m := tablesOwned.FindSubmatch(bytes.ReplaceAll(text, []byte("\n//"), nil)); m != nil {
				for table := range strings.FieldsFuncSeq(string(m[1]), func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
					owned[table] = true
				}
			}
		}
	}
	return owned
}

// personColumns are the columns of a table that hold people's ids.
func (l *leaver) personColumns(table string) []string {
	l.t.Helper()
	types, err := l.db.From(l.t.Context()).Migrator().ColumnTypes(table)
	l.must(err)
	var people []string
	for _, c := range types {
		name := c.Name()
		isPerson, known := l.holdsPerson(name)
		if looksLikeID := name == "id" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_by"); looksLikeID && !known {
			l.t.Errorf("%s.%s: does it hold the id of a person? Say so in \"idColumns\" of the module's testdata/examples.json, and clear it when the account is deleted", table, name)
		}
		if isPerson && !slices.Contains(marks, table+"."+name) {
			people = append(people, name)
		}
	}
	return people
}

// holdsPerson reports whether a column holds the id of a person, and whether
// that is known.
func (l *leaver) holdsPerson(column string) (isPerson, known bool) {
	if table, ok := strings.CutSuffix(column, "_id"); ok && slices.Contains(l.tables(), table) {
		return table == "user", true
	}
	if isPerson, known = idColumns[column]; known {
		return isPerson, true
	}
	isPerson, known = boardtest.ReadExamples(l.t, "../../modules", l.modules.All()).IDColumns[column]
	return isPerson, known || column == "id"
}

// objects are the stored files after the job that deletes files has run.
func (l *leaver) objects() (keys []string) {
	l.t.Helper()
	_, err := l.app.objects.DeleteDue(l.t.Context())
	l.must(err)
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
	newOwners := []profiles.NewOwner{{ProjectID: l.kept.ID, Name: "ben"}, {ProjectID: l.shared.ID}}
	return feature[*profiles.Module](l.t, l.app).DeleteAccount(l.t.Context(), l.ana, profiles.Deletion{Password: demoPassword, Name: &name, NewOwners: newOwners, Complete: true})
}

func TestNothingOfADeletedAccountRemains(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		l := newLeaver(t, uri)
		l.actEverywhere()
		before := l.objects()
		for _, at := range l.rowsOf(l.ana.UserID) {
			if at.rows == 0 {
				t.Errorf("she has nothing in %s, so that nothing is proved of it: fill it by actsOf in cmd/taskstack/⟨module⟩_test.go", at.column)
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
		if _, err := l.modules.Accounts.ByName(t.Context(), "ana"); err == nil {
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
		id, _, err := l.modules.Lists.Create(ctx, projects.By(l.ana, p.ID), lists.Draft{Name: "hers"})
		l.must(err)
		return id
	}
	first, second := list(), list()
	var made []int64
	for range 3 {
		id, _, err := l.modules.Cards.Create(ctx, projects.By(l.ana, p.ID), first, cards.Draft{Name: "hers", Members: []int64{l.ana.UserID, l.ben.UserID}})
		l.must(err)
		made = append(made, id)
	}
	_, err := l.modules.Cards.Edit(ctx, projects.By(l.ana, p.ID), made[0], cards.Edit{Name: "edited", Desc: "d"})
	l.must(err)
	_, err = l.modules.Cards.MoveMany(ctx, projects.By(l.ana, p.ID), made, second, 0)
	l.must(err)
	for _, id := range made[1:] {
		_, err = l.modules.Cards.Delete(ctx, projects.By(l.ana, p.ID), id)
		l.must(err)
	}
	_, err = l.modules.Cards.Archive(ctx, projects.By(l.ana, p.ID), made[0])
	l.must(err)
	_, err = l.modules.Lists.Delete(ctx, projects.By(l.ana, p.ID), first)
	l.must(err)
	_, err = l.modules.Lists.Archive(ctx, projects.By(l.ana, p.ID), second)
	l.must(err)
	l.must(l.modules.Auth.Logins.EndOtherLogins(ctx, l.ana, auth.RequestInfo{}))
	_, err = l.modules.Projects.AddFriend(ctx, projects.By(l.ana, l.kept.ID), "farid", projects.RoleAdmin)
	l.must(err)
	l.writeTheRest()
	for _, act := range ofFeatures {
		act(l, p)
	}
}

// ofFeatures are what features add to actEverywhere; see actsOf.
var ofFeatures []func(l *leaver, p projects.Project)

// actsOf adds what a feature does for ana on a board that others keep, so that she is
// in every table of the feature that names people. A feature calls it in a file of its own,
// cmd/taskstack/⟨feature⟩_test.go:
//
//	var _ = actsOf(func(l *leaver, p projects.Project) { … })
func actsOf(act func(l *leaver, p projects.Project)) bool {
	ofFeatures = append(ofFeatures, act)
	return true
}

// row is a row of a table.
type row struct {
	table  string
	values map[string]any
}

// write writes rows of what takes long to come by otherwise.
func (l *leaver) write(rows ...row) {
	l.t.Helper()
	l.must(l.db.InTx(l.t.Context(), func(ctx context.Context) error {
		for _, r := range rows {
			if err := l.db.From(ctx).Table(r.table).Create(r.values).Error; err != nil {
				return fmt.Errorf("%s: %w", r.table, err)
			}
		}
		return nil
	}))
}

func (l *leaver) writeTheRest() {
	l.t.Helper()
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"file_use_person", map[string]any{"user_id": id, "bytes": 1, "files": 1, "counted_at": at}},
		row{"project_opened", map[string]any{"project_id": l.kept.ID, "user_id": l.ana.UserID, "until": l.app.now().UTC().Truncate(time.Second)}},
		row{"login", map[string]any{"id": "l", "user_id": id, "token": "t", "device": "", "address": "", "created_at": at, "last_seen_at": at, "ends_at": at, "persistent": false}},
		row{"half_login", map[string]any{"id": "h", "user_id": id, "persistent": false, "ends_at": at}},
		row{"password_reset", map[string]any{"user_id": id, "case_id": "c", "code_hash": "h", "attempts": 0, "created_at": at}},
		row{"second_factor", map[string]any{"user_id": id, "secret": "s", "confirmed_at": at, "last_step": 0}},
		row{"recovery_code", map[string]any{"user_id": id, "code_hash": "h"}},
		row{"suspension", map[string]any{"user_id": id, "created_at": at}},
		row{"friendship_request_unheard", map[string]any{"from_id": id, "to_id": l.ben.UserID, "datetime": at}},
		row{"user_block", map[string]any{"user_id": id, "blocked_id": l.ben.UserID, "created_at": at}},
		row{"user_block", map[string]any{"user_id": l.ben.UserID, "blocked_id": id, "created_at": at}},
		row{"friendship_request_unheard", map[string]any{"from_id": l.ben.UserID, "to_id": id, "datetime": at}},
	)
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
		in, err := l.modules.Projects.Access(t.Context(), l.ben, l.kept.ID)
		l.must(err)
		if in.Role != projects.RoleOwner || in.OwnerName != "ben" {
			t.Errorf("the kept board is %s's, ben is %s", in.OwnerName, in.Role)
		}
		if got := l.listsOf(l.ben, l.kept.ID); got != lists {
			t.Errorf("the kept board has\n%s\nand had\n%s", got, lists)
		}
		if friends, err := l.modules.Friends.Of(t.Context(), l.ben.UserID); err != nil || len(friends) != 2 || friends[0].Name != "chloe" || friends[1].Name != "greta" {
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
		delete := func(password string, name *string, newOwners ...profiles.NewOwner) error {
			return feature[*profiles.Module](l.t, l.app).DeleteAccount(t.Context(), l.ana, profiles.Deletion{Password: password, Name: name, NewOwners: newOwners, Complete: true})
		}
		both := []profiles.NewOwner{{ProjectID: l.kept.ID, Name: "ben"}, {ProjectID: l.shared.ID}}
		for what, err := range map[string]error{
			"a wrong password":               delete("wrong horse", &name, both...),
			"another name":                   delete(demoPassword, &wrong, both...),
			"a board left undecided":         delete(demoPassword, &name, both[0]),
			"a new owner without an account": delete(demoPassword, &name, profiles.NewOwner{ProjectID: l.kept.ID, Name: "nobody"}, both[1]),
			"a new owner who is a stranger":  delete(demoPassword, &name, profiles.NewOwner{ProjectID: l.shared.ID, Name: "chloe"}, both[0]),
			"a board of others":              delete(demoPassword, &name, profiles.NewOwner{ProjectID: 2, Name: "ben"}, both[0], both[1]),
			"a board there is not":           delete(demoPassword, &name, profiles.NewOwner{ProjectID: 1 << 40, Name: "ben"}, both[0], both[1]),
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
