package cards

import (
	"context"
	"slices"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/text"
)

// Boards is what cards needs of projects.
type Boards interface {
	Record(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action,
		change func(ctx context.Context, in projects.Access) ([]projects.Event, error)) (rev int64, err error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Members(ctx context.Context, p projects.Project) ([]projects.Member, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	AddHomeCount(name string, count func(ctx context.Context, projectIDs []int64) (map[int64]int, error))
}

// Lists is what cards needs of lists.
type Lists interface {
	Some(ctx context.Context, projectID int64, ids ...int64) ([]lists.List, error)
	OnBoard(ctx context.Context, projectID int64) ([]lists.List, error)
	ByID(ctx context.Context, listID int64) (lists.List, error)
	All(ctx context.Context, projectID int64) (map[int64]lists.List, error)
	Projects(ctx context.Context, projectIDs []int64) (map[int64]int64, error)
	SetContents(c lists.Contents)
}

// Files is what cards needs of files.
type Files interface {
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
	Stage(ctx context.Context, owner files.Owner, c files.Changes, may func(ctx context.Context) error) (*files.Batch, error)
	DeleteAll(ctx context.Context, kind files.Kind, ids ...int64) (map[int64][]string, error)
	SetOwners(kind files.Kind, find files.FindOwner, attach files.Attach)
	SetOfProject(kind files.Kind, of files.OfProject)
	Export(ctx context.Context, kind files.Kind, folders map[int64]string, to accounts.Exporter) error
}

// Service holds the rules of cards. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	boards Boards
	lists  Lists
	files  Files
	bus    *events.Bus
	room   room
}

// Create appends a card to a list.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage,
// NotFound for a list that is not on the board.
func (s *Service) Create(ctx context.Context, by accounts.Actor, projectID, listID int64, d Draft) (id, rev int64, err error) {
	d.Name, d.Desc = text.Line(d.Name), text.Block(d.Desc)
	if err := validate(d.Name, d.Desc); err != nil {
		return 0, 0, err
	}
	batch, err := s.files.Stage(ctx, files.Owner{Kind: files.OfCard}, files.Changes{New: d.Files}, func(ctx context.Context) error {
		if _, err := s.boards.Require(ctx, by, projectID, projects.Write); err != nil {
			return err
		}
		_, err := s.list(ctx, projectID, listID)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	defer batch.Close(ctx)
	rev, err = s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		var event projects.Event
		id, event, err = s.create(ctx, by, in, listID, d, batch)
		projects.AnswerWith(ctx, "id", id)
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
		return 0, none, errs.Field("name", "cards.error.boardFull", "Max", MaxCards)
	}
	pos, index, err := s.repo.end(ctx, listID)
	if err != nil {
		return 0, none, err
	}
	c := Card{ListID: listID, Name: d.Name, CardDesc: d.Desc, Pos: pos, Removal: lists.Removal{ChangedRev: in.Rev + 1}}
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
	applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfCard, ID: c.ID})
	if err != nil {
		return 0, none, err
	}
	err = s.bus.Publish(ctx, Created{
		ProjectID: in.ID, ID: c.ID, Name: c.Name, Desc: c.CardDesc, ListName: list.Name,
		FileNames: files.Names(applied.Added), MemberNames: memberNames(people), By: by,
	})
	return c.ID, projects.Event{Name: "build_new_card", Payload: built(c, index, applied.Added, memberIDs(people))}, err
}

// built is what boards are told of a card they get, at an index of its list.
func built(c Card, index int, attached []files.View, memberIDs []int64) map[string]any {
	return map[string]any{
		"id": c.ID, "listId": c.ListID, "name": c.Name, "cardDesc": c.CardDesc, "pos": index,
		"attachedFiles": files.ByName(attached), "members": marks(memberIDs),
	}
}

