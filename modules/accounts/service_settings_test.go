package accounts

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/storage"
)

func newStorage(t *testing.T) storage.Storage {
	t.Helper()
	dir, err := storage.NewDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// member is somebody with a verified account and a login.
func (f fixture) member(t *testing.T, name string) Actor {
	t.Helper()
	return f.another(t, MakeUser(t, f.db, name))
}

// another is the same person in another browser.
func (f fixture) another(t *testing.T, by Actor) Actor {
	t.Helper()
	var w Welcome
	err := f.db.InTx(t.Context(), func(ctx context.Context) (err error) {
		w, err = f.startLogin(ctx, user{ID: by.UserID, Name: by.Name}, Visit{}, false)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w.Actor
}

func (f fixture) account(t *testing.T, by Actor) Account {
	t.Helper()
	a, err := f.Account(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (f fixture) canLogIn(t *testing.T, name, password string) bool {
	t.Helper()
	_, err := f.LogIn(t.Context(), name, password, false, here)
	if err != nil && errs.KindOf(err) != errs.Invalid {
		t.Fatal(err)
	}
	return err == nil
}

// mailsTo are the mails to an address, the latest last.
func (f fixture) mailsTo(address string) (all []mail.Message) {
	f.sent.mu.Lock()
	defer f.sent.mu.Unlock()
	for _, m := range f.sent.all {
		if m.To == address {
			all = append(all, m)
		}
	}
	return all
}

func wantFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	if got := fieldKeys(err); !maps.Equal(got, want) {
		t.Errorf("fields %v (%v), want %v", got, err, want)
	}
}

func TestSwitches(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by, other := f.member(t, "anna"), f.member(t, "bobby")
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
			t.Errorf("somebody else's are %v, were %v", got, before)
		}
		wantKind(t, f.Set(t.Context(), by, "isAdmin", true), errs.Invalid)
		wantKind(t, f.Set(t.Context(), Actor{}, HideEmail, true), errs.Unauthenticated)
	})
}

func TestStayingLoggedInIsForTheLoginOneHas(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		other := f.another(t, by)
		ends := func(a Actor) time.Duration {
			var l login
			if err := f.db.From(t.Context()).Where("id = ?", a.LoginID).Take(&l).Error; err != nil {
				t.Fatal(err)
			}
			return l.EndsAt.Sub(f.clock.Now())
		}
		for on, want := range map[bool]time.Duration{true: persistentLogin, false: browserLogin} {
			if err := f.Set(t.Context(), by, StayLoggedIn, on); err != nil {
				t.Fatal(err)
			}
			if got := ends(by); got != want {
				t.Errorf("switched to %v: ends in %v, want %v", on, got, want)
			}
		}
		if got := ends(other); got != browserLogin {
			t.Errorf("the other browser's login ends in %v", got)
		}
	})
}

func TestChangeName(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		f.member(t, "bobby")
		var told []Renamed
		events.After(f.bus, func(_ context.Context, e Renamed) { told = append(told, e) })
		for name, want := range map[string]map[string]string{
			"ab":           {"newUsername": "accounts.signup.nameMalformed"},
			"1abc":         {"newUsername": "accounts.signup.nameMalformed"},
			"anna\n":       {"newUsername": "accounts.signup.nameMalformed"},
			"annä":         {"newUsername": "accounts.signup.nameMalformed"},
			"bobby":        {"newUsername": "accounts.signup.nameTaken"},
			"BOBBY":        {"newUsername": "accounts.signup.nameTaken"},
			"Settings":     {"newUsername": "accounts.signup.nameTaken"},
			"bob_y":        {}, // a pattern's sign is only itself
			"carl":         {},
			"Carl":         {}, // its case alone
			"carlo-Magn_0": {},
		} {
			err := f.ChangeName(t.Context(), by, name, TestPassword, here)
			wantFields(t, err, want)
			if err == nil && f.account(t, by).Name != name {
				t.Errorf("called %s, want %s", f.account(t, by).Name, name)
			}
		}
		if len(told) != 4 {
			t.Errorf("told of %v", told)
		}
		before := f.account(t, by)
		wantFields(t, f.ChangeName(t.Context(), by, "bobby", "wrong horse", here),
			map[string]string{"newUsername": "accounts.signup.nameTaken", "password": "accounts.wrongPassword"})
		wantFields(t, f.ChangeName(t.Context(), by, "dora", "wrong horse", here), map[string]string{"password": "accounts.wrongPassword"})
		wantKind(t, f.ChangeName(t.Context(), Actor{}, "dora", TestPassword, here), errs.Unauthenticated)
		if after := f.account(t, by); after != before {
			t.Errorf("%+v after refusals, was %+v", after, before)
		}
	})
}

