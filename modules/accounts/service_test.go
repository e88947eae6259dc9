package accounts

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/views"
)

const day = 24 * time.Hour

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is the module on a real database.
type fixture struct {
	*Module
	clock *clock
}

func each(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Helper()
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		f := fixture{clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}}
		d := testenv.Open(t, uri, db.Options{Now: f.clock.Now})
		dir, err := storage.NewDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := dir.Close(); err != nil {
				t.Error(err)
			}
		})
		deps := module.Deps{DB: d, Bus: events.NewBus(d), Views: views.New(), Log: slog.New(slog.DiscardHandler)}
		deps.Objects = objects.New(d, dir, deps.Log)
		deps.Realtime, err = realtime.New(realtime.Options{Views: deps.Views, Log: deps.Log})
		must(t, err)
		f.Module = New(deps)
		test(t, f)
	})
}

func (f fixture) account(t *testing.T, by Actor) Account {
	t.Helper()
	a, err := f.Account(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (f fixture) mustSweep(t *testing.T) {
	t.Helper()
	if _, err := f.pictures.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if errs.KindOf(err) != kind {
		t.Errorf("%v, want %s", err, kind)
	}
}

func wantFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	var e *errs.Error
	if errors.As(err, &e) {
		for field, m := range e.Fields {
			got[field] = m.Key
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("fields %v (%v), want %v", got, err, want)
	}
}

func TestPeople(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, carl := MakeUser(t, f.db, "anna"), MakeUser(t, f.db, "Carl")
		bob := MakeUnverifiedUser(t, f.db, "bob")
		ctx, statements := db.CountStatements(t.Context())
		people, err := f.ByIDs(ctx, []int64{anna.UserID, bob.UserID, carl.UserID, 999, -1})
		if err != nil || len(people) != 2 || people[carl.UserID].Name != "Carl" || statements.Load() != 1 {
			t.Errorf("%v, %v, %d statements", people, err, statements.Load())
		}
		if people, err := f.ByIDs(ctx, nil); err != nil || len(people) != 0 || statements.Load() != 1 {
			t.Errorf("no ids: %v, %v, %d statements", people, err, statements.Load())
		}
		for text, want := range map[string]int64{
			"anna": anna.UserID, "ANNA": anna.UserID, "carl@example.org": carl.UserID, "bob": 0, "bob@example.org": 0, "": 0, "ann%": 0,
		} {
			p, err := f.ByNameOrEmail(t.Context(), text)
			if p.ID != want || (want == 0) != errors.Is(err, errs.Of(errs.NotFound)) {
				t.Errorf("%q: %+v, %v", text, p, err)
			}
		}
		_, err = f.ByNameOrEmail(t.Context(), "cärl") // which MySQL's collation takes for "carl"
		wantKind(t, err, errs.NotFound)
		_, err = f.ByName(t.Context(), "anna@example.org")
		wantKind(t, err, errs.NotFound)
	})
}

func TestSwitches(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by, other := MakeUser(t, f.db, "anna"), MakeUser(t, f.db, "bobby")
		read := func(by Actor) map[Setting]bool {
			a := f.account(t, by)
			return map[Setting]bool{HideEmail: a.EmailPrivate, PrivateProfile: a.Private, StayLoggedIn: a.StayLoggedIn, BlockRequests: a.BlockRequests}
		}
		before := read(other)
		for setting := range settingColumns {
			for _, on := range []bool{true, false, true} {
				if err := f.Set(t.Context(), by, setting, on); err != nil {
					t.Fatal(err)
				}
				if got := read(by)[setting]; got != on {
					t.Errorf("%s is %v, want %v", setting, got, on)
				}
			}
		}
		if got := read(other); !maps.Equal(got, before) {
			t.Errorf("those of another person are %v, were %v", got, before)
		}
		wantKind(t, f.Set(t.Context(), by, "isAdmin", true), errs.Invalid)
		wantKind(t, f.Set(t.Context(), Actor{}, HideEmail, true), errs.Unauthenticated)
	})
}

