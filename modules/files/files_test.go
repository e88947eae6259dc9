package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
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
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

func contents(n int, size int) map[string][]byte {
	m := map[string][]byte{}
	for i := range n {
		m[fmt.Sprintf("file %d", i)] = make([]byte, size)
	}
	return m
}

// countingStorage counts the objects that are put.
type countingStorage struct {
	storage.Storage
	puts int
}

func (c *countingStorage) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	c.puts++
	return c.Storage.Put(ctx, key, r, size, contentType)
}

// modules wires files and lists anew with a storage that counts.
func modules(t *testing.T, w *boardtest.World) (*countingStorage, *lists.Module) {
	t.Helper()
	deps := w.Deps
	s := &countingStorage{Storage: deps.Objects.Storage}
	deps.Objects, deps.Bus = objects.New(w.DB, s, deps.Log), events.NewBus(w.DB)
	f := files.New(deps, w.Accounts, w.Projects.Service)
	l := lists.New(deps, w.Projects.Service, f.Service, removal.New(deps, w.Projects.Service))
	f.Connect([]module.Module{l, w.Cards})
	return s, l
}

func TestLimitsAreCheckedBeforeStoring(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		s, l := modules(t, w)
		id, _, err := l.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: "n", Files: contents(8, 1)})
		if err != nil || s.puts != 8 {
			t.Fatalf("%d puts, error %v", s.puts, err)
		}
		s.puts = 0
		rev := w.Rev(t, w.Project)
		large := map[string][]byte{"large": make([]byte, files.MaxSize+1)}
		edit := func(by accounts.Actor, project, list int64, c files.Changes) error {
			_, err := l.Edit(t.Context(), projects.By(by, project), list, lists.Edit{Name: "n", Files: c})
			return err
		}
		create := func(by accounts.Actor, f map[string][]byte) error {
			_, _, err := l.Create(t.Context(), projects.By(by, w.Project.ID), lists.Draft{Name: "n", Files: f})
			return err
		}
		one := contents(1, 1)
		for name, c := range map[string]struct {
			err  error
			kind errs.Kind
		}{
			"nine files":          {create(w.Owner, contents(9, 1)), errs.Invalid},
			"one too large":       {create(w.Owner, large), errs.TooLarge},
			"a name with a path":  {create(w.Owner, map[string][]byte{"../x": {1}}), errs.Invalid},
			"a reader":            {create(w.Reader, one), errs.Forbidden},
			"a stranger":          {create(w.Stranger, one), errs.NotFound},
			"a ninth":             {edit(w.Owner, w.Project.ID, id, files.Changes{New: map[string][]byte{"x": {1}}}), errs.Invalid},
			"a name twice":        {edit(w.Owner, w.Project.ID, id, files.Changes{New: one}), errs.Conflict},
			"replaced, too large": {edit(w.Owner, w.Project.ID, id, files.Changes{Replaced: large}), errs.TooLarge},
			"another list":        {edit(w.Owner, w.Project.ID, id+1, files.Changes{New: one}), errs.NotFound},
			"a reader's edit":     {edit(w.Reader, w.Project.ID, id, files.Changes{Replaced: one}), errs.Forbidden},
		} {
			if c.err == nil || errs.KindOf(c.err) != c.kind {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		if s.puts != 0 || len(w.Objects(t)) != 8 || w.Rev(t, w.Project) != rev {
			t.Errorf("%d puts, %d objects", s.puts, len(w.Objects(t)))
		}
		// The largest that is allowed.
		if err := edit(w.Owner, w.Project.ID, id, files.Changes{Replaced: map[string][]byte{"file 0": make([]byte, files.MaxSize)}}); err != nil {
			t.Error(err)
		}
		if len(w.Objects(t)) != 8 {
			t.Errorf("%d objects after a replacement", len(w.Objects(t)))
		}
	})
}

