package cards

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// copier copies cards: name, description, members and the parts that can be copied.
// Files stay with the original (decision 0030).
type copier struct{ *Service }

// Copy adds a copy of a card below it, with a name of its own.
//
// Errors: those of projects.Record, Invalid with the field name, also if the board
// is full, NotFound for a card that is not on the board.
func (s copier) Copy(ctx context.Context, r projects.Request, id int64, name string) (copyID, rev int64, err error) {
	name = text.Line(name)
	if err := validate(name, ""); err != nil {
		return 0, 0, err
	}
	rev, err = s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		original, err := s.OnBoard(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		var events []projects.Event
		copyID, events, err = s.copyBelow(ctx, in.Access, original, name, r.By)
		if err != nil {
			return nil, err
		}
		in.SetReply("id", copyID)
		return events, s.bus.Publish(ctx, projects.Happened{
			ProjectID: in.ID, Rev: in.NextRev(), Kind: "cards.copied", ID: copyID, Name: name, Subject: projects.CardSubject, Details: copiedCard{original.Name, original.List.Name}, By: r.By,
		})
	})
	return copyID, rev, err
}

// copiedCard are the details of the copy of a card in the history.
type copiedCard struct {
	Original string `json:"original"`
	ListName string `json:"listName"`
}

// copyBelow adds the copy at the end and moves it below the original, because 2.x
// clients know no other event of a new card.
func (s copier) copyBelow(ctx context.Context, in projects.Access, original Placed, name string, by accounts.Actor) (int64, []projects.Event, error) {
	fits, err := s.fits(ctx, in.ID, 1)
	if err != nil {
		return 0, nil, err
	}
	if !fits {
		return 0, nil, errs.Field("name", "cards.error.boardFull", "Max", maxCards)
	}
	c := original.Card
	c.Name = name
	copied, built, err := s.copyCards(ctx, in, []Card{c}, original.ListID, original.List.Name, in.Rev+2, by)
	if err != nil {
		return 0, nil, err
	}
	stored, err := s.repo.places(ctx, original.ListID)
	if err != nil {
		return 0, nil, err
	}
	id, o := copied[original.ID], orderOf(stored)
	moved := o.move(id, original.ListID, original.ListID, slices.Index(o[original.ListID], original.ID)+1)
	if err := s.repo.arrange(ctx, stored, o, nil, 0); err != nil {
		return 0, nil, err
	}
	return id, append(built, cardsMoved([]step{moved})...), nil
}

// copyCards appends copies of cards, which come in their order, to a list. It
// returns the ids of the copies, by original, and their events. rev is the number
// of the change's last event.
func (s copier) copyCards(ctx context.Context, in projects.Access, originals []Card, listID int64, listName string, rev int64, by accounts.Actor) (map[int64]int64, []projects.Event, error) {
	pos, index, err := s.repo.end(ctx, listID)
	if err != nil {
		return nil, nil, err
	}
	all := make([]Card, len(originals))
	for i, c := range originals {
		all[i] = Card{Fields: Fields{ListID: listID, Name: c.Name, Desc: c.Desc}, Pos: pos + i, State: removal.State{ChangedRev: rev}}
	}
	if err := s.repo.createAll(ctx, all); err != nil {
		return nil, nil, err
	}
	copied := make(map[int64]int64, len(all))
	for i, c := range originals {
		copied[c.ID] = all[i].ID
	}
	if err := s.copyMembers(ctx, in.Project, copied); err != nil {
		return nil, nil, err
	}
	if err := s.copyParts(ctx, in.ID, copied); err != nil {
		return nil, nil, err
	}
	events, err := s.announceCopies(ctx, in.Project, originals, all, index, listName, by)
	return copied, events, err
}

// copyMembers assigns the people of cards to their copies, those who are members.
func (s copier) copyMembers(ctx context.Context, p projects.Project, copied map[int64]int64) error {
	assigned, err := s.repo.assignedToMany(ctx, keysOf(copied))
	if err != nil {
		return err
	}
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return err
	}
	isMember := setOf(memberIDs(members))
	var rows []assignment
	for _, original := range keysOf(copied) {
		for _, user := range assigned[original] {
			if isMember[user] {
				rows = append(rows, assignment{CardID: copied[original], UserID: user})
			}
		}
	}
	return s.repo.assignAll(ctx, rows)
}

// announceCopies publishes the copies and returns their events; the first copy has
// an index in its list.
func (s copier) announceCopies(ctx context.Context, p projects.Project, originals, copies []Card, index int, listName string, by accounts.Actor) ([]projects.Event, error) {
	for i, c := range copies {
		err := s.bus.Publish(ctx, Created{
			ProjectID: p.ID, Rev: p.Rev + 1, ID: c.ID, Name: c.Name, Desc: c.Desc, ListID: c.ListID, ListName: listName, FileNames: []string{}, CopyOf: originals[i].ID, By: by,
		})
		if err != nil {
			return nil, err
		}
		copies[i].Pos = index + i
	}
	views, err := s.Views(ctx, p, copies)
	events := make([]projects.Event, len(views))
	for i, v := range views {
		events[i] = cardBuilt(v, false)
	}
	return events, err
}

// Copy implements lists.Contents.
func (s contents) Copy(ctx context.Context, in projects.Access, from, to int64, toName string, rev int64, by accounts.Actor) ([]projects.Event, error) {
	all, err := s.repo.in(ctx, []int64{from})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if len(all) > maxCopied {
		return nil, errs.New(errs.Conflict, "cards.error.copyTooMany", "Max", maxCopied)
	}
	fits, err := s.fits(ctx, in.ID, len(all))
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, errs.New(errs.Conflict, "cards.error.boardFull", "Max", maxCards)
	}
	_, events, err := copier{s.Service}.copyCards(ctx, in, all, to, toName, rev+int64(len(all)), by)
	return events, err
}
