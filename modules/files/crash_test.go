package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

// process is one that is killed at a step: the goroutine ends there, and so does
// everything that it would still do.
type process struct {
	killAt int
	steps  []string
	killed bool
}

func (p *process) step(name string) {
	if !p.killed {
		p.steps = append(p.steps, name)
		p.killed = len(p.steps) == p.killAt
	}
	if p.killed {
		runtime.Goexit()
	}
}

// run runs fn until it ends or is killed.
func (p *process) run(ctx context.Context, fn func(ctx context.Context)) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		fn(db.AtTxSteps(ctx, func(s db.TxStep) { p.step("transaction: " + string(s)) }))
	}()
	<-ended
}

// mortal is a storage whose every call, and the middle of a Put, is a step of the
// process that is running; nil for none.
type mortal struct {
	storage.Storage
	running *process
}

func (m *mortal) step(name string) {
	if m.running != nil {
		m.running.step(name)
	}
}

func (m *mortal) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	m.step("before put")
	half := io.LimitReader(r, size/2)
	err := m.Storage.Put(ctx, key, io.MultiReader(half, reads(func() { m.step("in the middle of put") }), r), size, contentType)
	m.step("after put")
	return err
}

func (m *mortal) Delete(ctx context.Context, keys ...string) error {
	m.step("before delete")
	err := m.Storage.Delete(ctx, keys...)
	m.step("after delete")
	return err
}

// reads is an empty reader that calls a function.
type reads func()

func (f reads) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

// scene is a database and a storage with a process.
type scene struct {
	*boardtest.World
	t  *testing.T
	at *mortal
	// later is another server, seven hours later.
	later *objects.Store
	last  projects.Project
	n     int // makes names unique
}

// card makes a card with a file "old".
func (s *scene) card() (project projects.Project, list, card int64) {
	s.t.Helper()
	s.n++
	project = s.MakeProject(s.t, fmt.Sprintf("project-%d", s.n), true)
	list, _, err := s.Lists.Create(s.t.Context(), projects.By(s.Owner, project.ID), lists.Draft{Name: "l", Files: map[string][]byte{"of the list": []byte("list")}})
	if err != nil {
		s.t.Fatal(err)
	}
	card, _, err = s.Cards.Create(s.t.Context(), projects.By(s.Owner, project.ID), list, cards.Draft{Name: "c", Files: map[string][]byte{"old": []byte("old"), "other": []byte("other")}})
	if err != nil {
		s.t.Fatal(err)
	}
	return project, list, card
}

