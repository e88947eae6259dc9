package accounts

import (
	"net/netip"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
)

// limits are what stops guessing and mail floods. All limiters are nil, and
// thereby allow everything, when limiting is off.
type limits struct {
	loginsByAddress  *ratelimit.Limiter // every attempt, right or wrong: a right one must not buy more guesses
	loginsByAccount  *ratelimit.Limiter // by what was typed as the name, so that unknown names are limited alike
	signUpsByAddress *ratelimit.Limiter
	codesByCase      *ratelimit.Limiter
	mailsByCase      *ratelimit.Limiter
}

func newLimits(now func() time.Time) limits {
	return limits{
		loginsByAddress:  ratelimit.New(6*time.Second, 30, now),
		loginsByAccount:  ratelimit.New(30*time.Second, 10, now),
		signUpsByAddress: ratelimit.New(2*time.Minute, 10, now),
		codesByCase:      ratelimit.New(time.Minute, 10, now),
		mailsByCase:      ratelimit.New(10*time.Minute, 3, now),
	}
}

// take uses up an attempt; RateLimited, with a text that says when to come
// back, if there is none left.
func take(l *ratelimit.Limiter, key string) error {
	wait, ok := l.Take(limitKey(key))
	if ok {
		return nil
	}
	// Whole seconds, rounded up, so that whoever waits that long gets in.
	wait = (wait + time.Second).Truncate(time.Second)
	e := errs.New(errs.RateLimited, "accounts.tooMany", "Count", int(wait.Seconds()))
	e.RetryAfter = wait
	return e
}

// ipv6Network is what one customer of a provider usually has: whoever is
// limited there could pick any of its addresses.
const ipv6Network = 64

// addressKey is what counts as one address.
func addressKey(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	network, err := a.WithZone("").Prefix(ipv6Network)
	if err != nil {
		return address
	}
	return network.String()
}

// maxLimitKey bounds what a limiter remembers of what somebody typed.
const maxLimitKey = 64

func limitKey(typed string) string { return strings.ToLower(typed[:min(len(typed), maxLimitKey)]) }
