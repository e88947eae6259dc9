package labels

import (
	"context"
	"maps"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// Boards is what labels needs of projects.
type Boards interface {
	projects.Registrar
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
}

// Cards is what labels needs of cards.
type Cards interface {
	AddPart(p cards.Part)
	AddTexts(of cards.TextsOf)
	AllOnBoard(ctx context.Context, projectID int64, ids []int64) ([]cards.Placed, error)
}

// Service holds the rules of labels. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	boards Boards
	cards  Cards
	bus    *events.Bus
}

// Create adds a label behind the others of a project. It returns its id and the
// project's revision.
//
// Errors: those of projects.Record, Invalid with fields, Conflict if the project
// has MaxLabels.
func (s *Service) Create(ctx context.Context, r projects.Request, d Draft) (id, rev int64, err error) {
	d, err = d.cleaned()
	if err != nil {
		return 0, 0, err
	}
	rev, err = s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, c *projects.Change) ([]projects.Event, error) {
		all, err := s.atMost(ctx, c.ID, MaxLabels-1)
		if err != nil {
			return nil, err
		}
		l := Label{ProjectID: c.ID, Name: d.Name, Colour: d.Colour, Pos: len(all)}
		if err := s.repo.create(ctx, &l); err != nil {
			return nil, err
		}
		id = l.ID
		c.SetReply("id", id)
		return event("label_created", l), s.happened(ctx, r, c, "created", l, nil)
	})
	return id, rev, err
}

// atMost returns the labels of a project. Errors: Conflict if there are more than
// limit.
func (s *Service) atMost(ctx context.Context, projectID int64, limit int) ([]Label, error) {
	all, err := s.repo.ofProject(ctx, projectID)
	if err == nil && len(all) > limit {
		err = errs.New(errs.Conflict, "labels.error.full", "Max", MaxLabels)
	}
	return all, err
}

// Edit changes the name and the colour of a label. Errors: those of
// projects.Record, Invalid with fields, NotFound.
func (s *Service) Edit(ctx context.Context, r projects.Request, id int64, d Draft) (rev int64, err error) {
	d, err = d.cleaned()
	if err != nil {
		return 0, err
	}
	return s.record(ctx, r, id, func(ctx context.Context, c *projects.Change, l Label) ([]projects.Event, error) {
		if d == (Draft{Name: l.Name, Colour: l.Colour}) {
			return nil, nil
		}
		if err := s.repo.edit(ctx, id, d); err != nil {
			return nil, err
		}
		if d.Name != l.Name {
			if err := s.textsChanged(ctx, l); err != nil {
				return nil, err
			}
		}
		err := s.happened(ctx, r, c, "edited", Label{ID: id, Name: d.Name, Colour: d.Colour}, &l.Name)
		return event("label_updated", labelUpdated{ID: id, look: look(d)}), err
	})
}

