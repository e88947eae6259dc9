package lists

import (
	"context"
	"slices"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// removable is what lists is to removal: a list on its way.
type removable struct {
	s    *Service
	list List
}

var _ removal.Item = removable{}

// kind is lists as removal registers them.
func (s *Service) kind() removal.Kind {
	return removal.Kind{Name: "list", Table: "list", Parent: "project_id", Find: s.findRemovable}
}

func (s *Service) findRemovable(ctx context.Context, projectID, id int64) (removal.Item, error) {
	l, err := s.repo.byID(ctx, id)
	if err == nil && l.ProjectID != projectID {
		err = errs.Of(errs.NotFound)
	}
	return removable{s, l}, err
}

// State implements removal.Item.
func (r removable) State() removal.State { return r.list.State }

// Title implements removal.Item.
func (r removable) Title() string { return r.list.Name }

// OnBoard implements removal.Item.
func (r removable) OnBoard() bool { return r.list.RemovedAs == removal.OnBoard }

// TakeOut implements removal.Item. It leaves the cards as they are: those of a
// list that is not on the board are not on it either.
func (r removable) TakeOut(ctx context.Context, in projects.Access) ([]projects.Event, error) {
	stored, ids, err := r.s.order(ctx, in.ID, r.list.ID)
	if err != nil {
		return nil, err
	}
	after := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == r.list.ID })
	return []projects.Event{listRemoved(r.list.ID, deltas(ids, after, 0))}, r.s.repo.renumber(ctx, stored, after, 0, 0)
}

// PutBack implements removal.Item. The list appears in front, moves to the
// position it had, and gets its cards one by one.
func (r removable) PutBack(ctx context.Context, in projects.Access, _ int64) ([]projects.Event, error) {
	l := r.list
	stored, err := r.s.repo.ofProject(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if len(stored) >= maxLists {
		return nil, errs.New(errs.Conflict, "lists.error.boardFull", "Max", maxLists)
	}
	front := []int64{l.ID}
	for _, other := range stored {
		front = append(front, other.ID)
	}
	after, at := moveTo(front, l.ID, l.Pos)
	if err := r.s.repo.renumber(ctx, append(stored, l), after, 0, 0); err != nil {
		return nil, err
	}
	attached, err := r.s.files.Of(ctx, files.OfList, []int64{l.ID})
	if err != nil {
		return nil, err
	}
	contents, err := r.s.contents.Build(ctx, in, l.ID)
	return append([]projects.Event{
		listBuilt(l, attached[l.ID], true), listMoved(l.ID, at, deltas(front, after, l.ID)),
	}, contents...), err
}

// deletedDetails are the details of a list in the trash, as the contract's
// history has them.
type deletedDetails struct {
	Desc  string   `json:"listDesc"`
	Files []string `json:"attachedFilesNames"`
	Cards []string `json:"deletedCardsNames"`
}

// keptDetails are the details of a list that is archived or restored.
type keptDetails struct {
	From  removal.Location `json:"from,omitempty"`
	Count int              `json:"cardsCount"`
	// Cards are the names of the first maxNamedCards.
	Cards []string `json:"cardsNames,omitempty"`
}

// maxNamedCards is how many cards an entry of the history names.
const maxNamedCards = 100

// Details implements removal.Item.
func (r removable) Details(ctx context.Context, _ projects.Access, from, to removal.Location) (any, error) {
	if to == removal.PermanentlyDeleted {
		return nil, nil // the history has no details of it
	}
	cards, err := r.s.contents.Names(ctx, r.list.ID)
	if err != nil || to != removal.InTrash {
		return keptDetails{From: from, Count: len(cards), Cards: cards[:min(len(cards), maxNamedCards)]}, err
	}
	attached, err := r.s.files.Of(ctx, files.OfList, []int64{r.list.ID})
	return deletedDetails{Desc: r.list.Desc, Files: files.Names(attached[r.list.ID]), Cards: cards}, err
}
