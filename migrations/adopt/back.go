package adopt

import (
	"context"
	"errors"
	"slices"
	"strings"

	"taskstack.org/platform/migrate"
)

// ErrNothingToUndo says that the database was not taken over.
var ErrNothingToUndo = errors.New("there is nothing to take back: the database was not taken over from the Flask application, or its old tables were dropped")

// Back drops the tables of Taskstack, with all that has changed since, and gives
// the old ones their names again. Cut off anywhere, it goes on.
func (a *Adoption) Back(ctx context.Context) error {
	return migrate.Exclusive(ctx, a.DB, a.Log, "taskstack_adopt_", func() error { return a.back(ctx) })
}

func (a *Adoption) back(ctx context.Context) error {
	steps, err := a.steps(ctx)
	if err != nil {
		return err
	}
	present, err := a.tables(ctx)
	if err != nil {
		return err
	}
	var old []string
	whole := true // whether all old tables still have their new names
	for _, step := range steps {
		if name, isTable := strings.CutPrefix(step, tableStep); isTable {
			old = append(old, name)
			whole = whole && slices.Contains(present, prefix+name)
		}
	}
	if len(old) == 0 {
		return ErrNothingToUndo
	}
	if !whole && !slices.Contains(steps, goingBack) && slices.Contains(steps, renamed) {
		return ErrNothingToUndo // Someone has dropped old tables: what there is now is all there is.
	}
	if err := a.statements(ctx, statement{"record the way back", record(goingBack)}); err != nil {
		return err
	}
	// Once the first old table has its name again, no new one is left.
	if whole {
		if err := a.dropOwn(ctx, present); err != nil {
			return err
		}
	}
	var pairs []string
	for _, name := range old {
		if slices.Contains(present, prefix+name) {
			pairs = append(pairs, "`"+prefix+name+"` TO `"+name+"`")
		}
	}
	if len(pairs) > 0 {
		if err := a.statements(ctx, statement{"rename back", "RENAME TABLE " + strings.Join(pairs, ", ")}); err != nil {
			return err
		}
	}
	return a.statements(ctx, statement{"forget", "DROP TABLE " + migrate.AdoptionTable})
}

// dropOwn drops the tables of Taskstack, newest first, so that no foreign key is
// in the way.
func (a *Adoption) dropOwn(ctx context.Context, present []string) error {
	own, err := ownTables()
	if err != nil {
		return err
	}
	slices.Reverse(own)
	for _, name := range append(own, migrate.BookkeepingTables()...) {
		if !slices.Contains(present, name) {
			continue
		}
		if err := a.statements(ctx, statement{"drop " + name, "DROP TABLE IF EXISTS `" + name + "`"}); err != nil {
			return err
		}
	}
	return nil
}