func (f fixture) mustEdit(t *testing.T, by Actor, e ProfileEdit) Profile {
	t.Helper()
	p, err := f.EditProfile(t.Context(), by, e)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (f fixture) objects(t *testing.T) (keys []string) {
	t.Helper()
	if _, err := f.pictures.objects.DeleteDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := f.pictures.objects.List(t.Context(), "", func(o storage.Info) error { keys = append(keys, o.Key); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func pngFile(t *testing.T, width, height int) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewNRGBA(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestEditProfile(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		text := func(s string) ProfileEdit { return ProfileEdit{Desc: &s} }
		longest := strings.Repeat("ü", MaxDescLength)
		if got := f.mustEdit(t, by, text(longest)).Desc; got != longest {
			t.Errorf("%d characters are kept of %d", len(got), len(longest))
		}
		for _, tt := range []struct {
			edit ProfileEdit
			want map[string]string
		}{
			{text(longest + "x"), map[string]string{"newProfileDesc": "accounts.profile.descTooLong"}},
			{text("\xff"), map[string]string{"newProfileDesc": "accounts.profile.descCharacters"}},
			{ProfileEdit{Picture: []byte("GIF89a")}, map[string]string{"newProfilePic": "accounts.profile.noPicture"}},
			{ProfileEdit{Picture: []byte{}}, map[string]string{"newProfilePic": "accounts.profile.noPicture"}},
			{ProfileEdit{Picture: pngFile(t, 1, 16_000_001)}, map[string]string{"newProfilePic": "accounts.profile.pictureTooLarge"}},
		} {
			_, err := f.EditProfile(t.Context(), by, tt.edit)
			wantFields(t, err, tt.want)
		}
		if got := f.account(t, by); got.Desc != longest || got.Uploaded || len(f.objects(t)) != 0 {
			t.Errorf("after refusals: %+v, objects %v", got, f.objects(t))
		}
		_, err := f.EditProfile(t.Context(), Actor{}, text("x"))
		wantKind(t, err, errs.Unauthenticated)
	})
}

func TestDisplayNames(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		other := MakeUser(t, f.db, "bert")
		var told []string
		events.After(f.bus, func(_ context.Context, e PersonChanged) { told = append(told, e.Person.DisplayName) })
		name := func(s string) ProfileEdit { return ProfileEdit{DisplayName: &s} }
		longest := strings.Repeat("🌻", 64)
		for typed, want := range map[string]string{
			"Anna Müller": "Anna Müller", "  \u202eann\ta\u2066 ": "ann a", "cafe\u0301": "cafe\u0301", "שלום": "שלום", longest: longest,
			"bert":     "bert", // another person's user name: who it is says the own one beside it
			"<b>x</b>": "<b>x</b>", "": "", "  ": "",
		} {
			got := f.mustEdit(t, by, name(typed))
			called := want
			if want == "" {
				called = "anna"
			}
			if got.DisplayName != want || got.Called() != called || got.Name != "anna" || got.GoToURL != "/anna" {
				t.Errorf("%q: %+v is called %q", typed, got.Person, got.Called())
			}
			if people, err := f.ByIDs(t.Context(), []int64{by.UserID}); err != nil || people[by.UserID].DisplayName != want {
				t.Errorf("%q: others see %+v, %v", typed, people[by.UserID], err)
			}
		}
		f.mustEdit(t, by, name("Anna"))
		for typed, key := range map[string]string{
			longest + "x": "accounts.profile.nameTooLong", "\u200b\u3164": "accounts.profile.nameCharacters",
			"a\x00b": "accounts.profile.nameCharacters", "a\xff": "accounts.profile.nameCharacters",
		} {
			_, err := f.EditProfile(t.Context(), by, name(typed))
			wantFields(t, err, map[string]string{"newDisplayName": key})
		}
		if got := f.account(t, by); got.DisplayName != "Anna" {
			t.Errorf("after refusals: %q", got.DisplayName)
		}
		// Other edits leave it as it is, and the same name is no change.
		before := len(told)
		about := "about me"
		f.mustEdit(t, by, ProfileEdit{Desc: &about})
		if got := f.mustEdit(t, by, name(" Anna ")); got.DisplayName != "Anna" || len(told) != before {
			t.Errorf("%q, told of %q", got.DisplayName, told[before:])
		}
		if got := f.account(t, other); got.Called() != "bert" {
			t.Errorf("the other one is called %q", got.Called())
		}
		// A display name neither finds a person nor logs in.
		if _, err := f.ByNameOrEmail(t.Context(), "Anna Müller"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("found by the display name: %v", err)
		}
	})
}

func TestPictures(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		drawn := f.account(t, by).Person
		var told []Person
		events.After(f.bus, func(_ context.Context, e PersonChanged) { told = append(told, e.Person) })
		first := f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 600, 400)})
		for url, width := range map[string]int{first.LargePicURL: 280, first.PicURL: 50} {
			o, err := f.pictures.open(t.Context(), strings.TrimPrefix(url, "/avatars/"))
			if err != nil {
				t.Fatal(err)
			}
			size, err := png.DecodeConfig(o)
			if err = errors.Join(err, o.Close()); err != nil || size.Width != width || size.Height != width {
				t.Errorf("%s: %d × %d (%v)", url, size.Width, size.Height, err)
			}
		}
		second := f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 30, 30)})
		if !second.Uploaded || second.PicURL == first.PicURL || len(f.objects(t)) != 2 {
			t.Errorf("the second picture: %+v, objects %v", second, f.objects(t))
		}
		_, err := f.pictures.open(t.Context(), strings.TrimPrefix(first.PicURL, "/avatars/"))
		wantKind(t, err, errs.NotFound)
		if back := f.mustEdit(t, by, ProfileEdit{Drawn: true}); back.Person != drawn || back.Uploaded || len(f.objects(t)) != 0 {
			t.Errorf("back to the drawn one: %+v, objects %v", back, f.objects(t))
		}
		if len(told) != 3 || told[1].PicURL != second.PicURL {
			t.Errorf("told of %v", told)
		}
		for _, key := range []string{"", "..", "../../etc/passwd", strings.Repeat("0", 32), strings.Repeat("0", 32) + ".png", strings.Repeat("0", 32) + "-x.png"} {
			_, err := f.pictures.open(t.Context(), key)
			wantKind(t, err, errs.NotFound)
		}
	})
}

