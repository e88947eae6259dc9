package projects

import (
	"context"

	"taskstack.org/platform/realtime"
)

// Event is what a change sends to the project's room.
type Event struct {
	// Name is an event of the contract, such as "move_card".
	Name string
	// Payload is its argument; nil for none. An object gets the key "rev".
	Payload any
}

// Change is a change of a project that Record runs.
type Change struct {
	// Access is the project, whose row the transaction holds, and the role of
	// the person who changes it.
	Access
	reply Reply
}

// SetReply adds a value to the stored reply, beside "rev": a request that is
// sent again gets it as the first time. The handler adds it to its own reply.
func (c *Change) SetReply(key string, value any) {
	if c.reply == nil {
		c.reply = Reply{}
	}
	c.reply[key] = value
}

// Record is the only way to change what a board shows. In one transaction it
// locks the project, checks that the sender of r may do action, runs change and
// writes the events that change returns to the project's log, each with a
// number of its own. After the commit it delivers them to the project's room, in
// order. It returns the number of the last event.
//
// A request with an idempotency key is carried out once: a second time Record
// returns Conflict, and On replies as the first time.
//
// change may run again after a deadlock, so it must not leave the process.
// Errors: NotFound or Forbidden, and those of change.
func (s *Service) Record(ctx context.Context, r Request, action Action,
	change func(ctx context.Context, c *Change) ([]Event, error),
) (rev int64, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, r.By, r.ProjectID, true)
		if err != nil {
			return err
		}
		if err := in.Check(action); err != nil {
			return err
		}
		rev, err = s.write(ctx, r, in, change)
		return err
	})
	return rev, err
}

// write runs a change of a project whose row this transaction holds.
func (s *Service) write(ctx context.Context, r Request, in Access, change func(context.Context, *Change) ([]Event, error)) (int64, error) {
	c := &Change{Access: in}
	changes, err := change(ctx, c)
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		// Nothing to change is a success too.
		if r.confirm != nil {
			s.db.AfterCommit(ctx, func(context.Context) { r.confirm() })
		}
		return in.Rev, nil
	}
	w, err := number(in.Project, changes)
	if err != nil {
		return 0, err
	}
	if r.By.SignedIn() {
		for i, e := range w.events {
			w.events[i] = e.With("by", r.By.UserID)
		}
	}
	err = results{s}.storeResult(ctx, r, c.reply, w.events)
	if err != nil {
		return 0, err
	}
	if err := s.repo.appendEvents(ctx, w); err != nil {
		return 0, err
	}
	s.deliver(ctx, w, r.confirm)
	return w.events[len(w.events)-1].Rev, nil
}

// written is what a transaction writes to one project's log.
type written struct {
	projectID int64
	events    []realtime.Event
}

// number gives a project's changes, at least one, their numbers.
func number(p Project, changes []Event) (w written, err error) {
	w = written{projectID: p.ID, events: make([]realtime.Event, len(changes))}
	for i, c := range changes {
		if w.events[i], err = realtime.NewEvent(p.Rev+1+int64(i), c.Name, c.Payload); err != nil {
			return written{}, err
		}
	}
	return w, nil
}

// deliver sends the events to the project's room after the commit, and confirm,
// if it is not nil, just before.
func (s *Service) deliver(ctx context.Context, w written, confirm func()) {
	first := w.events[0].Rev
	s.streams.Reserve(w.projectID, first, confirm)
	s.db.AfterRollback(ctx, func() { s.streams.Cancel(w.projectID, first) })
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		s.streams.Announce(ctx, w.projectID, w.events...)
	})
}
