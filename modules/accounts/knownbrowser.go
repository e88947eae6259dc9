package accounts

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"taskstack.org/platform/web"
)

// A browser that has logged in carries a sealed token for each account, so that
// guesses of strangers do not lock its person out: what it tries has a budget of
// its own. The token alone logs no one in.
const (
	deviceLife    = 365 * 24 * time.Hour
	devicePurpose = "browser that has logged in"
	// maxDeviceTokens is how many accounts one browser remembers.
	maxDeviceTokens = 4
	// maxDeviceCookie bounds what is opened of a cookie that anybody may send.
	maxDeviceCookie = 1024
)

// newDeviceToken is what a browser keeps of having logged in to an account.
func (s *Service) newDeviceToken(userID int64, now time.Time) string {
	return s.seal.Seal(devicePurpose, fmt.Sprintf("%d %d %s", userID, now.Unix(), newCode()))
}

// openDeviceToken returns whose token it is and the browser's name in it. It
// reports false for what was not made here, or too long ago.
func (s *Service) openDeviceToken(token string, now time.Time) (userID int64, device string, ok bool) {
	text, err := s.seal.Open(devicePurpose, token)
	if err != nil {
		return 0, "", false
	}
	var made int64
	if n, err := fmt.Sscanf(text, "%d %d %s", &userID, &made, &device); err != nil || n != 3 {
		return 0, "", false
	}
	age := now.Sub(time.Unix(made, 0))
	return userID, device, age >= 0 && age < deviceLife
}

// deviceTokens are the tokens in a browser's cookie that were made here.
func (s *Service) deviceTokens(cookie string, now time.Time) map[int64]string {
	devices := map[int64]string{}
	if cookie == "" || len(cookie) > maxDeviceCookie {
		return devices
	}
	for i, token := range strings.Split(cookie, "~") {
		if userID, device, ok := s.openDeviceToken(token, now); ok && i < maxDeviceTokens {
			devices[userID] = device
		}
	}
	return devices
}

// knownBrowser is the name of a browser in which the person has logged in
// before, or is logged in; empty for any other browser.
func (s *Service) knownBrowser(ctx context.Context, userID int64, v Visit) (string, error) {
	if device := s.deviceTokens(v.Devices, s.db.Now(ctx))[userID]; device != "" {
		return device, nil
	}
	if v.LoginID == "" {
		return "", nil
	}
	l, err := s.repo.login(ctx, v.LoginID)
	if isNotFound(err) || err == nil && (l.UserID != userID || !s.db.Now(ctx).Before(l.EndsAt)) {
		return "", nil
	}
	return l.ID, err
}

// DeviceCookie is the name of the cookie, for a site at this address.
func DeviceCookie(publicURL string) string {
	if strings.HasPrefix(publicURL, "https://") {
		return "__Host-device"
	}
	return "device"
}

// devicesOf is what a request's browser keeps of having logged in.
func (m *Module) devicesOf(r *http.Request) string {
	c, err := r.Cookie(DeviceCookie(m.publicURL))
	if err != nil {
		return ""
	}
	return c.Value
}

// rememberBrowser gives a signed-in person's browser a token for the account, if
// it has none. It is called with pages and with the log-out, not with the log-in:
// an answer to a form may be anywhere before the login is used.
func (m *Module) rememberBrowser(c *web.Context) {
	by := ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return
	}
	now, cookie := m.db.Now(c.Ctx()), m.devicesOf(c.Request)
	if m.deviceTokens(cookie, now)[by.UserID] != "" {
		return
	}
	tokens := []string{m.newDeviceToken(by.UserID, now)}
	for token := range strings.SplitSeq(cookie[:min(len(cookie), maxDeviceCookie)], "~") {
		if _, _, ok := m.openDeviceToken(token, now); ok && !slices.Contains(tokens, token) && len(tokens) < maxDeviceTokens {
			tokens = append(tokens, token)
		}
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: DeviceCookie(m.publicURL), Value: strings.Join(tokens, "~"), Path: "/", Expires: now.Add(deviceLife),
		HttpOnly: true, Secure: strings.HasPrefix(m.publicURL, "https://"), SameSite: http.SameSiteLaxMode,
	})
}
