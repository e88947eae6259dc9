package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
)

func TestHashingPasswordsHasPlaces(t *testing.T) {
	s := newSite(t, testenv.MigratedSQLite(t), true)
	by := accounts.MakeUser(t, s.db, "anna")
	s.Passwords.hasher.places = ratelimit.NewPlaces(1, 0, time.Hour)
	leave, err := s.Passwords.hasher.places.Enter(t.Context())
	must(t, err)
	ctx, v := t.Context(), RequestInfo{Address: "192.0.2.1"}
	for name, call := range map[string]func() error{
		"LogIn":           func() error { _, err := s.Passwords.logIn(ctx, "anna", accounts.TestPassword, false, v); return err },
		"LogIn of no one": func() error { _, err := s.Passwords.logIn(ctx, "nobody", accounts.TestPassword, false, v); return err },
		"SignUp":          func() error { _, err := s.SignUps.signUp(ctx, signUpOf("berta"), v); return err },
		"ChangePassword":  func() error { return s.Passwords.ChangePassword(ctx, by, accounts.TestPassword, "another password", v) },
		"Confirmed": func() error {
			return s.Passwords.Confirmed(ctx, by, Confirmation{"password", accounts.TestPassword}, errs.Fields{}, func(context.Context) error { return nil })
		},
		"ResetPassword": func() error {
			_, err := s.Resets.resetPassword(ctx, s.Resets.newToken(s.clock.Now()), "123456", "another password", v)
			return err
		},
	} {
		e := errs.As(call())
		if e == nil || e.Kind != errs.Unavailable || e.RetryAfter != 5*time.Second || e.Message.Key != "auth.busy" {
			t.Errorf("%s: %v", name, e)
		}
	}
	// The form says so, and what is refused costs no attempt: 30 are free.
	b := s.browser()
	for range 40 {
		res := b.post("/login", "username", "anna", "password", accounts.TestPassword)
		if res.StatusCode != 503 || res.Header.Get("Retry-After") != "5" || !strings.Contains(res.body, "A lot of people are logging in") {
			t.Fatalf("%d, Retry-After %q: %s", res.StatusCode, res.Header.Get("Retry-After"), res.body)
		}
	}
	leave()
	if res := b.post("/login", "username", "anna", "password", accounts.TestPassword); res.StatusCode != 302 {
		t.Errorf("with a free place: %d", res.StatusCode)
	}
}
