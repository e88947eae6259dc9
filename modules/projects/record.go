package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/realtime"
)

// Event is what a change tells everybody who has the board open.
type Event struct {
	// Name is an event of the contract, such as "move_card".
	Name string
	// Payload is its argument; nil for none. An object gets the key "rev".
	Payload any
	// Then runs after the commit, when the room has heard: for what people are
	// told outside of it.
	Then func(ctx context.Context)
}

// Record is the one door for changes that a board sees. In one transaction it
// locks the project, checks that the actor may do action, runs change and
// writes the events that change returns to the project's log, each with a
// number of its own. After the commit they are delivered to everybody in the
// project's room, in order. It returns the number of the last event.
//
// An event that its sender named by an action id is carried out once: a second
// time Record is Conflict, and the sender is answered as the first time.
//
// change may be run again after a deadlock, so it must not leave the process.
// Errors: NotFound or Forbidden, and whatever change returns.
func (s *Service) Record(ctx context.Context, by accounts.Actor, projectID int64, action Action,
	change func(ctx context.Context, in Access) ([]Event, error),
) (rev int64, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, projectID, true)
		if err != nil {
			return err
		}
		if err := in.Role.Check(action); err != nil {
			return err
		}
		rev, err = s.write(ctx, in, change)
		return err
	})
	return rev, err
}

// write runs a change of a project whose row this transaction holds.
func (s *Service) write(ctx context.Context, in Access, change func(context.Context, Access) ([]Event, error)) (int64, error) {
	changes, err := change(context.WithValue(ctx, nextRevKey{}, in.Rev+1), in)
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		// Nothing to change is a success too.
		if confirm := realtime.Confirmation(ctx); confirm != nil {
			s.db.AfterCommit(ctx, func(context.Context) { confirm() })
		}
		return in.Rev, nil
	}
	w, err := number(in.Project, changes)
	if err != nil {
		return 0, err
	}
	if err := s.remember(ctx, in.ID, w.events); err != nil {
		return 0, err
	}
	if err := s.repo.appendEvents(ctx, w); err != nil {
		return 0, err
	}
	s.deliver(ctx, w)
	return w.events[len(w.events)-1].Rev, nil
}

type nextRevKey struct{}

// NextRev is the number that the first event of the change in ctx will have,
// by which listeners put changes of one project in order; 0 outside of one.
func NextRev(ctx context.Context) int64 {
	rev, _ := ctx.Value(nextRevKey{}).(int64)
	return rev
}

// written is what a transaction has written to one project's log.
type written struct {
	projectID int64
	changes   []Event
	events    []realtime.Event
}

// number gives a project's changes, at least one, their numbers.
func number(p Project, changes []Event) (w written, err error) {
	w = written{projectID: p.ID, changes: changes, events: make([]realtime.Event, len(changes))}
	for i, c := range changes {
		if w.events[i], err = realtime.NewEvent(p.Rev+1+int64(i), c.Name, c.Payload); err != nil {
			return written{}, err
		}
	}
	return w, nil
}

// deliver tells the project's room after the commit.
func (s *Service) deliver(ctx context.Context, w written) {
	first := w.events[0].Rev
	s.streams.Reserve(w.projectID, first, realtime.Confirmation(ctx))
	s.db.AfterRollback(ctx, func() { s.streams.Cancel(w.projectID, first) })
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		s.streams.Announce(ctx, w.projectID, w.events...)
		for _, c := range w.changes {
			if c.Then != nil {
				c.Then(ctx)
			}
		}
	})
}
