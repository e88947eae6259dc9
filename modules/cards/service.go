package cards

import (
	"cmp"
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/text"
)

// Boards is what cards needs of projects.
type Boards interface {
	projects.Registrar
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Members(ctx context.Context, p projects.Project) ([]projects.Member, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	AddHomeCount(name string, count func(ctx context.Context, projectIDs []int64) (map[int64]int, error))
	AddOutline(outline func(ctx context.Context, projectID int64) ([]int, error))
}

// Lists is what cards needs of lists.
type Lists interface {
	FindOnBoard(ctx context.Context, projectID int64, ids ...int64) ([]lists.List, error)
	OnBoard(ctx context.Context, projectID int64) ([]lists.List, error)
	ByID(ctx context.Context, listID int64) (lists.List, error)
	All(ctx context.Context, projectID int64) (map[int64]lists.List, error)
	Projects(ctx context.Context, projectIDs []int64) (map[int64]int64, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]lists.List, error)
}

// Files is what cards needs of files.
type Files interface {
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
	Stage(ctx context.Context, owner files.Owner, c files.Changes, authorize func(ctx context.Context) error) (*files.Batch, error)
	DeleteAll(ctx context.Context, kind files.Kind, ids ...int64) (map[int64][]string, error)
	PrepareCover(ctx context.Context, cardID int64, name string) error
	Export(ctx context.Context, kind files.Kind, folders map[int64]string, to accounts.Exporter) error
}

// Removal is what cards needs of removal.
type Removal interface {
	Register(k removal.Kind) *removal.Machine
}

// Service holds the rules of cards. It is safe for concurrent use. It deletes,
// archives and restores them as removal's Machine.
type Service struct {
	*removal.Machine
	db         *db.DB
	repo       repository
	boards     Boards
	lists      Lists
	files      Files
	bus        *events.Bus
	parts      []Part
	otherTexts []TextsOf
	capacity   capacity
}

// Create appends a card to a list.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage,
// NotFound for a list that is not on the board.
func (s *Service) Create(ctx context.Context, r projects.Request, listID int64, d Draft) (id, rev int64, err error) {
	d.Name, d.Desc = text.Line(d.Name), text.Block(d.Desc)
	if err := validate(d.Name, d.Desc); err != nil {
		return 0, 0, err
	}
	batch, err := s.files.Stage(ctx, files.Owner{Kind: files.OfCard, ProjectID: r.ProjectID}, files.Changes{New: d.Files}, func(ctx context.Context) error {
		if _, err := s.boards.Require(ctx, r.By, r.ProjectID, projects.Write); err != nil {
			return err
		}
		_, err := s.list(ctx, r.ProjectID, listID)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	defer batch.Close(ctx)
	rev, err = s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		var event projects.Event
		id, event, err = s.create(ctx, r.By, in.Access, listID, d, batch)
		in.SetReply("id", id)
		return []projects.Event{event}, err
	})
	return id, rev, err
}

