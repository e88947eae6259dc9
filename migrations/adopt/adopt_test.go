package adopt

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/flaskdb"
	"taskstack.org/internal/testenv"
	"taskstack.org/migrations"
	"taskstack.org/platform/db"
	"taskstack.org/platform/migrate"
)

// flask returns a database of the Flask application.
func flask(t *testing.T, o flaskdb.Options) *sql.DB {
	t.Helper()
	if os.Getenv(testenv.OnlyVariable) == "sqlite" {
		t.Skip("the Flask application had MySQL only")
	}
	pool := emptyDatabase(t)
	if err := flaskdb.Make(t.Context(), pool, o); err != nil {
		t.Fatal(err)
	}
	return pool
}

func emptyDatabase(t *testing.T) *sql.DB {
	t.Helper()
	pool, err := testenv.Open(t, testenv.MariaDB(t), db.Options{}).Pool()
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func adoption(pool *sql.DB) *Adoption {
	return &Adoption{
		DB: pool, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) },
	}
}

// takeOver runs everything as `taskstack migrate` does.
func takeOver(t *testing.T, pool *sql.DB) *Report {
	t.Helper()
	a := adoption(pool)
	report, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if needed, err := a.Needed(t.Context()); needed || err != nil {
		t.Fatalf("needed afterwards: %v, %v", needed, err)
	}
	if err := migrate.Up(t.Context(), pool, migrate.MySQL, migrations.FS, a.Log); err != nil {
		t.Fatal(err)
	}
	return report
}

// query returns the rows of a query as texts, columns joined by "|".
func query(t *testing.T, pool *sql.DB, q string) []string {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer func() {
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = v.String
			if !v.Valid {
				texts[i] = "NULL"
			}
		}
		all = append(all, strings.Join(texts, "|"))
	}
	return all
}

func expect(t *testing.T, pool *sql.DB, q string, want ...string) {
	t.Helper()
	if got := query(t, pool, q); !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", q, got, want)
	}
}

// dump is every table with its definition and rows.
func dump(t *testing.T, pool *sql.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range query(t, pool, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()") {
		rows := query(t, pool, "SELECT * FROM `"+name+"`")
		slices.Sort(rows)
		all[name] = append(query(t, pool, "SHOW CREATE TABLE `"+name+"`"), rows...)
	}
	return all
}

