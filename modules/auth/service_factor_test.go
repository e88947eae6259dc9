package auth

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"github.com/pquerna/otp/totp"

	"taskstack.org/platform/errs"
)

// appCode is what an authenticator app shows now.
func (f fixture) appCode(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, f.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withFactor switches a person's second factor on.
func (f fixture) withFactor(t *testing.T, by accounts.Actor) (secret string, codes []string) {
	t.Helper()
	setup, err := f.beginSecondFactor(t.Context(), by, accounts.TestPassword)
	if err != nil {
		t.Fatal(err)
	}
	codes, err = f.confirmSecondFactor(t.Context(), by, setup.Sealed, f.appCode(t, setup.Key.Secret), here)
	if err != nil {
		t.Fatal(err)
	}
	f.clock.pass(time.Minute)
	return setup.Key.Secret, codes
}

// half logs in up to the second step and returns the visit of its browser.
func (f fixture) half(t *testing.T, name string, keep bool) RequestInfo {
	t.Helper()
	w, err := f.logIn(t.Context(), name, accounts.TestPassword, keep, here)
	if err != nil || !w.SecondStep {
		t.Fatalf("%+v, %v, want the first of two steps", w, err)
	}
	v := here
	v.LoginID = hashSecret(w.Secret)
	return v
}

func TestASecondFactorIsSetUp(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, bob := f.verified(t, "anna").Actor, f.verified(t, "bob").Actor
		if _, err := f.beginSecondFactor(t.Context(), anna, "wrong horse"); fieldKeys(err)["password"] == "" {
			t.Errorf("without the password: %v", err)
		}
		setup, err := f.beginSecondFactor(t.Context(), anna, accounts.TestPassword)
		if err != nil || !strings.HasPrefix(setup.Key.Picture, "data:image/png;base64,") {
			t.Fatalf("%+v, %v", setup, err)
		}
		code := f.appCode(t, setup.Key.Secret)
		for name, try := range map[string]func() error{
			"a wrong code": func() error {
				_, err := f.confirmSecondFactor(t.Context(), anna, setup.Sealed, "000000", here)
				return err
			},
			"somebody else's": func() error {
				_, err := f.confirmSecondFactor(t.Context(), bob, setup.Sealed, code, here)
				return err
			},
			"nonsense": func() error {
				_, err := f.confirmSecondFactor(t.Context(), anna, "nonsense", code, here)
				return err
			},
		} {
			if err := try(); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil || w.SecondStep {
			t.Errorf("counts before it is confirmed: %+v, %v", w, err)
		}
		codes, err := f.confirmSecondFactor(t.Context(), anna, setup.Sealed, code[:3]+" "+code[3:], here)
		if err != nil || len(codes) != recoveryCodes {
			t.Fatalf("%v, %v", codes, err)
		}
		for i, c := range codes {
			if !regexp.MustCompile(`^[a-z2-7]{4}(-[a-z2-7]{4}){3}$`).MatchString(c) || slices.Contains(codes[:i], c) {
				t.Errorf("recovery code %q", c)
			}
		}
		state, err := f.secondFactor(t.Context(), anna)
		if err != nil || !state.On || state.CodesLeft != recoveryCodes || !state.Since.Equal(f.clock.Now()) {
			t.Errorf("%+v, %v", state, err)
		}
		if f.kinds(t, anna)[0] != eventFactorOn || f.sent.last(t).To != "anna@example.org" {
			t.Errorf("events %v, last mail to %s", f.kinds(t, anna), f.sent.last(t).To)
		}
		_, err = f.beginSecondFactor(t.Context(), anna, accounts.TestPassword)
		wantKind(t, err, errs.Conflict)
		_, err = f.confirmSecondFactor(t.Context(), anna, setup.Sealed, f.appCode(t, setup.Key.Secret), here)
		wantKind(t, err, errs.Conflict)
		if state, err := f.secondFactor(t.Context(), bob); err != nil || state.On {
			t.Errorf("bob's: %+v, %v", state, err)
		}
		// What is stored gives the secret away only with the program's own.
		row, err := f.repo.factor(t.Context(), anna.UserID, false)
		if err != nil || strings.Contains(row.Secret, setup.Key.Secret) || len(row.Secret) > 255 {
			t.Errorf("stored %q, %v", row.Secret, err)
		}
	})
}

