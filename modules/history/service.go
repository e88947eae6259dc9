package history

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// Projects is what history needs of projects.
type Projects interface {
	AccessByPath(ctx context.Context, by accounts.Actor, owner, name string) (projects.Access, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
}

// People is what history needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Service holds the rules of history. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	repo     repository
	people   People
	projects Projects
}

// Of returns the history of a project, oldest first, to its members; for other
// people it does not exist: NotFound.
func (s *Service) Of(ctx context.Context, by accounts.Actor, owner, name string, f Filter) ([]Entry, error) {
	var all []Entry
	err := s.db.Snapshot(ctx, func(ctx context.Context) error {
		in, err := s.projects.AccessByPath(ctx, by, owner, name)
		if err != nil {
			return err
		}
		if !in.Can(projects.ReadHistory) {
			return errs.Of(errs.NotFound)
		}
		all, err = s.read(ctx, in.ID, f)
		return err
	})
	return all, err
}

func (s *Service) read(ctx context.Context, projectID int64, f Filter) ([]Entry, error) {
	all := []Entry{}
	for table, part := range []func(context.Context, repository, int64, int, Filter) ([]Entry, error){
		entries[listCreated], entries[listDeleted], entries[cardCreated], entries[cardDeleted], entries[cardChangedList], changes,
	} {
		some, err := part(ctx, s.repo, projectID, table, f)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, compare)
	if f.Limit > 0 && len(all) > f.Limit {
		all = all[len(all)-f.Limit:]
	}
	return all, nil
}

// entries reads one of the contract's tables.
func entries[R row](ctx context.Context, r repository, projectID int64, table int, f Filter) ([]Entry, error) {
	kind := contractual[table]
	if !f.wantsTableOf(kind) {
		return nil, nil
	}
	rows, err := newest[R](ctx, r, projectID, table, f, nil)
	some := make([]Entry, len(rows))
	for i, row := range rows {
		some[i] = Entry{Kind: kind, At: row.fact().Datetime, Row: row, rev: row.fact().Rev, table: table, eventID: row.fact().EventID}
	}
	return some, err
}

// changes reads history_change.
func changes(ctx context.Context, r repository, projectID int64, table int, f Filter) ([]Entry, error) {
	kinds := slices.DeleteFunc(slices.Clone(f.Kinds), func(k Kind) bool { return slices.Contains(contractual, k) })
	if !f.All || len(f.Kinds) > 0 && len(kinds) == 0 {
		return nil, nil
	}
	rows, err := newest[change](ctx, r, projectID, table, f, kinds)
	some := make([]Entry, len(rows))
	for i, row := range rows {
		some[i] = Entry{Kind: row.Kind, At: row.Datetime, Row: row, Details: row.Details, rev: row.Rev, table: table, eventID: row.EventID}
	}
	return some, err
}
