package accounts

import (
	"strconv"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
)

// limits are what stops guessing and mail floods. All limiters are nil, and
// thereby allow everything, when limiting is off.
type limits struct {
	loginsByAddress  *ratelimit.Backoff // over all accounts; a right one must not buy more guesses
	loginsByAccount  *ratelimit.Backoff // by what was typed as the name, so that unknown names are limited alike
	passwordsByUser  *ratelimit.Backoff // of people who are signed in
	codesByUser      *ratelimit.Backoff // of mails to verify an address
	secondSteps      *ratelimit.Backoff // by user
	resetsByCase     *ratelimit.Backoff // codes tried
	resetsByAddress  *ratelimit.Limiter // mails asked for
	resetsByAccount  *ratelimit.Limiter // by what was typed
	signUpsByAddress *ratelimit.Limiter
	mailsByUser      *ratelimit.Limiter
	picturesByUser   *ratelimit.Limiter
	exportsByUser    *ratelimit.Limiter
	namesByAddress   *ratelimit.Limiter // looked up while typing
}

// longestWait is where the wait after failures stops growing: somebody who
// guesses gets nowhere, somebody whose name is guessed at gets in the same day.
const longestWait = 15 * time.Minute

// newLimits makes the limiters; refusals counts what each refuses
// by name.
func newLimits(now func() time.Time, refusals *refused.Counter) limits {
	count := refusals.Func
	return limits{
		loginsByAddress:  ratelimit.NewBackoff(30, 6*time.Second, longestWait, now).OnRefuse(count("logins_address")),
		loginsByAccount:  ratelimit.NewBackoff(10, 15*time.Second, longestWait, now).OnRefuse(count("logins_account")),
		passwordsByUser:  ratelimit.NewBackoff(10, 15*time.Second, longestWait, now).OnRefuse(count("passwords")),
		codesByUser:      ratelimit.NewBackoff(10, 15*time.Second, longestWait, now).OnRefuse(count("verification_codes")),
		secondSteps:      ratelimit.NewBackoff(5, 15*time.Second, longestWait, now).OnRefuse(count("second_steps")),
		resetsByCase:     ratelimit.NewBackoff(5, 15*time.Second, longestWait, now).OnRefuse(count("reset_codes")),
		resetsByAddress:  ratelimit.New(2*time.Minute, 10, now).OnRefuse(count("resets_address")),
		resetsByAccount:  ratelimit.New(10*time.Minute, 3, now).OnRefuse(count("resets_account")),
		namesByAddress:   ratelimit.New(time.Second, 60, now).OnRefuse(count("names_address")),
		signUpsByAddress: ratelimit.New(2*time.Minute, 10, now).OnRefuse(count("sign_ups_address")),
		mailsByUser:      ratelimit.New(10*time.Minute, 3, now).OnRefuse(count("verification_mails")),
		picturesByUser:   ratelimit.New(time.Minute, 20, now).OnRefuse(count("pictures")),
		exportsByUser:    ratelimit.New(10*time.Minute, 3, now).OnRefuse(count("exports")),
	}
}

// take uses up one of a limiter's tokens; RateLimited if there is none left.
func take(l *ratelimit.Limiter, key string) error {
	if wait, ok := l.Take(limitKey(key)); !ok {
		return tooMany(wait)
	}
	return nil
}

// try counts an attempt; RateLimited while the key has to wait.
func try(b *ratelimit.Backoff, key string) error {
	if wait, ok := b.Try(limitKey(key)); !ok {
		return tooMany(wait)
	}
	return nil
}

// tooMany says when to come back: in whole seconds, or minutes, rounded up, so
// that whoever waits that long gets in.
func tooMany(wait time.Duration) error {
	wait = (wait + time.Second - 1).Truncate(time.Second)
	e := errs.New(errs.RateLimited, "accounts.tooMany", "Count", int(wait.Seconds()))
	if wait > 2*time.Minute {
		e = errs.New(errs.RateLimited, "accounts.tooManyMinutes", "Count", int((wait + time.Minute - 1).Minutes()))
	}
	e.RetryAfter = wait
	return e
}

// userKey is what limiters know somebody by.
func userKey(userID int64) string { return strconv.FormatInt(userID, 10) }

// addressKey is what counts as one address, as everywhere.
func addressKey(address string) string { return netaddr.Key(address) }

// maxLimitKey bounds what a limiter remembers of what somebody typed.
const maxLimitKey = 64

func limitKey(typed string) string { return strings.ToLower(typed[:min(len(typed), maxLimitKey)]) }