func TestADrawnPictureFollowsTheFirstLetter(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		first := f.account(t, by).PicURL
		rename := func(name string) string {
			if err := f.ChangeName(t.Context(), by, name, TestPassword, here); err != nil {
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

func TestChangeEmail(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		f.member(t, "bobby")
		f.mustSignUp(t, "carla")
		for email, key := range map[string]string{
			"nonsense": "accounts.signup.emailMalformed", "": "accounts.signup.emailMalformed", strings.Repeat("a", 30) + "@b.cd": "accounts.signup.emailMalformed",
			"bobby@example.org": "accounts.signup.emailTaken", "CARLA@example.org": "accounts.signup.emailTaken",
			"anna@example.org": "accounts.settings.sameEmail",
		} {
			_, err := f.ChangeEmail(t.Context(), by, email, TestPassword, "", here)
			wantFields(t, err, map[string]string{"newEmail": key})
		}
		_, err := f.ChangeEmail(t.Context(), by, "new@example.org", "wrong horse", "", here)
		wantFields(t, err, map[string]string{"password": "accounts.wrongPassword"})
		if got := f.account(t, by); got.NewEmail != "" || len(f.mailsTo("new@example.org"))+len(f.mailsTo("anna@example.org")) != 0 {
			t.Fatalf("a refused change left %+v", got)
		}

		caseID, err := f.ChangeEmail(t.Context(), by, "new@example.org", TestPassword, "/anna/settings", here)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.account(t, by); got.Email != "anna@example.org" || got.NewEmail != "new@example.org" || got.CaseID != caseID {
			t.Errorf("while it waits: %+v", got)
		}
		old := f.mailsTo("anna@example.org")
		if len(old) != 1 || !strings.Contains(old[0].Text, "new@example.org") || !f.canLogIn(t, "anna@example.org", TestPassword) {
			t.Fatalf("the old address was told %v", old)
		}
		code := codePattern.FindStringSubmatch(f.mailsTo("new@example.org")[0].Text)
		if code == nil || !strings.Contains(f.mailsTo("new@example.org")[0].Text, "continue=%2Fanna%2Fsettings&") {
			t.Fatalf("mail:\n%s", f.mailsTo("new@example.org")[0].Text)
		}
		if _, err := f.Verify(t.Context(), caseID, code[1], Visit{Lang: "de"}); err != nil {
			t.Fatal(err)
		}
		if got := f.account(t, by); got.Email != "new@example.org" || got.NewEmail != "" || got.CaseID != "" {
			t.Errorf("afterwards: %+v", got)
		}
		if old := f.mailsTo("anna@example.org"); len(old) != 2 || !strings.Contains(old[1].Text, "jetzt new@example.org") {
			t.Errorf("the old address was told %v", old)
		}
	})
}

func TestANewAddressCanBeForgotten(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		ask := func(email string) string {
			caseID, err := f.ChangeEmail(t.Context(), by, email, TestPassword, "", here)
			if err != nil {
				t.Fatal(err)
			}
			return caseID
		}
		first, second := ask("one@example.org"), ask("two@example.org")
		if _, err := f.Verification(t.Context(), first); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the first case is still open: %v", err)
		}
		if err := f.CancelEmailChange(t.Context(), by); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Verification(t.Context(), second); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the case is still open: %v", err)
		}
		ask("three@example.org")
		f.clock.pass(unverifiedLife + time.Hour)
		f.mustTidy(t)
		if got := f.account(t, by); got.NewEmail != "" || got.Email != "anna@example.org" {
			t.Errorf("a week later: %+v", got)
		}
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		other, stranger := f.another(t, by), f.member(t, "bobby")
		for _, tt := range []struct {
			old, new string
			want     map[string]string
		}{
			{"wrong horse", "a new password", map[string]string{"old_password": "accounts.wrongPassword"}},
			// Defect H03: a bad new password must not excuse a wrong old one.
			{"wrong horse", "short", map[string]string{"old_password": "accounts.wrongPassword", "newPassword": "accounts.signup.passwordLength"}},
			{"wrong horse", strings.Repeat("x", 65), map[string]string{"old_password": "accounts.wrongPassword", "newPassword": "accounts.signup.passwordLength"}},
			{TestPassword, "", map[string]string{"newPassword": "accounts.signup.passwordLength"}},
			{TestPassword, "with\x00null", map[string]string{"newPassword": "accounts.signup.passwordCharacters"}},
		} {
			wantFields(t, f.ChangePassword(t.Context(), by, tt.old, tt.new, here), tt.want)
			if !f.canLogIn(t, "anna", TestPassword) {
				t.Fatalf("%q, %q changed the password", tt.old, tt.new)
			}
		}
		*f.ended = nil
		if err := f.ChangePassword(t.Context(), by, TestPassword, "a new password", here); err != nil {
			t.Fatal(err)
		}
		if f.canLogIn(t, "anna", TestPassword) || !f.canLogIn(t, "anna", "a new password") {
			t.Error("the old password still works, or the new one does not")
		}
		for who, want := range map[string]bool{by.LoginID: true, other.LoginID: false, stranger.LoginID: true} {
			if _, err := f.identify(t.Context(), who); (err == nil) != want {
				t.Errorf("login of %s: %v", who, err)
			}
		}
		if !slices.Contains(*f.ended, other.LoginID) || slices.Contains(*f.ended, by.LoginID) || len(f.mailsTo("anna@example.org")) != 1 {
			t.Errorf("ended %v, mails %v", *f.ended, f.mailsTo("anna@example.org"))
		}
	})
}

