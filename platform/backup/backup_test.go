package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/migrations"
	"taskstack.org/platform/backup"
	"taskstack.org/platform/db"
	"taskstack.org/platform/migrate"
	"taskstack.org/platform/storage"
)

// place is a database with its files.
type place struct {
	db    *db.DB
	files *storage.Dir
	dir   string
}

func openPlace(t testing.TB, uri string) *place {
	t.Helper()
	p := &place{db: testenv.Open(t, uri, db.Options{}), dir: t.TempDir()}
	files, err := storage.NewDir(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	p.files = files
	t.Cleanup(func() { _ = files.Close() })
	return p
}

func (p *place) source() backup.Source {
	return backup.Source{DB: p.db, Files: p.files, Migrations: migrations.FS, Program: "v1.2.3", Now: time.Now}
}

func (p *place) target() backup.Target {
	return backup.Target{DB: p.db, Files: p.files, Migrations: migrations.FS, Log: slog.New(slog.DiscardHandler)}
}

func (p *place) exec(t testing.TB, statements ...string) {
	t.Helper()
	pool, err := p.db.Pool()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := pool.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%v: %.200s", err, s)
		}
	}
}

// content is all rows and files, comparable between databases of both kinds.
func (p *place) content(t testing.TB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for table, rows := range testenv.Dump(t, p.db) {
		if table == "schema_version" || table == "schema_checksum" {
			continue
		}
		for i, row := range rows {
			// One database says true, the other 1; and times have names of zones.
			rows[i] = strings.NewReplacer("=true ", "=1 ", "=false ", "=0 ").Replace(row)
		}
		slices.Sort(rows)
		all[table] = rows
	}
	err := p.files.List(t.Context(), "", func(i storage.Info) error {
		o, err := p.files.Open(t.Context(), i.Key)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(o)
		all["files"] = append(all["files"], i.Key+" "+string(text))
		return errors.Join(err, o.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// fill loads the database with a row in every table, adds rows that are hard to
// carry, and stores files.
func fill(t testing.TB, p *place) {
	t.Helper()
	dialect := p.db.Dialect()
	dumps, err := filepath.Glob("../../migrations/testdata/" + dialect + "/*.sql")
	if err != nil || len(dumps) == 0 {
		t.Fatalf("no dumps: %v", err)
	}
	text, err := os.ReadFile(dumps[len(dumps)-1])
	if err != nil {
		t.Fatal(err)
	}
	pool, err := p.db.Pool()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	off, on := "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
	if dialect == db.MySQL {
		off, on = "SET foreign_key_checks = 0", "SET foreign_key_checks = 1"
	}
	all := append([]string{off}, strings.Split(string(text), ";\n\n")...)
	for i := range 300 {
		all = append(all, fmt.Sprintf("INSERT INTO card (id, list_id, name, card_desc, pos) VALUES (%d, 1, 'Grüße 🌱 %d', '%s', %d)", 1000+i, i, strings.Repeat("ä\"\\\\ \t<b>", 150), i+1))
	}
	all = append(all, "INSERT INTO board_presence (project_id, server_id, user_id, state, amount, seen_at) VALUES (1, 's', 0, 'here', 3, '2026-11-01 00:00:00')",
		"DELETE FROM card WHERE id = 1299", on) // the highest id is not given again
	for _, s := range all {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%v: %.300s", err, s)
		}
	}
	for i := range 3 {
		content := strings.Repeat(fmt.Sprintf("file %d\x00\xff", i), 1<<(8*i))
		if err := p.files.Put(t.Context(), storage.NewKey(), strings.NewReader(content), int64(len(content)), ""); err != nil {
			t.Fatal(err)
		}
	}
}

// databases are fresh, empty ones of both kinds.
func databases(t *testing.T) map[string]func(testing.TB) string {
	t.Helper()
	all := map[string]func(testing.TB) string{"sqlite": testenv.SQLite}
	if os.Getenv(testenv.OnlyVariable) != "sqlite" {
		all["mariadb"] = testenv.MariaDB
	}
	return all
}

func written(t *testing.T, p *place) []byte {
	t.Helper()
	var out bytes.Buffer
	sum, err := backup.Write(t.Context(), &out, p.source())
	if err != nil {
		t.Fatal(err)
	}
	if sum.Files != 6 && sum.Files != 3 || sum.Rows["card"] != 300 {
		t.Errorf("summary %+v", sum)
	}
	return out.Bytes()
}

func same(t *testing.T, got, want map[string][]string) {
	t.Helper()
	for name := range maps.Keys(want) {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s differs:\ngot  %.600q\nwant %.600q", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d tables, want %d", len(got), len(want))
	}
}

// Every row of every table and every byte of every file is there again, in a
// database of either kind, and ids go on where they were.
func TestBackupAndRestore(t *testing.T) {
	for from, make1 := range databases(t) {
		source := openPlace(t, make1(t))
		fill(t, source)
		want := source.content(t)
		archive := written(t, source)
		for to, make2 := range databases(t) {
			t.Run(from+" to "+to, func(t *testing.T) {
				target := openPlace(t, make2(t))
				sum, err := backup.Restore(t.Context(), bytes.NewReader(archive), target.target())
				if err != nil {
					t.Fatal(err)
				}
				if sum.Dialect != source.db.Dialect() || sum.Program != "v1.2.3" {
					t.Errorf("summary %+v", sum)
				}
				same(t, target.content(t), want)
				target.exec(t, "INSERT INTO card (list_id, name, card_desc, pos) VALUES (1, 'new', '', 999)")
				var id int64
				if err := target.db.From(t.Context()).Raw("SELECT MAX(id) FROM card").Scan(&id).Error; err != nil || id != 1300 {
					t.Errorf("the next card gets the id %d, %v", id, err)
				}
				if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), target.target()); !errors.Is(err, backup.ErrNotEmpty) {
					t.Errorf("into a database with rows: %v", err)
				}
				// A foreign key holds in what was restored.
				err = target.db.InTx(t.Context(), func(ctx context.Context) error {
					return target.db.From(ctx).Exec("INSERT INTO list (project_id, name, list_desc, pos) VALUES (4711, 'x', '', 0)").Error
				})
				if err == nil {
					t.Error("foreign keys are off")
				}
			})
			t.Run("move "+from+" to "+to, func(t *testing.T) {
				target := openPlace(t, make2(t))
				if _, err := backup.Move(t.Context(), source.source(), target.target()); err != nil {
					t.Fatal(err)
				}
				got := target.content(t)
				got["files"] = want["files"] // which stay where they are
				same(t, got, want)
			})
		}
	}
}