// Every oddity of the contract, in each form in which live databases exist.
func TestOddities(t *testing.T) {
	for _, v := range flaskdb.Variants {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			pool := flask(t, flaskdb.Options{Variant: v})
			takeOver(t, pool)
			expect(t, pool, "SELECT id, name, email, profile_desc, sign_up_complete, email_pending_verification, email_verification_code, email_verification_sent_at FROM user ORDER BY id",
				"1|ana|ana@example.org|Grüße aus Köln|1|NULL|NULL|NULL",
				"2|Ben|ben@example.org||1|NULL|NULL|NULL", // an address change whose code was cut off
				"3|cleo|cleo@example.org||1|NULL|NULL|NULL",
				"4|dora|NULL||0|dora@example.org|codecode|2026-11-30T12:00:00Z",
				"5|eva|eva@example.org|naïve façade|1|NULL|NULL|NULL")
			expect(t, pool, "SELECT COUNT(DISTINCT password_hash), MIN(avatar_url LIKE 'https://%') FROM user", "1|1")
			expect(t, pool, "SELECT user_id, friend_id FROM friendship ORDER BY 1, 2", "1|2", "1|3", "2|1", "3|1")
			expect(t, pool, "SELECT id, from_id, to_id FROM friendship_request ORDER BY id", "2|5|1", "5|2|5")
			expect(t, pool, "SELECT id, from_id, to_id, LENGTH(content), seen FROM msg ORDER BY id", "1|1|2|5|1", "2|77|1|22|0", "3|2|1|1024|0")
			expect(t, pool, "SELECT id, name, owner_id, owner_name, visibility, invite_code, rev, title FROM project ORDER BY id",
				"1|garden|1|ana|public|AbCdEfGhIjKlMnOpQrStU1|0|garden",
				"2|Garden-2|1|ana|private|AbCdEfGhIjKlMnOpQrStU3|0|Garden-2",
				"3|house|2|Ben|friends|AbCdEfGhIjKlMnOpQrStU5|0|house",
				"4|empty|5|eva|private|AbCdEfGhIjKlMnOpQrStU7|0|empty")
			expect(t, pool, "SELECT id, project_id, user_id, user_role FROM project_collaborator_link ORDER BY id", "1|1|2|admin", "4|1|5|access-only", "5|3|1|admin")
			expect(t, pool, "SELECT id, project_id, name, pos FROM list ORDER BY id", "1|1|Ideas|0", "2|1|Doing|1", "3|1|Done|2", "4|3|Rooms|0", "9|3|Later|1")
			expect(t, pool, "SELECT id, list_id, name, pos, LENGTH(card_desc) FROM card ORDER BY id", "1|1|Sow|1|5", "2|1|Water|2|2048", "3|1|Weed|0|0", "4|2|Dig|0|0", "5|4|Paint|0|0")
			expect(t, pool, "SELECT id, name, url LIKE 'https://%/aaaa%' FROM list_attached_file ORDER BY id", "1|plan.pdf|1", "2|plan (3).pdf|1", "3|plan (2).pdf|1")
			expect(t, pool, "SELECT id, card_id, name, storage_key FROM card_attached_file ORDER BY id", "1|1|seeds.png|NULL", "2|1|Seeds.png|NULL", "3|2|seeds.png|NULL", "4|1|seeds (2).png|NULL")
			expect(t, pool, "SELECT id, card_id, user_id FROM card_user_assignment ORDER BY id", "1|1|2", "3|1|1", "5|5|1")
			expect(t, pool, "SELECT id, user_id, user_role FROM chat_group_member_link ORDER BY id", "1|1|admin", "2|2|admin", "4|5|default")
			expect(t, pool, "SELECT id, name, project_id FROM project_chat_group ORDER BY id", "2|ana/garden|1", "3|Ben/house|3")
			expect(t, pool, "SELECT project_chat_group_id, user_id FROM project_chat_group_member_link ORDER BY 1, 2", "2|1", "2|2", "3|2")
			expect(t, pool, "SELECT id, chat_group_id, from_id FROM chat_group_msg ORDER BY id", "1|1|1", "2|1|77")
			expect(t, pool, "SELECT id, project_chat_group_id, content FROM project_chat_group_msg ORDER BY id", "1|2|in the older group", "2|2|in the newer group")
			expect(t, pool, "SELECT id, user_id, chat_group_msg_id, seen FROM chat_group_msg_status ORDER BY id", "1|1|1|1", "2|2|1|1", "6|5|2|0")
			expect(t, pool, "SELECT id, user_id, project_chat_group_id, project_chat_group_msg_id, seen FROM project_chat_group_msg_status ORDER BY id", "1|1|2|1|1", "2|1|2|2|0", "3|2|2|2|1")
			expect(t, pool, "SELECT event_id, id, name FROM history_list_created ORDER BY event_id", "1|3|Done", "2|1|Ideas", "3|9|Later")
			expect(t, pool, "SELECT id, attached_files FROM history_list_deleted", "20|a, b, c.txt")
			expect(t, pool, "SELECT id, assigned_users FROM history_card_created", "1|ana, Ben")
			expect(t, pool, "SELECT event_id, id, name FROM history_card_changed_list ORDER BY event_id", "1|1|Sow", "2|NULL|Old")
			expect(t, pool, "SELECT id, changed_at FROM project ORDER BY id", "1|2020-07-08T12:00:00Z", "2|NULL", "3|2020-07-02T12:00:00Z", "4|NULL")
			// The history knows list 20 and card 40, which are deleted: new ones get other ids.
			for table, next := range map[string]string{"list": "21", "card": "41"} {
				expect(t, pool, "SELECT auto_increment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '"+table+"'", next)
			}
		})
	}
}

