// Package session keeps a random login id in an encrypted, signed cookie, and
// messages that are shown once on the next page. What the login id means
// is a row in the database: the cookie decides nothing.
package session

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"net/http"

	"github.com/gin-contrib/sessions"
	"github.com/gin-contrib/sessions/cookie"
	"github.com/gin-gonic/gin"

	"taskstack.org/platform/logs"
)

const (
	loginKey      = "login"
	persistentKey = "persistent"
	begunKey      = "begun"
	// persistentAge is how long a remembered login lasts, in seconds (365
	// days; contract, http.md section 2).
	persistentAge = 365 * 24 * 60 * 60
)

// What a visitor may have waiting to be shown, so that the cookie stays within
// what browsers take.
const (
	maxFlashes = 3
	maxFlash   = 400 // bytes
)

// Store reads and writes the session cookie.
type Store struct {
	// store reads cookies of all secrets and writes with the first; first
	// reads only its own.
	store, first cookie.Store
	name         string
	secure       bool
}

// New makes a store. The signing and encryption keys are derived from secret;
// cookies made with one of the older secrets are read as well, and written
// anew. secure is for https, where the cookie also gets the __Host- prefix.
func New(secret string, secure bool, older ...string) (*Store, error) {
	var keys [][]byte
	for _, one := range append([]string{secret}, older...) {
		sign, err := hkdf.Key(sha256.New, []byte(one), nil, "taskstack session signature", 64)
		if err != nil {
			return nil, fmt.Errorf("session keys: %w", err)
		}
		encrypt, err := hkdf.Key(sha256.New, []byte(one), nil, "taskstack session encryption", 32)
		if err != nil {
			return nil, fmt.Errorf("session keys: %w", err)
		}
		keys = append(keys, sign, encrypt)
	}
	s := &Store{store: cookie.NewStore(keys...), first: cookie.NewStore(keys[:2]...), name: "session", secure: secure}
	if secure {
		s.name = "__Host-session"
	}
	// The signature's own age limit is 30 days by default, less than a
	// remembered login lasts; how long a login lives is the database's matter.
	for _, store := range []cookie.Store{s.store, s.first} {
		if codecs, ok := store.(interface{ MaxAge(age int) }); ok {
			codecs.MaxAge(persistentAge)
		}
		store.Options(s.options(0))
	}
	return s, nil
}

// CookieName is the name of the cookie.
func (s *Store) CookieName() string { return s.name }

func (s *Store) options(maxAge int) sessions.Options {
	return sessions.Options{Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
}

// Middleware makes the session available to handlers.
func (s *Store) Middleware() gin.HandlerFunc {
	open := sessions.Sessions(s.name, s.store)
	return func(c *gin.Context) {
		s.dropForeign(c.Request)
		open(c)
		s.renew(c)
	}
}

// dropForeign takes a session cookie that is not ours (the old application's
// has the same name, a changed secret makes all foreign) out of the request:
// the library would write two error lines for each, and any client could fill the
// log.
func (s *Store) dropForeign(r *http.Request) {
	if _, err := r.Cookie(s.name); err != nil {
		return
	}
	// New and not Get, which would remember the error for this request.
	if _, err := s.store.New(r, s.name); err == nil {
		return
	}
	cookies := r.Cookies()
	r.Header.Del("Cookie")
	for _, c := range cookies {
		if c.Name != s.name {
			r.AddCookie(c)
		}
	}
}

// renew writes a cookie anew that was made with an older secret, so that the
// secret can be taken away in time.
func (s *Store) renew(c *gin.Context) {
	if _, err := c.Request.Cookie(s.name); err != nil {
		return
	}
	if _, err := s.first.New(c.Request, s.name); err != nil {
		_ = s.save(sessions.Default(c)) // the old one is as good until then
	}
}

// LoginID is the login id of a request, for handshakes that do not pass
// through gin; empty if there is none or the cookie is not ours.
func (s *Store) LoginID(r *http.Request) string {
	// New and not Get, which would put the request into its own context, where
	// whatever keeps the context would keep the request.
	session, err := s.store.New(r, s.name)
	if err != nil {
		return ""
	}
	id, _ := session.Values[loginKey].(string)
	return id
}

// Login puts a login id into the cookie. A persistent one survives the
// browser's end.
func (s *Store) Login(c *gin.Context, id string, persistent bool) error {
	session := sessions.Default(c)
	// A new login starts an empty session: nothing planted before it survives.
	session.Clear()
	session.Set(loginKey, id)
	session.Set(persistentKey, persistent)
	return s.save(session)
}

// Begin gives a browser that has no cookie of ours an empty one, so that the
// next request shows whether it keeps cookies.
func (s *Store) Begin(c *gin.Context) error {
	if _, err := c.Request.Cookie(s.name); err == nil {
		return nil
	}
	session := sessions.Default(c)
	session.Set(begunKey, true)
	return s.save(session)
}

// save writes the cookie, keeping a remembered login remembered.
func (s *Store) save(session sessions.Session) error {
	maxAge := 0
	if persistent, _ := session.Get(persistentKey).(bool); persistent {
		maxAge = persistentAge
	}
	session.Options(s.options(maxAge))
	return session.Save()
}

// Logout removes the cookie.
func (s *Store) Logout(c *gin.Context) error {
	session := sessions.Default(c)
	session.Clear()
	session.Options(s.options(-1))
	return session.Save()
}

// AddFlash keeps a text for the next page this visitor sees. Only the last few
// are kept, and the beginning of a long one.
func (s *Store) AddFlash(c *gin.Context, text string) error {
	session := sessions.Default(c)
	kept := session.Flashes()
	for _, old := range kept[max(0, len(kept)-maxFlashes+1):] {
		session.AddFlash(old)
	}
	session.AddFlash(logs.Cut(text, maxFlash))
	return s.save(session)
}

// Flashes takes the kept texts out of the session.
func (s *Store) Flashes(c *gin.Context) ([]string, error) {
	session := sessions.Default(c)
	kept := session.Flashes()
	if len(kept) == 0 {
		return nil, nil
	}
	texts := make([]string, 0, len(kept))
	for _, f := range kept {
		if text, ok := f.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts, s.save(session)
}
