package accounts

import (
	"context"
	"slices"
	"testing"
	"time"

	"taskstack.org/platform/errs"
)

func TestOwnLogins(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		bob := f.verified(t, "bob")
		phone := Visit{Address: "198.51.100.7", UserAgent: "Mozilla/5.0 (iPhone) Safari/605"}
		other, err := f.LogIn(t.Context(), "anna", TestPassword, true, phone)
		if err != nil {
			t.Fatal(err)
		}
		f.clock.pass(time.Minute)
		mine, err := f.LogIn(t.Context(), "anna", TestPassword, false, here)
		if err != nil {
			t.Fatal(err)
		}
		by := mine.Actor
		all, err := f.Logins(t.Context(), by)
		if err != nil || len(all) != 3 {
			t.Fatalf("%+v, %v", all, err)
		}
		if l := all[0]; l.ID != by.LoginID || !l.Current || l.Device != "Firefox, Linux" || l.Address != here.Address {
			t.Errorf("first %+v", l)
		}
		i := slices.IndexFunc(all, func(l LoginInfo) bool { return l.ID == other.Actor.LoginID })
		if i < 1 || all[i].Current || all[i].Device != "Safari, iPhone" || !all[i].LastSeenAt.Equal(f.clock.Now().Add(-time.Minute)) {
			t.Errorf("the phone's: %+v", all)
		}
		for _, id := range []string{bob.Actor.LoginID, "", "nonsense"} {
			wantKind(t, f.EndLogin(t.Context(), by, id, here), errs.NotFound)
		}
		if _, err := f.identify(t.Context(), bob.Actor.LoginID); err != nil {
			t.Errorf("anna ended bob's login: %v", err)
		}
		if err := f.EndLogin(t.Context(), by, other.Actor.LoginID, here); err != nil {
			t.Fatal(err)
		}
		if got := *f.ended; !slices.Equal(got, []string{other.Actor.LoginID}) {
			t.Errorf("ended %v", got)
		}
		if err := f.EndOtherLogins(t.Context(), by, here); err != nil {
			t.Fatal(err)
		}
		if all, err := f.Logins(t.Context(), by); err != nil || len(all) != 1 || !all[0].Current {
			t.Errorf("after ending the others: %+v, %v", all, err)
		}
		if err := f.EndAllLogins(t.Context(), by, here); err != nil {
			t.Fatal(err)
		}
		_, err = f.identify(t.Context(), by.LoginID)
		wantKind(t, err, errs.Unauthenticated)
		if got := f.kinds(t, by)[:3]; !slices.Equal(got, []EventKind{EventAllEnded, EventOthersEnded, EventLoginEnded}) {
			t.Errorf("events %v", got)
		}
		if _, err := f.identify(t.Context(), bob.Actor.LoginID); err != nil {
			t.Errorf("anna ended bob's login: %v", err)
		}
	})
}