// A database that was taken over has the schema of a new one.
func TestSchemaIsThatOfANewDatabase(t *testing.T) {
	pool := flask(t, flaskdb.Options{Variant: flaskdb.Repaired})
	takeOver(t, pool)
	fresh, err := testenv.Open(t, testenv.MigratedMariaDB(t), db.Options{}).Pool()
	if err != nil {
		t.Fatal(err)
	}
	schema := func(pool *sql.DB) []string {
		return query(t, pool, "SELECT table_name, column_name, column_type, is_nullable, column_default, collation_name FROM information_schema.columns "+
			"WHERE table_schema = DATABASE() AND table_name NOT LIKE 'flask\\_%' ORDER BY 1, 2")
	}
	if got, want := schema(pool), schema(fresh); !slices.Equal(got, want) {
		t.Errorf("taken over:\n%s\n\nnew:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Cut off before any step, it goes on and ends as if it had not been cut off; in
// between no server starts on the database.
func TestCutOffAnywhere(t *testing.T) {
	const rows = "rows of card, 2"
	pool := flask(t, flaskdb.Options{Variant: flaskdb.NoKey, Cards: 300})
	other := flask(t, flaskdb.Options{Variant: flaskdb.NoKey, Cards: 300})
	var steps []string
	a := adoption(other)
	a.interrupt = func(step string) error { steps = append(steps, step); return nil }
	if _, err := a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(steps) < 20 || !slices.Contains(steps, rows) {
		t.Fatalf("steps %q", steps)
	}
	cut := errors.New("cut off")
	for _, at := range steps {
		a := adoption(pool)
		a.interrupt = func(step string) error {
			if step == at {
				return cut
			}
			return nil
		}
		if _, err := a.Run(t.Context()); !errors.Is(err, cut) && err != nil {
			t.Fatalf("cut off before %q: %v", at, err)
		}
		if err := migrate.Up(t.Context(), pool, migrate.MySQL, migrations.FS, a.Log); !errors.Is(err, migrate.ErrForeign) && at != steps[len(steps)-1] {
			t.Errorf("cut off before %q, a server starts: %v", at, err)
		}
	}
	takeOver(t, pool)
	takeOver(t, other)
	got, want := dump(t, pool), dump(t, other)
	for name := range maps.Keys(want) {
		if name != migrate.AdoptionTable && name != "schema_version" && !slices.Equal(got[name], want[name]) {
			t.Errorf("table %s:\ngot  %.2000q\nwant %.2000q", name, got[name], want[name])
		}
	}
}

// The way back gives exactly the database that there was, wherever it is cut off.
func TestBack(t *testing.T) {
	for _, v := range flaskdb.Variants {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			pool := flask(t, flaskdb.Options{Variant: v})
			before := dump(t, pool)
			takeOver(t, pool)
			cut := errors.New("cut off")
			reached := map[string]bool{} // each step is cut off before it once
			for {
				a := adoption(pool)
				a.interrupt = func(step string) error {
					if reached[step] {
						return nil
					}
					reached[step] = true
					return cut
				}
				err := a.Back(t.Context())
				if err == nil {
					break
				}
				if !errors.Is(err, cut) {
					t.Fatal(err)
				}
				if len(reached) == 3 {
					if _, err := adoption(pool).Run(t.Context()); err == nil {
						t.Fatal("it is taken over while it goes back")
					}
				}
			}
			if len(reached) < 30 || !reached["forget"] {
				t.Errorf("steps %v", reached)
			}
			after := dump(t, pool)
			for name := range maps.Keys(before) {
				if !slices.Equal(before[name], after[name]) {
					t.Errorf("table %s:\nbefore %.3000q\nafter  %.3000q", name, before[name], after[name])
				}
			}
			if len(after) != len(before) {
				t.Errorf("tables %v", slices.Sorted(maps.Keys(after)))
			}
			if err := adoption(pool).Back(t.Context()); !errors.Is(err, ErrNothingToUndo) {
				t.Errorf("once more: %v", err)
			}
			takeOver(t, pool) // and forth again
		})
	}
}

// Examining changes nothing and says what running does.
func TestExamine(t *testing.T) {
	pool := flask(t, flaskdb.Options{Variant: flaskdb.MyISAM})
	before := dump(t, pool)
	examined, err := adoption(pool).Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after := dump(t, pool); !maps.EqualFunc(before, after, slices.Equal) {
		t.Error("the database was changed")
	}
	lines := strings.Join(examined.Lines(), "\n")
	for _, says := range []string{
		"rows of friendship left out: there twice: 1 (id 3)", "friendships that only one side had, completed: 1 (cleo and ana)",
		"rows of friendship_request left out: they are friends: 1", "projects renamed, since their owner has another of that name: 1 (Garden is ana/Garden-2)",
		"projects made private, as they acted: 1 (Garden", "rows of project_collaborator_link left out: of no account: 3", "unknown roles are access-only: 1",
		"rows of card left out: of no list: 2", "rows of chat_group_msg_status left out: of no message: 1", "files renamed, since there is another of that name",
		"changes of address cancelled, since their codes were cut off: 1 (Ben)", "line breaks taken off the end of names", "positions of cards numbered",
		"rows of history_list_created left out: of no project: 1",
	} {
		if !strings.Contains(lines, says) {
			t.Errorf("no %q in\n%s", says, lines)
		}
	}
	if ran := takeOver(t, pool); !slices.Equal(ran.Lines(), examined.Lines()) || !slices.Equal(ran.Tables, examined.Tables) {
		t.Errorf("examined:\n%s\nran:\n%s", lines, strings.Join(ran.Lines(), "\n"))
	}
}

// What a person has to decide is named, and nothing is changed.
func TestUndecided(t *testing.T) {
	for name, tc := range map[string]struct{ statement, says string }{
		"two people of one name": {"INSERT INTO user SELECT 50, 'CLEO', NULL, avatar_url, small_avatar_url, '', password_hash, 0, 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL FROM user WHERE id = 1", "[3 50] of user have values of name"},
		"no owner":               {"UPDATE project SET owner_name = 'nobody' WHERE id = 4", `project 4 (empty) has the owner "nobody"`},
		"a table of our name":    {"CREATE TABLE login (id INTEGER)", "the table login is not of the Flask application"},
		"a person without name":  {"UPDATE user SET name = CHAR(10) WHERE id = 5", "the person with the id 5 has no name"},
	} {
		t.Run(name, func(t *testing.T) {
			pool := flask(t, flaskdb.Options{Variant: flaskdb.MyISAM})
			if _, err := pool.ExecContext(t.Context(), tc.statement); err != nil {
				t.Fatal(err)
			}
			before := dump(t, pool)
			_, err := adoption(pool).Run(t.Context())
			var undecided *UndecidedError
			if !errors.As(err, &undecided) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v", err)
			}
			if after := dump(t, pool); !maps.EqualFunc(before, after, slices.Equal) {
				t.Error("the database was changed")
			}
		})
	}
}

