package friends

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// outgoing is a request that is being sent.
type outgoing struct {
	by      accounts.Actor
	to      accounts.Person // zero for an address without an account
	address *string         // nil if a name was typed
}

// requester sends requests.
type requester struct{ *Service }

// Send sends a friendship request to the person of this name or verified
// address. If that person has sent one to the actor, the two become friends.
//
// The result does not reveal whether an address has an account, nor whether a
// person accepts requests: to its sender a suppressed request looks like any
// other (contract, defect H13). Errors: Unauthenticated; Invalid with the field
// name; RateLimited.
func (s requester) Send(ctx context.Context, by accounts.Actor, nameOrEmail string) (sendResult, error) {
	if !by.SignedIn() {
		return sendResult{}, errs.Of(errs.Unauthenticated)
	}
	if err := s.take(by); err != nil {
		return sendResult{}, err
	}
	var result sendResult
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		a, err := s.address(ctx, by, text.Identifier(nameOrEmail))
		if err != nil {
			return err
		}
		result, err = s.send(ctx, a)
		return err
	})
	return result, err
}

// take counts a request against the actor's limit. Errors: RateLimited.
func (s requester) take(by accounts.Actor) error {
	wait, ok := s.requests.Take(strconv.FormatInt(by.UserID, 10))
	if ok {
		return nil
	}
	wait = (wait + time.Minute).Truncate(time.Minute)
	e := errs.New(errs.RateLimited, "friends.error.tooFast", "Count", int(wait.Minutes()))
	e.RetryAfter = wait
	return e
}

// address resolves a typed name or address.
func (s requester) address(ctx context.Context, by accounts.Actor, text string) (outgoing, error) {
	a := outgoing{by: by}
	if isAddress(text) {
		a.address = &text
	}
	var err error
	a.to, err = s.people.ByNameOrEmail(ctx, text)
	switch {
	case errs.KindOf(err) == errs.NotFound && a.address == nil:
		return outgoing{}, refused("friends.error.unknown")
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return outgoing{}, err
	case a.to.ID == by.UserID:
		return outgoing{}, refused("friends.error.self")
	}
	return a, nil
}

func refused(key string, params ...any) error { return errs.Field("name", key, params...) }

// send delivers, suppresses or refuses a request, in the transaction of ctx.
func (s requester) send(ctx context.Context, a outgoing) (sendResult, error) {
	people, err := s.lock(ctx, a)
	if err != nil {
		return sendResult{}, err
	}
	a.to = people[a.to.ID]
	deliverable, err := s.isDeliverable(ctx, a)
	if err != nil {
		return sendResult{}, err
	}
	already, between, err := s.relation(ctx, a)
	if err != nil {
		return sendResult{}, err
	}
	if err := s.checkSent(ctx, a, deliverable && !already && len(between) == 0); err != nil {
		return sendResult{}, err
	}
	if err := s.people.Deliver(ctx, "sent_requests_changed", nil, a.by.UserID); err != nil {
		return sendResult{}, err
	}
	mutual := slices.ContainsFunc(between, func(r request) bool { return r.ToID == a.by.UserID })
	switch {
	case already && a.address == nil:
		return sendResult{}, refused("friends.error.already")
	case mutual && !already:
		return sendResult{Name: a.to.Name, Befriended: true}, s.befriend(ctx, people[a.by.UserID], a.to)
	case already || len(between) > 0:
		return a.result(), s.storeSuppressed(ctx, a)
	}
	if !deliverable {
		return a.result(), s.storeSuppressed(ctx, a)
	}
	return a.result(), s.deliver(ctx, a, people[a.by.UserID])
}

// result returns what the sender learns of a delivered or suppressed request.
func (a outgoing) result() sendResult {
	if a.address != nil {
		return sendResult{}
	}
	return sendResult{Name: a.to.Name}
}

// lock locks the rows of both people. A person whose account was deleted
// meanwhile is unknown.
func (s requester) lock(ctx context.Context, a outgoing) (map[int64]accounts.Person, error) {
	ids := []int64{a.by.UserID}
	if a.to.ID != 0 {
		ids = append(ids, a.to.ID)
	}
	people, err := s.people.Lock(ctx, ids...)
	if err == nil && len(people) != len(ids) {
		err = refused("friends.error.unknown")
	}
	return people, err
}

// checkSent refuses a request that was sent before, and one beyond maxSent. If
// the request will be shown, an earlier suppressed one is deleted: the new one
// replaces it.
func (s requester) checkSent(ctx context.Context, a outgoing, shown bool) error {
	connections, err := s.repo.requestConnections(ctx, a.by.UserID)
	if err != nil {
		return err
	}
	sent := 0
	for _, t := range connections {
		if t.Kind == kindReceived {
			continue
		}
		sent++
		sameName := a.address == nil && t.Address == nil && t.OtherID == a.to.ID
		same := sameName || a.address != nil && t.Address != nil && strings.EqualFold(*a.address, *t.Address)
		switch {
		case same && shown && t.Kind == kindSuppressed:
			sent--
			if _, err := s.repo.deleteSuppressed(ctx, t.ID); err != nil {
				return err
			}
		case same:
			return refused("friends.error.sent")
		}
	}
	if sent >= maxSent {
		return refused("friends.error.tooMany", "Count", maxSent)
	}
	return nil
}

// relation reports whether the two are friends, and returns the requests between
// them.
func (s requester) relation(ctx context.Context, a outgoing) (already bool, between []request, err error) {
	if a.to.ID == 0 {
		return false, nil, nil
	}
	if already, err = s.repo.exists(ctx, a.by.UserID, a.to.ID); err != nil {
		return false, nil, err
	}
	between, err = s.repo.between(ctx, a.by.UserID, a.to.ID)
	return already, between, err
}

// isDeliverable reports whether the addressee will see a request: a person who
// blocks requests or the sender, or has maxWaiting of them, does not. A request to a
// person that the sender has blocked is refused; one to the address of such a person is
// suppressed, since the refusal would say whose address it is.
func (s requester) isDeliverable(ctx context.Context, a outgoing) (bool, error) {
	if a.to.ID == 0 {
		return false, nil
	}
	blocks, isBlocked, err := s.repo.blocksBetween(ctx, a.by.UserID, a.to.ID)
	switch {
	case err != nil:
		return false, err
	case blocks && a.address == nil:
		return false, refused("friends.error.blocked")
	case blocks || isBlocked || a.to.BlocksRequests:
		return false, nil
	}
	n, err := s.repo.countWaiting(ctx, a.to.ID)
	return n < maxWaiting, err
}

func (s requester) deliver(ctx context.Context, a outgoing, from accounts.Person) error {
	row := request{FromID: a.by.UserID, ToID: a.to.ID, Datetime: s.db.Now(ctx)}
	if err := s.repo.insertRequest(ctx, &row, a.address); err != nil {
		return err
	}
	if err := s.notifyOfRequest(ctx, row); err != nil {
		return err
	}
	return s.people.Deliver(ctx, "receive_friendship_request", Request{ID: row.ID, From: from, At: row.Datetime}.wire(), a.to.ID)
}

func (s requester) storeSuppressed(ctx context.Context, a outgoing) error {
	row := suppressedRequest{FromID: a.by.UserID, Address: a.address, Datetime: s.db.Now(ctx)}
	if a.to.ID != 0 {
		row.ToID = &a.to.ID
	}
	return s.repo.insertSuppressed(ctx, &row)
}
