package chats

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"taskstack.org/platform/ratelimit"
)

// Told is an event that a person got.
type Told struct {
	Event   string
	Payload json.RawMessage
}

// recorder is sockets that keep what each person got.
type recorder struct {
	mu   sync.Mutex
	told map[int64][]Told
}

// Here implements sockets.
func (r *recorder) Here(userIDs []int64, event string, payload any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	raw, _ := json.Marshal(payload)
	for _, id := range userIDs {
		r.told[id] = append(r.told[id], Told{event, raw})
	}
}

// Everywhere implements sockets.
func (r *recorder) Everywhere(userIDs []int64, event string, payload any) {
	r.Here(userIDs, event, payload)
}

// Listen records, for tests, the messages that people get from now on, in place of
// sending them. The function that it returns takes those of one person.
func Listen(m *Module) func(userID int64) []Told {
	r := &recorder{told: map[int64][]Told{}}
	m.users = r
	return func(userID int64) []Told {
		r.mu.Lock()
		defer r.mu.Unlock()
		told := r.told[userID]
		delete(r.told, userID)
		return told
	}
}

// Prune cuts the log, for tests.
func Prune(ctx context.Context, m *Module) error { return m.prune(ctx) }

// LimitSending makes a module for tests limit what people may send, by the clock
// given.
func LimitSending(m *Module, now func() time.Time) {
	m.sending = ratelimit.New(sendEvery, sendBurst, now)
}

// Queries are what is read for a list of chats, a chat, the counter and a search, for
// tests of their plans.
func Queries(m *Module) []string {
	all := []string{countSQL(), unreadChatsSQL(), countUnreadChatsSQL(kinds, false)}
	for _, kind := range kinds {
		all = append(all, reactionsSQL(kind), numberedSQL(kind), listSQL(kind), pageSQL(kind, true), pageSQL(kind, false), pageAfterSQL(kind), changesSQL(kind),
			m.repo.entriesSQL(kind, "w.msg_id"), unindexedSQL(kind))
	}
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "?", "7")
	}
	return all
}

// Fill indexes messages that are not indexed, for tests.
func Fill(ctx context.Context, m *Module) error { return m.fill(ctx) }
