package lists

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
)

// Contents is what lists contain: cards.
type Contents interface {
	// OfBoard returns the content of each of a board's lists.
	OfBoard(ctx context.Context, b *projects.Board, listIDs []int64) (map[int64]Content, error)
	// Names returns the names of what a list contains, in order.
	Names(ctx context.Context, listID int64) ([]string, error)
	// Build returns the events that show a list's contents on a board to which the
	// list has just been restored.
	Build(ctx context.Context, in projects.Access, listID int64) ([]projects.Event, error)
	// Copy copies the contents of a list to the end of another one, which has just
	// been created as a copy, and returns their events. rev is the number of the
	// last event before them.
	//
	// Errors: Conflict if the list has too much or the board is full.
	Copy(ctx context.Context, in projects.Access, from, to int64, toName string, rev int64, by accounts.Actor) ([]projects.Event, error)
	// PurgeAll deletes for good everything that is or was in lists. It runs in
	// the transaction that deletes their project.
	PurgeAll(ctx context.Context, listIDs []int64) error
}

// Container is the module whose items lists contain.
type Container interface{ ListContents() Contents }

// Connect finds the Container. It panics with a sentence if there is none.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if c, ok := each.(Container); ok {
			m.contents = c.ListContents()
			return
		}
	}
	//nolint:forbidigo // a mistake of the program, found at its start, as with http.ServeMux
	panic("lists: no module says what lists contain: one in internal/wiring must implement lists.Container")
}