func TestThePasswordOfAnOpenBrowserCannotBeGuessed(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		f.limits.passwordsByUser = ratelimit.NewBackoff(3, time.Minute, time.Hour, f.clock.Now)
		for range 3 {
			wantKind(t, f.ChangeName(t.Context(), by, "carl", "wrong horse", here), errs.Invalid)
		}
		wantKind(t, f.ChangeName(t.Context(), by, "carl", TestPassword, here), errs.RateLimited)
		f.clock.pass(time.Minute)
		if err := f.ChangeName(t.Context(), by, "carl", TestPassword, here); err != nil {
			t.Error(err)
		}
	})
}

func pngFile(t *testing.T, width, height int) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewNRGBA(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
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
	err := f.storage.List(t.Context(), "", func(o storage.Info) error { keys = append(keys, o.Key); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestEditProfile(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
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

func TestPicturesComeAndGo(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		drawn := f.account(t, by).Person
		var told []Person
		events.After(f.bus, func(_ context.Context, e PictureChanged) { told = append(told, e.Person) })
		first := f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 600, 400)})
		for url, width := range map[string]int{first.LargePicURL: 280, first.PicURL: 50} {
			o, err := f.OpenPicture(t.Context(), strings.TrimPrefix(url, "/avatars/"))
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
		_, err := f.OpenPicture(t.Context(), strings.TrimPrefix(first.PicURL, "/avatars/"))
		wantKind(t, err, errs.NotFound)
		if back := f.mustEdit(t, by, ProfileEdit{Drawn: true}); back.Person != drawn || back.Uploaded || len(f.objects(t)) != 0 {
			t.Errorf("back to the drawn one: %+v, objects %v", back, f.objects(t))
		}
		if len(told) != 3 || told[1].PicURL != second.PicURL {
			t.Errorf("told of %v", told)
		}
		for _, key := range []string{"", "..", "../../etc/passwd", strings.Repeat("0", 32), strings.Repeat("0", 32) + ".png", strings.Repeat("0", 32) + "-x.png"} {
			_, err := f.OpenPicture(t.Context(), key)
			wantKind(t, err, errs.NotFound)
		}
	})
}

func TestPicturesACrashHasLeftAreSwept(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		kept := f.mustEdit(t, f.member(t, "anna"), ProfileEdit{Picture: pngFile(t, 60, 60)})
		orphan, attachment := storage.NewKey(), storage.NewKey()
		for _, key := range []string{orphan + ".png", orphan + "-s.png", attachment} {
			if err := f.storage.Put(t.Context(), key, strings.NewReader("x"), 1, "image/png"); err != nil {
				t.Fatal(err)
			}
		}
		// The objects carry the real time of day, whatever the test's clock says.
		f.clock.pass(time.Since(f.clock.Now()))
		f.mustTidy(t)
		if got := f.objects(t); len(got) != 5 {
			t.Fatalf("too early: %v", got)
		}
		f.clock.pass(25 * time.Hour)
		f.mustTidy(t)
		got := f.objects(t)
		if len(got) != 3 || !slices.Contains(got, attachment) || !slices.Contains(got, strings.TrimPrefix(kept.PicURL, "/avatars/")) {
			t.Errorf("left: %v", got)
		}
	})
}

