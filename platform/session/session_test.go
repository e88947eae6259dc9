package session_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"taskstack.org/platform/session"
)

func store(t *testing.T, secret string) *session.Store {
	t.Helper()
	s, err := session.New(secret, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// request runs a handler behind the middleware and returns the cookie it sets.
func request(t *testing.T, s *session.Store, cookie string, handle func(c *gin.Context) error) *http.Cookie {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(s.Middleware())
	engine.GET("/", func(c *gin.Context) {
		if err := handle(c); err != nil {
			t.Error(err)
		}
		c.Status(http.StatusOK)
	})
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	if cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	rec := httptest.NewRecorder()
	engine.ServeHTTP(rec, req)
	for _, c := range rec.Result().Cookies() {
		return c
	}
	return nil
}

func idOf(s *session.Store, cookie string) string {
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Header.Set("Cookie", cookie)
	return s.LoginID(req)
}

func TestALoginIsReadBackAndItsCookieIsGuarded(t *testing.T) {
	s := store(t, strings.Repeat("a", 32))
	c := request(t, s, "", func(c *gin.Context) error { return s.Login(c, "secret-id", false) })
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge != 0 {
		t.Fatalf("cookie %+v", c)
	}
	if strings.Contains(c.Value, "secret-id") {
		t.Error("the cookie shows the login id")
	}
	if got := idOf(s, c.String()); got != "secret-id" {
		t.Errorf("read back %q", got)
	}
	for what, value := range map[string]string{
		"another server's secret": c.String(),
		"a changed cookie":        c.Name + "=x" + c.Value,
		"nonsense":                c.Name + "=nonsense",
		"nothing":                 "",
	} {
		other := s
		if what == "another server's secret" {
			other = store(t, strings.Repeat("b", 32))
		}
		if got := idOf(other, value); got != "" {
			t.Errorf("%s: read %q", what, got)
		}
	}
}

func TestProductionCookiesAreBoundToTheHost(t *testing.T) {
	s, err := session.New(strings.Repeat("a", 32), true)
	if err != nil {
		t.Fatal(err)
	}
	c := request(t, s, "", func(c *gin.Context) error { return s.Login(c, "id", true) })
	if c == nil || c.Name != "__Host-session" || !c.Secure || c.MaxAge != 365*24*60*60 {
		t.Fatalf("cookie %+v", c)
	}
}

// A message that is kept and shown must not turn a remembered login into one
// that ends with the browser.
func TestAFlashKeepsALoginRemembered(t *testing.T) {
	s := store(t, strings.Repeat("a", 32))
	c := request(t, s, "", func(c *gin.Context) error { return s.Login(c, "id", true) })
	c = request(t, s, c.Name+"="+c.Value, func(c *gin.Context) error { return s.AddFlash(c, "hello") })
	if c.MaxAge != 365*24*60*60 {
		t.Errorf("after the message was kept: %+v", c)
	}
	var texts []string
	c = request(t, s, c.Name+"="+c.Value, func(c *gin.Context) (err error) { texts, err = s.Flashes(c); return err })
	if c.MaxAge != 365*24*60*60 || len(texts) != 1 || texts[0] != "hello" {
		t.Errorf("after it was shown: %v, %+v", texts, c)
	}
	if idOf(s, c.Name+"="+c.Value) != "id" {
		t.Error("the login is gone")
	}
}

// A session that was planted in a browser does not survive the login (fixation).
func TestALoginBeginsAnEmptySession(t *testing.T) {
	s := store(t, strings.Repeat("a", 32))
	c := request(t, s, "", func(c *gin.Context) error { return s.Login(c, "planted", true) })
	c = request(t, s, c.Name+"="+c.Value, func(c *gin.Context) error { return s.AddFlash(c, "planted") })
	c = request(t, s, c.Name+"="+c.Value, func(c *gin.Context) error { return s.Login(c, "own", false) })
	if c.MaxAge != 0 || idOf(s, c.Name+"="+c.Value) != "own" {
		t.Errorf("cookie %+v", c)
	}
	request(t, s, c.Name+"="+c.Value, func(c *gin.Context) error {
		texts, err := s.Flashes(c)
		if len(texts) > 0 {
			t.Errorf("shown: %v", texts)
		}
		return err
	})
}

// A message that was shown is not shown again.
func TestAFlashIsShownOnce(t *testing.T) {
	s := store(t, strings.Repeat("a", 32))
	c := request(t, s, "", func(c *gin.Context) error { return s.AddFlash(c, "hello") })
	for i := range 2 {
		next := request(t, s, c.Name+"="+c.Value, func(c *gin.Context) error {
			texts, err := s.Flashes(c)
			if (len(texts) == 1) != (i == 0) {
				t.Errorf("%d. time: %v", i+1, texts)
			}
			return err
		})
		if next != nil {
			c = next
		}
	}
}

func TestLogoutRemovesTheCookie(t *testing.T) {
	s := store(t, strings.Repeat("a", 32))
	c := request(t, s, "", func(c *gin.Context) error { return s.Login(c, "id", true) })
	c = request(t, s, c.Name+"="+c.Value, s.Logout)
	if c == nil || c.MaxAge >= 0 {
		t.Fatalf("cookie %+v", c)
	}
}

// The old application's cookie has the same name; a browser that still sends
// the request is signed out, without a line in the log.
func TestAForeignCookieIsIgnoredInSilence(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(old) })
	s := store(t, strings.Repeat("a", 32))
	var seen string
	request(t, s, "session=eyJfZmxhc2hlcyI6W119.XyZ; lang=de", func(c *gin.Context) error {
		seen = c.GetHeader("Cookie")
		_, err := s.Flashes(c)
		return err
	})
	if seen != "lang=de" || log.Len() > 0 {
		t.Fatalf("cookies %q, log %q", seen, log.String())
	}
}