// While others write, a backup is of one moment: what they have done together is
// in it together or not at all.
func TestBackupWhileOthersWrite(t *testing.T) {
	for name, fresh := range databases(t) {
		t.Run(name, func(t *testing.T) {
			source := openPlace(t, fresh(t))
			fill(t, source)
			ctx, cancel := context.WithCancel(t.Context())
			stopped := make(chan error, 1)
			go func() {
				for i := 0; ctx.Err() == nil; i++ {
					err := source.db.InTx(ctx, func(ctx context.Context) error {
						g := source.db.From(ctx)
						return errors.Join(g.Exec("UPDATE project SET rev = ? WHERE id = 1", i).Error, g.Exec("UPDATE card SET pos = ? WHERE id = 1000", i).Error,
							g.Exec("UPDATE list SET pos = ? WHERE id = 1", i).Error)
					})
					if err != nil && ctx.Err() == nil {
						stopped <- err
						return
					}
				}
				stopped <- nil
			}()
			for range 5 {
				archive := written(t, source)
				target := openPlace(t, testenv.SQLite(t))
				if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), target.target()); err != nil {
					t.Fatal(err)
				}
				var got []int
				if err := target.db.From(t.Context()).Raw("SELECT rev FROM project WHERE id = 1 UNION SELECT pos FROM card WHERE id = 1000 UNION SELECT pos FROM list WHERE id = 1").Scan(&got).Error; err != nil || len(got) != 1 && !slices.Equal(got, []int{1}) {
					t.Errorf("a change is there in part: %v, %v", got, err)
				}
			}
			cancel()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		})
	}
}

