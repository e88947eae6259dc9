package history

import (
	"cmp"
	"context"
	"slices"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// maxRows is how much of each kind is handed out: the newest. The table in the
// page is no archive, and the contract has no pages.
const maxRows = 5000

// Projects is what history needs of projects.
type Projects interface {
	AccessByPath(ctx context.Context, by accounts.Actor, owner, name string) (projects.Access, error)
}

// Service holds the rules of history. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	repo     repository
	projects Projects
}

// Of is what happened in a project, oldest first, for its owner and its
// collaborators; to everybody else it does not exist: NotFound.
func (s *Service) Of(ctx context.Context, by accounts.Actor, owner, name string) ([]Entry, error) {
	var all []Entry
	err := s.db.Snapshot(ctx, func(ctx context.Context) error {
		in, err := s.projects.AccessByPath(ctx, by, owner, name)
		if err != nil {
			return err
		}
		if !in.Role.Can(projects.ReadHistory) {
			return errs.Of(errs.NotFound)
		}
		all, err = s.read(ctx, in.ID)
		return err
	})
	return all, err
}

func (s *Service) read(ctx context.Context, projectID int64) ([]Entry, error) {
	all := []Entry{}
	for _, part := range []func(context.Context, repository, int64) ([]Entry, error){
		entries("historyListCreated_event", func(r listCreated) time.Time { return r.Datetime }),
		entries("historyListDeleted_event", func(r listDeleted) time.Time { return r.Datetime }),
		entries("historyCardCreated_event", func(r cardCreated) time.Time { return r.Datetime }),
		entries("historyCardDeleted_event", func(r cardDeleted) time.Time { return r.Datetime }),
		entries("historyCardChangedList_event", func(r cardChangedList) time.Time { return r.Datetime }),
	} {
		some, err := part(ctx, s.repo, projectID)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.At.Unix(), b.At.Unix()) })
	return all, nil
}

// entries reads one table, oldest first.
func entries[R any](kind string, at func(R) time.Time) func(context.Context, repository, int64) ([]Entry, error) {
	return func(ctx context.Context, r repository, projectID int64) ([]Entry, error) {
		rows, err := newest[R](ctx, r, projectID, maxRows)
		if err != nil {
			return nil, err
		}
		some := make([]Entry, len(rows))
		for i, row := range rows {
			some[len(rows)-1-i] = Entry{Type: kind, At: at(row), Row: row}
		}
		return some, nil
	}
}

func (s *Service) fact(ctx context.Context, projectID, id int64, name string) Fact {
	return Fact{ID: id, Datetime: s.db.Now(ctx), ProjectID: projectID, Name: name}
}

func (s *Service) onListCreated(ctx context.Context, e lists.Created) error {
	return s.repo.add(ctx, &listCreated{
		Fact: s.fact(ctx, e.ProjectID, e.ID, e.Name), ListDesc: e.Desc, AttachedFiles: joined(e.FileNames),
	})
}

func (s *Service) onListDeleted(ctx context.Context, e lists.Deleted) error {
	return s.repo.add(ctx, &listDeleted{
		Fact: s.fact(ctx, e.ProjectID, e.ID, e.Name), ListDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), DeletedCards: joined(e.CardNames),
	})
}

func (s *Service) onCardCreated(ctx context.Context, e cards.Created) error {
	return s.repo.add(ctx, &cardCreated{
		Fact: s.fact(ctx, e.ProjectID, e.ID, e.Name), ListName: e.ListName, CardDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), AssignedUsers: joined(e.MemberNames),
	})
}

func (s *Service) onCardDeleted(ctx context.Context, e cards.Deleted) error {
	return s.repo.add(ctx, &cardDeleted{
		Fact: s.fact(ctx, e.ProjectID, e.ID, e.Name), ListName: e.ListName, CardDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), AssignedUsers: joined(e.MemberNames),
	})
}

func (s *Service) onCardsChangedList(ctx context.Context, e cards.ChangedList) error {
	rows := make([]cardChangedList, len(e.Moves))
	for i, m := range e.Moves {
		rows[i] = cardChangedList{
			Fact: s.fact(ctx, e.ProjectID, m.ID, m.Name), OldListName: m.OldListName, NewListName: m.NewListName,
		}
	}
	return s.repo.add(ctx, &rows)
}