// Edit changes a card's name, description, files and members.
//
// Errors: those of projects.Record, Invalid with fields, those of files.Stage,
// NotFound for a card that is not on the board, Conflict for a text that
// somebody else has changed since e.Base.
func (s *Service) Edit(ctx context.Context, by accounts.Actor, projectID, id int64, e Edit) (rev int64, err error) {
	wanted := e.Base.Cleaned(projects.Text{Name: e.Name, Desc: e.Desc})
	e.Name, e.Desc = wanted.Name, wanted.Desc
	if err := validate(e.Name, e.Desc); err != nil {
		return 0, err
	}
	owner := files.Owner{Kind: files.OfCard, ID: id}
	batch, err := s.files.Stage(ctx, owner, e.Files, func(ctx context.Context) error {
		if _, err := s.boards.Require(ctx, by, projectID, projects.Write); err != nil {
			return err
		}
		_, _, err := s.card(ctx, projectID, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer batch.Close(ctx)
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		c, list, err := s.card(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		text, err := s.editText(ctx, by, in, c, e)
		if err != nil {
			return nil, err
		}
		added, removed, err := s.editMembers(ctx, in.Project, id, e)
		if err != nil {
			return nil, err
		}
		applied, err := batch.Apply(ctx, owner)
		if err != nil {
			return nil, err
		}
		err = s.bus.Publish(ctx, Edited{
			ProjectID: in.ID, ID: id, Name: text.Name, OldName: c.Name, ListName: list.Name, DescChanged: c.CardDesc != text.Desc,
			NewFiles: files.Names(applied.Added), RemovedFiles: applied.Removed,
			NewMembers: memberNames(added), RemovedMembers: memberNames(removed), By: by,
		})
		return updated(c, text, applied, added, removed), err
	})
}

// updated is what boards are told of a card that was changed.
func updated(c Card, text projects.Text, applied files.Applied, added, removed []projects.Member) []projects.Event {
	return []projects.Event{{Name: "update_card", Payload: map[string]any{
		"id": c.ID, "listId": c.ListID, "name": text.Name, "cardDesc": text.Desc,
		"removedAttachedFiles": applied.Removed, "newAttachedFiles": files.Pairs(applied.Added),
		// Old clients look these up among strings, strictly.
		"newMembers": asStrings(memberIDs(added)), "removedMembers": asStrings(memberIDs(removed)),
	}}}
}

// attach records files as a change of a card; see files.Attach.
func (s *Service) attach(ctx context.Context, by accounts.Actor, projectID, id int64, batch *files.Batch) (rev int64, err error) {
	return s.boards.Record(ctx, by, projectID, projects.Write, func(ctx context.Context, in projects.Access) ([]projects.Event, error) {
		c, list, err := s.card(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		text, err := s.editText(ctx, by, in, c, Edit{Name: c.Name, Desc: c.CardDesc})
		if err != nil {
			return nil, err
		}
		applied, err := batch.Apply(ctx, files.Owner{Kind: files.OfCard, ID: id})
		if err != nil {
			return nil, err
		}
		err = s.bus.Publish(ctx, Edited{
			ProjectID: in.ID, ID: id, Name: text.Name, OldName: c.Name, ListName: list.Name,
			NewFiles: files.Names(applied.Added), RemovedFiles: applied.Removed, By: by,
		})
		return updated(c, text, applied, nil, nil), err
	})
}

func (s *Service) editText(ctx context.Context, by accounts.Actor, in projects.Access, c Card, e Edit) (projects.Text, error) {
	old := projects.Text{Name: c.Name, Desc: c.CardDesc}
	text, err := e.Base.Merge(old, projects.Text{Name: e.Name, Desc: e.Desc}, "cardDesc")
	if err != nil {
		return text, err
	}
	if err := s.repo.edit(ctx, c.ID, text.Name, text.Desc, in.Rev+1); err != nil || text == old {
		return text, err
	}
	return text, s.bus.Publish(ctx, projects.TextReplaced{
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

// ordered are the people with the ids, in the order of the ids.
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

// list is a list on a project's board, else NotFound.
func (s *Service) list(ctx context.Context, projectID, id int64) (lists.List, error) {
	found, err := s.lists.Some(ctx, projectID, id)
	if err == nil && len(found) == 0 {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return lists.List{}, err
	}
	return found[0], nil
}

// card is a card on a project's board with its list, else NotFound.
func (s *Service) card(ctx context.Context, projectID, id int64) (Card, lists.List, error) {
	c, err := s.repo.byID(ctx, id)
	if err == nil && c.RemovedAs != lists.OnBoard {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return Card{}, lists.List{}, err
	}
	list, err := s.list(ctx, projectID, c.ListID)
	return c, list, err
}

// owner tells files where a card is.
func (s *Service) owner(ctx context.Context, id int64) (files.Where, error) {
	c, err := s.repo.byID(ctx, id)
	if err != nil {
		return files.Where{}, err
	}
	list, err := s.lists.ByID(ctx, c.ListID)
	if err != nil {
		return files.Where{}, err
	}
	place := c.RemovedAs
	if place == lists.OnBoard {
		place = list.RemovedAs // it went with its list
	}
	if place == lists.Gone {
		return files.Where{}, errs.Of(errs.NotFound)
	}
	return files.Where{ProjectID: list.ProjectID, Removed: place != lists.OnBoard}, nil
}

// membersAmong are those of the people who belong to the project, without
// doubles, in the order they were given.
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
		names[i] = m.Name
	}
	return names
}

// marks is the contract's object of user id and 1.
func marks(ids []int64) map[string]int {
	set := make(map[string]int, len(ids))
	for _, id := range ids {
		set[strconv.FormatInt(id, 10)] = 1
	}
	return set
}

func asStrings(ids []int64) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return texts
}

// pairsOf are the deltas of a single list as the contract's pairs.
func pairsOf(changes []Delta) [][2]int64 {
	pairs := make([][2]int64, len(changes))
	for i, d := range changes {
		pairs[i] = [2]int64{d[0], d[2]}
	}
	return pairs
}

// idsOf are a project's cards, wherever they are.
func (s *Service) idsOf(ctx context.Context, projectID int64) ([]int64, error) {
	all, err := s.lists.All(ctx, projectID)
	if err != nil {
		return nil, err
	}
	return s.repo.ids(ctx, keysOf(all))
}
