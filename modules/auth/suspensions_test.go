package auth

import (
	"context"
	"testing"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// TestSuspensionsSayWhyAndEnd: the person reads reason and end, and can log in from
// the end on, whether the worker has tidied up or not.
func TestSuspensionsSayWhyAndEnd(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna").Actor
		logIn := func() error { _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); return err }
		end := f.clock.Now().Add(7 * day)
		for _, c := range []struct {
			reason string
			until  *time.Time
			key    string
		}{
			{"", nil, "auth.suspended"},
			{"spam", nil, "auth.suspendedFor"},
			{"", &end, "auth.suspendedUntil"},
			{"spam", &end, "auth.suspendedUntilFor"},
		} {
			if err := f.SuspendFor(t.Context(), anna.UserID, c.reason, c.until); err != nil {
				t.Fatal(err)
			}
			if e := errs.As(logIn()); e == nil || e.Kind != errs.Forbidden || e.Message.Key != c.key {
				t.Errorf("suspended for %q until %v: %v, want %s", c.reason, c.until, e, c.key)
			}
			if _, err := f.identify(t.Context(), anna.LoginID); errs.KindOf(err) != errs.Unauthenticated {
				t.Errorf("the old login: %v", err)
			}
		}
		f.clock.pass(7*day - time.Second)
		wantKind(t, logIn(), errs.Forbidden)
		f.clock.pass(time.Second)
		if err := logIn(); err != nil {
			t.Errorf("at the end: %v", err)
		}
		if all, err := f.NewestSuspensions(t.Context(), 9); err != nil || len(all) > 0 {
			t.Errorf("suspensions that have ended: %v, %v", all, err)
		}
		if err := f.SuspendFor(t.Context(), anna.UserID, "again", nil); err != nil {
			t.Fatal(err)
		}
		f.mustTidy(t)
		wantKind(t, logIn(), errs.Forbidden)
	})
}

// TestProvingNeedsPasswordAndCode: with a second factor the password alone is not
// enough, and a code works once.
func TestProvingNeedsPasswordAndCode(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.verified(t, "anna").Actor
		done := 0
		prove := func(password, code string) error {
			return f.Proved(t.Context(), by, Proof{password, code}, here, func(context.Context) error { done++; return nil })
		}
		wantKind(t, prove("wrong", ""), errs.Invalid)
		if err := prove(accounts.TestPassword, ""); err != nil || done != 1 {
			t.Fatalf("%v, %d", err, done)
		}
		_, codes := f.withFactor(t, by)
		wantKind(t, prove(accounts.TestPassword, ""), errs.Invalid)
		wantKind(t, prove("wrong", codes[0]), errs.Invalid)
		if err := prove(accounts.TestPassword, codes[0]); err != nil || done != 2 {
			t.Fatalf("%v, %d", err, done)
		}
		wantKind(t, prove(accounts.TestPassword, codes[0]), errs.Invalid)
		if done != 2 {
			t.Errorf("done %d times", done)
		}
	})
}
