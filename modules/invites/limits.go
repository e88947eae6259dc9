package invites

import (
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
)

// limits bound how many mails are sent. They are nil, which allows everything, when
// limiting is off.
type limits struct{ person, address, all *ratelimit.Limiter }

// newLimits makes the limiters, which hold over all servers with shared; refusals
// counts by name what each refuses.
func newLimits(now func() time.Time, refusals *refused.Counter, shared ratelimit.Shared) limits {
	return limits{
		person:  ratelimit.New(personEvery, personBurst, now).OnRefuse(refusals.Func("invites_person")).Over(shared, "invites_person"),
		address: ratelimit.New(addressEvery, addressBurst, now).OnRefuse(refusals.FuncOfTyped("invites_address")).Over(shared, "invites_address"),
		all:     ratelimit.New(allEvery, allBurst, now).OnRefuse(refusals.FuncOfTyped("invites_all")).Over(shared, "invites_all"),
	}
}

// take counts mails of a person to addresses. The limit of an address protects it
// from any stranger. Errors: RateLimited; Invalid with the field
// emails for an address that has got enough.
func (l limits) take(by accounts.Actor, to ...string) error {
	for _, address := range to {
		if wait, ok := l.person.Take(strconv.FormatInt(by.UserID, 10)); !ok {
			return accounts.TooMany(wait)
		}
		if wait, ok := l.all.Take(""); !ok {
			return accounts.TooMany(wait)
		}
		if _, ok := l.address.Take(strings.ToLower(address)); !ok {
			return errs.Field("emails", "invites.error.enough", "Address", address)
		}
	}
	return nil
}