func TestSweepPictures(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		kept := f.mustEdit(t, MakeUser(t, f.db, "anna"), ProfileEdit{Picture: pngFile(t, 60, 60)})
		orphan, attachment := storage.NewKey(), storage.NewKey()
		for _, key := range []string{orphan + ".png", orphan + "-s.png", attachment} {
			if err := f.pictures.objects.Put(t.Context(), key, strings.NewReader("x"), 1, "image/png"); err != nil {
				t.Fatal(err)
			}
		}
		// The objects carry the real time of day, whatever the test's clock says.
		f.clock.pass(time.Since(f.clock.Now()))
		f.mustSweep(t)
		if got := f.objects(t); len(got) != 5 {
			t.Fatalf("too early: %v", got)
		}
		f.clock.pass(25 * time.Hour)
		f.mustSweep(t)
		got := f.objects(t)
		if len(got) != 3 || !slices.Contains(got, attachment) || !slices.Contains(got, strings.TrimPrefix(kept.PicURL, "/avatars/")) {
			t.Errorf("left: %v", got)
		}
	})
}

func TestOrphanAge(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		if err := f.pictures.objects.Put(t.Context(), storage.NewKey()+".png", strings.NewReader("x"), 1, "image/png"); err != nil {
			t.Fatal(err)
		}
		f.clock.pass(time.Since(f.clock.Now())) // objects carry the real time
		for _, step := range []struct {
			after time.Duration
			want  int
		}{{23 * time.Hour, 1}, {2 * time.Hour, 0}} {
			f.clock.pass(step.after)
			f.mustSweep(t)
			if n := len(f.objects(t)); n != step.want {
				t.Errorf("%v later: %d objects, want %d", step.after, n, step.want)
			}
		}
	})
}