// A backup that is damaged or cut off anywhere is refused before anything is
// changed, and so is what is no backup. A few bits of a compressed file mean
// nothing: with such a change everything is restored.
func TestDamagedBackups(t *testing.T) {
	source := openPlace(t, testenv.SQLite(t))
	fill(t, source)
	archive := written(t, source)
	target := openPlace(t, testenv.SQLite(t))
	refused := func(what string, archive []byte, want error) {
		t.Helper()
		if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), target.target()); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := 1; i <= 40; i++ {
		n := len(archive) * i / 41
		refused(fmt.Sprintf("cut off after %d of %d bytes", n, len(archive)), archive[:n], backup.ErrDamaged)
		changed := slices.Clone(archive)
		changed[n] ^= 0x55
		if _, err := backup.Restore(t.Context(), bytes.NewReader(changed), target.target()); err == nil {
			if !maps.EqualFunc(source.content(t), target.content(t), slices.Equal) {
				t.Errorf("changed at byte %d: other data was restored", n)
			}
			target = openPlace(t, testenv.SQLite(t))
		}
	}
	// What gzip's own checksum cannot notice, because it was computed afterwards.
	for text, other := range map[string]string{"Grüße 🌱 17": "Grüße 🌱 71", "file 2": "file 4"} {
		refused(text+" changed to "+other, recompressed(t, archive, text, other), backup.ErrDamaged)
	}
	refused("the last byte is missing", archive[:len(archive)-1], backup.ErrDamaged)
	refused("a text", []byte("hello"), backup.ErrNoBackup)
	refused("nothing", nil, backup.ErrNoBackup)
	if len(target.content(t)) != 0 {
		t.Errorf("something was changed: %v", slices.Sorted(maps.Keys(target.content(t))))
	}
	if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), target.target()); err != nil {
		t.Errorf("the whole one: %v", err)
	}
}

// recompressed returns an archive in which a text was replaced by one of the same
// length, with a correct checksum of gzip.
func recompressed(t *testing.T, archive []byte, text, other string) []byte {
	t.Helper()
	plain, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(content, []byte(text)) {
		t.Fatalf("%q is not in the archive", text)
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(bytes.Replace(content, []byte(text), []byte(other), 1)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// broken is a disk that is full, or a reader that breaks off, after some bytes.
type broken struct {
	left int
	err  error
}

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, b.err
	}
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	source := openPlace(t, testenv.SQLite(t))
	fill(t, source)
	from := source.source()
	at := time.Now()
	from.Now = func() time.Time { return at } // so that every backup has the same size
	var whole bytes.Buffer
	if _, err := backup.Write(t.Context(), &whole, from); err != nil {
		t.Fatal(err)
	}
	for _, left := range []int{0, 100, whole.Len() / 2, whole.Len() - 1} {
		if _, err := backup.Write(t.Context(), &broken{left, syscall.ENOSPC}, from); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("full after %d bytes: %v", left, err)
		}
	}
	if _, err := backup.Write(t.Context(), &broken{whole.Len(), syscall.ENOSPC}, from); err != nil {
		t.Errorf("a disk on which it just fits: %v", err)
	}
}

// stopping is a storage that ends the restore at its n-th file.
type stopping struct {
	storage.Storage
	stop func() error
}

func (s stopping) Put(context.Context, string, io.Reader, int64, string) error { return s.stop() }