// acts are what changes files. Each prepares something and returns the act.
func acts() map[string]func(s *scene) func(ctx context.Context) error {
	return map[string]func(s *scene) func(ctx context.Context) error{
		"upload": func(s *scene) func(ctx context.Context) error {
			_, _, card := s.card()
			return func(ctx context.Context) error { return s.upload(ctx, card, "new", false) }
		},
		"replace by an upload": func(s *scene) func(ctx context.Context) error {
			_, _, card := s.card()
			return func(ctx context.Context) error { return s.upload(ctx, card, "old", true) }
		},
		"upload in parts": func(s *scene) func(ctx context.Context) error {
			_, _, card := s.card()
			return func(ctx context.Context) error { return s.inParts(ctx, card, "new") }
		},
		"create": func(s *scene) func(ctx context.Context) error {
			project, list, _ := s.card()
			return func(ctx context.Context) error {
				_, _, err := s.Cards.Create(ctx, projects.By(s.Owner, project.ID), list, cards.Draft{Name: "c", Files: contents(2, 10)})
				return err
			}
		},
		"edit": func(s *scene) func(ctx context.Context) error {
			project, _, card := s.card()
			return func(ctx context.Context) error {
				_, err := s.Cards.Edit(ctx, projects.By(s.Owner, project.ID), card, cards.Edit{Name: "c", Files: files.Changes{
					New: map[string][]byte{"new": []byte("newer")}, Replaced: map[string][]byte{"old": []byte("newer")}, Removed: []string{"other"},
				}})
				return err
			}
		},
		"the same name twice": func(s *scene) func(ctx context.Context) error {
			_, _, card := s.card()
			return func(ctx context.Context) error { return s.attachTwice(ctx, card) }
		},
		"delete a list and its card": func(s *scene) func(ctx context.Context) error {
			project, list, _ := s.card()
			if _, err := s.Lists.Delete(s.t.Context(), projects.By(s.Owner, project.ID), list); err != nil {
				s.t.Fatal(err)
			}
			return func(ctx context.Context) error {
				if _, err := s.Lists.Relocate(ctx, projects.By(s.Owner, project.ID), list, removal.InTrash, removal.PermanentlyDeleted); err != nil {
					return err
				}
				if _, err := s.Cards.PurgeSome(ctx, []int64{list}, 10); err != nil {
					return err
				}
				return s.Lists.Purge(ctx, []int64{list}, nil)
			}
		},
		"delete a card": func(s *scene) func(ctx context.Context) error {
			project, _, card := s.card()
			if _, err := s.Cards.Delete(s.t.Context(), projects.By(s.Owner, project.ID), card); err != nil {
				s.t.Fatal(err)
			}
			return func(ctx context.Context) error {
				if _, err := s.Cards.Relocate(ctx, projects.By(s.Owner, project.ID), card, removal.InTrash, removal.PermanentlyDeleted); err != nil {
					return err
				}
				_, err := s.Cards.PurgeSome(ctx, nil, 10)
				return err
			}
		},
		"delete a project": func(s *scene) func(ctx context.Context) error {
			project, _, _ := s.card()
			return func(ctx context.Context) error { return s.DeletePermanently(ctx, s.Owner, project.ID) }
		},
		"change a picture": func(s *scene) func(ctx context.Context) error {
			by := s.person()
			return func(ctx context.Context) error { return s.picture(ctx, by) }
		},
		"delete an account": func(s *scene) func(ctx context.Context) error {
			by := s.person()
			return func(ctx context.Context) error { return s.Accounts.Delete(ctx, by) }
		},
		"a thumbnail": func(s *scene) func(ctx context.Context) error {
			d := s.pictureFile()
			return func(ctx context.Context) error {
				o, _, err := s.Files.Thumbnail(ctx, d)
				if err == nil {
					err = o.Close()
				}
				return err
			}
		},
		"delete a picture with its thumbnail": func(s *scene) func(ctx context.Context) error {
			d := s.pictureFile()
			if o, _, err := s.Files.Thumbnail(s.t.Context(), d); err != nil || o.Close() != nil {
				s.t.Fatal(err)
			}
			project := s.last
			return func(ctx context.Context) error { return s.DeletePermanently(ctx, s.Owner, project.ID) }
		},
		"the job": func(s *scene) func(ctx context.Context) error {
			project, _, card := s.card()
			if _, err := s.Cards.Edit(s.t.Context(), projects.By(s.Owner, project.ID), card, cards.Edit{Name: "c", Files: files.Changes{Removed: []string{"old", "other"}}}); err != nil {
				s.t.Fatal(err)
			}
			return func(ctx context.Context) error {
				_, err := s.Deps.Objects.DeleteDue(ctx)
				return err
			}
		},
	}
}

