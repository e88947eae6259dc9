package auth

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"github.com/pquerna/otp/totp"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/errs"
)

// TestVerificationCodesOfEveryWrongShape confirm nothing; nor does another
// person's, one of an earlier case, or one that was used.
func TestVerificationCodesOfEveryWrongShape(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "anna")
		code := f.mailedCode(t)
		other := f.mustSignUp(t, "bob")
		wrongs := testenv.WrongShapes(code)
		wrongs["another person's"] = f.mailedCode(t)
		for what, wrong := range wrongs {
			if strings.TrimSpace(wrong) == code {
				continue
			}
			if _, err := f.verify(t.Context(), w.VerificationToken, wrong, here); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, wrong := range testenv.WrongShapes(w.VerificationToken) {
			if _, err := f.verify(t.Context(), wrong, code, here); errs.KindOf(err) != errs.NotFound {
				t.Errorf("case, %s: %v", what, err)
			}
		}
		_, err := f.verify(t.Context(), other.VerificationToken, code, here)
		wantKind(t, err, errs.Invalid)
		if _, err := f.verify(t.Context(), w.VerificationToken, code, here); err != nil {
			t.Errorf("the right one: %v", err)
		}
		_, err = f.verify(t.Context(), w.VerificationToken, code, here)
		wantKind(t, err, errs.NotFound)
	})
}

// TestAnAdoptedEmptyCodeVerifiesNothing: old databases may hold anything.
func TestAnAdoptedEmptyCodeVerifiesNothing(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "anna")
		empty := ""
		u, err := f.credentials.ByVerificationToken(t.Context(), w.VerificationToken, false)
		if err != nil {
			t.Fatal(err)
		}
		u.EmailVerificationCode = &empty
		if err := f.db.InTx(t.Context(), f.setCode(u)); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"", " ", "\x00"} {
			_, err := f.verify(t.Context(), w.VerificationToken, code, here)
			wantKind(t, err, errs.Invalid)
		}
	})
}

// TestResetCodesOfEveryWrongShape set no password.
func TestResetCodesOfEveryWrongShape(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.verified(t, "anna")
		f.verified(t, "bob")
		others := f.asked(t, "bob")
		otherCode := f.mailedCode(t)
		// Ten attempts are all that a case allows, so each shape gets its own.
		try := func(what string, wrong func(code string) string) {
			t.Helper()
			token := f.asked(t, "anna")
			code := wrong(f.mailedCode(t))
			if _, err := f.resetWith(t, token, code, newPassword); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what := range testenv.WrongShapes("abcdefgh") {
			try(what, func(code string) string { return testenv.WrongShapes(code)[what] })
		}
		try("another person's", func(string) string { return otherCode })
		try("the old one", func(string) string { return otherCode })
		token := f.asked(t, "anna")
		code := f.mailedCode(t)
		for what, wrong := range testenv.WrongShapes(token) {
			if _, err := f.resetWith(t, wrong, code, newPassword); errs.KindOf(err) != errs.NotFound {
				t.Errorf("case, %s: %v", what, err)
			}
		}
		_, err := f.resetWith(t, others, code, newPassword)
		wantKind(t, err, errs.Invalid)
		f.clock.pass(time.Hour)
		_, err = f.resetWith(t, token, code, newPassword)
		wantKind(t, err, errs.NotFound)
		if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
			t.Errorf("the old password: %v", err)
		}
	})
}