func TestAdoptedPictures(t *testing.T) {
	for stored, want := range map[string]string{
		"https://taskstack-static.s3.eu-central-1.amazonaws.com/default_avatar/a1x.png": "/static/default_avatar/a1x.png",
		"/static/default_avatar/z4s.png":                                                "/static/default_avatar/z4s.png",
		"https://taskstack-upload.s3.eu-central-1.amazonaws.com/0123.png":               "https://taskstack-upload.s3.eu-central-1.amazonaws.com/0123.png",
		"/avatars/0123.png": "/avatars/0123.png",
	} {
		u := User{Name: "anna", AvatarURL: stored, SmallAvatarURL: stored}
		if p := u.Person(); p.PicURL != want || p.LargePicURL != want {
			t.Errorf("%s is shown from %s and %s", stored, p.PicURL, p.LargePicURL)
		}
	}
}

func TestRenameDrawsAnotherPicture(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		first := f.account(t, by).PicURL
		rename := func(name string) string {
			if _, err := f.Rename(t.Context(), by, name); err != nil {
				t.Fatal(err)
			}
			return f.account(t, by).PicURL
		}
		if got := rename("Annabel"); got != first {
			t.Errorf("the same letter: %s became %s", first, got)
		}
		if got := rename("zoe"); !strings.HasPrefix(got, "/static/default_avatar/z") {
			t.Errorf("zoe has %s", got)
		}
		uploaded := f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 60, 60)}).PicURL
		if got := rename("quinn"); got != uploaded {
			t.Errorf("the uploaded picture %s became %s", uploaded, got)
		}
	})
}

func TestWarnAboutReservedNames(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		var out strings.Builder
		f.log = slog.New(slog.NewTextHandler(&out, nil))
		MakeUser(t, f.db, "Healthz")
		MakeUser(t, f.db, "anna")
		f.routeNames = func() []string { return []string{"healthz"} }
		f.warnAboutReservedNames(t.Context())
		if !strings.Contains(out.String(), "name=Healthz") || strings.Contains(out.String(), "anna") {
			t.Errorf("log: %s", out.String())
		}
	})
}

func TestExportPath(t *testing.T) {
	for want, parts := range map[string][]string{
		"a/b":         {"a", "b"},
		"files/_/_..": {"files", "", ".."},
		"x/.._.._etc": {"x", "../../etc"},
		"x/C__a_b":    {"x", `C:\a` + "\nb"},
		"x/_.":        {"x", "."},
	} {
		if got := ExportPath(parts...); got != want {
			t.Errorf("%q: %q, want %q", parts, got, want)
		}
	}
}

func TestRename(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		MakeUser(t, f.db, "bobby")
		var published []Renamed
		events.After(f.bus, func(_ context.Context, e Renamed) { published = append(published, e) })
		for name, want := range map[string]map[string]string{
			"ab":           {"newUsername": "accounts.name.malformed"},
			"1abc":         {"newUsername": "accounts.name.malformed"},
			"anna\n":       {"newUsername": "accounts.name.malformed"},
			"annä":         {"newUsername": "accounts.name.malformed"},
			"bobby":        {"newUsername": "accounts.name.taken"},
			"BOBBY":        {"newUsername": "accounts.name.taken"},
			"Settings":     {"newUsername": "accounts.name.taken"},
			"bob_y":        {}, // _ is no wildcard
			"carl":         {},
			"Carl":         {}, // only the case changes
			"carlo-Magn_0": {},
		} {
			problems := errs.Fields{}
			if err := f.CheckNewName(t.Context(), problems, by, name); err != nil {
				t.Fatal(err)
			}
			wantFields(t, problems.Err(), want)
			if len(problems) > 0 {
				continue
			}
			if renamed, err := f.Rename(t.Context(), by, name); err != nil || !renamed || f.account(t, by).Name != name {
				t.Errorf("%s: %v, %v, named %s", name, renamed, err, f.account(t, by).Name)
			}
			if renamed, err := f.Rename(t.Context(), by, name); err != nil || renamed {
				t.Errorf("%s again: %v, %v", name, renamed, err)
			}
		}
		if len(published) != 4 {
			t.Errorf("published %v", published)
		}
		_, err := f.Rename(t.Context(), by, "bobby") // taken since the check
		wantFields(t, err, map[string]string{"newUsername": "accounts.name.taken"})
		wantKind(t, f.CheckNewName(t.Context(), errs.Fields{}, Actor{}, "dora"), errs.Unauthenticated)
	})
}

