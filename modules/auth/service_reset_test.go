package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/seal"
)

func newSealer(t *testing.T) *seal.Sealer {
	t.Helper()
	s, err := seal.New([]byte("a secret for tests"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const newPassword = "battery staple"

// asked begins a reset and lets the worker look into it.
func (f fixture) asked(t *testing.T, name string) (token string) {
	t.Helper()
	token, err := f.ForgotPassword(t.Context(), name, "/anna/board", here)
	if err != nil {
		t.Fatal(err)
	}
	f.beginAll(t.Context())
	return token
}

func (f fixture) resetWith(t *testing.T, token, code, password string) (loginResult, error) {
	t.Helper()
	return f.resetPassword(t.Context(), token, code, password, here)
}

func TestAForgottenPasswordIsReset(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		first := f.verified(t, "anna")
		for _, name := range []string{"ANNA", "anna@example.org"} {
			old, err := f.logIn(t.Context(), "anna", accounts.TestPassword, true, here)
			if err != nil {
				t.Fatal(err)
			}
			token := f.asked(t, name)
			m, code := f.sent.last(t), f.mailedCode(t)
			if m.To != "anna@example.org" || m.Expires.IsZero() ||
				!strings.Contains(m.Text, "https://taskstack.example/reset-password/"+token+"?continue=%2Fanna%2Fboard&code="+code+"\n") {
				t.Errorf("mail to %s, expires %v:\n%s", m.To, m.Expires, m.Text)
			}
			w, err := f.resetWith(t, token, " "+code+"\n", newPassword)
			if err != nil {
				t.Fatal(err)
			}
			if w.Persistent || w.Actor.UserID != first.Actor.UserID {
				t.Errorf("welcome %+v: a reset does not remember", w)
			}
			if _, err := f.identify(t.Context(), w.Actor.LoginID); err != nil {
				t.Errorf("not logged in: %v", err)
			}
			if _, err := f.identify(t.Context(), old.Actor.LoginID); err == nil || !slices.Contains(*f.ended, old.Actor.LoginID) {
				t.Errorf("the old login lives: %v", err)
			}
			if got := f.kinds(t, w.Actor)[:2]; !slices.Equal(got, []eventKind{eventPasswordReset, eventResetAsked}) {
				t.Errorf("events %v", got)
			}
			if m := f.sent.last(t); m.To != "anna@example.org" || strings.Contains(m.Text, "code=") {
				t.Errorf("nothing tells of the new password: %s", m.Text)
			}
			_, err = f.logIn(t.Context(), "anna", newPassword, false, here)
			if err != nil {
				t.Errorf("the new password: %v", err)
			}
			// Once only, and the old password no longer works.
			if _, err := f.resetWith(t, token, code, accounts.TestPassword); fieldKeys(err)["code"] != "auth.reset.wrongCode" {
				t.Errorf("the same code again: %v", err)
			}
			_, err = f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
			wantKind(t, err, errs.Invalid)
			if err := f.db.InTx(t.Context(), func(ctx context.Context) error {
				hash, err := hashPassword(accounts.TestPassword, 4)
				if err != nil {
					return err
				}
				return f.credentials.SetPassword(ctx, first.Actor.UserID, hash)
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// An unknown name has a token like a known one: same shape, same page, and no code is
// ever right.
func TestAResetDisclosesNothingAboutAccounts(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna")
		f.mustSignUp(t, "unverified")
		before := f.sent.count()
		for _, name := range []string{"nobody", "unverified", "unverified@example.org", "", "x@", strings.Repeat("a", 5000), "\x00", "an%", "' or 1=1"} {
			token := f.asked(t, name)
			if f.sent.count() != before {
				t.Fatalf("%q got a mail", name)
			}
			if err := f.checkResetToken(t.Context(), token); err != nil || !tokenPattern.MatchString(token) {
				t.Errorf("%q: case %s, %v", name, token, err)
			}
			if _, err := f.resetWith(t, token, "AAAAAAAA", newPassword); fieldKeys(err)["code"] != "auth.reset.wrongCode" {
				t.Errorf("%q: %v", name, err)
			}
		}
		if got := f.kinds(t, anna.Actor); !slices.Equal(got, []eventKind{eventSignedUp}) {
			t.Errorf("events %v", got)
		}
		issued := f.asked(t, "anna")
		forged := "0"
		if issued[31] == '0' {
			forged = "1"
		}
		for _, id := range []string{"", "x", strings.Repeat("0", 32), strings.Repeat("A", 32), issued[:31] + "x", issued[:31] + forged} {
			wantKind(t, f.checkResetToken(t.Context(), id), errs.NotFound)
			_, err := f.resetWith(t, id, "AAAAAAAA", newPassword)
			wantKind(t, err, errs.NotFound)
		}
	})
}

func TestACodeOfAResetEnds(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		token := f.asked(t, "anna")
		code := f.mailedCode(t)
		for _, bad := range []string{"short", strings.Repeat("x", 65), "with\x00null"} {
			if _, err := f.resetWith(t, token, code, bad); fieldKeys(err)["password"] == "" {
				t.Errorf("password %q: %v", bad, err)
			}
		}
		// A newer one replaces it.
		second := f.asked(t, "anna")
		if _, err := f.resetWith(t, token, code, newPassword); fieldKeys(err)["code"] == "" {
			t.Errorf("an older code: %v", err)
		}
		// Only so many attempts, even without rate limits.
		code = f.mailedCode(t)
		for range resetAttempts {
			if _, err := f.resetWith(t, second, "AAAAAAAA", newPassword); fieldKeys(err)["code"] == "" {
				t.Fatalf("%v", err)
			}
		}
		if _, err := f.resetWith(t, second, code, newPassword); fieldKeys(err)["code"] == "" {
			t.Errorf("the right code after %d wrong ones: %v", resetAttempts, err)
		}
		// Only for an hour.
		third := f.asked(t, "anna")
		f.clock.pass(resetLife)
		_, err := f.resetWith(t, third, f.mailedCode(t), newPassword)
		wantKind(t, err, errs.NotFound)
		if err := f.module.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left int64
		if err := f.db.From(t.Context()).Model(&passwordReset{}).Count(&left).Error; err != nil || left != 0 {
			t.Errorf("%d resets left, %v", left, err)
		}
	})
}

// What was mailed before the password or address changed is void.
func TestAResetEndsWithPasswordAndAddress(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.verified(t, "anna").Actor
		worthless := func(what string, change func() error) {
			t.Helper()
			token := f.asked(t, "anna")
			code := f.mailedCode(t)
			if err := change(); err != nil {
				t.Fatal(err)
			}
			if _, err := f.resetWith(t, token, code, "another password"); fieldKeys(err)["code"] == "" {
				t.Errorf("after %s: %v", what, err)
			}
		}
		worthless("a new password", func() error { return f.ChangePassword(t.Context(), by, accounts.TestPassword, newPassword, here) })
		worthless("a new address", func() error {
			token, err := f.ChangeEmail(t.Context(), by, "new@example.org", newPassword, "", here)
			if err != nil {
				return err
			}
			u, err := f.credentials.ByID(t.Context(), by.UserID)
			if err != nil {
				return err
			}
			_, err = f.verify(t.Context(), token, *u.EmailVerificationCode, here)
			return err
		})
	})
}

func TestACodeOfAResetIsUsedOnceByMany(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		token := f.asked(t, "anna")
		code := f.mailedCode(t)
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 5 {
			wg.Go(func() {
				if _, err := f.resetPassword(t.Context(), token, code, fmt.Sprintf("password %d", i), here); err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d of 5 set a password", won)
		}
	})
}

func TestAskingForResetsIsLimitedAlike(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		f.verified(t, "anna")
		for n, name := range []string{"anna", "nobody"} {
			for i := range 4 {
				_, err := f.ForgotPassword(t.Context(), name, "", RequestInfo{Address: fmt.Sprintf("192.0.2.%d", n)})
				if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 3) {
					t.Errorf("%s, request %d: %v", name, i, err)
				}
			}
		}
		for i := range 11 {
			_, err := f.ForgotPassword(t.Context(), fmt.Sprintf("name%d", i), "", RequestInfo{Address: "198.51.100.1"})
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 10) {
				t.Errorf("one address, request %d: %v", i, err)
			}
		}
		f.beginAll(t.Context())
		f.clock.pass(time.Hour)
		token := f.asked(t, "anna")
		for range 5 {
			_, err := f.resetWith(t, token, "AAAAAAAA", newPassword)
			wantKind(t, err, errs.Invalid)
		}
		_, err := f.resetWith(t, token, f.mailedCode(t), newPassword)
		wantKind(t, err, errs.RateLimited)
	})
}

func TestTooManyResetsAtOnceAreRefused(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		for range resetQueue {
			if _, err := f.ForgotPassword(t.Context(), "nobody", "", here); err != nil {
				t.Fatal(err)
			}
		}
		_, err := f.ForgotPassword(t.Context(), "nobody", "", here)
		wantKind(t, err, errs.Unavailable)
	})
}
