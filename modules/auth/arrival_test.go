package auth

import (
	"net/http"
	"strings"
	"testing"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/web"
)

// invited adds an invitation: /invite/mail was sent to ben@example.org alone,
// /invite/link to nobody. It returns who has joined by which.
func (s *site) invited() map[string]string {
	joined := map[string]string{}
	s.AddGreeter(func(_ *web.Context, path string) (Greeting, bool, error) {
		switch path {
		case "/invite/mail":
			return Greeting{Name: "olive", Heading: "olive invites you", Email: "ben@example.org"}, true, nil
		case "/invite/link":
			return Greeting{Name: "olive", Heading: "olive invites you"}, true, nil
		}
		return Greeting{}, false, nil
	})
	s.AddArrival(func(_ *web.Context, by accounts.Actor, path string) (string, bool, error) {
		if !strings.HasPrefix(path, "/invite/") || path == "/invite/gone" {
			return "", false, nil
		}
		joined[by.Name] = path
		return "/olive/board", by.UserID != 0, nil
	})
	return joined
}

func (b *browser) signUpAs(name, email, continueTo string) answer {
	b.s.t.Helper()
	return b.post("/signup?continue="+continueTo, "username", name, "useremail", email, "password", "correct horse")
}

// TestASignUpByTheMailOfAnInvitationNeedsNoCode: the mail has shown that the
// address is right. Another address needs one, and the code joins.
func TestASignUpByTheMailOfAnInvitationNeedsNoCode(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		joined := s.invited()
		b := s.browser()
		if got := value(b.get("/signup?continue=/invite/mail").is(http.StatusOK, "signup"), "useremail"); got != "ben@example.org" {
			t.Errorf("the form begins with %q", got)
		}
		b.signUpAs("ben", "Ben@Example.org", "/invite/mail").redirects("/olive/board")
		if b.viewer() != "ben" || joined["ben"] != "/invite/mail" || s.sent.count() != 0 {
			t.Errorf("viewer %q, joined %v, %d mails", b.viewer(), joined, s.sent.count())
		}
		for name, at := range map[string]string{"cleo": "/invite/mail", "dora": "/invite/link"} {
			other := s.browser()
			a := other.signUpAs(name, name+"@example.org", at)
			if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/verify-email/") || joined[name] != "" || other.viewer() != "" {
				t.Errorf("%s goes on at %q, joined %v", name, to, joined)
			}
		}
	})
}

// TestTheCodeOfASignUpJoins in whatever browser it is entered. One that is not
// logged in has to log in to see the board.
func TestTheCodeOfASignUpJoins(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		joined := s.invited()
		for name, tt := range map[string]struct {
			continueTo string
			elsewhere  bool
			joined, to string
		}{
			"anna": {"/invite/link", false, "/invite/link", "/olive/board"},
			"bert": {"/invite/link", true, "/invite/link", "/login?continue=%2Folive%2Fboard"},
			"carl": {"/invite/gone", false, "", "/invite/gone"},
			"dora": {"/new", false, "", "/new"},
		} {
			b := s.browser()
			verify := b.signUpAs(name, name+"@example.org", tt.continueTo).Header.Get("Location")
			code := fixture{sent: s.sent}.mailedCode(t)
			if tt.elsewhere {
				b = s.browser()
			}
			b.post(verify, "code", code).redirects(tt.to)
			if joined[name] != tt.joined {
				t.Errorf("%s joined %q, want %q", name, joined[name], tt.joined)
			}
		}
	})
}

// TestLogOutLeadsBackToAnInvitation that another account should accept.
func TestLogOutLeadsBackToAnInvitation(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b, _ := s.signedIn("anna")
		b.post("/logout?continue=/invite/link").redirects("/invite/link")
		if b.viewer() != "" {
			t.Error("still signed in")
		}
		b, _ = s.signedIn("bert")
		b.post("/logout?continue=//evil.example").redirects("/")
	})
}
