package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"github.com/pquerna/otp/totp"

	"taskstack.org/platform/errs"
)

const day = 24 * time.Hour

// TestHowLongThingsLast says every time in numbers, not by the code's own names
// of them: one second before its end a thing is good, at its end it is not.
func TestHowLongThingsLast(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ctx := t.Context()
		logIn := func(keep bool) func() error {
			accounts.MakeUser(t, f.db, map[bool]string{true: "keeps", false: "leaves"}[keep])
			w, err := f.logIn(ctx, map[bool]string{true: "keeps", false: "leaves"}[keep], accounts.TestPassword, keep, here)
			if err != nil {
				t.Fatal(err)
			}
			return func() error { _, err := f.identify(ctx, w.Actor.LoginID); return err }
		}
		for _, c := range []struct {
			what  string
			lasts time.Duration
			begin func() (good func() error)
		}{
			{"a browser's login that is not used", 30 * day, func() func() error { return logIn(false) }},
			{"a login that is kept", 365 * day, func() func() error { return logIn(true) }},
			{"a log-in between its steps", 10 * time.Minute, func() func() error {
				f.withFactor(t, f.verified(t, "steps").Actor)
				v := f.half(t, "steps", false)
				return func() error { return f.checkPending(ctx, v) }
			}},
			{"setting a second factor up", 15 * time.Minute, func() func() error {
				by := f.verified(t, "setup").Actor
				setup, err := f.beginSecondFactor(ctx, by, accounts.TestPassword)
				if err != nil {
					t.Fatal(err)
				}
				return func() error { _, err := f.openSetup(ctx, by, setup.Sealed); return err }
			}},
			{"a reset of a password", time.Hour, func() func() error {
				f.verified(t, "forgets")
				token := f.asked(t, "forgets")
				return func() error { return f.checkResetToken(ctx, token) }
			}},
		} {
			good := c.begin()
			f.clock.pass(c.lasts - time.Second)
			f.mustTidy(t)
			if err := good(); err != nil {
				t.Errorf("%s, a second before its end: %v", c.what, err)
			}
			f.clock.pass(time.Second)
			if err := good(); err == nil {
				t.Errorf("%s is good after %v", c.what, c.lasts)
			}
		}
	})
}

// TestWhatIsTidiedAway: the sweep deletes what is over and only that, each after
// its own time.
func TestWhatIsTidiedAway(t *testing.T) {
	for _, c := range []struct {
		table string
		lasts time.Duration
		make  func(t *testing.T, f fixture)
	}{
		{"login", 30 * day, func(t *testing.T, f fixture) {
			accounts.MakeUser(t, f.db, "anna")
			if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
				t.Fatal(err)
			}
		}},
		{"half_login", 10 * time.Minute, func(t *testing.T, f fixture) {
			f.withFactor(t, f.verified(t, "anna").Actor)
			f.half(t, "anna", false)
		}},
		{"password_reset", time.Hour, func(t *testing.T, f fixture) {
			f.verified(t, "anna")
			f.asked(t, "anna")
		}},
		{"account_event", 365*day + time.Second, func(t *testing.T, f fixture) {
			by := accounts.MakeUser(t, f.db, "anna")
			if err := f.EndOtherLogins(t.Context(), by, here); err != nil {
				t.Fatal(err)
			}
		}},
		{"user", 7*day + time.Second, func(t *testing.T, f fixture) {
			accounts.MakeUnverifiedUser(t, f.db, "bob")
		}},
	} {
		t.Run(c.table, func(t *testing.T) {
			each(t, func(t *testing.T, f fixture) {
				c.make(t, f)
				rows := func() (n int) {
					t.Helper()
					if err := f.db.From(t.Context()).Raw("SELECT COUNT(*) FROM `" + c.table + "`").Scan(&n).Error; err != nil {
						t.Fatal(err)
					}
					return n
				}
				before := rows()
				f.clock.pass(c.lasts - time.Second)
				f.mustTidy(t)
				if n := rows(); n != before || n == 0 {
					t.Errorf("a second before its end: %d rows, were %d", n, before)
				}
				f.clock.pass(time.Second)
				f.mustTidy(t)
				if n := rows(); n != before-1 {
					t.Errorf("at its end: %d rows, were %d", n, before)
				}
			})
		})
	}
}

