package cards

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// removable is what cards is to removal: a card on its way.
type removable struct {
	s    *Service
	card Card
	// list is the list that the card is in. PutBack sets it to the list that the
	// card is restored to.
	list lists.List
}

var _ removal.Item = (*removable)(nil)

// kind is cards as removal registers them.
func (s *Service) kind() removal.Kind {
	return removal.Kind{Name: "card", Table: "card", Parent: "list_id", Find: s.findRemovable}
}

// findRemovable returns a card of a project in any location, with its list, which
// need not be on the board.
func (s *Service) findRemovable(ctx context.Context, projectID, id int64) (removal.Item, error) {
	c, err := s.repo.byID(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := s.lists.ByID(ctx, c.ListID)
	if err == nil && list.ProjectID != projectID {
		err = errs.Of(errs.NotFound)
	}
	return &removable{s, c, list}, err
}

// State implements removal.Item.
func (r *removable) State() removal.State { return r.card.State }

// Title implements removal.Item.
func (r *removable) Title() string { return r.card.Name }

// OnBoard implements removal.Item.
func (r *removable) OnBoard() bool {
	return r.card.RemovedAs == removal.OnBoard && r.list.RemovedAs == removal.OnBoard
}

// TakeOut implements removal.Item.
func (r *removable) TakeOut(ctx context.Context, _ projects.Access) ([]projects.Event, error) {
	stored, err := r.s.repo.places(ctx, r.card.ListID)
	if err != nil {
		return nil, err
	}
	o := orderOf(stored)
	changes := o.remove(r.card.ID, r.card.ListID)
	return []projects.Event{cardRemoved(r.card.ID, r.card.ListID, changes)}, r.s.repo.arrange(ctx, stored, o, nil, 0)
}

// PutBack implements removal.Item. The card appears at the end of its list and
// moves to the position it had; in another list it stays at the end.
func (r *removable) PutBack(ctx context.Context, in projects.Access, listID int64) ([]projects.Event, error) {
	var err error
	if r.list, err = r.s.restoreTarget(ctx, in.ID, r.card, listID); err != nil {
		return nil, err
	}
	fits, err := r.s.fits(ctx, in.ID, 1)
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, errs.New(errs.Conflict, "cards.error.boardFull", "Max", maxCards)
	}
	stored, err := r.s.repo.places(ctx, r.list.ID)
	if err != nil {
		return nil, err
	}
	c, end, place := r.card, len(stored), r.card.Pos
	if c.ListID != r.list.ID {
		place = end
	}
	c.ListID, c.Pos = r.list.ID, end
	changes, err := r.s.rebuilt(ctx, in.Project, c)
	if err != nil {
		return nil, err
	}
	stored = append(stored, c)
	o := orderOf(stored)
	if place < end {
		changes = append(changes, cardsMoved([]step{o.move(c.ID, c.ListID, c.ListID, place)})...)
	}
	if err := r.s.repo.place(ctx, c); err != nil {
		return nil, err
	}
	return changes, r.s.repo.arrange(ctx, stored, o, nil, 0)
}

// restoreTarget returns the list that a card is restored to: the given one, else
// the list it was in, else the board's first.
func (s *Service) restoreTarget(ctx context.Context, projectID int64, c Card, listID int64) (lists.List, error) {
	if listID != 0 {
		return s.list(ctx, projectID, listID)
	}
	all, err := s.lists.OnBoard(ctx, projectID)
	if err != nil {
		return lists.List{}, err
	}
	for _, l := range all {
		if l.ID == c.ListID {
			return l, nil
		}
	}
	if len(all) == 0 {
		return lists.List{}, errs.New(errs.Conflict, "cards.error.noList")
	}
	return all[0], nil
}

// deletedDetails are the details of a card in the trash, as the contract's
// history has them.
type deletedDetails struct {
	ListName string   `json:"listName"`
	Desc     string   `json:"cardDesc"`
	Files    []string `json:"attachedFilesNames"`
	Members  []string `json:"membersNames"`
}

// keptDetails are the details of a card that is archived or restored.
type keptDetails struct {
	ListName string           `json:"listName"`
	From     removal.Location `json:"from,omitempty"`
}

// Details implements removal.Item.
func (r *removable) Details(ctx context.Context, in projects.Access, from, to removal.Location) (any, error) {
	switch to {
	case removal.PermanentlyDeleted:
		return nil, nil // the history has no details of it
	case removal.OnBoard, removal.InArchive:
		return keptDetails{ListName: r.list.Name, From: from}, nil
	case removal.InTrash:
	}
	assigned, err := r.s.repo.assignedTo(ctx, r.card.ID)
	if err != nil {
		return nil, err
	}
	people, err := r.s.membersAmong(ctx, in.Project, assigned)
	if err != nil {
		return nil, err
	}
	attached, err := r.s.files.Of(ctx, files.OfCard, []int64{r.card.ID})
	return deletedDetails{
		ListName: r.list.Name, Desc: r.card.Desc, Files: files.Names(attached[r.card.ID]), Members: memberNames(people),
	}, err
}
