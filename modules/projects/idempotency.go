package projects

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
)

// resultLifetime is how long the result of a request is stored. Clients stop
// sending a request again earlier.
const resultLifetime = 24 * time.Hour

// resultSweep is the interval between deletions of old results.
const resultSweep = time.Hour

// keyRule is the form of an idempotency key; clients generate it.
var keyRule = regexp.MustCompile(`\A[A-Za-z0-9_-]{8,64}\z`)

// idempotencyKey is the key of a request as its payload has it. Decoding never
// fails, so that the fields beside it are reported first.
type idempotencyKey struct {
	text      string
	malformed bool
}

// UnmarshalJSON accepts a key, null, and anything else as malformed.
func (k *idempotencyKey) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	if text, ok := plainString(raw); ok && keyRule.MatchString(text) {
		k.text = text
		return nil
	}
	k.malformed = true
	return nil
}

// plainString returns the text of a JSON string. It reports false for any other
// value.
func plainString(raw []byte) (text string, ok bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), true
	}
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}

func errMalformedKey() error { return errs.Field("actionId", "projects.error.actionId") }

// idempotent is a request with an idempotency key, which may be sent again: it
// is carried out once, whatever happens to the reply.
type idempotent struct {
	key string
	// stored reports that this try has carried the request out.
	stored bool
}

// results keeps the replies to requests with an idempotency key.
type results struct{ *Service }

// withStoredReply runs do. If do fails because the request was carried out
// before, it returns the stored reply: Record refuses to store the result of a
// request twice, and whatever else a repetition runs into (a file of that name,
// a card that is deleted) has the same reply.
func (s results) withStoredReply(ctx context.Context, r Request, do func() (Reply, error)) (Reply, error) {
	reply, err := do()
	if r.once == nil || err == nil || r.once.stored {
		return reply, err
	}
	reply, found, lookErr := s.repo.storedReply(ctx, r)
	if lookErr != nil || !found {
		return nil, err
	}
	return reply, nil
}

// Once runs do, unless the request was carried out before: then it returns the
// stored reply. It is for a request that is expensive to try again, such as the
// upload of a file; On needs no Once.
//
// Errors: those of do.
func (s *Service) Once(ctx context.Context, r Request, do func() (Reply, error)) (Reply, error) {
	if r.once == nil {
		return do()
	}
	if reply, found, err := s.repo.storedReply(ctx, r); err != nil || found {
		return reply, err
	}
	// Another try of the same request may be faster.
	return results{s}.withStoredReply(ctx, r, do)
}

// storeResult stores the reply of a request in the transaction that carries it
// out, and adds its idempotency key to the first event, by which the sender
// recognizes it. Only the first change of a request counts.
//
// Errors: Conflict if the request was carried out before.
func (s results) storeResult(ctx context.Context, r Request, reply Reply, events []realtime.Event) error {
	if r.once == nil || r.once.stored {
		return nil
	}
	if err := s.repo.addResult(ctx, r, reply, events[len(events)-1].Rev); err != nil {
		return err
	}
	r.once.stored = true
	s.db.AfterRollback(ctx, func() { r.once.stored = false })
	events[0] = events[0].With("actionId", r.once.key)
	return nil
}

// deleteOldResults deletes the results older than resultLifetime.
func (s sweeper) deleteOldResults(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.deleteResults(ctx, s.db.Now(ctx).Add(-resultLifetime))
	})
}