func (s *Service) create(ctx context.Context, by accounts.Actor, in projects.Access, listID int64, d Draft, batch *files.Batch) (int64, projects.Event, error) {
	none := projects.Event{}
	list, err := s.list(ctx, in.ID, listID)
	if err != nil {
		return 0, none, err
	}
	fits, err := s.fits(ctx, in.ID, 1)
	if err != nil {
		return 0, none, err
	}
	if !fits {
		return 0, none, errs.Field("name", "cards.error.boardFull", "Max", maxCards)
	}
	pos, index, err := s.repo.end(ctx, listID)
	if err != nil {
		return 0, none, err
	}
	c := Card{Fields: Fields{ListID: listID, Name: d.Name, Desc: d.Desc}, Pos: pos, State: removal.State{ChangedRev: in.Rev + 1}}
	if err := s.repo.create(ctx, &c); err != nil {
		return 0, none, err
	}
	people, err := s.membersAmong(ctx, in.Project, d.Members)
	if err != nil {
		return 0, none, err
	}
	if err := s.repo.assign(ctx, c.ID, memberIDs(people)); err != nil {
		return 0, none, err
	}
	if err := s.notifyOfAssignment(ctx, by, membersChange{in.ID, c.ID, c.Name, people, nil}); err != nil {
		return 0, none, err
	}
	if err := s.notifyOfMentions(ctx, by, in.Project, c, ""); err != nil {
		return 0, none, err
	}
	applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfCard, ID: c.ID})
	if err != nil {
		return 0, none, err
	}
	err = s.bus.Publish(ctx, Created{
		ProjectID: in.ID, Rev: in.NextRev(), ID: c.ID, Name: c.Name, Desc: c.Desc, ListID: list.ID, ListName: list.Name,
		FileNames: files.Names(applied.Added), MemberNames: memberNames(people), Parts: d.Parts, By: by,
	})
	if err != nil {
		return 0, none, err
	}
	// Listeners of Created may have given the card a part.
	parts, err := s.partsOf(ctx, in.ID, []int64{c.ID})
	c.Pos = index
	return c.ID, cardBuilt(view(c, applied.Added, people, parts[c.ID]), false), err
}

// Edit changes a card's name, description, files and members.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage,
// NotFound for a card that is not on the board, Conflict for a text that
// has been changed since e.Base.
func (s *Service) Edit(ctx context.Context, r projects.Request, id int64, e Edit) (rev int64, err error) {
	wanted := e.Base.Cleaned(projects.Text{Name: e.Name, Desc: e.Desc})
	e.Name, e.Desc = wanted.Name, wanted.Desc
	if err := validate(e.Name, e.Desc); err != nil {
		return 0, err
	}
	batch, err := s.files.Stage(ctx, files.Owner{Kind: files.OfCard, ID: id}, e.Files, func(ctx context.Context) error {
		if _, err := s.boards.Require(ctx, r.By, r.ProjectID, projects.Write); err != nil {
			return err
		}
		_, err := s.OnBoard(ctx, r.ProjectID, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer batch.Close(ctx)
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		c, err := s.OnBoard(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		return s.edit(ctx, r.By, in.Access, c, e, batch)
	})
}

// edit carries out an edit in the transaction that holds the project.
func (s *Service) edit(ctx context.Context, by accounts.Actor, in projects.Access, c Placed, e Edit, batch *files.Batch) ([]projects.Event, error) {
	text, err := s.editText(ctx, by, in, c.Card, e)
	if err != nil {
		return nil, err
	}
	added, removed, err := s.editMembers(ctx, in.Project, c.ID, e)
	if err != nil {
		return nil, err
	}
	if err := s.notifyOfAssignment(ctx, by, membersChange{in.ID, c.ID, text.Name, added, removed}); err != nil {
		return nil, err
	}
	applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfCard, ID: c.ID})
	if err != nil {
		return nil, err
	}
	if err := s.dropCover(ctx, c.Card, applied, in.Rev+1); err != nil {
		return nil, err
	}
	err = s.bus.Publish(ctx, Edited{
		ProjectID: in.ID, Rev: in.NextRev(), ID: c.ID, Name: text.Name, OldName: c.Name, ListName: c.List.Name, DescChanged: c.Desc != text.Desc,
		NewFiles: files.Names(applied.Added), RemovedFiles: applied.Removed,
		NewMembers: memberNames(added), RemovedMembers: memberNames(removed), By: by,
	})
	return []projects.Event{cardUpdated(c.ID, c.with(text), applied, added, removed)}, err
}

