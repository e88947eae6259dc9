package auth

import (
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
)

// limits are the limiters against guessing and mail floods. They are nil, which
// allows everything, when limiting is off.
type limits struct {
	loginsByAddress  *ratelimit.Backoff // over all accounts; a right password does not reset it
	loginsByAccount  *ratelimit.Backoff // by network or browser, and the typed name, so that unknown names are limited alike
	loginsOfAccount  *ratelimit.Backoff // by the typed name, over all networks
	passwordsByUser  *ratelimit.Backoff // of people who are signed in, by login
	passwordsOfUser  *ratelimit.Backoff // over all logins
	codesByUser      *ratelimit.Backoff // of mails to verify an address, by network
	codesOfUser      *ratelimit.Backoff // over all networks
	secondSteps      *ratelimit.Backoff // by user and network or browser
	secondStepsOf    *ratelimit.Backoff // by user, over all networks
	resetsByToken    *ratelimit.Backoff // codes tried; only the requesting browser and the mail know the token
	resetsByAddress  *ratelimit.Limiter // mails requested
	resetsByAccount  *ratelimit.Limiter // by network or browser, and the typed name
	resetsOfAccount  *ratelimit.Limiter // by the typed name, over all networks
	signUpsByAddress *ratelimit.Limiter
	mailsByUser      *ratelimit.Limiter
	namesByAddress   *ratelimit.Limiter // looked up while typing
}

// longestWait bounds the wait after failures: long enough to stop guessing, short
// enough for the owner of an account that is guessed at to log in the same day.
const longestWait = 15 * time.Minute

// newLimits makes the limiters, which hold over all servers with shared; refusals
// counts by name what each refuses.
func newLimits(now func() time.Time, refusals *refused.Counter, shared ratelimit.Shared) limits {
	count, typed := refusals.Func, refusals.FuncOfTyped
	return limits{
		loginsByAddress:  ratelimit.NewBackoff(30, 6*time.Second, longestWait, now).OnRefuse(count("logins_address")).Over(shared, "logins_address"),
		loginsByAccount:  ratelimit.NewBackoff(10, 15*time.Second, longestWait, now).OnRefuse(typed("logins_account")).Over(shared, "logins_account"),
		loginsOfAccount:  ratelimit.NewBackoff(200, 15*time.Second, longestWait, now).OnRefuse(typed("logins_account_all")).Over(shared, "logins_account_all"),
		passwordsOfUser:  ratelimit.NewBackoff(100, 15*time.Second, longestWait, now).OnRefuse(count("passwords_all")).Over(shared, "passwords_all"),
		codesOfUser:      ratelimit.NewBackoff(100, 15*time.Second, longestWait, now).OnRefuse(count("verification_codes_all")).Over(shared, "verification_codes_all"),
		secondStepsOf:    ratelimit.NewBackoff(50, 15*time.Second, longestWait, now).OnRefuse(count("second_steps_all")).Over(shared, "second_steps_all"),
		resetsOfAccount:  ratelimit.New(10*time.Minute, 20, now).OnRefuse(typed("resets_account_all")).Over(shared, "resets_account_all"),
		passwordsByUser:  ratelimit.NewBackoff(10, 15*time.Second, longestWait, now).OnRefuse(count("passwords")).Over(shared, "passwords"),
		codesByUser:      ratelimit.NewBackoff(10, 15*time.Second, longestWait, now).OnRefuse(count("verification_codes")).Over(shared, "verification_codes"),
		secondSteps:      ratelimit.NewBackoff(5, 15*time.Second, longestWait, now).OnRefuse(count("second_steps")).Over(shared, "second_steps"),
		resetsByToken:    ratelimit.NewBackoff(5, 15*time.Second, longestWait, now).OnRefuse(typed("reset_codes")).Over(shared, "reset_codes"),
		resetsByAddress:  ratelimit.New(2*time.Minute, 10, now).OnRefuse(count("resets_address")).Over(shared, "resets_address"),
		resetsByAccount:  ratelimit.New(10*time.Minute, 3, now).OnRefuse(typed("resets_account")).Over(shared, "resets_account"),
		namesByAddress:   ratelimit.New(time.Second, 60, now).OnRefuse(count("names_address")).Over(shared, "names_address"),
		signUpsByAddress: ratelimit.New(2*time.Minute, 10, now).OnRefuse(count("sign_ups_address")).Over(shared, "sign_ups_address"),
		mailsByUser:      ratelimit.New(10*time.Minute, 3, now).OnRefuse(count("verification_mails")).Over(shared, "verification_mails"),
	}
}

// take uses up one of a limiter's tokens. Errors: RateLimited.
func take(l *ratelimit.Limiter, key string) error {
	if wait, ok := l.Take(limitKey(key)); !ok {
		return accounts.TooMany(wait)
	}
	return nil
}

// try counts an attempt. Errors: RateLimited while the key has to wait.
func try(b *ratelimit.Backoff, key string) error {
	if wait, ok := b.Try(limitKey(key)); !ok {
		return accounts.TooMany(wait)
	}
	return nil
}

// guess is an attempt at a secret of one account. Attempts from one network share
// a limit, and so do those from one known browser, which other people cannot
// use up; all networks together have a high ceiling.
type guess struct {
	near, all *ratelimit.Backoff
	nearKey   string
	account   string // key of the ceiling; empty for a known browser
}

// guessAt returns an attempt at an account; browser is the name of a known
// browser, or empty.
func guessAt(near, all *ratelimit.Backoff, account string, info RequestInfo, browser string) guess {
	if browser != "" {
		return guess{near: near, nearKey: browserKey(browser, account)}
	}
	return guess{near: near, all: all, nearKey: networkKey(info, account), account: account}
}

// networkKey and browserKey put the typed name last: limitKey may cut it.
func networkKey(info RequestInfo, account string) string {
	return addressKey(info.Address) + " " + account
}

func browserKey(browser, account string) string {
	return "#" + browser[:min(len(browser), 12)] + " " + account
}

// try counts the attempt. Errors: RateLimited.
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

// undo undoes the attempt: nothing was compared.
func (g guess) undo() {
	g.near.Undo(limitKey(g.nearKey))
	if g.account != "" {
		g.all.Undo(limitKey(g.account))
	}
}

// right resets the limit of the network or browser. For the ceiling the attempt
// does not count; it is not reset either, which would allow others more guesses.
func (g guess) right() {
	g.near.Forget(limitKey(g.nearKey))
	if g.account != "" {
		g.all.Undo(limitKey(g.account))
	}
}

// userKey returns the key of a person in a limiter.
func userKey(userID int64) string { return strconv.FormatInt(userID, 10) }

// addressKey returns the key of an address in a limiter, as netaddr groups them.
func addressKey(address string) string { return netaddr.Key(address) }

// maxLimitKey bounds how much of a typed name a limiter stores.
const maxLimitKey = 64

func limitKey(typed string) string { return strings.ToLower(typed[:min(len(typed), maxLimitKey)]) }
