package auth

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
)

func (f fixture) kinds(t *testing.T, by accounts.Actor) []eventKind {
	t.Helper()
	all, err := f.Events(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	kinds := make([]eventKind, len(all))
	for i, e := range all {
		kinds[i] = e.Kind
	}
	return kinds
}

// verified is a person who has signed up and confirmed the address.
func (f fixture) verified(t *testing.T, name string) loginResult {
	t.Helper()
	w := f.mustSignUp(t, name)
	if _, err := f.verify(t.Context(), w.VerificationToken, f.mailedCode(t), here); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestALogInFromANewDeviceIsReported(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.verified(t, "anna").Actor
		phone := RequestInfo{Address: "192.0.2.1", UserAgent: "Mozilla/5.0 (iPhone) Safari/605", Lang: "de"}
		away := here
		away.Address = "198.51.100.7"
		near := here
		near.Address = "192.0.77.3" // another address of the same provider
		for _, tt := range []struct {
			name  string
			visit RequestInfo
			kind  eventKind
		}{
			{"where the account was made", here, eventLoggedIn},
			{"same device, network nearby", near, eventLoggedIn},
			{"new device", phone, eventNewDevice},
			{"the same device again", phone, eventLoggedIn},
			{"new network", away, eventNewDevice},
			{"the same network again", away, eventLoggedIn},
		} {
			before := f.sent.count()
			if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, tt.visit); err != nil {
				t.Fatal(err)
			}
			if got := f.kinds(t, by)[0]; got != tt.kind {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.kind)
			}
			if told := f.sent.count() > before; told != (tt.kind == eventNewDevice) {
				t.Errorf("%s: mail sent: %v", tt.name, told)
			}
			if tt.kind == eventNewDevice {
				if m := f.sent.last(t); m.To != "anna@example.org" || !strings.Contains(m.Text, tt.visit.Address) ||
					!strings.Contains(m.Text, deviceName(tt.visit.UserAgent)) || !strings.Contains(m.Text, "https://taskstack.example/forgot-password") {
					t.Errorf("%s: mail to %s:\n%s", tt.name, m.To, m.Text)
				}
			}
		}
		// An account from before there were events: nothing to compare with.
		old := accounts.MakeUser(t, f.db, "old")
		before := f.sent.count()
		if _, err := f.logIn(t.Context(), "old", accounts.TestPassword, false, here); err != nil || f.sent.count() != before {
			t.Errorf("first log-in of an old account: %v, mails %d", err, f.sent.count()-before)
		}
		if got := f.kinds(t, old); !slices.Equal(got, []eventKind{eventLoggedIn}) {
			t.Errorf("events %v", got)
		}
	})
}

func TestEventsAreOnesOwnAndForgottenAfterAYear(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, bob := f.verified(t, "anna").Actor, f.verified(t, "bob").Actor
		f.clock.pass(eventLife - time.Hour)
		if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
			t.Fatal(err)
		}
		if got := f.kinds(t, anna); !slices.Equal(got, []eventKind{eventLoggedIn, eventSignedUp}) {
			t.Errorf("anna's events %v", got)
		}
		f.clock.pass(2 * time.Hour)
		if err := f.module.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a, b := f.kinds(t, anna), f.kinds(t, bob); !slices.Equal(a, []eventKind{eventLoggedIn}) || len(b) != 0 {
			t.Errorf("after a year %v, %v", a, b)
		}
	})
}

func TestConfirm(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		by := accounts.MakeUser(t, f.db, "anna")
		if u, err := f.confirm(t.Context(), by, Confirmation{"password", accounts.TestPassword}); err != nil || u.ID != by.UserID {
			t.Fatalf("%v, %v", u, err)
		}
		for range 10 {
			_, err := f.confirm(t.Context(), by, Confirmation{"password", "wrong horse"})
			if got := fieldKeys(err)["password"]; got != "auth.wrongPassword" {
				t.Fatalf("%v", err)
			}
		}
		_, err := f.confirm(t.Context(), by, Confirmation{"password", accounts.TestPassword})
		wantKind(t, err, errs.RateLimited)
	})
}

func TestEndLogins(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, bob := f.verified(t, "anna"), f.verified(t, "bob")
		var all []loginResult
		for range 3 {
			w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, w)
		}
		if err := f.db.InTx(t.Context(), func(ctx context.Context) error { return f.endLogins(ctx, anna.Actor.UserID, all[1].Actor.LoginID) }); err != nil {
			t.Fatal(err)
		}
		for i, w := range append(all, anna, bob) {
			_, err := f.identify(t.Context(), w.Actor.LoginID)
			if alive := err == nil; alive != (i == 1 || i == 4) {
				t.Errorf("login %d lives: %v", i, alive)
			}
		}
		if len(*f.ended) != 3 {
			t.Errorf("told of %v", *f.ended)
		}
	})
}

func TestNoticeMails(t *testing.T) {
	catalogue, err := i18n.New(locales)
	if err != nil {
		t.Fatal(err)
	}
	w := newMailWriter("https://taskstack.example", func() *i18n.Catalogue { return catalogue })
	for kind := range noticeTexts {
		for _, lang := range i18n.Languages() {
			m, err := w.notice(lang, "a@example.org", noticeMail{Name: "anna", Kind: kind, Address: "<192.0.2.1>", At: time.Unix(0, 0).UTC()})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(m.Text, "1970-01-01 00:00") || !strings.Contains(m.HTML, "&lt;192.0.2.1&gt;") {
				t.Errorf("%s %s:\n%s\n%s", kind, lang, m.Text, m.HTML)
			}
			checkMail(t, lang, m)
		}
	}
}

func TestEveryKindOfEventHasAText(t *testing.T) {
	catalogue, err := i18n.New(locales)
	if err != nil {
		t.Fatal(err)
	}
	for kind, key := range eventTexts {
		if len(kind) > 32 || catalogue.T("en", key) == key {
			t.Errorf("%s has the text %q", kind, key)
		}
	}
}
