package lists

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/text"
)

// Boards is what lists needs of projects.
type Boards interface {
	Record(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action,
		change func(ctx context.Context, in projects.Access) ([]projects.Event, error)) (rev int64, err error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	AddBoardPart(part projects.BoardPart)
	AddHomeCount(name string, count func(ctx context.Context, projectIDs []int64) (map[int64]int, error))
}

// Files is what lists needs of files.
type Files interface {
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
	Stage(ctx context.Context, owner files.Owner, c files.Changes, may func(ctx context.Context) error) (*files.Batch, error)
	DeleteAll(ctx context.Context, kind files.Kind, ids ...int64) (map[int64][]string, error)
	SetOwners(kind files.Kind, find files.FindOwner, attach files.Attach)
	SetOfProject(kind files.Kind, of files.OfProject)
	Export(ctx context.Context, kind files.Kind, folders map[int64]string, to accounts.Exporter) error
}

// Contents is what lists contain; the module below fills it.
type Contents interface {
	// OfBoard is the contents of a board's lists, by list: data in the
	// contract's shape, keyed by id, and what templates show.
	OfBoard(ctx context.Context, b *projects.Board, listIDs []int64) (data map[int64]map[string]any, views map[int64]any, err error)
	// Names are the names of what a list contains, in order.
	Names(ctx context.Context, listID int64) ([]string, error)
	// Build are the events that show a list's contents on a board that has just
	// got the list back.
	Build(ctx context.Context, in projects.Access, listID int64) ([]projects.Event, error)
	// PurgeAll deletes for good everything that is or was in lists. It runs in
	// the transaction that deletes their project.
	PurgeAll(ctx context.Context, listIDs []int64) error
}

// Service holds the rules of lists. It is safe for concurrent use.
type Service struct {
	db       *db.DB
	repo     repository
	boards   Boards
	files    Files
	bus      *events.Bus
	contents Contents
}

// SetContents says what lists contain. Only while wiring.
func (s *Service) SetContents(c Contents) { s.contents = c }

// Create puts a new list in front of all others.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage.
func (s *Service) Create(ctx context.Context, by accounts.Actor, projectID int64, d Draft) (id, rev int64, err error) {
	d.Name, d.Desc = text.Line(d.Name), text.Block(d.Desc)
	if err := validate(d.Name, d.Desc); err != nil {
		return 0, 0, err
	}
	batch, err := s.files.Stage(ctx, files.Owner{Kind: files.OfList}, files.Changes{New: d.Files}, s.mayWrite(by, projectID))
	if err != nil {
		return 0, 0, err
	}
	defer batch.Close(ctx)
	rev, err = s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		l := List{ProjectID: in.ID, Name: d.Name, ListDesc: d.Desc, Removal: Removal{ChangedRev: in.Rev + 1}}
		event, err := s.create(ctx, by, &l, batch)
		id = l.ID
		projects.AnswerWith(ctx, "id", id)
		return event, err
	})
	return id, rev, err
}

func (s *Service) create(ctx context.Context, by accounts.Actor, l *List, batch *files.Batch) ([]projects.Event, error) {
	there, err := s.repo.shift(ctx, l.ProjectID)
	if err != nil {
		return nil, err
	}
	if there >= MaxLists {
		return nil, errs.Field("name", "lists.error.boardFull", "Max", MaxLists)
	}
	if err := s.repo.create(ctx, l); err != nil {
		return nil, err
	}
	applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfList, ID: l.ID})
	if err != nil {
		return nil, err
	}
	err = s.bus.Publish(ctx, Created{
		ProjectID: l.ProjectID, ID: l.ID, Name: l.Name, Desc: l.ListDesc, FileNames: files.Names(applied.Added), By: by,
	})
	return []projects.Event{{Name: "build_new_list", Payload: map[string]any{
		"id": l.ID, "name": l.Name, "listDesc": l.ListDesc, "pos": 0, "attachedFiles": files.ByName(applied.Added),
	}}}, err
}

// mayWrite asks whether somebody may change a board at all, before anything is
// prepared for it.
func (s *Service) mayWrite(by accounts.Actor, projectID int64) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.boards.Require(ctx, by, projectID, projects.Write)
		return err
	}
}