func TestRollbackDeletesStoredContent(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		boom := errors.New("boom")
		fail := false
		events.On(w.Deps.Bus, func(context.Context, lists.Created) error {
			if fail {
				return boom
			}
			return nil
		})
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		card, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "c", Files: contents(3, 5)})
		if err != nil {
			t.Fatal(err)
		}
		before := fmt.Sprint(w.Objects(t))
		fail = true
		if _, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: "n", Files: contents(3, 5)}); !errors.Is(err, boom) {
			t.Fatalf("error %v", err)
		}
		if after := fmt.Sprint(w.Objects(t)); after != before {
			t.Errorf("objects %s, before %s", after, before)
		}
		// A deletion that is undone keeps the contents, one that holds takes them.
		err = w.DB.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := w.Files.DeleteAll(ctx, files.OfCard, card); err != nil {
				return err
			}
			return boom
		})
		if after := fmt.Sprint(w.Objects(t)); !errors.Is(err, boom) || after != before {
			t.Errorf("error %v, objects %s, before %s", err, after, before)
		}
		// What is in the trash keeps its files; what is given up loses them.
		if _, err := w.Lists.Delete(t.Context(), projects.By(w.Owner, w.Project.ID), list); err != nil || fmt.Sprint(w.Objects(t)) != before {
			t.Errorf("error %v, objects %v", err, w.Objects(t))
		}
		if _, err := w.Lists.Relocate(t.Context(), projects.By(w.Owner, w.Project.ID), list, removal.InTrash, removal.PermanentlyDeleted); err != nil {
			t.Error(err)
		}
		if _, err := w.Cards.PurgeSome(t.Context(), []int64{list}, 10); err != nil {
			t.Error(err)
		}
		if err := w.Lists.Purge(t.Context(), []int64{list}, nil); err != nil || len(w.Objects(t)) != 0 {
			t.Errorf("error %v, objects %v", err, w.Objects(t))
		}
	})
}

func TestReplacedFileKeepsURL(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		id, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: "n", Files: map[string][]byte{"a": []byte("old")}})
		if err != nil {
			t.Fatal(err)
		}
		page, rev := w.Page(t, w.Project), w.Rev(t, w.Project)
		before := page.Lists[fmt.Sprint(id)].Files["a"]
		edit := lists.Edit{Name: "n", Files: files.Changes{Replaced: map[string][]byte{"a": []byte("new")}, New: map[string][]byte{"b": []byte("b")}}}
		if _, err := w.Lists.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), id, edit); err != nil {
			t.Fatal(err)
		}
		w.Follow(t, page, w.Project, rev)
		if after := page.Lists[fmt.Sprint(id)].Files["a"]; after != before || len(w.Objects(t)) != 2 {
			t.Errorf("%s became %s, %d objects", before, after, len(w.Objects(t)))
		}
		if got := read(t, w, before); got != "new" {
			t.Errorf("it reads %q", got)
		}
		// A row of the Flask application gets an address of ours, since its
		// bucket keeps the old content; clients get an event.
		err = w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("UPDATE list_attached_file SET url = 'https://bucket.example/0123', storage_key = NULL, size = NULL, content_type = NULL WHERE name = 'b'").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Projects.ForgetBoards() // what no server does to the database
		page, rev = w.Page(t, w.Project), w.Rev(t, w.Project)
		if got := page.Lists[fmt.Sprint(id)].Files["b"]; got != "https://bucket.example/0123" {
			t.Errorf("the adopted link is %s", got)
		}
		edit.Files = files.Changes{Replaced: map[string][]byte{"b": []byte("newer")}}
		if _, err := w.Lists.Edit(t.Context(), projects.By(w.Owner, w.Project.ID), id, edit); err != nil {
			t.Fatal(err)
		}
		w.Follow(t, page, w.Project, rev)
		if got := read(t, w, page.Lists[fmt.Sprint(id)].Files["b"]); got != "newer" {
			t.Errorf("it reads %q", got)
		}
	})
}