// A database that never got some of the tables is taken over too.
func TestMissingTables(t *testing.T) {
	pool := flask(t, flaskdb.Options{Variant: flaskdb.MyISAM})
	for _, name := range []string{"list_attached_file", "card_attached_file", "project_chat_group_msg_status"} {
		if _, err := pool.ExecContext(t.Context(), "DROP TABLE "+name); err != nil {
			t.Fatal(err)
		}
	}
	takeOver(t, pool)
	expect(t, pool, "SELECT COUNT(*) FROM card_attached_file", "0")
	expect(t, pool, "SELECT COUNT(*) FROM card", "5")
}

// An empty database is left alone.
func TestNotNeeded(t *testing.T) {
	if os.Getenv(testenv.OnlyVariable) == "sqlite" {
		t.Skip("the Flask application had MySQL only")
	}
	pool := emptyDatabase(t)
	if needed, err := adoption(pool).Needed(t.Context()); needed || err != nil {
		t.Errorf("%v, %v", needed, err)
	}
	if err := adoption(pool).Back(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Error(err)
	}
}

// BenchmarkTakeOver takes over 100,000 cards: go test -bench TakeOver ./migrations/adopt
func BenchmarkTakeOver(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d := testenv.Open(b, testenv.MariaDB(b), db.Options{})
		pool, err := d.Pool()
		if err != nil {
			b.Fatal(err)
		}
		if err := flaskdb.Make(b.Context(), pool, flaskdb.Options{Variant: flaskdb.Repaired, Cards: 100_000}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		a := adoption(pool)
		if _, err := a.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := migrate.Up(b.Context(), pool, migrate.MySQL, migrations.FS, a.Log); err != nil {
			b.Fatal(err)
		}
		var kept int
		if err := pool.QueryRowContext(b.Context(), "SELECT COUNT(*) FROM card").Scan(&kept); err != nil || kept != 100_005 {
			b.Fatal(fmt.Errorf("%d cards: %w", kept, err))
		}
	}
}
