package auth

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/web"
)

// A browser that has logged in carries a sealed token for each account: its
// attempts have limits of their own, so that guesses from elsewhere do not lock
// the account's owner out. The token alone grants no access.
const (
	deviceLife    = 365 * 24 * time.Hour
	devicePurpose = "browser that has logged in"
	// maxDeviceTokens is how many accounts one browser remembers.
	maxDeviceTokens = 4
	// maxDeviceCookie bounds the part of an untrusted cookie that is opened.
	maxDeviceCookie = 1024
)

// Browsers recognizes browsers that have logged in before.
type Browsers struct {
	*shared
	publicURL string
}

// newDeviceToken returns a token that says that a browser has logged in to an
// account.
func (s *Browsers) newDeviceToken(userID int64, now time.Time) string {
	return s.seal.Seal(devicePurpose, fmt.Sprintf("%d %d %s", userID, now.Unix(), newCode()))
}

// openDeviceToken returns the account of a token and the browser's name in it. It
// reports false for a token that was not issued here, or too long ago.
func (s *Browsers) openDeviceToken(token string, now time.Time) (userID int64, device string, ok bool) {
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

// deviceTokens returns the valid tokens of a cookie by account.
func (s *Browsers) deviceTokens(cookie string, now time.Time) map[int64]string {
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

// known returns the name of a browser in which the person has logged in before,
// or is logged in; empty for any other browser.
func (s *Browsers) known(ctx context.Context, userID int64, info RequestInfo) (string, error) {
	if device := s.deviceTokens(info.Devices, s.db.Now(ctx))[userID]; device != "" {
		return device, nil
	}
	if info.LoginID == "" {
		return "", nil
	}
	l, err := s.repo.login(ctx, info.LoginID)
	if isNotFound(err) || err == nil && (l.UserID != userID || !s.db.Now(ctx).Before(l.EndsAt)) {
		return "", nil
	}
	return l.ID, err
}

// forName is known for the account of a name or address; empty if there is none.
// A browser that has never logged in costs no query.
func (s *Browsers) forName(ctx context.Context, name string, info RequestInfo) (string, error) {
	if info.Devices == "" && info.LoginID == "" {
		return "", nil
	}
	u, err := s.credentials.Find(ctx, name)
	if isNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.known(ctx, u.ID, info)
}

// DeviceCookie returns the name of the cookie, for a site at this address.
func DeviceCookie(publicURL string) string {
	if strings.HasPrefix(publicURL, "https://") {
		return "__Host-device"
	}
	return "device"
}

// cookie returns a browser's cookie of device tokens; empty if there is none.
func (s *Browsers) cookie(r *http.Request) string {
	c, err := r.Cookie(DeviceCookie(s.publicURL))
	if err != nil {
		return ""
	}
	return c.Value
}

// remember gives a signed-in person's browser a token for the account, if it has
// none. It is called with pages and with the log-out, not with the log-in: the
// answer to a form may be intercepted before the login is used.
func (s *Browsers) remember(c *web.Context) {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return
	}
	now, cookie := s.db.Now(c.Ctx()), s.cookie(c.Request)
	if s.deviceTokens(cookie, now)[by.UserID] != "" {
		return
	}
	tokens := []string{s.newDeviceToken(by.UserID, now)}
	for token := range strings.SplitSeq(cookie[:min(len(cookie), maxDeviceCookie)], "~") {
		if _, _, ok := s.openDeviceToken(token, now); ok && !slices.Contains(tokens, token) && len(tokens) < maxDeviceTokens {
			tokens = append(tokens, token)
		}
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: DeviceCookie(s.publicURL), Value: strings.Join(tokens, "~"), Path: "/", Expires: now.Add(deviceLife),
		HttpOnly: true, Secure: strings.HasPrefix(s.publicURL, "https://"), SameSite: http.SameSiteLaxMode,
	})
}