func TestASetupThatTakesTooLong(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna").Actor
		setup, err := f.beginSecondFactor(t.Context(), anna, accounts.TestPassword)
		if err != nil {
			t.Fatal(err)
		}
		f.clock.pass(factorSetupTime)
		_, err = f.confirmSecondFactor(t.Context(), anna, setup.Sealed, f.appCode(t, setup.Key.Secret), here)
		wantKind(t, err, errs.Invalid)
	})
}

func TestLoggingInTakesTwoSteps(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna").Actor
		secret, _ := f.withFactor(t, anna)
		v := f.half(t, "anna", true)
		if _, err := f.identify(t.Context(), v.LoginID); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("half a login is somebody: %v", err)
		}
		if err := f.checkPending(t.Context(), v); err != nil {
			t.Error(err)
		}
		wantKind(t, f.checkPending(t.Context(), here), errs.Unauthenticated)
		code := f.appCode(t, secret)
		for _, bad := range []string{"", "000000", code + "1", code[:5], "aaaa-aaaa-aaaa-aaaa", strings.Repeat("x", 5000), "\x00", "' or 1"} {
			if _, err := f.secondStep(t.Context(), bad, v); fieldKeys(err)["code"] != "auth.twoFactor.wrongCode" {
				t.Errorf("%q: %v", bad, err)
			}
		}
		w, err := f.secondStep(t.Context(), code, v)
		if err != nil || !w.Persistent || w.Actor.UserID != anna.UserID {
			t.Fatalf("%+v, %v", w, err)
		}
		if hashSecret(w.Secret) == v.LoginID {
			t.Error("the cookie of the first step became the login")
		}
		if _, err := f.identify(t.Context(), w.Actor.LoginID); err != nil {
			t.Error(err)
		}
		wantKind(t, f.checkPending(t.Context(), v), errs.Unauthenticated)
		// The same code again, by another person who has seen it.
		v = f.half(t, "anna", false)
		if _, err := f.secondStep(t.Context(), code, v); fieldKeys(err)["code"] == "" {
			t.Errorf("a code works twice: %v", err)
		}
		f.clock.pass(30 * time.Second)
		if _, err := f.secondStep(t.Context(), f.appCode(t, secret), v); err != nil {
			t.Errorf("the next code: %v", err)
		}
		// Too late.
		v = f.half(t, "anna", false)
		f.clock.pass(pendingLoginLifetime)
		_, err = f.secondStep(t.Context(), f.appCode(t, secret), v)
		wantKind(t, err, errs.Unauthenticated)
		// A reset of the password does not lead past it.
		token := f.asked(t, "anna")
		reset, err := f.resetWith(t, token, f.mailedCode(t), newPassword)
		if err != nil || !reset.SecondStep {
			t.Errorf("after a reset: %+v, %v", reset, err)
		}
	})
}