func TestSuspendedPeopleAreNobody(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna")
		secret, _ := f.withFactor(t, f.verified(t, "bob").Actor)
		bobs := f.half(t, "bob", false)
		caseID := f.asked(t, "anna")
		code := f.mailedCode(t)
		for _, name := range []string{"anna", "bob"} {
			p, err := f.ByName(t.Context(), name)
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
		_, err := f.LogIn(t.Context(), "anna", "wrong horse", false, here)
		wantKind(t, err, errs.Invalid)
		_, err = f.LogIn(t.Context(), "anna", TestPassword, false, here)
		wantKind(t, err, errs.Forbidden)
		_, err = f.resetWith(t, caseID, code, newPassword)
		wantKind(t, err, errs.Forbidden)
		_, err = f.SecondStep(t.Context(), f.appCode(t, secret), bobs)
		wantKind(t, err, errs.Unauthenticated)
		// A login that slipped through counts for nothing either.
		if err := f.db.InTx(t.Context(), func(ctx context.Context) error {
			u, err := f.repo.userByID(ctx, anna.Actor.UserID)
			if err != nil {
				return err
			}
			anna, err = f.startLogin(ctx, u, here, false)
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
		if _, err := f.LogIn(t.Context(), "anna", TestPassword, false, here); err != nil {
			t.Errorf("after opening: %v", err)
		}
		if got := f.kinds(t, anna.Actor)[:3]; !slices.Equal(got, []EventKind{EventLoggedIn, EventUnsuspended, EventSuspended}) {
			t.Errorf("events %v", got)
		}
		wantKind(t, f.Suspend(t.Context(), 999_999), errs.NotFound)
	})
}

func TestAMistypedAddressIsMended(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		w := f.mustSignUp(t, "bob")
		oldCode, mine := f.mailedCode(t), here
		mine.LoginID = w.Actor.LoginID
		mend := func(caseID, email string, v Visit) (string, error) {
			return f.MendAddress(t.Context(), caseID, email, "", v)
		}
		for _, email := range []string{"", "nonsense", "anna@example.org", "ANNA@example.org"} {
			if _, err := mend(w.CaseID, email, mine); fieldKeys(err)["useremail"] == "" {
				t.Errorf("%q: %v", email, err)
			}
		}
		_, err := mend(w.CaseID, "bob2@example.org", here)
		wantKind(t, err, errs.Forbidden) // whoever got the mail at the wrong address
		_, err = mend("0123456789abcdef0123456789abcdef", "bob2@example.org", mine)
		wantKind(t, err, errs.NotFound)
		caseID, err := mend(w.CaseID, "bob2@example.org", mine)
		if err != nil || caseID == w.CaseID {
			t.Fatalf("%s, %v", caseID, err)
		}
		if to := f.sent.last(t).To; to != "bob2@example.org" {
			t.Errorf("mail to %s", to)
		}
		_, err = f.Verify(t.Context(), w.CaseID, oldCode, here)
		wantKind(t, err, errs.NotFound)
		_, err = f.Verify(t.Context(), caseID, oldCode, here)
		wantKind(t, err, errs.Invalid)
		if _, err := f.Verify(t.Context(), caseID, f.mailedCode(t), here); err != nil {
			t.Fatal(err)
		}
		if p, err := f.ByNameOrEmail(t.Context(), "bob2@example.org"); err != nil || p.Name != "bob" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestNameFree(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.routeNames = []string{"healthz"}
		MakeUser(t, f.db, "Anna")
		MakeUnverifiedUser(t, f.db, "bob")
		for name, key := range map[string]string{
			"carl": "", "Carl_-9": "", "anna": "accounts.signup.nameTaken", "BOB": "accounts.signup.nameTaken",
			"login": "accounts.signup.nameTaken", "Healthz": "accounts.signup.nameTaken",
			"": "accounts.signup.nameMalformed", "ab": "accounts.signup.nameMalformed", "ann%": "accounts.signup.nameMalformed",
		} {
			if got := fieldKeys(f.NameFree(t.Context(), name, here))["username"]; got != key {
				t.Errorf("%q: %q, want %q", name, got, key)
			}
		}
		f.limits = newLimits(f.clock.Now, nil)
		for range 60 {
			if err := f.NameFree(t.Context(), "carl", here); err != nil {
				t.Fatal(err)
			}
		}
		wantKind(t, f.NameFree(t.Context(), "carl", here), errs.RateLimited)
	})
}

func TestOldHashesAreRenewedAtLogIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := MakeUser(t, f.db, "anna")
		f.cost = 5
		if _, err := f.LogIn(t.Context(), "anna", TestPassword, false, here); err != nil {
			t.Fatal(err)
		}
		u, err := f.repo.userByID(t.Context(), by.UserID)
		if err != nil || outdated(u.PasswordHash, 5) || !passwordMatches(u.PasswordHash, TestPassword) {
			t.Errorf("hash %s, %v", u.PasswordHash, err)
		}
	})
}