func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 60, 60)})
		var handled []Deleting
		refuse := errors.New("a module cannot")
		var failure error
		events.On(f.bus, func(_ context.Context, e Deleting) error { handled = append(handled, e); return failure })
		failure = refuse
		if err := f.Delete(t.Context(), by); !errors.Is(err, refuse) {
			t.Error(err)
		}
		if _, err := f.ByName(t.Context(), "anna"); err != nil || len(f.objects(t)) != 2 {
			t.Fatalf("a deletion that failed left traces: %v, %v", err, f.objects(t))
		}
		failure, handled = nil, nil
		if err := f.Delete(t.Context(), by); err != nil {
			t.Fatal(err)
		}
		if len(handled) != 1 || handled[0] != (Deleting{UserID: by.UserID, Name: "anna"}) {
			t.Errorf("handled %v", handled)
		}
		if _, err := f.ByName(t.Context(), "anna"); errs.KindOf(err) != errs.NotFound || len(f.objects(t)) != 0 {
			t.Errorf("%v, objects %v", err, f.objects(t))
		}
		wantKind(t, f.Delete(t.Context(), by), errs.NotFound)
	})
}

func TestExport(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 60, 60)})
		f.Exports.AddExport(f.Export)
		f.Exports.AddExport(func(_ context.Context, by Actor, to Exporter) error {
			return to.File(ExportPath("files", "../"+by.Name+"\x00"), strings.NewReader("content"))
		})
		var buf bytes.Buffer
		if err := f.Exports.WriteExport(t.Context(), by, &buf); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		if err != nil {
			t.Fatal(err)
		}
		content := map[string][]byte{}
		for _, file := range z.File {
			r, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			if content[file.Name], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := png.Decode(bytes.NewReader(content["picture.png"])); err != nil || string(content["files/.._anna_"]) != "content" || len(content) != 2 {
			t.Errorf("%v, %v", err, slices.Collect(maps.Keys(content)))
		}
		wantKind(t, f.Exports.MayExport(Actor{}), errs.Unauthenticated)
	})
}

// TestLimits: so many pass, the next one does not; after the wait one more does.
func TestLimits(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	l := newLimits(module.Deps{RateLimit: true, Now: c.Now})
	for _, limit := range []struct {
		what    string
		times   int
		wait    time.Duration
		limiter *ratelimit.Limiter
	}{{"pictures", 20, time.Minute, l.pictures}, {"exports", 3, 10 * time.Minute, l.exports}} {
		for i := range limit.times {
			if err := take(limit.limiter, 7); err != nil {
				t.Errorf("%s: the %d. of %d is refused: %v", limit.what, i+1, limit.times, err)
			}
		}
		err := take(limit.limiter, 7)
		var refused *errs.Error
		if !errors.As(err, &refused) || refused.Kind != errs.RateLimited || refused.RetryAfter <= 0 || refused.RetryAfter > limit.wait {
			t.Errorf("%s: one more than %d: %v", limit.what, limit.times, err)
		}
		c.pass(limit.wait)
		if err := take(limit.limiter, 7); err != nil {
			t.Errorf("%s: after %v: %v", limit.what, limit.wait, err)
		}
		if err := take(limit.limiter, 7); err == nil {
			t.Errorf("%s: after %v two more pass", limit.what, limit.wait)
		}
	}
}

// TestRunSweepsAndStops: the worker sweeps at its start and ends with its
// context.
func TestRunSweepsAndStops(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		if err := f.pictures.objects.Put(t.Context(), storage.NewKey()+".png", strings.NewReader("x"), 1, "image/png"); err != nil {
			t.Fatal(err)
		}
		f.clock.pass(time.Since(f.clock.Now()) + 2*day) // objects carry the real time
		ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer stop()
		if err := f.RunJobs(ctx); err != nil || len(f.objects(t)) != 0 {
			t.Errorf("%v, objects %v", err, f.objects(t))
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
