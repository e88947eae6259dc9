package auth

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/ratelimit"
)

// member is a person with a verified account and a login.
func (f fixture) member(t *testing.T, name string) accounts.Actor {
	t.Helper()
	return f.another(t, accounts.MakeUser(t, f.db, name))
}

// another is the same person in another browser.
func (f fixture) another(t *testing.T, by accounts.Actor) accounts.Actor {
	t.Helper()
	var w loginResult
	err := f.db.InTx(t.Context(), func(ctx context.Context) (err error) {
		w, err = f.Logins.start(ctx, accounts.User{ID: by.UserID, Name: by.Name}, RequestInfo{}, false)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w.Actor
}

func (f fixture) account(t *testing.T, by accounts.Actor) accounts.Account {
	t.Helper()
	a, err := f.people.Account(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (f fixture) canLogIn(t *testing.T, name, password string) bool {
	t.Helper()
	_, err := f.logIn(t.Context(), name, password, false, here)
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

func TestStayingLoggedInIsForTheLoginOneHas(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		other := f.another(t, by)
		ends := func(a accounts.Actor) time.Duration {
			var l login
			if err := f.db.From(t.Context()).Where("id = ?", a.LoginID).Take(&l).Error; err != nil {
				t.Fatal(err)
			}
			return l.EndsAt.Sub(f.clock.Now())
		}
		for on, want := range map[bool]time.Duration{true: persistentLogin, false: browserLogin} {
			if err := f.SetPersistent(t.Context(), by, on); err != nil {
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

func TestChangeEmail(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		f.member(t, "bobby")
		f.mustSignUp(t, "carla")
		for email, key := range map[string]string{
			"nonsense": "auth.signup.emailMalformed", "": "auth.signup.emailMalformed", strings.Repeat("a", 30) + "@b.cd": "auth.signup.emailMalformed",
			"bobby@example.org": "auth.signup.emailTaken", "CARLA@example.org": "auth.signup.emailTaken",
			"anna@example.org": "auth.settings.sameEmail",
		} {
			_, err := f.ChangeEmail(t.Context(), by, email, accounts.TestPassword, "", here)
			wantFields(t, err, map[string]string{"newEmail": key})
		}
		_, err := f.ChangeEmail(t.Context(), by, "new@example.org", "wrong horse", "", here)
		wantFields(t, err, map[string]string{"password": "auth.wrongPassword"})
		if got := f.account(t, by); got.NewEmail != "" || len(f.mailsTo("new@example.org"))+len(f.mailsTo("anna@example.org")) != 0 {
			t.Fatalf("a refused change left %+v", got)
		}

		token, err := f.ChangeEmail(t.Context(), by, "new@example.org", accounts.TestPassword, "/anna/settings", here)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.account(t, by); got.Email != "anna@example.org" || got.NewEmail != "new@example.org" || got.VerificationToken != token {
			t.Errorf("while it waits: %+v", got)
		}
		old := f.mailsTo("anna@example.org")
		if len(old) != 1 || !strings.Contains(old[0].Text, "new@example.org") || !f.canLogIn(t, "anna@example.org", accounts.TestPassword) {
			t.Fatalf("the old address was told %v", old)
		}
		code := codePattern.FindStringSubmatch(f.mailsTo("new@example.org")[0].Text)
		if code == nil || !strings.Contains(f.mailsTo("new@example.org")[0].Text, "continue=%2Fanna%2Fsettings&") {
			t.Fatalf("mail:\n%s", f.mailsTo("new@example.org")[0].Text)
		}
		if _, err := f.verify(t.Context(), token, code[1], RequestInfo{Lang: "de"}); err != nil {
			t.Fatal(err)
		}
		if got := f.account(t, by); got.Email != "new@example.org" || got.NewEmail != "" || got.VerificationToken != "" {
			t.Errorf("afterwards: %+v", got)
		}
		if old := f.mailsTo("anna@example.org"); len(old) != 2 || !strings.Contains(old[1].Text, "jetzt die Adresse new@example.org") {
			t.Errorf("the old address was told %v", old)
		}
	})
}

func TestANewAddressCanBeForgotten(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		ask := func(email string) string {
			token, err := f.ChangeEmail(t.Context(), by, email, accounts.TestPassword, "", here)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		first, second := ask("one@example.org"), ask("two@example.org")
		if _, err := f.verification(t.Context(), first); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the first case is still open: %v", err)
		}
		if err := f.CancelEmailChange(t.Context(), by); err != nil {
			t.Fatal(err)
		}
		if _, err := f.verification(t.Context(), second); errs.KindOf(err) != errs.NotFound {
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
			{"wrong horse", "a new password", map[string]string{"old_password": "auth.wrongPassword"}},
			// Defect H03: a bad new password must not excuse a wrong old one.
			{"wrong horse", "short", map[string]string{"old_password": "auth.wrongPassword", "newPassword": "auth.signup.passwordLength"}},
			{"wrong horse", strings.Repeat("x", 65), map[string]string{"old_password": "auth.wrongPassword", "newPassword": "auth.signup.passwordLength"}},
			{accounts.TestPassword, "", map[string]string{"newPassword": "auth.signup.passwordLength"}},
			{accounts.TestPassword, "with\x00null", map[string]string{"newPassword": "auth.signup.passwordCharacters"}},
		} {
			wantFields(t, f.ChangePassword(t.Context(), by, tt.old, tt.new, here), tt.want)
			if !f.canLogIn(t, "anna", accounts.TestPassword) {
				t.Fatalf("%q, %q changed the password", tt.old, tt.new)
			}
		}
		*f.ended = nil
		if err := f.ChangePassword(t.Context(), by, accounts.TestPassword, "a new password", here); err != nil {
			t.Fatal(err)
		}
		if f.canLogIn(t, "anna", accounts.TestPassword) || !f.canLogIn(t, "anna", "a new password") {
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
			wantKind(t, f.changeName(t.Context(), by, "carl", "wrong horse", here), errs.Invalid)
		}
		wantKind(t, f.changeName(t.Context(), by, "carl", accounts.TestPassword, here), errs.RateLimited)
		f.clock.pass(time.Minute)
		if err := f.changeName(t.Context(), by, "carl", accounts.TestPassword, here); err != nil {
			t.Error(err)
		}
	})
}
