package lists

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Copy adds a copy of a list behind it, with a name of its own: description and
// cards, without files (decision 0030).
//
// Errors: those of projects.Record, Invalid with the field name, also if the board
// has too many lists, NotFound for a list that is not on the board, Conflict if the
// list has too many cards for a copy or the board for more of them.
func (s *Service) Copy(ctx context.Context, r projects.Request, id int64, name string) (copyID, rev int64, err error) {
	name = text.Line(name)
	if err := validate(name, ""); err != nil {
		return 0, 0, err
	}
	rev, err = s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		stored, ids, err := s.order(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		if len(stored) >= maxLists {
			return nil, errs.Field("name", "lists.error.boardFull", "Max", maxLists)
		}
		original := stored[slices.Index(ids, id)]
		l := List{ProjectID: in.ID, Fields: Fields{Name: name, Desc: original.Desc}, State: removal.State{ChangedRev: in.Rev + 2}}
		events, err := s.copyBehind(ctx, r.By, in.Access, original, &l, stored)
		if err != nil {
			return nil, err
		}
		copyID = l.ID
		in.SetReply("id", copyID)
		return events, nil
	})
	return copyID, rev, err
}

// copyBehind creates the copy in front and moves it behind the original, because
// 2.x clients know no other event of a new list; its cards follow.
func (s *Service) copyBehind(ctx context.Context, by accounts.Actor, in projects.Access, original List, l *List, stored []List) ([]projects.Event, error) {
	if err := s.repo.create(ctx, l); err != nil {
		return nil, err
	}
	front := []int64{l.ID}
	for _, other := range stored {
		front = append(front, other.ID)
	}
	after, at := moveTo(front, l.ID, slices.Index(front, original.ID))
	if err := s.repo.renumber(ctx, append(stored, *l), after, 0, 0); err != nil {
		return nil, err
	}
	err := s.bus.Publish(ctx, Created{ProjectID: in.ID, Rev: in.NextRev(), ID: l.ID, Name: l.Name, Desc: l.Desc, FileNames: []string{}, CopyOf: original.ID, By: by})
	if err != nil {
		return nil, err
	}
	events := []projects.Event{listBuilt(*l, nil, false), listMoved(l.ID, at, deltas(front, after, l.ID))}
	cards, err := s.contents.Copy(ctx, in, original.ID, l.ID, l.Name, in.Rev+int64(len(events)), by)
	if err != nil {
		return nil, err
	}
	return append(events, cards...), s.bus.Publish(ctx, projects.Happened{
		ProjectID: in.ID, Rev: in.NextRev(), Kind: "lists.copied", ID: l.ID, Name: l.Name, Subject: projects.ListSubject, Details: copiedList{original.Name, len(cards)}, By: by,
	})
}

// copiedList are the details of the copy of a list in the history.
type copiedList struct {
	Original string `json:"original"`
	Cards    int    `json:"cardsCount"`
}
