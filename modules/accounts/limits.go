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
	loginsByAccount  *ratelimit.Backoff // by network or browser, and what was typed as the name, so that unknown names are limited alike
	loginsOfAccount  *ratelimit.Backoff // by what was typed, over all networks
	passwordsByUser  *ratelimit.Backoff // of people who are signed in, by login
	passwordsOfUser  *ratelimit.Backoff // over all logins
	codesByUser      *ratelimit.Backoff // of mails to verify an address, by network
	codesOfUser      *ratelimit.Backoff // over all networks
	secondSteps      *ratelimit.Backoff // by user and network or browser
	secondStepsOf    *ratelimit.Backoff // by user, over all networks
	resetsByCase     *ratelimit.Backoff // codes tried; only who has asked, or got the mail, knows the case
	resetsByAddress  *ratelimit.Limiter // mails asked for
	resetsByAccount  *ratelimit.Limiter // by network or browser, and what was typed
	resetsOfAccount  *ratelimit.Limiter // by what was typed, over all networks
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
		loginsOfAccount:  ratelimit.NewBackoff(200, 15*time.Second, longestWait, now).OnRefuse(count("logins_account_all")),
		passwordsOfUser:  ratelimit.NewBackoff(100, 15*time.Second, longestWait, now).OnRefuse(count("passwords_all")),
		codesOfUser:      ratelimit.NewBackoff(100, 15*time.Second, longestWait, now).OnRefuse(count("verification_codes_all")),
		secondStepsOf:    ratelimit.NewBackoff(50, 15*time.Second, longestWait, now).OnRefuse(count("second_steps_all")),
		resetsOfAccount:  ratelimit.New(10*time.Minute, 20, now).OnRefuse(count("resets_account_all")),
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

// guess is an attempt at a secret of one account. Attempts from one network wait
// for each other, and so do those from one known browser, which strangers cannot
// use up; all networks together have a high ceiling.
type guess struct {
	near, all *ratelimit.Backoff
	nearKey   string
	account   string // key of the ceiling; empty for a known browser
}

// guessAt is an attempt at an account from a visit; browser is the name of a
// known browser, or empty.
func guessAt(near, all *ratelimit.Backoff, account string, v Visit, browser string) guess {
	if browser != "" {
		return guess{near: near, nearKey: browserKey(browser, account)}
	}
	return guess{near: near, all: all, nearKey: networkKey(v, account), account: account}
}

// networkKey and browserKey stand before what was typed, which may be cut.
func networkKey(v Visit, account string) string { return addressKey(v.Address) + " " + account }

func browserKey(browser, account string) string {
	return "#" + browser[:min(len(browser), 12)] + " " + account
}

// try counts the attempt; RateLimited while there is something to wait for.
func (g guess) try() error {
	if err := try(g.near, g.nearKey); err != nil || g.account == "" {
		return err
	}
	err := try(g.all, g.account)
	if err != nil {
		g.near.Undo(limitKey(g.nearKey))
	}
	return err
}

// undo takes the attempt back: nothing was compared.
func (g guess) undo() {
	g.near.Undo(limitKey(g.nearKey))
	if g.account != "" {
		g.all.Undo(limitKey(g.account))
	}
}

// right gives network or browser all free attempts back. To the ceiling the
// attempt costs nothing, and buys strangers nothing either.
func (g guess) right() {
	g.near.Forget(limitKey(g.nearKey))
	if g.account != "" {
		g.all.Undo(limitKey(g.account))
	}
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
