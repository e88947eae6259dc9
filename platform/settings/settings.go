// Package settings holds what administrators change while the program runs: typed
// values with defaults, in the database, on all servers within a second.
//
// A module adds its settings in New and keeps the Value that it gets, which it reads
// without a query. Where the environment names a setting's variable, that value wins and
// cannot be changed.
//
// A change raises a number, whose stream every server follows: a hint by Redis makes
// that fast, and without Redis the servers ask the database every second.
//
// Tables owned: setting, setting_revision.
package settings

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
)

// Value is a setting and what it is at present on this server. It is safe for concurrent
// use.
type Value struct {
	Definition
	// locked is what the environment says, nil if it says nothing.
	locked *string
	// stored is what administrators have set, nil for the default.
	stored atomic.Pointer[string]
}

// Text returns the value as it is stored.
func (v *Value) Text() string {
	if v.locked != nil {
		return *v.locked
	}
	if stored := v.stored.Load(); stored != nil {
		return *stored
	}
	return v.Default
}

// Is reports whether a Choice or Switch has a value.
func (v *Value) Is(value string) bool { return v.Text() == value }

// IsLocked reports whether the environment sets the value.
func (v *Value) IsLocked() bool { return v.locked != nil }

// IsSet reports whether an administrator has set the value.
func (v *Value) IsSet() bool { return v.locked == nil && v.stored.Load() != nil }

// Lines returns the words of a List.
func (v *Value) Lines() []string { return Words(v.Text()) }

// Words returns the words of a List in the form that is stored.
func Words(value string) []string { return strings.Fields(value) }

// Number returns the value of a Number.
func (v *Value) Number() int64 { return numberOf(v.Text()) }

// Moment returns the value of a Moment; the zero time if it is empty.
func (v *Value) Moment() time.Time {
	at, err := time.Parse(momentForm, v.Text())
	if err != nil {
		return time.Time{}
	}
	return at
}

// Options say where the settings are. All may be left out.
type Options struct {
	DB       *db.DB
	Realtime *realtime.Server
	Log      *slog.Logger
	// Given returns what the environment says of a variable; ok is false if it says
	// nothing.
	Given func(variable string) (value string, ok bool)
}

// Store is all settings of this server. It is safe for concurrent use.
type Store struct {
	db      *db.DB
	repo    repository
	log     *slog.Logger
	streams *realtime.Streams
	given   func(variable string) (string, bool)

	// all and listeners are not written after the server has started.
	all       []*Value
	listeners []func()

	mu sync.Mutex // orders reads of the database
}

// streamID is the id of the only stream.
const streamID = 1

// New returns a store without settings.
func New(o Options) *Store {
	s := &Store{db: o.DB, repo: repository{o.DB}, log: o.Log, given: o.Given}
	if o.Realtime != nil {
		s.streams = o.Realtime.FollowedStreams(realtime.StreamOptions{
			Kind: "settings", Delivered: func(ctx context.Context, _ int64, _ realtime.Event) { s.reload(ctx) },
		}, s.repo, streamID)
	}
	return s
}

// Add adds a setting. Only while wiring. A nil Store gives a Value that is always the
// default, for tests.
func (s *Store) Add(d Definition) *Value {
	v := &Value{Definition: d}
	if s == nil {
		return v
	}
	if d.Variable != "" && s.given != nil {
		if given, ok := s.given(d.Variable); ok {
			// The program refuses a wrong value at its start, in the same words.
			if value, problem := d.Clean(given); problem == "" {
				v.locked = &value
			}
		}
	}
	s.all = append(s.all, v)
	return v
}

// OnChange calls fn on this server after a setting may have changed. Only while wiring.
func (s *Store) OnChange(fn func()) {
	if s != nil {
		s.listeners = append(s.listeners, fn)
	}
}

// All returns all settings in their order.
func (s *Store) All() []*Value {
	if s == nil {
		return nil
	}
	all := slices.Clone(s.all)
	slices.SortStableFunc(all, func(a, b *Value) int { return cmp.Compare(a.Order, b.Order) })
	return all
}

// Find returns the setting of a name. Errors: NotFound.
func (s *Store) Find(name string) (*Value, error) {
	if s != nil {
		for _, v := range s.all {
			if v.Name == name {
				return v, nil
			}
		}
	}
	return nil, errs.Of(errs.NotFound)
}

// Load reads what administrators have set, for the start of a server.
func (s *Store) Load(ctx context.Context) error {
	if s.streams != nil {
		// The number is read first: a change after it is read once more.
		rev, err := s.repo.Rev(ctx, streamID)
		if err != nil {
			return err
		}
		s.streams.Follow(streamID, rev)
	}
	return s.read(ctx)
}

// Run keeps the values up to date with what other servers change, until ctx ends.
func (s *Store) Run(ctx context.Context) error { return s.streams.Run(ctx) }

// reload reads all settings after a change.
func (s *Store) reload(ctx context.Context) {
	if err := s.read(ctx); err != nil {
		s.log.ErrorContext(ctx, "settings could not be read", "error", err)
		return
	}
	for _, fn := range s.listeners {
		fn()
	}
}

func (s *Store) read(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := s.repo.rows(ctx)
	if err != nil {
		return err
	}
	stored := make(map[string]string, len(rows))
	for _, row := range rows {
		stored[row.Name] = row.Value
	}
	for _, v := range s.all {
		var present *string
		if value, ok := stored[v.Name]; ok {
			// What an older or newer program has stored may be no value of this one.
			if value, problem := v.Clean(value); problem == "" {
				present = &value
			}
		}
		v.stored.Store(present)
	}
	return nil
}

// Set changes a setting, in a transaction; all servers know it within a second after the
// commit. It returns the values before and after. Errors: NotFound; Conflict if the
// environment sets it; a *WrongError.
func (s *Store) Set(ctx context.Context, name, typed string) (before, after string, err error) {
	v, err := s.Find(name)
	if err != nil {
		return "", "", err
	}
	if v.IsLocked() {
		return "", "", errs.Of(errs.Conflict)
	}
	after, problem := v.Clean(typed)
	if problem != "" {
		return "", "", &WrongError{v.Definition, problem}
	}
	rev, err := s.repo.next(ctx) // holds the row until the end: changes follow each other
	if err != nil {
		return "", "", err
	}
	if before, err = s.repo.value(ctx, name, v.Default); err != nil {
		return "", "", err
	}
	if after == v.Default {
		err = s.repo.delete(ctx, name)
	} else {
		err = s.repo.save(ctx, &row{Name: name, Value: after, ChangedAt: s.db.Now(ctx)})
	}
	if err != nil || s.streams == nil {
		return before, after, err
	}
	s.streams.Follow(streamID, rev-1)
	s.db.AfterCommit(ctx, func(ctx context.Context) { s.streams.Announce(ctx, streamID, changed(rev)) })
	return before, after, nil
}

// changed is the event of a change. It says only that there was one.
func changed(rev int64) realtime.Event {
	return realtime.Event{Rev: rev, Name: "changed"}
}