// TestAnAddressThatWaitsIsForgottenAfterAWeek, and not before.
func TestAnAddressThatWaitsIsForgottenAfterAWeek(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		if _, err := f.ChangeEmail(t.Context(), by, "new@example.org", accounts.TestPassword, "", here); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			after time.Duration
			want  string
		}{{7 * day, "new@example.org"}, {time.Second, ""}} {
			f.clock.pass(step.after)
			f.mustTidy(t)
			if got := f.account(t, by); got.NewEmail != step.want || got.Email != "anna@example.org" {
				t.Errorf("%v later: %+v", step.after, got)
			}
		}
	})
}

// TestAPictureIsAnOrphanAfterADay, however long the upload before it took.
// TestALoginIsSeenEveryFiveMinutes, not more often and not less.
func TestALoginIsSeenEveryFiveMinutes(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "anna")
		w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
		if err != nil {
			t.Fatal(err)
		}
		began := f.clock.Now()
		for _, step := range []struct {
			after time.Duration
			want  time.Duration
		}{{5*time.Minute - time.Second, 0}, {time.Second, 5 * time.Minute}} {
			f.clock.pass(step.after)
			if _, err := f.identify(t.Context(), w.Actor.LoginID); err != nil {
				t.Fatal(err)
			}
			f.storeSeen(t.Context())
			if l := f.loginRow(t, w); !l.LastSeenAt.Equal(began.Add(step.want)) {
				t.Errorf("seen %v after the log-in, want %v", l.LastSeenAt.Sub(began), step.want)
			}
		}
		if l := f.loginRow(t, w); !l.EndsAt.Equal(began.Add(30*day + 5*time.Minute)) {
			t.Errorf("it ends %v after the log-in", l.EndsAt.Sub(began))
		}
	})
}

// TestHowOftenOneMayTry says every limit in numbers: so many pass, the next one
// does not; after the wait one more does.
func TestHowOftenOneMayTry(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		clock := newClock()
		l := newLimits(clock.Now, nil, nil)
		for _, c := range []struct {
			what  string
			times int
			wait  time.Duration
			try   func() error
		}{
			{"passwords of somebody signed in", 10, 15 * time.Second, func() error { return try(l.passwordsByUser, "7") }},
			{"codes of a mail", 10, 15 * time.Second, func() error { return try(l.codesByUser, "7") }},
			{"second steps", 5, 15 * time.Second, func() error { return try(l.secondSteps, "7") }},
			{"codes of a reset", 5, 15 * time.Second, func() error { return try(l.resetsByToken, "case") }},
			{"resets from an address", 10, 2 * time.Minute, func() error { return take(l.resetsByAddress, "192.0.2.1") }},
			{"resets of a name", 3, 10 * time.Minute, func() error { return take(l.resetsByAccount, "anna") }},
			{"names looked up", 60, time.Second, func() error { return take(l.namesByAddress, "192.0.2.1") }},
			{"sign-ups from an address", 10, 2 * time.Minute, func() error { return take(l.signUpsByAddress, "192.0.2.1") }},
			{"mails to somebody", 3, 10 * time.Minute, func() error { return take(l.mailsByUser, "7") }},
		} {
			for i := range c.times {
				if err := c.try(); err != nil {
					t.Errorf("%s: the %d. of %d is refused: %v", c.what, i+1, c.times, err)
				}
			}
			err := c.try()
			var refused *errs.Error
			if !errors.As(err, &refused) || refused.Kind != errs.RateLimited || refused.RetryAfter <= 0 || refused.RetryAfter > c.wait {
				t.Errorf("%s: one more than %d: %v", c.what, c.times, err)
				continue
			}
			clock.pass(c.wait)
			if err := c.try(); err != nil {
				t.Errorf("%s: after %v: %v", c.what, c.wait, err)
			}
			if err := c.try(); err == nil {
				t.Errorf("%s: after %v two more pass", c.what, c.wait)
			}
		}
	})
}

