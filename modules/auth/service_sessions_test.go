package auth

import (
	"context"
	"slices"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/platform/errs"
)

func TestOwnLogins(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		bob := f.verified(t, "bob")
		phone := RequestInfo{Address: "198.51.100.7", UserAgent: "Mozilla/5.0 (iPhone) Safari/605"}
		other, err := f.logIn(t.Context(), "anna", accounts.TestPassword, true, phone)
		if err != nil {
			t.Fatal(err)
		}
		f.clock.pass(time.Minute)
		mine, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
		if err != nil {
			t.Fatal(err)
		}
		by := mine.Actor
		all, err := f.List(t.Context(), by)
		if err != nil || len(all) != 3 {
			t.Fatalf("%+v, %v", all, err)
		}
		if l := all[0]; l.ID != by.LoginID || !l.Current || l.Device != "Firefox, Linux" || l.Address != here.Address {
			t.Errorf("first %+v", l)
		}
		i := slices.IndexFunc(all, func(l loginInfo) bool { return l.ID == other.Actor.LoginID })
		if i < 1 || all[i].Current || all[i].Device != "Safari, iPhone" || !all[i].LastSeenAt.Equal(f.clock.Now().Add(-time.Minute)) {
			t.Errorf("the phone's: %+v", all)
		}
		for _, id := range []string{bob.Actor.LoginID, "", "nonsense"} {
			wantKind(t, f.endLogin(t.Context(), by, id, here), errs.NotFound)
		}
		if _, err := f.identify(t.Context(), bob.Actor.LoginID); err != nil {
			t.Errorf("anna ended bob's login: %v", err)
		}
		if err := f.endLogin(t.Context(), by, other.Actor.LoginID, here); err != nil {
			t.Fatal(err)
		}
		if got := *f.ended; !slices.Equal(got, []string{other.Actor.LoginID}) {
			t.Errorf("ended %v", got)
		}
		if err := f.EndOtherLogins(t.Context(), by, here); err != nil {
			t.Fatal(err)
		}
		if all, err := f.List(t.Context(), by); err != nil || len(all) != 1 || !all[0].Current {
			t.Errorf("after ending the others: %+v, %v", all, err)
		}
		if err := f.endAllLogins(t.Context(), by, here); err != nil {
			t.Fatal(err)
		}
		_, err = f.identify(t.Context(), by.LoginID)
		wantKind(t, err, errs.Unauthenticated)
		if got := f.kinds(t, by)[:3]; !slices.Equal(got, []eventKind{eventAllEnded, eventOthersEnded, eventLoginEnded}) {
			t.Errorf("events %v", got)
		}
		if _, err := f.identify(t.Context(), bob.Actor.LoginID); err != nil {
			t.Errorf("anna ended bob's login: %v", err)
		}
	})
}