// pictureFile attaches a picture.
func (s *scene) pictureFile() files.Download {
	s.t.Helper()
	project, _, card := s.card()
	s.last = project
	file, err := pngFile(300, 200)
	if err == nil {
		_, err = s.Cards.Edit(s.t.Context(), projects.By(s.Owner, project.ID), card, cards.Edit{Name: "c", Files: files.Changes{New: map[string][]byte{"picture": file}}})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	of, err := s.Files.Of(s.t.Context(), files.OfCard, []int64{card})
	if err != nil {
		s.t.Fatal(err)
	}
	i := slices.IndexFunc(of[card], func(f files.View) bool { return f.Name == "picture" })
	key := strings.Split(strings.TrimPrefix(of[card][i].URL, boardtest.PublicURL+"/files/"), "/")[0]
	d, err := s.Files.Find(s.t.Context(), s.Owner, key)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func pngFile(width, height int) ([]byte, error) {
	var file bytes.Buffer
	err := png.Encode(&file, image.NewGray(image.Rect(0, 0, width, height)))
	return file.Bytes(), err
}

func (s *scene) upload(ctx context.Context, card int64, name string, replaces bool) error {
	_, err := s.Files.Upload(ctx, s.Owner, files.Upload{
		Owner: files.Owner{Kind: files.OfCard, ID: card}, Name: name, Size: 100_000, Body: strings.NewReader(strings.Repeat("x", 100_000)), Replaces: replaces,
	})
	return err
}

// attachTwice stores two files of one name before either is attached.
func (s *scene) attachTwice(ctx context.Context, card int64) error {
	owner := files.Owner{Kind: files.OfCard, ID: card}
	var batches []*files.Batch
	for range 2 {
		b, err := s.Files.Stage(ctx, owner, files.Changes{New: map[string][]byte{"new": []byte("newer")}}, func(context.Context) error { return nil })
		if err != nil {
			return err
		}
		defer b.Close(ctx)
		batches = append(batches, b)
	}
	var failed error
	for _, b := range batches {
		failed = s.DB.InTx(ctx, func(ctx context.Context) error {
			_, err := b.Apply(ctx, owner)
			return err
		})
	}
	if failed == nil {
		return errors.New("both were attached")
	}
	return nil
}

// person makes a person with a picture and a project with files.
func (s *scene) person() accounts.Actor {
	s.t.Helper()
	s.n++
	by := accounts.MakeUser(s.t, s.DB, fmt.Sprintf("person%d", s.n))
	if err := s.picture(s.t.Context(), by); err != nil {
		s.t.Fatal(err)
	}
	p, err := s.Projects.Create(s.t.Context(), by, projects.Draft{Name: "own", Private: true})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, err := s.Lists.Create(s.t.Context(), projects.By(by, p.ID), lists.Draft{Name: "l", Files: contents(2, 10)}); err != nil {
		s.t.Fatal(err)
	}
	return by
}

func (s *scene) picture(ctx context.Context, by accounts.Actor) error {
	file, err := pngFile(60, 60)
	if err == nil {
		_, err = s.Accounts.EditProfile(ctx, by, accounts.ProfileEdit{Picture: file})
	}
	return err
}

// used returns the keys that rows name, with the size that the rows say; -1 where
// they say none.
func (s *scene) used() map[string]int64 {
	s.t.Helper()
	var rows []struct {
		StorageKey string
		Size       int64
	}
	err := s.DB.From(s.t.Context()).Raw(`SELECT storage_key, size FROM card_attached_file
UNION ALL SELECT storage_key, size FROM list_attached_file
UNION ALL SELECT SUBSTR(avatar_url, 10), -1 FROM user WHERE avatar_url LIKE '/avatars/%'
UNION ALL SELECT SUBSTR(small_avatar_url, 10), -1 FROM user WHERE avatar_url LIKE '/avatars/%'`).Scan(&rows).Error
	if err != nil {
		s.t.Fatal(err)
	}
	keys := map[string]int64{}
	for _, row := range rows {
		keys[row.StorageKey] = row.Size
	}
	return keys
}

// stored returns the objects and their sizes, without the thumbnails of used pictures.
func (s *scene) stored(used map[string]int64) map[string]int64 {
	s.t.Helper()
	sizes := map[string]int64{}
	err := s.at.Storage.List(s.t.Context(), "", func(o storage.Info) error {
		if _, of := used[strings.TrimSuffix(o.Key, "-t.png")]; !of || !strings.HasSuffix(o.Key, "-t.png") {
			sizes[o.Key] = o.Size
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return sizes
}

// check fails unless each row has its object and each object its row; later, after
// the job of another server, nothing else may be left.
func (s *scene) check(when string) {
	s.t.Helper()
	s.at.running = nil
	used := s.used()
	stored := s.stored(used)
	for key, size := range used {
		if got, there := stored[key]; !there || size >= 0 && got != size {
			s.t.Fatalf("%s: an attachment of %d bytes has %d, there %v", when, size, got, there)
		}
	}
	var rest []string
	for key := range stored {
		if _, named := used[key]; !named {
			rest = append(rest, key)
		}
	}
	accounted, err := s.Deps.Objects.Accounted(s.t.Context(), rest)
	if err != nil || len(accounted) != len(rest) {
		s.t.Fatalf("%s: %d of %d objects without a row are accounted for, error %v", when, len(accounted), len(rest), err)
	}
	if _, err := s.later.DeleteDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if n := len(s.stored(used)); n != len(used) {
		s.t.Fatalf("%s: %d objects of %d rows are left after the job", when, n, len(used))
	}
	var rows int64
	if err := s.DB.From(s.t.Context()).Raw("SELECT COUNT(*) FROM unused_object").Scan(&rows).Error; err != nil || rows != 0 {
		s.t.Fatalf("%s: %d rows of unused objects are left, error %v", when, rows, err)
	}
}

// TestKilledAnywhere kills the process at every step of every act that changes files,
// on both storages: then no attachment lacks its content, and after the job nothing
// is stored that no row names.
func TestKilledAnywhere(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		dir := t.TempDir()
		folder, err := storage.NewDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = folder.Close() })
		t.Run("directory", func(t *testing.T) {
			killAnywhere(t, uri, folder)
			wantNoUnfinished(t, folder, dir)
		})
	})
	t.Run("bucket", func(t *testing.T) {
		server := testenv.S3(t)
		spool := t.TempDir()
		killAnywhere(t, testenv.MigratedSQLite(t), openBucket(t, server, spool))
		if left, err := os.ReadDir(spool); err != nil || len(left) > 0 {
			t.Errorf("left where uploads are collected: %v, %v", left, err)
		}
	})
}

func killAnywhere(t *testing.T, uri string, in storage.Storage) {
	t.Helper()
	at := &mortal{Storage: in}
	s := &scene{World: boardtest.NewOn(t, uri, at), t: t, at: at}
	clock := func() time.Time { return time.Now().Add(7 * time.Hour) }
	s.later = objects.New(testenv.Open(t, uri, db.Options{Now: clock}), in, slog.New(slog.DiscardHandler))
	for _, name := range slices.Sorted(maps.Keys(acts())) {
		for step := 1; ; step++ {
			act := acts()[name](s)
			p := &process{killAt: step}
			at.running = p
			var failed error
			p.run(t.Context(), func(ctx context.Context) { failed = act(ctx) })
			at.running = nil
			when := fmt.Sprintf("%s, killed at step %d of %q", name, step, p.steps)
			s.check(when)
			if !p.killed {
				t.Logf("%s: %d steps", name, len(p.steps))
				if failed != nil || step < 4 {
					t.Errorf("%s: %v", when, failed)
				}
				break
			}
		}
	}
}

// wantNoUnfinished ages what killed uploads have left in the folder: the sweep removes
// it.
func wantNoUnfinished(t *testing.T, folder *storage.Dir, dir string) {
	t.Helper()
	unfinished := filepath.Join(dir, "unfinished")
	left, err := os.ReadDir(unfinished)
	if err != nil || len(left) == 0 {
		t.Fatalf("no upload was killed in the middle: %v", err)
	}
	for _, f := range left {
		if err := os.Chtimes(filepath.Join(unfinished, f.Name()), time.Time{}, time.Now().Add(-25*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	w := boardtest.NewOn(t, testenv.MigratedSQLite(t), folder)
	if _, err := w.Files.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(unfinished); err != nil || len(left) != 0 {
		t.Errorf("%d unfinished files are left, error %v", len(left), err)
	}
}