func TestTheSecretCanBeReplaced(t *testing.T) {
	old := store(t, strings.Repeat("a", 32))
	s, err := session.New(strings.Repeat("b", 32), false, strings.Repeat("c", 32), strings.Repeat("a", 32))
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(*gin.Context) error { return nil }
	before := request(t, old, "", func(c *gin.Context) error { return old.Login(c, "secret-id", true) })
	cookie := before.Name + "=" + before.Value
	if id := idOf(s, cookie); id != "secret-id" {
		t.Fatalf("a login of the old secret: %q", id)
	}
	// The first request writes it anew, so that the old secret can go; a
	// remembered login stays remembered.
	renewed := request(t, s, cookie, nothing)
	if renewed == nil || renewed.MaxAge != 365*24*60*60 {
		t.Fatalf("not written anew: %+v", renewed)
	}
	cookie = renewed.Name + "=" + renewed.Value
	if id := idOf(store(t, strings.Repeat("b", 32)), cookie); id != "secret-id" {
		t.Errorf("the first secret does not sign: %q", id)
	}
	if again := request(t, s, cookie, nothing); again != nil {
		t.Errorf("written anew twice: %+v", again)
	}
	foreign := request(t, store(t, strings.Repeat("d", 32)), "", func(c *gin.Context) error { return old.Login(c, "secret-id", true) })
	if id := idOf(s, foreign.Name+"="+foreign.Value); id != "secret-id" && id != "" {
		t.Errorf("a foreign secret: %q", id)
	}
}

func TestFlashesDoNotOverflowTheCookie(t *testing.T) {
	s := store(t, strings.Repeat("a", 32))
	cookie := ""
	for i := range 20 {
		c := request(t, s, cookie, func(c *gin.Context) error { return s.AddFlash(c, string(rune('a'+i))+strings.Repeat("ü", 2000)) })
		cookie = c.Name + "=" + c.Value
		if len(cookie) > 4096 {
			t.Fatalf("a cookie of %d bytes", len(cookie))
		}
	}
	request(t, s, cookie, func(c *gin.Context) error {
		texts, err := s.Flashes(c)
		if len(texts) != 3 || !strings.HasPrefix(texts[0], "r") || !strings.HasPrefix(texts[2], "t") || !strings.HasSuffix(texts[2], "ü…") {
			t.Errorf("%d texts: %q", len(texts), texts)
		}
		return err
	})
}