func (s *Service) editText(ctx context.Context, by accounts.Actor, in projects.Access, c Card, e Edit) (projects.Text, error) {
	old := projects.Text{Name: c.Name, Desc: c.Desc}
	// A 2.x client, which sends no base, sends the shortened name back when it changes something else.
	if e.Base.Name == nil && e.Name == text.Line(shortName(c.Name)) {
		e.Name = c.Name
	}
	merged, err := e.Base.Merge(old, projects.Text{Name: e.Name, Desc: e.Desc}, "cardDesc")
	if err != nil {
		return merged, err
	}
	if err := s.repo.edit(ctx, c.ID, merged.Name, merged.Desc, in.Rev+1); err != nil || merged == old {
		return merged, err
	}
	c.Name, c.Desc = merged.Name, merged.Desc
	if err := s.notifyOfMentions(ctx, by, in.Project, c, old.Desc); err != nil {
		return merged, err
	}
	return merged, s.bus.Publish(ctx, projects.TextReplaced{
		ProjectID: in.ID, Kind: projects.TextOfCard, ItemID: c.ID, Old: old, By: by,
	})
}

func (s *Service) editMembers(ctx context.Context, p projects.Project, cardID int64, e Edit) (added, removed []projects.Member, err error) {
	if len(e.NewMembers)+len(e.RemovedMembers) == 0 {
		return nil, nil, nil
	}
	assigned, err := s.repo.assignedTo(ctx, cardID)
	if err != nil {
		return nil, nil, err
	}
	people, err := s.membersAmong(ctx, p, slices.Concat(e.NewMembers, e.RemovedMembers))
	if err != nil {
		return nil, nil, err
	}
	coming, going := e.changeOf(assigned, setOf(memberIDs(people)))
	if err := s.repo.unassign(ctx, cardID, going); err != nil {
		return nil, nil, err
	}
	return ordered(people, coming), ordered(people, going), s.repo.assign(ctx, cardID, coming)
}

// ordered returns the people with the ids, in the order of the ids.
func ordered(people []projects.Member, ids []int64) []projects.Member {
	byID := make(map[int64]projects.Member, len(people))
	for _, m := range people {
		byID[m.ID] = m
	}
	some := make([]projects.Member, 0, len(ids))
	for _, id := range ids {
		if m, ok := byID[id]; ok {
			some = append(some, m)
		}
	}
	return some
}

// list returns a list on a project's board. Errors: NotFound.
func (s *Service) list(ctx context.Context, projectID, id int64) (lists.List, error) {
	found, err := s.lists.FindOnBoard(ctx, projectID, id)
	if err == nil && len(found) == 0 {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return lists.List{}, err
	}
	return found[0], nil
}

// Placed is a card on a board and the list that it is in.
type Placed struct {
	Card
	List lists.List
}

// OnBoard returns a card on a project's board. Errors: NotFound.
func (s *Service) OnBoard(ctx context.Context, projectID, id int64) (Placed, error) {
	c, err := s.repo.byID(ctx, id)
	if err == nil && c.RemovedAs != removal.OnBoard {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return Placed{}, err
	}
	list, err := s.list(ctx, projectID, c.ListID)
	return Placed{Card: c, List: list}, err
}

// AllOnBoard returns cards on a project's board, in the order of their ids, in
// two statements. Errors: NotFound unless all of them are on it.
func (s *Service) AllOnBoard(ctx context.Context, projectID int64, ids []int64) ([]Placed, error) {
	found, listsByID, err := s.find(ctx, projectID, ids)
	all := make([]Placed, len(found))
	for i, c := range found {
		all[i] = Placed{Card: c, List: listsByID[c.ListID]}
	}
	slices.SortFunc(all, func(a, b Placed) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// membersAmong returns the members of the project among the given users, without
// duplicates, in the given order.
func (s *Service) membersAmong(ctx context.Context, p projects.Project, ids []int64) ([]projects.Member, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	return ordered(members, unique(ids)), nil
}

func memberIDs(people []projects.Member) []int64 {
	ids := make([]int64, len(people))
	for i, m := range people {
		ids[i] = m.ID
	}
	return ids
}

func memberNames(people []projects.Member) []string {
	names := make([]string, len(people))
	for i, m := range people {
		names[i] = m.Called()
	}
	return names
}