// TestCodesOfTheAppOfEveryWrongShape: only those of the present step and its
// neighbours log in, each once; the one of the set-up does not.
func TestCodesOfTheAppOfEveryWrongShape(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.verified(t, "anna").Actor
		setup, err := f.beginSecondFactor(t.Context(), by, accounts.TestPassword)
		if err != nil {
			t.Fatal(err)
		}
		first := f.appCode(t, setup.Key.Secret)
		for what, wrong := range testenv.WrongShapes(setup.Sealed) {
			if _, err := f.confirmSecondFactor(t.Context(), by, wrong, first, here); errs.KindOf(err) != errs.Invalid {
				t.Errorf("set-up, %s: %v", what, err)
			}
		}
		for what, wrong := range testenv.WrongShapes(first) {
			if what == "a blank" || what == "not UTF-8" || normalCode(wrong) == first {
				continue
			}
			if _, err := f.confirmSecondFactor(t.Context(), by, setup.Sealed, wrong, here); errs.KindOf(err) != errs.Invalid {
				t.Errorf("first code, %s: %v", what, err)
			}
		}
		codes, err := f.confirmSecondFactor(t.Context(), by, setup.Sealed, first, here)
		if err != nil {
			t.Fatal(err)
		}
		try := func(code string) error {
			_, err := f.secondStep(t.Context(), code, f.half(t, "anna", false))
			return err
		}
		if err := try(first); errs.KindOf(err) != errs.Invalid {
			t.Errorf("the code of the set-up: %v", err)
		}
		f.clock.pass(10 * time.Minute)
		at := func(d time.Duration) string {
			code, err := totp.GenerateCode(setup.Key.Secret, f.clock.Now().Add(d))
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		for _, d := range []time.Duration{-90 * time.Second, -60 * time.Second, 60 * time.Second, 90 * time.Second, time.Hour} {
			if err := try(at(d)); errs.KindOf(err) != errs.Invalid {
				t.Errorf("a code from %v: %v", d, err)
			}
		}
		for what, wrong := range testenv.WrongShapes(at(0)) {
			if normalCode(wrong) == at(0) {
				continue
			}
			if err := try(wrong); errs.KindOf(err) != errs.Invalid {
				t.Errorf("code, %s: %v", what, err)
			}
		}
		for what, wrong := range testenv.WrongShapes(codes[0]) {
			if normalCode(wrong) == normalCode(codes[0]) {
				continue // capitals may be typed
			}
			if err := try(wrong); errs.KindOf(err) != errs.Invalid {
				t.Errorf("recovery code, %s: %v", what, err)
			}
		}
		for _, d := range []time.Duration{-30 * time.Second, 0, 30 * time.Second} {
			if err := try(at(d)); err != nil {
				t.Errorf("a code from %v: %v", d, err)
			}
			if err := try(at(d)); errs.KindOf(err) != errs.Invalid {
				t.Errorf("a code from %v again: %v", d, err)
			}
		}
		if err := try(codes[0]); err != nil {
			t.Errorf("a recovery code: %v", err)
		}
		if err := try(codes[0]); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a recovery code again: %v", err)
		}
	})
}

// TestCookiesAndTokensOfEveryWrongShape sign no one in and have no effect.
func TestCookiesAndTokensOfEveryWrongShape(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		anna, _ := s.signedIn("anna")
		right := anna.cookie("session").Value
		for what, wrong := range testenv.WrongShapes(right) {
			if strings.ContainsRune(wrong, 0) || strings.Contains(wrong, "\xff") || strings.HasPrefix(wrong, right) && len(wrong) > 4000 {
				continue // no client can send it in a cookie
			}
			thief := s.browser()
			thief.setCookie(&http.Cookie{Name: "session", Value: wrong, Path: "/"})
			if name := thief.viewer(); name != "" {
				t.Errorf("session, %s: signed in as %s", what, name)
			}
		}
		token := anna.token()
		for what, wrong := range testenv.WrongShapes(token) {
			form := url.Values{"token": {wrong}}.Encode()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/logout", strings.NewReader(form))
			must(t, err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := anna.client.Do(req)
			must(t, err)
			must(t, resp.Body.Close())
			if resp.StatusCode != 419 {
				t.Errorf("token, %s: %d", what, resp.StatusCode)
			}
		}
		if anna.viewer() == "" {
			t.Error("a wrong token has logged out")
		}
	})
}

// setCode stores a verification code as it is.
func (f fixture) setCode(u accounts.User) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return f.db.From(ctx).Exec("UPDATE `user` SET email_verification_code = ? WHERE id = ?", u.EmailVerificationCode, u.ID).Error
	}
}