// TestWhichCodesOfAnAppWork: the present one and its two neighbours, each once;
// the one that set the factor up is used up by that.
func TestWhichCodesOfAnAppWork(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.verified(t, "anna").Actor
		setup, err := f.beginSecondFactor(t.Context(), by, accounts.TestPassword)
		if err != nil {
			t.Fatal(err)
		}
		used := f.appCode(t, setup.Key.Secret)
		if _, err := f.confirmSecondFactor(t.Context(), by, setup.Sealed, used, here); err != nil {
			t.Fatal(err)
		}
		if _, err := f.secondStep(t.Context(), used, f.half(t, "anna", false)); err == nil {
			t.Error("the code that set the factor up logs in once more")
		}
		for _, c := range []struct {
			off   time.Duration
			works bool
		}{{-60 * time.Second, false}, {60 * time.Second, false}, {-30 * time.Second, true}, {0, true}, {30 * time.Second, true}, {0, false}, {30 * time.Second, false}} {
			if c.off == -60*time.Second {
				f.clock.pass(time.Hour) // whole steps: the clock is at the beginning of one
			}
			code, err := totp.GenerateCode(setup.Key.Secret, f.clock.Now().Add(c.off))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.secondStep(t.Context(), code, f.half(t, "anna", false)); (err == nil) != c.works {
				t.Errorf("the code of %v: %v, works %v", c.off, err, c.works)
			}
		}
	})
}

// TestTenGuessesOfAResetsCode: the right one after nine wrong ones works, after
// ten it does not.
func TestTenGuessesOfAResetsCode(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		for _, c := range []struct {
			wrong int
			works bool
		}{{9, true}, {10, false}} {
			token := f.asked(t, "anna")
			code := f.mailedCode(t)
			for range c.wrong {
				if _, err := f.resetWith(t, token, "AAAAAAAA", newPassword); fieldKeys(err)["code"] == "" {
					t.Fatal(err)
				}
			}
			if _, err := f.resetWith(t, token, code, newPassword); (err == nil) != c.works {
				t.Errorf("after %d wrong ones: %v", c.wrong, err)
			}
		}
	})
}

// TestACodeIsWrongUnlessItIsWhole: of a new address, which nothing else guards.
func TestACodeIsWrongUnlessItIsWhole(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "bob")
		code := f.mailedCode(t)
		for _, wrong := range []string{"", code[:1], code[:7], code[1:], code + "A", strings.ToLower(code) + "x", "\x00" + code, strings.Repeat(code, 2)} {
			if _, err := f.verify(t.Context(), w.VerificationToken, wrong, here); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%q instead of %q: %v", wrong, code, err)
			}
		}
		if _, err := f.verify(t.Context(), w.VerificationToken, code, here); err != nil {
			t.Errorf("the right one: %v", err)
		}
	})
}

// TestOnlyItsLoginCorrectsAnAddress: not another signed-in person.
func TestOnlyItsLoginCorrectsAnAddress(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "bob")
		accounts.MakeUser(t, f.db, "eve")
		eve, err := f.logIn(t.Context(), "eve", accounts.TestPassword, false, here)
		if err != nil {
			t.Fatal(err)
		}
		waiting, err := f.verification(t.Context(), w.VerificationToken)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			login string
			may   bool
		}{"bob's": {w.Actor.LoginID, true}, "eve's": {eve.Actor.LoginID, false}, "nobody's": {"", false}, "one that is none": {"x", false}} {
			v := here
			v.LoginID = c.login
			if may, err := f.mayCorrectAddress(t.Context(), waiting, v); err != nil || may != c.may {
				t.Errorf("the login of %s: %v, %v", name, may, err)
			}
		}
	})
}