func TestClocksThatDiffer(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		secret, _ := f.withFactor(t, f.verified(t, "anna").Actor)
		f.clock.pass(time.Hour)
		for off, ok := range map[time.Duration]bool{-90 * time.Second: false, 90 * time.Second: false, -30 * time.Second: true} {
			code, err := totp.GenerateCode(secret, f.clock.Now().Add(off))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.secondStep(t.Context(), code, f.half(t, "anna", false)); (err == nil) != ok {
				t.Errorf("an app that is %v off: %v", off, err)
			}
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna, bob := f.verified(t, "anna").Actor, f.verified(t, "bob").Actor
		_, codes := f.withFactor(t, anna)
		_, bobs := f.withFactor(t, bob)
		if _, err := f.secondStep(t.Context(), bobs[0], f.half(t, "anna", false)); fieldKeys(err)["code"] == "" {
			t.Errorf("bob's code: %v", err)
		}
		typed := strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))
		if _, err := f.secondStep(t.Context(), typed, f.half(t, "anna", false)); err != nil {
			t.Fatal(err)
		}
		if got := f.kinds(t, anna)[:2]; !slices.Equal(got, []eventKind{eventCodeUsed, eventLoggedIn}) || f.sent.last(t).To != "anna@example.org" {
			t.Errorf("events %v, last mail to %s", got, f.sent.last(t).To)
		}
		if _, err := f.secondStep(t.Context(), codes[3], f.half(t, "anna", false)); fieldKeys(err)["code"] == "" {
			t.Errorf("a recovery code works twice: %v", err)
		}
		if state, err := f.secondFactor(t.Context(), anna); err != nil || state.CodesLeft != recoveryCodes-1 {
			t.Errorf("%+v, %v", state, err)
		}
		_, err := f.renewRecoveryCodes(t.Context(), anna, "wrong horse", here)
		wantKind(t, err, errs.Invalid)
		renewed, err := f.renewRecoveryCodes(t.Context(), anna, accounts.TestPassword, here)
		if err != nil || len(renewed) != recoveryCodes {
			t.Fatal(renewed, err)
		}
		if _, err := f.secondStep(t.Context(), codes[0], f.half(t, "anna", false)); fieldKeys(err)["code"] == "" {
			t.Errorf("an old code after renewal: %v", err)
		}
		if _, err := f.secondStep(t.Context(), renewed[0], f.half(t, "anna", false)); err != nil {
			t.Errorf("a new code: %v", err)
		}
		wantKind(t, f.removeSecondFactor(t.Context(), anna, "wrong horse", here), errs.Invalid)
		waiting := f.half(t, "anna", false)
		if err := f.removeSecondFactor(t.Context(), anna, accounts.TestPassword, here); err != nil {
			t.Fatal(err)
		}
		_, err = f.secondStep(t.Context(), renewed[1], waiting)
		wantKind(t, err, errs.Unauthenticated)
		if w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil || w.SecondStep {
			t.Errorf("after switching off: %+v, %v", w, err)
		}
		wantKind(t, f.removeSecondFactor(t.Context(), anna, accounts.TestPassword, here), errs.NotFound)
		_, err = f.renewRecoveryCodes(t.Context(), anna, accounts.TestPassword, here)
		wantKind(t, err, errs.NotFound)
	})
}

func TestGuessingTheSecondStepIsLimited(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		secret, codes := f.withFactor(t, f.verified(t, "anna").Actor)
		for i := range 5 { // starting over with the password gives no new guesses
			_, err := f.secondStep(t.Context(), fmt.Sprintf("00000%d", i), f.half(t, "anna", false))
			wantKind(t, err, errs.Invalid)
		}
		for _, right := range []string{f.appCode(t, secret), codes[0]} {
			_, err := f.secondStep(t.Context(), right, f.half(t, "anna", false))
			wantKind(t, err, errs.RateLimited)
		}
		f.clock.pass(16 * time.Second)
		if _, err := f.secondStep(t.Context(), codes[0], f.half(t, "anna", false)); err != nil {
			t.Errorf("after waiting: %v", err)
		}
	})
}

// With another TASKSTACK_SECRET_KEY the app's codes are worthless, recovery
// codes are not.
func TestAChangedSecretLeavesTheRecoveryCodes(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		anna := f.verified(t, "anna").Actor
		secret, codes := f.withFactor(t, anna)
		if err := f.db.InTx(t.Context(), func(ctx context.Context) error {
			return f.db.From(ctx).Model(&secondFactor{}).Where("user_id = ?", anna.UserID).Update("secret", "sealed by another").Error
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.secondStep(t.Context(), f.appCode(t, secret), f.half(t, "anna", false)); fieldKeys(err)["code"] == "" {
			t.Errorf("%v", err)
		}
		if _, err := f.secondStep(t.Context(), codes[0], f.half(t, "anna", false)); err != nil {
			t.Error(err)
		}
	})
}