func TestPicturesOfAnAdoptedDatabase(t *testing.T) {
	for stored, want := range map[string]string{
		"https://taskstack-static.s3.eu-central-1.amazonaws.com/default_avatar/a1x.png": "/static/default_avatar/a1x.png",
		"/static/default_avatar/z4s.png":                                                "/static/default_avatar/z4s.png",
		"https://taskstack-upload.s3.eu-central-1.amazonaws.com/0123.png":               "https://taskstack-upload.s3.eu-central-1.amazonaws.com/0123.png",
		"/avatars/0123.png": "/avatars/0123.png",
	} {
		u := user{Name: "anna", AvatarURL: stored, SmallAvatarURL: stored}
		if p := u.person(); p.PicURL != want || p.LargePicURL != want {
			t.Errorf("%s is shown from %s and %s", stored, p.PicURL, p.LargePicURL)
		}
	}
}

func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		other, stranger := f.another(t, by), f.member(t, "bobby")
		f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 60, 60)})
		var heard []Deleting
		refuse := errors.New("a module cannot")
		var trouble error
		events.On(f.bus, func(_ context.Context, e Deleting) error { heard = append(heard, e); return trouble })
		wrong := "bobby"
		wantFields(t, f.Delete(t.Context(), by, Deletion{Password: "wrong horse", Name: &wrong}),
			map[string]string{"password": "accounts.wrongPassword", "confirmName": "accounts.settings.wrongName"})
		wantKind(t, f.Delete(t.Context(), Actor{}, Deletion{Password: TestPassword}), errs.Unauthenticated)
		if err := f.Delete(t.Context(), by, Deletion{Password: TestPassword, First: func(context.Context) error { return refuse }}); !errors.Is(err, refuse) {
			t.Error(err)
		}
		if len(heard) != 0 {
			t.Errorf("modules heard %v of a refused deletion", heard)
		}
		trouble = refuse
		if err := f.Delete(t.Context(), by, Deletion{Password: TestPassword}); !errors.Is(err, refuse) {
			t.Error(err)
		}
		if _, err := f.identify(t.Context(), other.LoginID); err != nil || len(f.objects(t)) != 2 || !f.canLogIn(t, "anna", TestPassword) {
			t.Fatalf("a deletion that failed left traces: %v, %v", err, f.objects(t))
		}
		trouble, heard, *f.ended = nil, nil, nil
		name := "Anna "
		if err := f.Delete(t.Context(), by, Deletion{Password: TestPassword, Name: &name}); err != nil {
			t.Fatal(err)
		}
		if len(heard) != 1 || heard[0] != (Deleting{UserID: by.UserID, Name: "anna"}) {
			t.Errorf("modules heard %v", heard)
		}
		if f.canLogIn(t, "anna", TestPassword) || len(f.objects(t)) != 0 || !slices.Contains(*f.ended, other.LoginID) || !slices.Contains(*f.ended, by.LoginID) {
			t.Errorf("objects %v, ended %v", f.objects(t), *f.ended)
		}
		if _, err := f.identify(t.Context(), stranger.LoginID); err != nil {
			t.Errorf("the stranger: %v", err)
		}
		wantKind(t, f.Delete(t.Context(), by, Deletion{Password: TestPassword}), errs.NotFound)
	})
}

func TestExport(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		f.mustEdit(t, by, ProfileEdit{Picture: pngFile(t, 60, 60)})
		f.AddExport(f.Export)
		f.AddExport(func(_ context.Context, by Actor, to Exporter) error {
			return to.File(ExportPath("files", "../"+by.Name+"\x00"), strings.NewReader("content"))
		})
		var buf bytes.Buffer
		if err := f.WriteExport(t.Context(), by, &buf); err != nil {
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
		if _, err := png.Decode(bytes.NewReader(content["picture.png"])); err != nil || string(content["files/.._anna_"]) != "content" || len(content) != 3 {
			t.Errorf("%v, %v", err, slices.Collect(maps.Keys(content)))
		}
		var account map[string]any
		if err := json.Unmarshal(content["account.json"], &account); err != nil || account["email"] != "anna@example.org" {
			t.Errorf("%v, %v", err, account)
		}
		if bytes.Contains(buf.Bytes(), []byte("$2b$")) || bytes.Contains(content["account.json"], []byte("$2")) {
			t.Error("the archive carries the password's hash")
		}
		wantKind(t, f.MayExport(Actor{}), errs.Unauthenticated)
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