// read opens a link as the owner.
func read(t *testing.T, w *boardtest.World, link string) string {
	t.Helper()
	key := strings.Split(strings.TrimPrefix(link, boardtest.PublicURL+"/files/"), "/")[0]
	found, err := w.Files.Find(t.Context(), w.Owner, key)
	if err != nil {
		t.Fatalf("%s: %v", link, err)
	}
	d, err := w.Files.Open(t.Context(), found)
	if err != nil {
		t.Fatalf("%s: %v", link, err)
	}
	defer func() { _ = d.Close() }()
	content, err := io.ReadAll(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestSweeper ages objects by moving the clock.
func TestSweeper(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		if _, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: "n", Files: contents(2, 5)}); err != nil {
			t.Fatal(err)
		}
		orphan, avatar := storage.NewKey(), storage.NewKey()+"-s.png"
		for _, key := range []string{orphan, avatar} {
			if err := w.Deps.Objects.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err != nil {
				t.Fatal(err)
			}
		}
		sweep := func(age time.Duration) int {
			deps := w.Deps
			deps.Now = func() time.Time { return time.Now().Add(age) }
			found, err := files.New(deps, w.Accounts, w.Projects.Service).Sweep(t.Context())
			if err != nil || found.Files != 2 || len(found.Missing) != 0 {
				t.Fatalf("%+v, error %v", found, err)
			}
			return len(found.Orphans)
		}
		if n := sweep(23 * time.Hour); n != 0 {
			t.Errorf("%d young objects removed", n)
		}
		if n := sweep(25 * time.Hour); n != 1 {
			t.Errorf("%d objects removed, want the orphan", n)
		}
		for _, key := range w.Objects(t) {
			if key == orphan {
				t.Error("the orphan is still there")
			}
		}
		if n := len(w.Objects(t)); n != 3 {
			t.Errorf("%d objects left, want two attachments and the avatar", n)
		}
	})
}

// TestSweepReportsMissingContent: an attachment without content stays and is reported;
// content that is being uploaded for a day is no orphan.
func TestSweepReportsMissingContent(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list, _, err := w.Lists.Create(t.Context(), projects.By(w.Owner, w.Project.ID), lists.Draft{Name: "n", Files: contents(3, 5)})
		if err != nil {
			t.Fatal(err)
		}
		lost := w.Objects(t)[1]
		if err := w.Deps.Objects.Storage.Delete(t.Context(), lost); err != nil {
			t.Fatal(err)
		}
		uploading := storage.NewKey()
		if err := w.Deps.Objects.Reserve(t.Context(), "", objects.Reservation{Key: uploading}); err != nil {
			t.Fatal(err)
		}
		if err := w.Deps.Objects.Put(t.Context(), uploading, strings.NewReader("x"), 1, ""); err != nil {
			t.Fatal(err)
		}
		deps := w.Deps
		deps.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
		found, err := files.New(deps, w.Accounts, w.Projects.Service).Sweep(t.Context())
		if err != nil || found.Files != 2 || len(found.Orphans) != 0 || len(found.Missing) != 1 || found.Missing[0] != lost {
			t.Errorf("%+v, error %v", found, err)
		}
		of, err := w.Files.Of(t.Context(), files.OfList, []int64{list})
		if err != nil || len(of[list]) != 3 {
			t.Errorf("%d attachments are left, error %v", len(of[list]), err)
		}
	})
}

// token is the anti-CSRF token of every login.
const token = "the token"

