package lists

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/text"
)

// Boards is what lists needs of projects.
type Boards interface {
	projects.Registrar
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	AddSharedBoardPart(part projects.BoardPart)
}

// Files is what lists needs of files.
type Files interface {
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
	Stage(ctx context.Context, owner files.Owner, c files.Changes, authorize func(ctx context.Context) error) (*files.Batch, error)
	DeleteAll(ctx context.Context, kind files.Kind, ids ...int64) (map[int64][]string, error)
	Export(ctx context.Context, kind files.Kind, folders map[int64]string, to accounts.Exporter) error
}

// Removal is what lists needs of removal.
type Removal interface {
	Register(k removal.Kind) *removal.Machine
}

// Service holds the rules of lists. It is safe for concurrent use. It deletes,
// archives and restores them as removal's Machine.
type Service struct {
	*removal.Machine
	db       *db.DB
	repo     repository
	boards   Boards
	files    Files
	bus      *events.Bus
	contents Contents
}

// Create creates a list in front of all others.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage.
func (s *Service) Create(ctx context.Context, r projects.Request, d Draft) (id, rev int64, err error) {
	d.Name, d.Desc = text.Line(d.Name), text.Block(d.Desc)
	if err := validate(d.Name, d.Desc); err != nil {
		return 0, 0, err
	}
	batch, err := s.files.Stage(ctx, files.Owner{Kind: files.OfList, ProjectID: r.ProjectID}, files.Changes{New: d.Files}, s.authorize(r))
	if err != nil {
		return 0, 0, err
	}
	defer batch.Close(ctx)
	rev, err = s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		l := List{ProjectID: in.ID, Fields: Fields{Name: d.Name, Desc: d.Desc}, State: removal.State{ChangedRev: in.Rev + 1}}
		event, err := s.create(ctx, r.By, &l, batch)
		id = l.ID
		in.SetReply("id", id)
		return event, err
	})
	return id, rev, err
}

func (s *Service) create(ctx context.Context, by accounts.Actor, l *List, batch *files.Batch) ([]projects.Event, error) {
	there, err := s.repo.shift(ctx, l.ProjectID)
	if err != nil {
		return nil, err
	}
	if there >= maxLists {
		return nil, errs.Field("name", "lists.error.boardFull", "Max", maxLists)
	}
	if err := s.repo.create(ctx, l); err != nil {
		return nil, err
	}
	applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfList, ID: l.ID})
	if err != nil {
		return nil, err
	}
	err = s.bus.Publish(ctx, Created{
		ProjectID: l.ProjectID, Rev: l.ChangedRev, ID: l.ID, Name: l.Name, Desc: l.Desc, FileNames: files.Names(applied.Added), By: by,
	})
	return []projects.Event{listBuilt(*l, applied.Added, false)}, err
}

// authorize returns the check that the sender of a request may change the board.
func (s *Service) authorize(r projects.Request) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.boards.Require(ctx, r.By, r.ProjectID, projects.Write)
		return err
	}
}

// Move moves a list to an index, which it clamps to the number of lists. undoes is
// the revision of the move that this one undoes; nil for none.
//
// Errors: those of projects.Record, NotFound for a list that is not on the
// board, Conflict if it has been changed after undoes.
func (s *Service) Move(ctx context.Context, r projects.Request, id int64, pos int, undoes *int64) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		stored, ids, err := s.order(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		if err := stored[slices.Index(ids, id)].Unchanged(undoes); err != nil {
			return nil, err
		}
		after, at := moveTo(ids, id, pos)
		if err := s.repo.renumber(ctx, stored, after, id, in.Rev+1); err != nil {
			return nil, err
		}
		return []projects.Event{listMoved(id, at, deltas(ids, after, id))}, nil
	})
}

// order returns the lists on a project's board and their ids. Errors: NotFound if
// the given one is not among them.
func (s *Service) order(ctx context.Context, projectID, id int64) (stored []List, ids []int64, err error) {
	if stored, err = s.repo.ofProject(ctx, projectID); err != nil {
		return nil, nil, err
	}
	for _, l := range stored {
		ids = append(ids, l.ID)
	}
	if !slices.Contains(ids, id) {
		return nil, nil, errs.Of(errs.NotFound)
	}
	return stored, ids, nil
}

