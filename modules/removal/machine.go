package removal

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// Boards is what removal needs of projects.
type Boards interface {
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
}

// Kind is what the state machine needs to know of lists, or of cards.
type Kind struct {
	// Name is "list" or "card", as in events and in the kinds of the history.
	Name string
	// Table is the table of the items, Parent its column with the project or list
	// that an item belongs to.
	Table, Parent string
	// Find returns an item of a project in any location, NotFound if the project
	// has none of that id.
	Find func(ctx context.Context, projectID, id int64) (Item, error)
}

// Item is a list or card on its way from one location to another. All methods
// run in the transaction that holds the project's row.
type Item interface {
	// State returns the state that is stored.
	State() State
	// Title returns the item's name.
	Title() string
	// OnBoard reports whether the board shows the item.
	OnBoard() bool
	// TakeOut closes the gap that the item leaves on the board. It returns the
	// events that clients get.
	TakeOut(ctx context.Context, in projects.Access) ([]projects.Event, error)
	// PutBack stores a position for the item on the board and makes room there. It
	// returns the events that clients get, which are those of a new item that moves
	// to its place, because 2.x clients know no other.
	//
	// Errors: Conflict if the board is full or has no list, NotFound for a list
	// that is not on it.
	PutBack(ctx context.Context, in projects.Access, listID int64) ([]projects.Event, error)
	// Details returns what the history keeps of the step, see projects.Happened.
	Details(ctx context.Context, in projects.Access, from, to Location) (any, error)
}

// Machine is the state machine for the items of a kind.
type Machine struct {
	kind   Kind
	db     *db.DB
	repo   repository
	boards Boards
	bus    *events.Bus
}

// Delete puts an item of a board into the trash, with everything in it.
//
// Errors: those of projects.Record, NotFound for an item that is not on the
// board.
func (m *Machine) Delete(ctx context.Context, r projects.Request, id int64) (rev int64, err error) {
	return m.remove(ctx, r, id, InTrash)
}

// Archive puts an item of a board into the archive, with everything in it.
// Errors: as Delete.
func (m *Machine) Archive(ctx context.Context, r projects.Request, id int64) (rev int64, err error) {
	return m.remove(ctx, r, id, InArchive)
}

func (m *Machine) remove(ctx context.Context, r projects.Request, id int64, to Location) (rev int64, err error) {
	return m.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		item, err := m.kind.Find(ctx, in.ID, id)
		if err == nil && !item.OnBoard() {
			err = errs.Of(errs.NotFound)
		}
		if err != nil {
			return nil, err
		}
		changes, err := item.TakeOut(ctx, in.Access)
		if err != nil {
			return nil, err
		}
		if err := m.repo.setState(ctx, id, m.removed(ctx, r.By, to, in.NextRev())); err != nil {
			return nil, err
		}
		return changes, m.publish(ctx, r.By, in.Access, id, item, OnBoard, to)
	})
}

// Restore puts an item that waits in a location back to where it was on the
// board, with everything in it; a card may also go to the end of another list.
//
// Errors: those of projects.Record and Item.PutBack, NotFound for an item that
// does not wait there, Conflict if it has changed after what.Since.
func (m *Machine) Restore(ctx context.Context, r projects.Request, what RestoreRequest) (rev int64, err error) {
	return m.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		item, err := m.find(ctx, in.ID, what)
		if err != nil {
			return nil, err
		}
		changes, err := item.PutBack(ctx, in.Access, what.ListID)
		if err != nil {
			return nil, err
		}
		if err := m.repo.setState(ctx, what.ID, State{ChangedRev: in.Rev + int64(len(changes))}); err != nil {
			return nil, err
		}
		return changes, m.publish(ctx, r.By, in.Access, what.ID, item, what.From, OnBoard)
	})
}

// find returns an item that waits in a location. If a request undoes a removal
// and the item is not there, another member has changed it since.
func (m *Machine) find(ctx context.Context, projectID int64, what RestoreRequest) (Item, error) {
	item, err := m.kind.Find(ctx, projectID, what.ID)
	if err == nil && item.State().RemovedAs == what.From {
		return item, item.State().Unchanged(what.Since)
	}
	if what.Since != nil && (err == nil || errs.KindOf(err) == errs.NotFound) {
		return nil, Changed()
	}
	if err == nil {
		err = errs.Of(errs.NotFound)
	}
	return nil, err
}

// Relocate takes a removed item from one location to another: from the archive to
// the trash, or from the trash to PermanentlyDeleted. Clients get the event
// bin_changed, which 2.x clients do not know.
//
// Errors: those of projects.Record, NotFound for an item that does not wait
// there.
func (m *Machine) Relocate(ctx context.Context, r projects.Request, id int64, from, to Location) (rev int64, err error) {
	return m.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		item, err := m.find(ctx, in.ID, RestoreRequest{ID: id, From: from})
		if err != nil {
			return nil, err
		}
		if err := m.repo.setState(ctx, id, m.removed(ctx, r.By, to, in.NextRev())); err != nil {
			return nil, err
		}
		changes := []projects.Event{relocated(m.kind.Name, id, from, to)}
		return changes, m.publish(ctx, r.By, in.Access, id, item, from, to)
	})
}

func (m *Machine) removed(ctx context.Context, by accounts.Actor, to Location, rev int64) State {
	now := m.db.Now(ctx)
	return State{RemovedAs: to, RemovedAt: &now, RemovedBy: &by.UserID, ChangedRev: rev}
}

// verbs are how the history calls the step to a location.
var verbs = map[Location]string{OnBoard: "Restored", InTrash: "Deleted", InArchive: "Archived", PermanentlyDeleted: "GivenUp"}

func (m *Machine) publish(ctx context.Context, by accounts.Actor, in projects.Access, id int64, item Item, from, to Location) error {
	details, err := item.Details(ctx, in, from, to)
	if err != nil {
		return err
	}
	return m.bus.Publish(ctx, projects.Happened{
		ProjectID: in.ID, Rev: in.NextRev(), Kind: m.kind.Name + verbs[to], ID: id, Name: item.Title(), Subject: projects.Subject(m.kind.Name),
		Details: details, By: by,
	})
}

// Expire deletes permanently what has been in the trash since before a time.
func (m *Machine) Expire(ctx context.Context, before time.Time) error {
	return m.db.InTx(ctx, func(ctx context.Context) error { return m.repo.expire(ctx, before) })
}

// Removed returns the items of a kind that match q and belong to one of the
// parents: projects of lists, lists of cards. The caller has checked that the
// member may see them. T is the type of the kind's rows.
func Removed[T any](ctx context.Context, m *Machine, parentIDs []int64, q Query) ([]T, error) {
	return removed[T](ctx, m.repo, parentIDs, q)
}