// Move puts a label at index pos of its project's labels. Errors: those of
// projects.Record, NotFound.
func (s *Service) Move(ctx context.Context, r projects.Request, id int64, pos int) (rev int64, err error) {
	return s.record(ctx, r, id, func(ctx context.Context, c *projects.Change, _ Label) ([]projects.Event, error) {
		all, err := s.repo.ofProject(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		ids := moved(idsOf(all), id, pos)
		if slices.Equal(ids, idsOf(all)) {
			return nil, nil
		}
		return event("labels_ordered", labelsOrdered{ids}), s.setOrder(ctx, ids)
	})
}

func (s *Service) setOrder(ctx context.Context, ids []int64) error {
	for pos, id := range ids {
		if err := s.repo.setPos(ctx, id, pos); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(all []Label) []int64 {
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	return ids
}

// Delete deletes a label. Its cards lose it; Restore gives it back to them.
// Errors: those of projects.Record, NotFound.
func (s *Service) Delete(ctx context.Context, r projects.Request, id int64) (rev int64, err error) {
	return s.record(ctx, r, id, func(ctx context.Context, c *projects.Change, l Label) ([]projects.Event, error) {
		now := s.db.Now(ctx)
		if err := s.repo.setDeleted(ctx, id, &now); err != nil {
			return nil, err
		}
		left, err := s.repo.ofProject(ctx, c.ID)
		if err == nil {
			err = s.setOrder(ctx, idsOf(left))
		}
		if err == nil {
			err = s.textsChanged(ctx, l)
		}
		if err != nil {
			return nil, err
		}
		return event("label_deleted", labelDeleted{id}), s.happened(ctx, r, c, "deleted", l, nil)
	})
}

// Restore undoes the deletion of a label within undoPeriod: it is at its old
// index and on its cards again. It has no effect on a label that exists.
//
// Errors: those of projects.Record, NotFound, Conflict if the project has
// MaxLabels.
func (s *Service) Restore(ctx context.Context, r projects.Request, id int64) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, c *projects.Change) ([]projects.Event, error) {
		l, err := s.repo.byID(ctx, c.ID, id)
		if err != nil || l.DeletedAt == nil {
			return nil, err
		}
		all, err := s.atMost(ctx, c.ID, MaxLabels-1)
		if err != nil {
			return nil, err
		}
		if err := s.repo.setDeleted(ctx, id, nil); err != nil {
			return nil, err
		}
		ids := moved(idsOf(all), id, l.Pos)
		if err := s.setOrder(ctx, ids); err != nil {
			return nil, err
		}
		l.Pos = slices.Index(ids, id)
		cardIDs, err := s.repo.cardsOf(ctx, id)
		if err == nil {
			err = s.textsChanged(ctx, l, cardIDs...)
		}
		if err != nil {
			return nil, err
		}
		return event("label_restored", labelRestored{Label: l, CardIDs: cardIDs}), s.happened(ctx, r, c, "restored", l, nil)
	})
}

// SetOnCards puts a label on cards, or takes it from them unless on is set. Cards
// that have it already, or do not have it, stay as they are.
//
// Errors: those of projects.Record, Invalid for no card or more than MaxCards,
// NotFound for a label or a card that is not on the board.
func (s *Service) SetOnCards(ctx context.Context, r projects.Request, id int64, cardIDs []int64, on bool) (rev int64, err error) {
	cardIDs = db.Distinct(cardIDs)
	if len(cardIDs) == 0 || len(cardIDs) > MaxCards {
		return 0, errs.Field("cardIds", "labels.error.cards", "Max", MaxCards)
	}
	return s.record(ctx, r, id, func(ctx context.Context, c *projects.Change, l Label) ([]projects.Event, error) {
		placed, err := s.cards.AllOnBoard(ctx, c.ID, cardIDs)
		if err != nil {
			return nil, err
		}
		having, err := s.repo.cardsOf(ctx, id)
		if err != nil {
			return nil, err
		}
		placed = slices.DeleteFunc(placed, func(p cards.Placed) bool {
			_, has := slices.BinarySearch(having, p.ID)
			return has == on
		})
		if len(placed) == 0 {
			return nil, nil
		}
		return s.setOnCards(ctx, r, c, l, placed, on)
	})
}

func (s *Service) setOnCards(ctx context.Context, r projects.Request, c *projects.Change, l Label, placed []cards.Placed, on bool) ([]projects.Event, error) {
	ids := make([]int64, len(placed))
	for i, p := range placed {
		ids[i] = p.ID
	}
	write, kind := s.repo.take, "taken"
	if on {
		write, kind = s.repo.put, "put"
	}
	if err := write(ctx, l.ID, ids); err != nil {
		return nil, err
	}
	if err := s.textsChanged(ctx, l, ids...); err != nil {
		return nil, err
	}
	for _, p := range placed {
		err := s.bus.Publish(ctx, projects.Happened{
			ProjectID: c.ID, Rev: c.NextRev(), Kind: "labels." + kind, ID: p.ID, Name: p.Name, Subject: projects.CardSubject,
			Details: cardDetails{Label: l.Name, Colour: l.Colour}, By: r.By,
		})
		if err != nil {
			return nil, err
		}
	}
	return event("card_labels_changed", cardLabelsChanged{LabelID: l.ID, CardIDs: ids, On: on}), nil
}

