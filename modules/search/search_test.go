package search_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/search"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// world is a board's world with a search, and friends of the owner.
type world struct {
	*boardtest.World
	*search.Module
}

func newWorld(t *testing.T, uri string) *world {
	t.Helper()
	w := &world{World: boardtest.New(t, uri)}
	w.Module = boardtest.Feature[*search.Module](w.World)
	return w
}

func (w *world) befriend(t *testing.T, a, b accounts.Actor) {
	t.Helper()
	for by, to := range map[accounts.Actor]string{a: b.Name, b: a.Name} {
		if _, err := w.Friends.Send(t.Context(), by, to); err != nil {
			t.Fatal(err)
		}
	}
}

// finds returns the results of a search, in short.
func (w *world) finds(t *testing.T, by accounts.Actor, text string) []string {
	t.Helper()
	hits, err := w.Find(t.Context(), by, text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	all := []string{}
	for _, h := range hits {
		all = append(all, fmt.Sprintf("%s %s %s %v", h.Type, h.Name, h.URLPath, h.CanBefriend))
	}
	return all
}

func TestFind(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		w.MakeProject(t, "a_board", false)
		w.MakeProject(t, "axboard", false)
		if _, err := w.Projects.Create(t.Context(), w.Admin, projects.Draft{Name: "boards-of-adam"}); err != nil {
			t.Fatal(err)
		}
		board := accounts.MakeUser(t, w.DB, "boarder")
		accounts.MakeUnverifiedUser(t, w.DB, "unborn")
		w.befriend(t, w.Owner, board)
		w.befriend(t, w.Owner, w.Admin)
		own := func(owner, name string) string {
			return "project " + owner + "/" + name + " /" + owner + "/" + name + " false"
		}
		for _, tt := range []struct {
			by   accounts.Actor
			text string
			want []string
		}{
			{w.Owner, "BOARD", []string{own("olive", "a_board"), own("olive", "axboard"), own("olive", "board"), "user boarder /boarder false"}},
			{w.Admin, "board", []string{own("adam", "boards-of-adam"), own("olive", "a_board"), own("olive", "axboard"), own("olive", "board")}},
			{w.Stranger, "board", nil},
			{w.Stranger, "Olive", []string{"user olive /new-friend?name=olive true"}},
			{w.Owner, "adam", []string{"user adam /adam false"}},
			{w.Owner, " steve ", []string{"user steve /new-friend?name=steve true"}},
			{w.Owner, "stev", nil},
			{w.Owner, "olive", nil},
			{w.Owner, "unborn", nil},
			{w.Owner, "steve@example.org", nil},
			{w.Owner, "a_b", []string{own("olive", "a_board")}},
			{w.Owner, "%", nil},
			{w.Owner, "!", nil},
			{w.Owner, "_", []string{own("olive", "a_board")}},
			{w.Owner, `\`, nil},
			{w.Owner, "'", nil},
			{w.Owner, "", nil},
			{w.Owner, "  ", nil},
			{w.Owner, "board\x00", nil},
			{w.Owner, "d\x00x", nil},
			{w.Owner, "b\xff", nil},
			{w.Owner, strings.Repeat("b", 10_000), nil},
			{w.Owner, "🙂", nil},
		} {
			if got := w.finds(t, tt.by, tt.text); !slices.Equal(got, tt.want) && len(got)+len(tt.want) > 0 {
				t.Errorf("%s looks for %.20q: %q, want %q", tt.by.Name, tt.text, got, tt.want)
			}
		}
		if _, err := w.Find(t.Context(), w.Nobody, "board"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a visitor searches: %v", err)
		}
	})
}

// TestLimits: twenty results of a source, 32 characters, thirty searches at once.
func TestLimits(t *testing.T) {
	w := newWorld(t, testenv.MigratedSQLite(t))
	for i := range 21 {
		if i >= 19 {
			if n := len(w.finds(t, w.Owner, "many")); n != min(i, 20) {
				t.Errorf("%d hits of %d projects", n, i)
			}
		}
		w.MakeProject(t, fmt.Sprintf("many-%d", i), true)
	}
	if n := len(w.finds(t, w.Owner, "many")); n != 20 {
		t.Errorf("%d hits of 21 projects, want 20", n)
	}
	for i := range 21 {
		friend := accounts.MakeUser(t, w.DB, fmt.Sprintf("pal-%02d", i))
		for _, pair := range [][2]accounts.Actor{{w.Owner, friend}, {friend, w.Owner}} {
			if _, err := w.Friends.Send(t.Context(), pair[0], pair[1].Name); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(w.finds(t, w.Owner, "pal-")); n != min(i+1, 20) {
			t.Errorf("%d hits of %d friends", n, i+1)
		}
	}
	long := strings.Repeat("x", 32)
	w.MakeProject(t, long, true)
	if n := len(w.finds(t, w.Owner, long)); n != 1 {
		t.Errorf("a name of 32 characters has %d hits", n)
	}
	if n := len(w.finds(t, w.Owner, long+"x")); n != 0 {
		t.Errorf("33 characters have %d hits", n)
	}
	deps := w.Deps
	deps.RateLimit = true
	now := time.Unix(1_000_000, 0)
	deps.Now = func() time.Time { return now }
	limited := search.New(deps, w.Projects, w.Lists.Service, w.Cards)
	limited.Connect([]module.Module{w.Friends, w.Projects})
	for i := range 31 {
		_, err := limited.Find(t.Context(), w.Owner, "many")
		if refused := errs.KindOf(err) == errs.RateLimited; refused != (i == 30) {
			t.Errorf("search %d: %v", i+1, err)
		}
	}
	now = now.Add(200 * time.Millisecond)
	if _, err := limited.Find(t.Context(), w.Owner, "many"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

// With 100,000 people and as many projects, every query of a search uses an
// index, according to the query plans of the databases.
func TestSearchUsesIndexes(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		w.befriend(t, w.Owner, w.Stranger)
		w.multiply(t, 100_000)
		var asked statements
		asked.watch(t, w.DB)
		if got := w.finds(t, w.Owner, "user77777"); !slices.Equal(got, []string{"user user77777 /new-friend?name=user77777 true"}) {
			t.Errorf("found %q", got)
		}
		if got := w.finds(t, w.Reader, "board"); len(got) != 1 {
			t.Errorf("found %q", got)
		}
		before := len(asked.all)
		w.everything(t, w.Reader, w.Project.ID, "boar card")
		if n := len(asked.all) - before; n > 12 {
			t.Errorf("a search took %d statements", n)
		}
		if len(asked.all) < 6 {
			t.Fatalf("%d statements were seen", len(asked.all))
		}
		for _, s := range asked.all {
			for _, step := range w.plan(t, s) {
				if step.scans {
					t.Errorf("%s\nreads a whole table: %s", s.sql, step.text)
				}
			}
		}
		// The check works: a part of a name has no index.
		bad := w.plan(t, statement{sql: "SELECT * FROM project WHERE name LIKE '%x%'"})
		if !slices.ContainsFunc(bad, func(s step) bool { return s.scans }) {
			t.Errorf("a search through everything has the plan %v", bad)
		}
	})
}

// numbers is a table, in SQL, of the numbers n from 0 below limit, up to 100,000.
func (w *world) numbers(limit int) string {
	digits := "(SELECT 0 d" + strings.Repeat(" UNION ALL SELECT %d", 9) + ")"
	digits = fmt.Sprintf(digits, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	return fmt.Sprintf("(SELECT a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d AS n FROM %s a, %s b, %s c, %s e, %s f WHERE a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d < %d) numbers", digits, digits, digits, digits, digits, limit)
}

// multiply fills the database with people who own a project each, and work in
// another one.
func (w *world) multiply(t *testing.T, n int) {
	t.Helper()
	numbers := w.numbers(100_000)
	text := func(prefix string) string {
		if w.DB.Dialect() == db.MySQL {
			return "CONCAT('" + prefix + "', n)"
		}
		return "'" + prefix + "' || n"
	}
	for _, sql := range []string{
		"INSERT INTO `user` (id, name, email, avatar_url, small_avatar_url, profile_desc, password_hash, private, email_private, stay_logged_in," +
			" block_all_friendship_requests, sign_up_complete, created_at)" +
			" SELECT n + 1000, " + text("user") + ", " + text("u@") + ", '', '', '', '', FALSE, TRUE, FALSE, FALSE, TRUE, '2026-01-01 00:00:00' FROM " + numbers,
		"INSERT INTO project (name, owner_id, owner_name, project_desc, visibility, invite_code, invite_as_admin_code)" +
			" SELECT 'board', n + 1000, " + text("user") + ", '', 'private', " + text("r") + ", " + text("w") + " FROM " + numbers,
		"INSERT INTO project_collaborator_link (project_id, user_id, user_role)" +
			" SELECT p.id, u.id, 'admin' FROM project p JOIN `user` u ON u.id = p.owner_id + 1 WHERE p.owner_id >= 1000",
		"INSERT INTO search_card (card_id, project_id, words) SELECT id, id, ' board card' FROM project",
		"INSERT INTO search_word (project_id, field, word, card_id) SELECT id, 0, 'board', id FROM project",
		"INSERT INTO search_word (project_id, field, word, card_id) SELECT id, 0, 'card', id FROM project",
	} {
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(sql).Error })
		if err != nil {
			t.Fatal(err)
		}
	}
	analyse := "ANALYZE"
	if w.DB.Dialect() == db.MySQL {
		analyse = "ANALYZE TABLE `user`, project, project_collaborator_link, friendship, search_card, search_word"
	}
	pool, err := w.DB.Pool()
	if err == nil {
		_, err = pool.ExecContext(t.Context(), analyse)
	}
	if err != nil {
		t.Fatal(err)
	}
	var count int
	if err := w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM project").Scan(&count).Error; err != nil || count < n {
		t.Fatalf("%d projects, %v", count, err)
	}
}

// statement is a query as a repository asked it.
type statement struct {
	sql  string
	vars []any
}

// statements are all that were asked since watch.
type statements struct {
	mu  sync.Mutex
	all []statement
}

func (s *statements) watch(t *testing.T, d *db.DB) {
	t.Helper()
	note := func(g *gorm.DB) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all = append(s.all, statement{g.Statement.SQL.String(), slices.Clone(g.Statement.Vars)})
	}
	callbacks := d.From(t.Context()).Callback()
	for _, err := range []error{
		callbacks.Query().After("gorm:query").Register("test:note", note),
		callbacks.Row().After("gorm:row").Register("test:note", note),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// step is one line of a plan.
type step struct {
	text  string
	scans bool
}

var scanOfTable = regexp.MustCompile(`^SCAN `)

// ofStatement are the names that statements give to results of their own, which they
// read whole.
var ofStatement = regexp.MustCompile(`^(?:SCAN )?(?:<\w+,?.*>|a|b|c|m|some|CONSTANT ROW|\(.*\))(?: |$)`)

// plan asks the database how it would run a statement.
func (w *world) plan(t *testing.T, s statement) []step {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN "
	if w.DB.Dialect() == db.MySQL {
		explain = "EXPLAIN "
	}
	var rows []map[string]any
	if err := w.DB.From(t.Context()).Session(&gorm.Session{NewDB: true, SkipHooks: true}).Raw(explain+s.sql, s.vars...).Scan(&rows).Error; err != nil {
		t.Fatalf("%s%s: %v", explain, s.sql, err)
	}
	var all []step
	for _, r := range rows {
		if detail, ok := r["detail"].(string); ok {
			all = append(all, step{detail, scanOfTable.MatchString(detail) && !ofStatement.MatchString(detail)})
			continue
		}
		kind, rowsRead := fmt.Sprintf("%s", r["type"]), fmt.Sprintf("%v", r["rows"])
		all = append(all, step{fmt.Sprintf("%s %s %s, %s rows", r["table"], kind, r["key"], rowsRead), (kind == "ALL" || kind == "index") && !ofStatement.MatchString(fmt.Sprintf("%s", r["table"]))})
	}
	return all
}