// Edit changes a list's name, description and files.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage,
// NotFound for a list that is not on the board, Conflict for a text that
// has been changed since e.Base.
func (s *Service) Edit(ctx context.Context, r projects.Request, id int64, e Edit) (rev int64, err error) {
	wanted := e.Base.Cleaned(projects.Text{Name: e.Name, Desc: e.Desc})
	e.Name, e.Desc = wanted.Name, wanted.Desc
	if err := validate(e.Name, e.Desc); err != nil {
		return 0, err
	}
	batch, err := s.files.Stage(ctx, files.Owner{Kind: files.OfList, ID: id}, e.Files, func(ctx context.Context) error {
		if err := s.authorize(r)(ctx); err != nil {
			return err
		}
		_, err := s.repo.one(ctx, r.ProjectID, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer batch.Close(ctx)
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		l, err := s.repo.one(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		return s.edit(ctx, r.By, in.Access, l, e, batch)
	})
}

// edit carries out an edit in the transaction that holds the project.
func (s *Service) edit(ctx context.Context, by accounts.Actor, in projects.Access, l List, e Edit, batch *files.Batch) ([]projects.Event, error) {
	text, err := s.editText(ctx, by, in, l, e)
	if err != nil {
		return nil, err
	}
	applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfList, ID: l.ID})
	if err != nil {
		return nil, err
	}
	err = s.bus.Publish(ctx, Edited{
		ProjectID: in.ID, Rev: in.NextRev(), ID: l.ID, Name: text.Name, OldName: l.Name, DescChanged: l.Desc != text.Desc,
		NewFiles: files.Names(applied.Added), RemovedFiles: applied.Removed, By: by,
	})
	return []projects.Event{listUpdated(l.ID, text, applied)}, err
}

func (s *Service) editText(ctx context.Context, by accounts.Actor, in projects.Access, l List, e Edit) (projects.Text, error) {
	old := projects.Text(l.Fields)
	text, err := e.Base.Merge(old, projects.Text{Name: e.Name, Desc: e.Desc}, "listDesc")
	if err != nil {
		return text, err
	}
	if err := s.repo.edit(ctx, l.ID, text.Name, text.Desc, in.Rev+1); err != nil || text == old {
		return text, err
	}
	return text, s.bus.Publish(ctx, projects.TextReplaced{
		ProjectID: in.ID, Kind: projects.TextOfList, ItemID: l.ID, Old: old, By: by,
	})
}

// FindOnBoard returns the given lists that are on a project's board, by position.
// Lists that are not on it are missing from the result.
func (s *Service) FindOnBoard(ctx context.Context, projectID int64, ids ...int64) ([]List, error) {
	return s.repo.findOnBoard(ctx, projectID, ids)
}

// OnBoard returns the lists on a project's board, by position.
func (s *Service) OnBoard(ctx context.Context, projectID int64) ([]List, error) {
	return s.repo.ofProject(ctx, projectID)
}

// ByID returns a list, on the board or not. Errors: NotFound.
func (s *Service) ByID(ctx context.Context, id int64) (List, error) { return s.repo.byID(ctx, id) }

// ByIDs returns lists of any project, on the board or not, in one statement.
func (s *Service) ByIDs(ctx context.Context, ids []int64) (map[int64]List, error) {
	all, err := s.repo.byIDs(ctx, ids)
	byID := make(map[int64]List, len(all))
	for _, l := range all {
		byID[l.ID] = l
	}
	return byID, err
}

// Named returns up to limit lists on the boards of projects, with nothing but ids and
// names: those of the project first before others, newer before older ones.
func (s *Service) Named(ctx context.Context, projectIDs []int64, first int64, limit int) ([]List, error) {
	return s.repo.named(ctx, projectIDs, first, limit)
}

// Projects returns the project of each list on the boards of projects.
func (s *Service) Projects(ctx context.Context, projectIDs []int64) (map[int64]int64, error) {
	return s.repo.projects(ctx, projectIDs)
}