// textsChanged publishes that cards say something else by the name of a label: the
// given ones, or all that have it.
func (s *Service) textsChanged(ctx context.Context, l Label, cardIDs ...int64) (err error) {
	if len(cardIDs) == 0 {
		if cardIDs, err = s.repo.cardsOf(ctx, l.ID); err != nil || len(cardIDs) == 0 {
			return err
		}
	}
	return s.bus.Publish(ctx, cards.TextsChanged{ProjectID: l.ProjectID, IDs: cardIDs})
}

// record records a change of a label that exists. Errors: NotFound, those of
// projects.Record and of change.
func (s *Service) record(ctx context.Context, r projects.Request, id int64,
	change func(ctx context.Context, c *projects.Change, l Label) ([]projects.Event, error),
) (rev int64, err error) {
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, c *projects.Change) ([]projects.Event, error) {
		l, err := s.repo.byID(ctx, c.ID, id)
		if err == nil && l.DeletedAt != nil {
			err = errs.Of(errs.NotFound)
		}
		if err != nil {
			return nil, err
		}
		return change(ctx, c, l)
	})
}

// happened adds an entry about a label to the project's history. oldName is nil
// unless the label was edited.
func (s *Service) happened(ctx context.Context, r projects.Request, c *projects.Change, kind string, l Label, oldName *string) error {
	return s.bus.Publish(ctx, projects.Happened{
		ProjectID: c.ID, Rev: c.NextRev(), Kind: "labels." + kind, ID: l.ID, Name: l.Name, Details: labelDetails{Colour: l.Colour, OldName: oldName}, By: r.By,
	})
}

// ofCards is the part "labels" of cards: clients get the ids, templates the
// labels.
func (s *Service) ofCards(ctx context.Context, projectID int64, cardIDs []int64) (map[int64]cards.PartData, error) {
	labels, err := s.repo.ofCards(ctx, projectID, cardIDs)
	return partOf(labels), err
}

// texts are the names of the labels of cards, for the search.
func (s *Service) texts(ctx context.Context, cardIDs []int64) (map[int64][]string, error) {
	rows, err := s.repo.namesOf(ctx, cardIDs)
	names := map[int64][]string{}
	for _, row := range rows {
		names[row.CardID] = append(names[row.CardID], row.Name)
	}
	return names, err
}

// copy puts the labels of cards on their copies.
func (s *Service) copy(ctx context.Context, projectID int64, copies map[int64]int64) error {
	labels, err := s.repo.ofCards(ctx, projectID, slices.Sorted(maps.Keys(copies)))
	if err != nil {
		return err
	}
	var rows []cardLabel
	for card, all := range labels {
		for _, l := range all {
			rows = append(rows, cardLabel{CardID: copies[card], LabelID: l.ID})
		}
	}
	return s.repo.add(ctx, rows)
}

// ofBoard is the part "labels" of a board and of all its cards, in one
// statement.
func (s *Service) ofBoard(ctx context.Context, projectID int64) (any, map[int64]cards.PartData, error) {
	rows, err := s.repo.withCards(ctx, projectID)
	if err != nil {
		return nil, nil, err
	}
	labels, ofCards := []Label{}, map[int64][]Label{}
	for _, row := range rows {
		if len(labels) == 0 || labels[len(labels)-1].ID != row.ID {
			labels = append(labels, row.Label)
		}
		if row.CardID != nil {
			ofCards[*row.CardID] = append(ofCards[*row.CardID], row.Label)
		}
	}
	return labels, partOf(ofCards), nil
}

// onCard are the labels of a card, as templates and other pages show them.
type onCard []Label

// Chips implements cards.Chipped.
func (all onCard) Chips() []cards.Chip {
	chips := make([]cards.Chip, len(all))
	for i, l := range all {
		chips[i] = cards.Chip{Name: l.Name, Colour: string(l.Colour)}
	}
	return chips
}

func partOf(labels map[int64][]Label) map[int64]cards.PartData {
	part := make(map[int64]cards.PartData, len(labels))
	for card, all := range labels {
		part[card] = cards.PartData{JSON: idsOf(all), View: onCard(all)}
	}
	return part
}

// Sweep deletes the labels whose deletion cannot be undone any more.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.deleteBefore(ctx, s.db.Now(ctx).Add(-undoPeriod))
	})
}