// server serves the module's route to an actor named by a header.
func server(t *testing.T, w *boardtest.World, m ...module.Routes) *httptest.Server {
	t.Helper()
	people := map[string]accounts.Actor{"owner": w.Owner, "reader": w.Reader, "stranger": w.Stranger}
	r, err := web.New(web.Options{
		Views: w.Deps.Views, Sessions: w.Deps.Sessions, Log: slog.New(slog.DiscardHandler), PublicURL: boardtest.PublicURL,
		Authenticate: func(c *web.Context) (*views.Viewer, error) {
			by := people[c.GetHeader("X-Who")]
			c.SetCtx(accounts.WithActor(c.Ctx(), by))
			if !by.SignedIn() {
				return nil, nil
			}
			return &views.Viewer{ID: by.UserID, Token: token}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, routes := range m {
		routes.Routes(r)
	}
	h, err := r.Handler()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, url, who, rang string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Who", who)
	req.Header.Set("Accept", "application/json")
	if rang != "" {
		req.Header.Set("Range", rang)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestDownloads(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	public := w.MakeProject(t, "public", false)
	png, err := os.ReadFile("testdata/dot.png")
	if err != nil {
		t.Fatal(err)
	}
	attached := map[string][]byte{
		`ä "b"%.html`: []byte("<script>alert(1)</script>"), "dot": png, "x.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`),
		"long.txt": bytes.Repeat([]byte("0123456789"), 1000),
	}
	links := map[string]map[string]string{}
	for _, p := range []int64{w.Project.ID, public.ID} {
		list := lists.MakeList(t, w.Lists.Service, w.Owner, p, "l")
		id, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, p), list, cards.Draft{Name: "c", Files: attached})
		if err != nil {
			t.Fatal(err)
		}
		of, err := w.Files.Of(t.Context(), files.OfCard, []int64{id})
		if err != nil {
			t.Fatal(err)
		}
		urls := map[string]string{}
		for _, f := range of[id] {
			urls[f.Name] = f.URL
		}
		links[fmt.Sprint(p)] = urls
	}
	s := server(t, w, w.Files)
	local := func(link string) string { return s.URL + strings.TrimPrefix(link, boardtest.PublicURL) }
	private, open := links[fmt.Sprint(w.Project.ID)], links[fmt.Sprint(public.ID)]

	for who, want := range map[string][2]int{"owner": {200, 200}, "reader": {200, 200}, "stranger": {404, 200}, "": {404, 200}} {
		a, _ := get(t, local(private["dot"]), who, "")
		b, _ := get(t, local(open["dot"]), who, "")
		if a.StatusCode != want[0] || b.StatusCode != want[1] {
			t.Errorf("%q: %d and %d", who, a.StatusCode, b.StatusCode)
		}
	}
	for name, content := range attached {
		res, body := get(t, local(private[name]), "reader", "")
		h := res.Header
		if res.StatusCode != 200 || body != string(content) || h.Get("Cache-Control") != "private, no-store" ||
			h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v", name, res.StatusCode, h)
		}
		inline := strings.HasPrefix(h.Get("Content-Disposition"), "inline")
		if inline != (name == "dot") || inline != (h.Get("Content-Type") == "image/png") {
			t.Errorf("%s: %s, %s", name, h.Get("Content-Disposition"), h.Get("Content-Type"))
		}
	}
	res, body := get(t, local(private["long.txt"]), "owner", "bytes=10-14")
	if res.StatusCode != http.StatusPartialContent || body != "01234" {
		t.Errorf("a range: %d %q", res.StatusCode, body)
	}
	for _, path := range []string{"/files/x/a", "/files/" + storage.NewKey() + "/a", "/files/..%2f..%2fetc/passwd", "/files/%00/a"} {
		if res, _ := get(t, s.URL+path, "owner", ""); res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// TestDownloadsAreResumable: a range of the same content, or the whole of another one.
func TestDownloadsAreResumable(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
	s := server(t, w, w.Files)
	path := fmt.Sprintf("/files/lists/%d", list)
	if a := upload(t, s, "owner", path, "0123456789", "name", "x"); a.Status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	of, err := w.Files.Of(t.Context(), files.OfList, []int64{list})
	if err != nil {
		t.Fatal(err)
	}
	link := s.URL + strings.TrimPrefix(of[list][0].URL, boardtest.PublicURL)
	ask := func(header ...string) (int, string, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Who", "reader")
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body), res.Header.Get("Etag")
	}
	_, _, etag := ask()
	if etag == "" || strings.HasPrefix(etag, "W/") {
		t.Fatalf("the validator is %q", etag)
	}
	for _, c := range []struct {
		header []string
		status int
		body   string
	}{
		{[]string{"Range", "bytes=7-", "If-Range", etag}, 206, "789"},
		{[]string{"Range", "bytes=-2"}, 206, "89"},
		{[]string{"Range", "bytes=10-"}, 416, ""},
		{[]string{"If-None-Match", etag}, 304, ""},
		{[]string{"If-None-Match", `"another"`}, 200, "0123456789"},
	} {
		status, body, _ := ask(c.header...)
		if status != c.status || status < 400 && body != c.body {
			t.Errorf("%v: %d %q", c.header, status, body)
		}
	}
	if a := upload(t, s, "owner", path, "abcdefghij", "name", "x", "replace", "1"); a.Status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	if status, body, _ := ask("Range", "bytes=7-", "If-Range", etag); status != 200 || body != "abcdefghij" {
		t.Errorf("the rest of a replaced file: %d %q", status, body)
	}
}

// TestTypesOfTheViewer: what may be shown in a page is, where it asks for it; a page or
// a script never is, whatever its name says.
func TestTypesOfTheViewer(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
	s := server(t, w, w.Files)
	sound := "RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x00\x00\x00"
	for name, c := range map[string]struct{ content, shownAs string }{
		"a.pdf":     {"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "application/pdf"},
		"a.wav":     {sound, "audio/wav"},
		"page.pdf":  {"<!DOCTYPE html><script>alert(1)</script>", ""},
		"x.svg":     {`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, ""},
		"notes.txt": {"plain", ""},
	} {
		if a := upload(t, s, "owner", fmt.Sprintf("/files/lists/%d", list), c.content, "name", name); a.Status != http.StatusOK {
			t.Fatalf("%s: %+v", name, a)
		}
		of, err := w.Files.Of(t.Context(), files.OfList, []int64{list})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(of[list], func(f files.View) bool { return f.Name == name })
		link := s.URL + strings.TrimPrefix(of[list][i].URL, boardtest.PublicURL)
		plain, _ := get(t, link, "reader", "")
		viewed, body := get(t, link+"?view=1", "reader", "")
		if got := plain.Header.Get("Content-Type"); got != "application/octet-stream" || !strings.HasPrefix(plain.Header.Get("Content-Disposition"), "attachment;") {
			t.Errorf("%s without a viewer: %s", name, got)
		}
		h := viewed.Header
		wantType, wantDisposition := c.shownAs, "inline;"
		if c.shownAs == "" {
			wantType, wantDisposition = "application/octet-stream", "attachment;"
		}
		if h.Get("Content-Type") != wantType || !strings.HasPrefix(h.Get("Content-Disposition"), wantDisposition) || body != c.content || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s in the viewer: %v", name, h)
		}
		wantPolicy := "default-src 'none'; sandbox"
		if wantType == "application/pdf" {
			wantPolicy = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
		}
		if policy := h.Get("Content-Security-Policy"); policy != wantPolicy {
			t.Errorf("%s: %s", name, policy)
		}
		if res, _ := get(t, link+"?view=1", "stranger", ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s for a stranger: %d", name, res.StatusCode)
		}
	}
}

// A batch that is applied twice, as after a deadlock, attaches once.
func TestBatchInRetriedTransaction(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		owner := files.Owner{Kind: files.OfList, ID: list}
		b, err := w.Files.Stage(t.Context(), owner, files.Changes{New: contents(2, 3)}, func(context.Context) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		boom := errors.New("boom")
		for _, fate := range []error{boom, nil} {
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
				_, err := b.Apply(ctx, owner)
				return errors.Join(err, fate)
			})
			if !errors.Is(err, fate) {
				t.Fatal(err)
			}
		}
		b.Close(t.Context())
		if n := len(w.Objects(t)); n != 2 {
			t.Errorf("%d objects", n)
		}
		ctx, n := db.CountStatements(t.Context())
		if _, err := w.Files.Of(ctx, files.OfList, []int64{list}); err != nil || n.Load() != 1 {
			t.Errorf("%d statements, error %v", n.Load(), err)
		}
	})
}

// The answer to a commit may get lost although the database has committed:
// the request that stored the contents cannot know, and must not delete them.
func TestCommitWhoseAnswerIsLost(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		owner := files.Owner{Kind: files.OfList, ID: list}
		b, err := w.Files.Stage(t.Context(), owner, files.Changes{New: contents(2, 3)}, func(context.Context) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		unknowing := *b // does not learn that the transaction has committed
		if err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			_, err := b.Apply(ctx, owner)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		unknowing.Close(t.Context())
		if n := len(w.Objects(t)); n != 2 {
			t.Errorf("%d contents of two attached files are left", n)
		}
	})
}
