package accounts

import (
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
)

func TestHashingPasswordsHasPlaces(t *testing.T) {
	s := newSite(t, testenv.MigratedSQLite(t), true)
	by := MakeUser(t, s.Service.db, "anna")
	s.hashes = ratelimit.NewPlaces(1, 0, time.Hour)
	leave, err := s.hashes.Enter(t.Context())
	must(t, err)
	ctx, v := t.Context(), Visit{Address: "192.0.2.1"}
	for name, call := range map[string]func() error{
		"LogIn":           func() error { _, err := s.LogIn(ctx, "anna", TestPassword, false, v); return err },
		"LogIn of no one": func() error { _, err := s.LogIn(ctx, "nobody", TestPassword, false, v); return err },
		"SignUp":          func() error { _, err := s.SignUp(ctx, testSignUp("berta"), v); return err },
		"ChangePassword":  func() error { return s.ChangePassword(ctx, by, TestPassword, "another password", v) },
		"ChangeName":      func() error { return s.ChangeName(ctx, by, "annette", TestPassword, v) },
		"ResetPassword": func() error {
			_, err := s.ResetPassword(ctx, s.newResetCase(s.clock.Now()), "123456", "another password", v)
			return err
		},
	} {
		e := errs.As(call())
		if e == nil || e.Kind != errs.Unavailable || e.RetryAfter != 5*time.Second || e.Message.Key != "accounts.busy" {
			t.Errorf("%s: %v", name, e)
		}
	}
	// The form says so, and what is refused costs no attempt: 30 are free.
	b := s.browser()
	for range 40 {
		res := b.post("/login", "username", "anna", "password", TestPassword)
		if res.StatusCode != 503 || res.Header.Get("Retry-After") != "5" || !strings.Contains(res.body, "Very many people are logging in") {
			t.Fatalf("%d, Retry-After %q: %s", res.StatusCode, res.Header.Get("Retry-After"), res.body)
		}
	}
	leave()
	if res := b.post("/login", "username", "anna", "password", TestPassword); res.StatusCode != 302 {
		t.Errorf("with a free place: %d", res.StatusCode)
	}
}