// Move puts a list at an index, clamped to the board's last. undoes, if given,
// is the number of the move that somebody takes back.
//
// Errors: those of projects.Record, NotFound for a list that is not on it,
// Conflict if it has changed after undoes.
func (s *Service) Move(ctx context.Context, by accounts.Actor, projectID, id int64, pos int, undoes *int64) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
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
		return []projects.Event{{Name: "update_list_pos", Payload: map[string]any{
			"id": id, "pos": at, "otherListsPosChanges": deltas(ids, after, id),
		}}}, nil
	})
}

// order is a project's lists, which must contain one of them.
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
// somebody else has changed since e.Base.
func (s *Service) Edit(ctx context.Context, by accounts.Actor, projectID, id int64, e Edit) (rev int64, err error) {
	wanted := e.Base.Cleaned(projects.Text{Name: e.Name, Desc: e.Desc})
	e.Name, e.Desc = wanted.Name, wanted.Desc
	if err := validate(e.Name, e.Desc); err != nil {
		return 0, err
	}
	owner := files.Owner{Kind: files.OfList, ID: id}
	batch, err := s.files.Stage(ctx, owner, e.Files, func(ctx context.Context) error {
		if err := s.mayWrite(by, projectID)(ctx); err != nil {
			return err
		}
		_, err := s.repo.one(ctx, projectID, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer batch.Close(ctx)
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		l, err := s.repo.one(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		text, err := s.editText(ctx, by, in, l, e)
		if err != nil {
			return nil, err
		}
		applied, err := batch.Apply(ctx, owner)
		if err != nil {
			return nil, err
		}
		err = s.bus.Publish(ctx, Edited{
			ProjectID: in.ID, ID: id, Name: text.Name, OldName: l.Name, DescChanged: l.ListDesc != text.Desc,
			NewFiles: files.Names(applied.Added), RemovedFiles: applied.Removed, By: by,
		})
		return updated(id, text, applied), err
	})
}

// updated is what boards are told of a list that was changed.
func updated(id int64, text projects.Text, applied files.Applied) []projects.Event {
	return []projects.Event{{Name: "update_list", Payload: map[string]any{
		"id": id, "name": text.Name, "listDesc": text.Desc,
		"removedAttachedFiles": applied.Removed, "newAttachedFiles": files.Pairs(applied.Added),
	}}}
}

// attach records files as a change of a list; see files.Attach.
func (s *Service) attach(ctx context.Context, by accounts.Actor, projectID, id int64, batch *files.Batch) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		l, err := s.repo.one(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		text, err := s.editText(ctx, by, in, l, Edit{Name: l.Name, Desc: l.ListDesc})
		if err != nil {
			return nil, err
		}
		applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfList, ID: id})
		if err != nil {
			return nil, err
		}
		err = s.bus.Publish(ctx, Edited{
			ProjectID: in.ID, ID: id, Name: text.Name, OldName: l.Name,
			NewFiles: files.Names(applied.Added), RemovedFiles: applied.Removed, By: by,
		})
		return updated(id, text, applied), err
	})
}

func (s *Service) editText(ctx context.Context, by accounts.Actor, in projects.Access, l List, e Edit) (projects.Text, error) {
	old := projects.Text{Name: l.Name, Desc: l.ListDesc}
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

// Some are those of the lists that are on a project's board, by position; what
// is missing is not.
func (s *Service) Some(ctx context.Context, projectID int64, ids ...int64) ([]List, error) {
	return s.repo.some(ctx, projectID, ids)
}

// OnBoard are the lists on a project's board, by position.
func (s *Service) OnBoard(ctx context.Context, projectID int64) ([]List, error) {
	return s.repo.ofProject(ctx, projectID)
}

// ByID is a list, on the board or not. NotFound if there is none.
func (s *Service) ByID(ctx context.Context, id int64) (List, error) { return s.repo.byID(ctx, id) }

// owner tells files where a list is.
func (s *Service) owner(ctx context.Context, id int64) (files.Where, error) {
	l, err := s.repo.byID(ctx, id)
	if err == nil && l.RemovedAs == Gone {
		err = errs.Of(errs.NotFound)
	}
	return files.Where{ProjectID: l.ProjectID, Removed: l.RemovedAs != OnBoard}, err
}

// Projects are the projects of all lists on several projects' boards, by list.
func (s *Service) Projects(ctx context.Context, projectIDs []int64) (map[int64]int64, error) {
	return s.repo.projects(ctx, projectIDs)
}

// idsOf are a project's lists, wherever they are.
func (s *Service) idsOf(ctx context.Context, projectID int64) ([]int64, error) {
	all, err := s.repo.all(ctx, projectID)
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	return ids, err
}
