package accounts

import (
	"context"
	"testing"
	"time"

	"taskstack.org/platform/errs"
)

// TestAnAddressChangeBlocksNobody: an address that somebody wants to change to is
// not theirs before its code came; who has it can sign up with it, or change to
// it, and the first one's code is worth nothing from then on.
func TestAnAddressChangeBlocksNobody(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, bob := f.member(t, "anna"), f.member(t, "bob")
		change := func(by Actor) string {
			t.Helper()
			caseID, err := f.ChangeEmail(t.Context(), by, "carl@example.org", TestPassword, "", here)
			if err != nil {
				t.Fatal(err)
			}
			return caseID
		}
		first := change(anna)
		second := change(bob)
		if _, err := f.Verification(t.Context(), first); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the first change after the second: %v", err)
		}
		w := f.mustSignUp(t, "carl")
		if _, err := f.Verification(t.Context(), second); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the second change after the sign-up: %v", err)
		}
		if _, err := f.Verify(t.Context(), w.CaseID, f.mailedCode(t), here); err != nil {
			t.Error(err)
		}
		if _, err := f.ChangeEmail(t.Context(), anna, "carl@example.org", TestPassword, "", here); fieldKeys(err)["newEmail"] != "accounts.signup.emailTaken" {
			t.Errorf("a verified address: %v", err)
		}
		// A sign-up that waits holds its address, as it always did.
		f.mustSignUp(t, "dora")
		if _, err := f.ChangeEmail(t.Context(), anna, "dora@example.org", TestPassword, "", here); fieldKeys(err)["newEmail"] != "accounts.signup.emailTaken" {
			t.Errorf("the address of a sign-up: %v", err)
		}
	})
}

// TestAnAddressChangeExpires after seven days, also one of an adopted database,
// of which nobody knows since when it waits.
func TestAnAddressChangeExpires(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		caseID, err := f.ChangeEmail(t.Context(), by, "new@example.org", TestPassword, "", here)
		if err != nil {
			t.Fatal(err)
		}
		u, err := f.repo.userByID(t.Context(), by.UserID)
		if err != nil {
			t.Fatal(err)
		}
		code := *u.EmailVerificationCode
		f.clock.pass(7*24*time.Hour - time.Second)
		if _, err := f.Verification(t.Context(), caseID); err != nil {
			t.Errorf("a second before: %v", err)
		}
		f.clock.pass(time.Second)
		_, err = f.Verify(t.Context(), caseID, code, here)
		wantKind(t, err, errs.NotFound)
		err = f.db.InTx(t.Context(), func(ctx context.Context) error {
			return f.repo.update(ctx, by.UserID, map[string]any{"email_verification_sent_at": nil})
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Verify(t.Context(), caseID, code, here)
		wantKind(t, err, errs.NotFound)
		if err := f.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if u, err := f.repo.userByID(t.Context(), by.UserID); err != nil || u.EmailPendingVerification != nil || *u.Email != "anna@example.org" {
			t.Errorf("%+v, %v", u, err)
		}
	})
}

// TestWhoHasAnAccountIsToldToFew: an answer that an address is taken counts as a
// sign-up, so nobody goes through a list of addresses.
func TestWhoHasAnAccountIsToldToFew(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil)
		by := f.member(t, "anna")
		for i := range 11 {
			_, err := f.SignUp(t.Context(), SignUp{Name: "carl", Email: "anna@example.org", Password: TestPassword}, here)
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 10) {
				t.Errorf("sign-up %d: %v", i, err)
			}
		}
		MakeUser(t, f.db, "bob")
		for i := range 4 {
			_, err := f.ChangeEmail(t.Context(), by, "bob@example.org", TestPassword, "", here)
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 3) {
				t.Errorf("change %d: %v", i, err)
			}
		}
	})
}
