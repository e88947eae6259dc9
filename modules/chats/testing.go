package chats

import (
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

// recorder is a Notifier that keeps what each person got.
type recorder struct {
	mu   sync.Mutex
	told map[int64][]Told
}

// ToUsers implements Notifier.
func (r *recorder) ToUsers(userIDs []int64, event string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var payload json.RawMessage
	if len(args) > 0 {
		payload, _ = json.Marshal(args[0])
	}
	for _, id := range userIDs {
		r.told[id] = append(r.told[id], Told{event, payload})
	}
}

// Listen records, for tests, the events that people get from now on, in place of
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

// LimitSending makes a module for tests limit what people may send, by the clock
// given.
func LimitSending(m *Module, now func() time.Time) {
	m.sending = ratelimit.New(sendEvery, sendBurst, now)
}

// Queries are what is read for a list of chats, a chat and the counter, for tests of
// their plans.
func Queries() []string {
	all := []string{countSQL()}
	for _, kind := range kinds {
		all = append(all, listSQL(kind), pageSQL(kind, true), pageSQL(kind, false), changesSQL(kind))
	}
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "?", "7")
	}
	return all
}
