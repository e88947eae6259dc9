package auth

import (
	"context"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/platform/errs"
)

// TestAnAddressChangeBlocksNoOne: an address that a person wants to change to is
// not theirs before its code came; who has it can sign up with it, or change to
// it, and the first one's code is worth nothing from then on.
func TestAnAddressChangeBlocksNoOne(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, bob := f.member(t, "anna"), f.member(t, "bob")
		change := func(by accounts.Actor) string {
			t.Helper()
			token, err := f.ChangeEmail(t.Context(), by, "carl@example.org", accounts.TestPassword, "", here)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		first := change(anna)
		second := change(bob)
		if _, err := f.verification(t.Context(), first); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the first change after the second: %v", err)
		}
		w := f.mustSignUp(t, "carl")
		if _, err := f.verification(t.Context(), second); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the second change after the sign-up: %v", err)
		}
		if _, err := f.verify(t.Context(), w.VerificationToken, f.mailedCode(t), here); err != nil {
			t.Error(err)
		}
		if _, err := f.ChangeEmail(t.Context(), anna, "carl@example.org", accounts.TestPassword, "", here); fieldKeys(err)["newEmail"] != "auth.signup.emailTaken" {
			t.Errorf("a verified address: %v", err)
		}
		// A sign-up that waits holds its address, as it always did.
		f.mustSignUp(t, "dora")
		if _, err := f.ChangeEmail(t.Context(), anna, "dora@example.org", accounts.TestPassword, "", here); fieldKeys(err)["newEmail"] != "auth.signup.emailTaken" {
			t.Errorf("the address of a sign-up: %v", err)
		}
	})
}

// TestAnAddressChangeExpires after seven days, also one of an adopted database,
// of which it is not known since when it waits.
func TestAnAddressChangeExpires(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		token, err := f.ChangeEmail(t.Context(), by, "new@example.org", accounts.TestPassword, "", here)
		if err != nil {
			t.Fatal(err)
		}
		u, err := f.credentials.ByID(t.Context(), by.UserID)
		if err != nil {
			t.Fatal(err)
		}
		code := *u.EmailVerificationCode
		f.clock.pass(7*24*time.Hour - time.Second)
		if _, err := f.verification(t.Context(), token); err != nil {
			t.Errorf("a second before: %v", err)
		}
		f.clock.pass(time.Second)
		_, err = f.verify(t.Context(), token, code, here)
		wantKind(t, err, errs.NotFound)
		err = f.db.InTx(t.Context(), func(ctx context.Context) error {
			return f.db.From(ctx).Exec("UPDATE `user` SET email_verification_sent_at = NULL WHERE id = ?", by.UserID).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.verify(t.Context(), token, code, here)
		wantKind(t, err, errs.NotFound)
		if err := f.module.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if u, err := f.credentials.ByID(t.Context(), by.UserID); err != nil || u.EmailPendingVerification != nil || *u.Email != "anna@example.org" {
			t.Errorf("%+v, %v", u, err)
		}
	})
}

// TestQuestionsForTakenAddressesAreLimited: an answer that an address is taken counts as a
// sign-up, so that no list of addresses can be tried.
func TestQuestionsForTakenAddressesAreLimited(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		by := f.member(t, "anna")
		for i := range 11 {
			_, err := f.signUp(t.Context(), SignUp{Name: "carl", Email: "anna@example.org", Password: accounts.TestPassword}, here)
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 10) {
				t.Errorf("sign-up %d: %v", i, err)
			}
		}
		accounts.MakeUser(t, f.db, "bob")
		for i := range 4 {
			_, err := f.ChangeEmail(t.Context(), by, "bob@example.org", accounts.TestPassword, "", here)
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 3) {
				t.Errorf("change %d: %v", i, err)
			}
		}
	})
}