// A restore that is interrupted leaves an empty database, into which the next one
// restores.
func TestInterruptedRestore(t *testing.T) {
	for name, fresh := range databases(t) {
		t.Run(name, func(t *testing.T) {
			source := openPlace(t, testenv.SQLite(t))
			fill(t, source)
			archive := written(t, source)
			target := openPlace(t, fresh(t))
			ctx, cancel := context.WithCancel(t.Context())
			to := target.target()
			files := 0
			to.Files = stopping{target.files, func() error {
				if files++; files == 4 { // after the rows
					cancel()
				}
				return nil
			}}
			if _, err := backup.Restore(ctx, bytes.NewReader(archive), to); err == nil {
				t.Fatal("it was not interrupted")
			}
			for table, rows := range target.content(t) {
				if len(rows) > 0 {
					t.Errorf("%s has %d rows", table, len(rows))
				}
			}
			if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), target.target()); err != nil {
				t.Fatal(err)
			}
			same(t, target.content(t), source.content(t))
		})
	}
}

// A backup of an earlier schema is restored and brought up to date; one of a later
// schema is refused.
func TestOtherSchemas(t *testing.T) {
	for name, fresh := range databases(t) {
		t.Run(name, func(t *testing.T) {
			source := openPlace(t, fresh(t))
			pool, err := source.db.Pool()
			if err != nil {
				t.Fatal(err)
			}
			log := slog.New(slog.DiscardHandler)
			const before = 9 // projects had no titles
			if err := migrate.UpTo(t.Context(), pool, source.db.Dialect(), migrations.FS, log, before); err != nil {
				t.Fatal(err)
			}
			source.exec(t, "INSERT INTO user (id, name, avatar_url, small_avatar_url, profile_desc, password_hash, private, email_private, stay_logged_in, block_all_friendship_requests, sign_up_complete, created_at) "+
				"VALUES (1, 'ana', '', '', '', 'x', 0, 0, 0, 0, 1, '2026-01-01 00:00:00')",
				"INSERT INTO project (id, name, owner_id, owner_name, project_desc, visibility, invite_code, invite_as_admin_code, rev) VALUES (1, 'garden', 1, 'ana', '', 'private', 'a', 'b', 7)")
			var archive bytes.Buffer
			sum, err := backup.Write(t.Context(), &archive, source.source())
			if err != nil || sum.Schema != before {
				t.Fatalf("schema %d, %v", sum.Schema, err)
			}
			for _, uri := range []string{fresh(t), testenv.MigratedSQLite(t)} {
				target := openPlace(t, uri)
				if _, err := backup.Restore(t.Context(), bytes.NewReader(archive.Bytes()), target.target()); err != nil {
					t.Fatal(err)
				}
				var title string
				if err := target.db.From(t.Context()).Raw("SELECT title FROM project").Scan(&title).Error; err != nil || title != "garden" {
					t.Errorf("title %q, %v", title, err)
				}
			}
			target := openPlace(t, fresh(t))
			newest := openPlace(t, testenv.MigratedSQLite(t))
			var later bytes.Buffer
			if _, err := backup.Write(t.Context(), &later, newest.source()); err != nil {
				t.Fatal(err)
			}
			to := target.target()
			to.Migrations = firstOf{migrations.FS, before} // as an earlier program has them
			if _, err := backup.Restore(t.Context(), bytes.NewReader(later.Bytes()), to); !errors.Is(err, backup.ErrNewer) {
				t.Errorf("a later schema: %v", err)
			}
		})
	}
}

func TestFlaskDatabaseIsRefused(t *testing.T) {
	p := openPlace(t, testenv.SQLite(t))
	p.exec(t, "CREATE TABLE user (id INTEGER PRIMARY KEY, name VARCHAR(16))")
	if _, err := backup.Write(t.Context(), io.Discard, p.source()); !errors.Is(err, backup.ErrForeign) {
		t.Errorf("backup: %v", err)
	}
}
