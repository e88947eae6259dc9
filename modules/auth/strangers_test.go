package auth

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/errs"
)

// stranger is a request from one of many networks.
func stranger(i int) RequestInfo {
	return RequestInfo{Address: fmt.Sprintf("198.51.%d.%d", i/200, i%200)}
}

// TestGuessingLocksNoOneOut: wrong guesses at a name wait in the network they
// come from; the person gets in from elsewhere with the first try, and asks for
// a reset.
func TestGuessingLocksNoOneOut(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		accounts.MakeUser(t, f.db, "anna")
		for i := range 12 {
			_, err := f.logIn(t.Context(), "anna", "wrong", false, stranger(0))
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i >= 10) {
				t.Errorf("guess %d: %v", i, err)
			}
		}
		for i := range 4 {
			_, err := f.ForgotPassword(t.Context(), "anna", "", stranger(0))
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 3) {
				t.Errorf("reset %d: %v", i, err)
			}
		}
		if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
			t.Errorf("the right password from another network: %v", err)
		}
		if _, err := f.ForgotPassword(t.Context(), "anna", "", here); err != nil {
			t.Errorf("a reset from another network: %v", err)
		}
	})
}

// TestAKnownBrowserHasABudgetOfItsOwn also when so many networks guess that all
// others have to wait.
func TestAKnownBrowserHasABudgetOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		by := accounts.MakeUser(t, f.db, "anna")
		other := accounts.MakeUser(t, f.db, "bob")
		home := here
		home.Devices = f.newDeviceToken(other.UserID, f.clock.Now()) + "~" + f.newDeviceToken(by.UserID, f.clock.Now())
		for i := range 200 {
			if _, err := f.logIn(t.Context(), "anna", "wrong", false, stranger(i)); errs.KindOf(err) != errs.Invalid {
				t.Fatalf("guess %d: %v", i, err)
			}
		}
		for what, v := range map[string]RequestInfo{
			"another network": here, "bob's browser": {Address: "192.0.2.7", Devices: f.newDeviceToken(other.UserID, f.clock.Now())},
		} {
			_, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, v)
			if errs.KindOf(err) != errs.RateLimited {
				t.Errorf("%s after 200 guesses: %v", what, err)
			}
		}
		if _, err := f.logIn(t.Context(), "ANNA@example.org", accounts.TestPassword, false, home); err != nil {
			t.Errorf("the known browser: %v", err)
		}
		for range 10 {
			_, err := f.logIn(t.Context(), "anna", "wrong", false, home)
			wantKind(t, err, errs.Invalid)
		}
		_, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, home)
		wantKind(t, err, errs.RateLimited)
		for range 25 {
			_, _ = f.ForgotPassword(t.Context(), "anna", "", stranger(500))
		}
		if _, err := f.ForgotPassword(t.Context(), "anna", "", home); err != nil {
			t.Errorf("a reset from the known browser: %v", err)
		}
	})
}

// TestGuessingCodesLocksNoOneOut: neither the second step nor the
// questions for the password, which each login answers for itself.
func TestGuessingCodesLocksNoOneOut(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.limits = newLimits(f.clock.Now, nil, nil)
		by := f.member(t, "anna")
		thief := f.another(t, by)
		for range 11 {
			_, _ = f.confirm(t.Context(), thief, Confirmation{"password", "wrong"})
		}
		_, err := f.confirm(t.Context(), thief, Confirmation{"password", accounts.TestPassword})
		wantKind(t, err, errs.RateLimited)
		if _, err := f.confirm(t.Context(), by, Confirmation{"password", accounts.TestPassword}); err != nil {
			t.Errorf("in the person's own login: %v", err)
		}
		secret, _ := f.withFactor(t, by)
		half := func(v RequestInfo) RequestInfo {
			w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, v)
			if err != nil {
				t.Fatal(err)
			}
			v.LoginID = hashSecret(w.Secret)
			return v
		}
		for i := range 6 {
			_, err := f.secondStep(t.Context(), "000000", half(stranger(0)))
			if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 5) {
				t.Errorf("code %d: %v", i, err)
			}
		}
		for i := range 45 {
			_, err := f.secondStep(t.Context(), "000000", half(stranger(i+1)))
			wantKind(t, err, errs.Invalid)
		}
		_, err = f.secondStep(t.Context(), f.appCode(t, secret), half(here))
		wantKind(t, err, errs.RateLimited) // the ceiling over all networks
		home := here
		home.Devices = f.newDeviceToken(by.UserID, f.clock.Now())
		if _, err := f.secondStep(t.Context(), f.appCode(t, secret), half(home)); err != nil {
			t.Errorf("in a known browser: %v", err)
		}
	})
}

// TestDeviceTokensOfEveryWrongShape count as none.
func TestDeviceTokensOfEveryWrongShape(t *testing.T) {
	f := Browsers{shared: &shared{seal: newSealer(t)}}
	now := time.Unix(2_000_000_000, 0)
	right := f.newDeviceToken(7, now)
	if d := f.deviceTokens(right, now.Add(364*24*time.Hour)); len(d) != 1 || len(d[7]) != 8 {
		t.Errorf("the right one: %v", d)
	}
	for name, wrong := range testenv.WrongShapes(right) {
		if d := f.deviceTokens(wrong, now); len(d) != 0 {
			t.Errorf("%s: %v", name, d)
		}
	}
	for name, d := range map[string]map[int64]string{
		"too old": f.deviceTokens(right, now.Add(365*24*time.Hour)), "from the future": f.deviceTokens(right, now.Add(-time.Second)),
		"for another purpose": f.deviceTokens(f.seal.Seal("second factor of 7", "7 2000000000 abcdefgh"), now),
		"unsealed":            f.deviceTokens("7 2000000000 abcdefgh", now),
	} {
		if len(d) != 0 {
			t.Errorf("%s: %v", name, d)
		}
	}
	many := strings.Repeat("x~", 10) + right
	if d := f.deviceTokens(many, now); len(d) != 0 {
		t.Errorf("the eleventh: %v", d)
	}
}

// TestABrowserRemembersThatItLoggedIn: with the first page and with the log-out,
// not in the answer to the form; it outlives the log-out, and logs no one in.
func TestABrowserRemembersThatItLoggedIn(t *testing.T) {
	if got := DeviceCookie("https://taskstack.example"); got != "__Host-device" {
		t.Error(got)
	}
	eachSite(t, func(t *testing.T, s *site) {
		accounts.MakeUser(t, s.db, "anna")
		for what, leave := range map[string]func(b *browser) answer{
			"a page":      func(b *browser) answer { return b.get("/") },
			"the log-out": func(b *browser) answer { return b.post("/logout") },
		} {
			b := s.browser()
			b.logIn("anna").redirects("/")
			if b.cookie("device") != nil {
				t.Error("in the answer to the form")
			}
			var set *http.Cookie
			for _, c := range leave(b).Cookies() {
				if c.Name == "device" {
					set = c
				}
			}
			if set == nil || !set.HttpOnly || set.SameSite != http.SameSiteLaxMode || set.Path != "/" || set.Expires.Year() != 2027 {
				t.Fatalf("%s: %+v", what, set)
			}
			b.post("/logout")
			if b.viewer() != "" || b.cookie("device") == nil {
				t.Errorf("%s: after the log-out %q is signed in", what, b.viewer())
			}
		}
	})
}
