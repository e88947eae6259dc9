package accounts

import (
	"strconv"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
)

// limits are the limiters of this module, by person. They are nil, which allows
// everything, when limiting is off.
type limits struct {
	pictures, exports *ratelimit.Limiter
}

func newLimits(deps module.Deps) limits {
	if !deps.RateLimit {
		return limits{}
	}
	return limits{
		pictures: ratelimit.New(time.Minute, 20, deps.Now).OnRefuse(deps.Refused.Func("pictures")).Over(deps.SharedLimits, "pictures"),
		exports:  ratelimit.New(10*time.Minute, 3, deps.Now).OnRefuse(deps.Refused.Func("exports")).Over(deps.SharedLimits, "exports"),
	}
}

// take counts an action of a person. Errors: RateLimited.
func take(l *ratelimit.Limiter, userID int64) error {
	if wait, ok := l.Take(strconv.FormatInt(userID, 10)); !ok {
		return TooMany(wait)
	}
	return nil
}

// TooMany returns RateLimited with a text that says when to try again: in whole
// seconds, or minutes, rounded up, so that a retry after that time succeeds.
func TooMany(wait time.Duration) error {
	wait = (wait + time.Second - 1).Truncate(time.Second)
	e := errs.New(errs.RateLimited, "accounts.tooMany", "Count", int(wait.Seconds()))
	if wait > 2*time.Minute {
		e = errs.New(errs.RateLimited, "accounts.tooManyMinutes", "Count", int((wait + time.Minute - 1).Minutes()))
	}
	e.RetryAfter = wait
	return e
}