func TestSuspendedPeopleAreSignedOut(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna")
		secret, _ := f.withFactor(t, f.verified(t, "bob").Actor)
		bobs := f.half(t, "bob", false)
		token := f.asked(t, "anna")
		code := f.mailedCode(t)
		for _, name := range []string{"anna", "bob"} {
			p, err := f.people.ByName(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // twice is no error
				if err := f.Suspend(t.Context(), p.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := f.identify(t.Context(), anna.Actor.LoginID); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("still signed in: %v", err)
		}
		if !slices.Contains(*f.ended, anna.Actor.LoginID) {
			t.Error("the login's sockets were not told")
		}
		// Only who knows the password learns that the account is suspended.
		_, err := f.logIn(t.Context(), "anna", "wrong horse", false, here)
		wantKind(t, err, errs.Invalid)
		_, err = f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
		wantKind(t, err, errs.Forbidden)
		_, err = f.resetWith(t, token, code, newPassword)
		wantKind(t, err, errs.Forbidden)
		_, err = f.secondStep(t.Context(), f.appCode(t, secret), bobs)
		wantKind(t, err, errs.Unauthenticated)
		// A login that slipped through counts for nothing either.
		if err := f.db.InTx(t.Context(), func(ctx context.Context) error {
			u, err := f.credentials.ByID(ctx, anna.Actor.UserID)
			if err != nil {
				return err
			}
			anna, err = f.Logins.start(ctx, u, here, false)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		_, err = f.identify(t.Context(), anna.Actor.LoginID)
		wantKind(t, err, errs.Unauthenticated)

		for range 2 {
			if err := f.Unsuspend(t.Context(), anna.Actor.UserID); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
			t.Errorf("after opening: %v", err)
		}
		if got := f.kinds(t, anna.Actor)[:3]; !slices.Equal(got, []eventKind{eventLoggedIn, eventUnsuspended, eventSuspended}) {
			t.Errorf("events %v", got)
		}
		wantKind(t, f.Suspend(t.Context(), 999_999), errs.NotFound)
	})
}

func TestCorrectMistypedAddress(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		w := f.mustSignUp(t, "bob")
		oldCode, mine := f.mailedCode(t), here
		mine.LoginID = w.Actor.LoginID
		correct := func(token, email string, v RequestInfo) (string, error) {
			return f.correctAddress(t.Context(), token, email, "", v)
		}
		for _, email := range []string{"", "nonsense", "anna@example.org", "ANNA@example.org"} {
			if _, err := correct(w.VerificationToken, email, mine); fieldKeys(err)["useremail"] == "" {
				t.Errorf("%q: %v", email, err)
			}
		}
		_, err := correct(w.VerificationToken, "bob2@example.org", here)
		wantKind(t, err, errs.Forbidden) // the person who got the mail at the wrong address
		_, err = correct("0123456789abcdef0123456789abcdef", "bob2@example.org", mine)
		wantKind(t, err, errs.NotFound)
		token, err := correct(w.VerificationToken, "bob2@example.org", mine)
		if err != nil || token == w.VerificationToken {
			t.Fatalf("%s, %v", token, err)
		}
		if to := f.sent.last(t).To; to != "bob2@example.org" {
			t.Errorf("mail to %s", to)
		}
		_, err = f.verify(t.Context(), w.VerificationToken, oldCode, here)
		wantKind(t, err, errs.NotFound)
		_, err = f.verify(t.Context(), token, oldCode, here)
		wantKind(t, err, errs.Invalid)
		if _, err := f.verify(t.Context(), token, f.mailedCode(t), here); err != nil {
			t.Fatal(err)
		}
		if p, err := f.people.ByNameOrEmail(t.Context(), "bob2@example.org"); err != nil || p.Name != "bob" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestNameFree(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "Anna")
		accounts.MakeUnverifiedUser(t, f.db, "bob")
		for name, key := range map[string]string{
			"carl": "", "Carl_-9": "", "anna": "accounts.name.taken", "BOB": "accounts.name.taken",
			"login": "accounts.name.taken", "Healthz": "accounts.name.taken",
			"": "accounts.name.malformed", "ab": "accounts.name.malformed", "ann%": "accounts.name.malformed",
		} {
			if got := fieldKeys(f.nameFree(t.Context(), name, here))["username"]; got != key {
				t.Errorf("%q: %q, want %q", name, got, key)
			}
		}
		f.limits = newLimits(f.clock.Now, nil, nil)
		for range 60 {
			if err := f.nameFree(t.Context(), "carl", here); err != nil {
				t.Fatal(err)
			}
		}
		wantKind(t, f.nameFree(t.Context(), "carl", here), errs.RateLimited)
	})
}

func TestOldHashesAreRenewedAtLogIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := accounts.MakeUser(t, f.db, "anna")
		f.Passwords.hasher.cost = 5
		if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
			t.Fatal(err)
		}
		u, err := f.credentials.ByID(t.Context(), by.UserID)
		if err != nil || outdated(u.PasswordHash, 5) || !passwordMatches(u.PasswordHash, accounts.TestPassword) {
			t.Errorf("hash %s, %v", u.PasswordHash, err)
		}
	})
}

// TestMailsSpeakTheLanguageOfTheLastLogin: mails that no request causes are in the
// language of the last log-in; one whose language is not known changes nothing.
func TestMailsSpeakTheLanguageOfTheLastLogin(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := accounts.MakeUser(t, f.db, "anna")
		for _, tc := range []struct{ lang, want string }{{"", ""}, {"de", "de"}, {"", "de"}, {"en", "en"}} {
			info := here
			info.Lang = tc.lang
			if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, info); err != nil {
				t.Fatal(err)
			}
			box, err := f.people.MailboxOf(t.Context(), by.UserID)
			if err != nil || box != (accounts.Mailbox{Address: "anna@example.org", Lang: tc.want}) {
				t.Errorf("after a log-in in %q: %+v, %v", tc.lang, box, err)
			}
		}
	})
}

func TestWhoIsReachableByMail(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := accounts.MakeUser(t, f.db, "anna")
		wants := func(what string, seen time.Time, reachable bool) {
			t.Helper()
			at, ok, err := f.Logins.Reachable(t.Context(), by.UserID)
			if err != nil || ok != reachable || !at.Equal(seen) {
				t.Errorf("%s: %v, %v, %v", what, at, ok, err)
			}
		}
		wants("without a login", time.Time{}, true)
		if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
			t.Fatal(err)
		}
		wants("logged in", f.clock.Now(), true)
		if err := f.Logins.Suspend(t.Context(), by.UserID); err != nil {
			t.Fatal(err)
		}
		wants("suspended", time.Time{}, false)
	})
}
