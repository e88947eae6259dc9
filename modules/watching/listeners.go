package watching

import (
	"context"
	"slices"
	"strings"

	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
)

// onCardCreated notifies of a new card; one of a copied list comes with its list.
func (s *Service) onCardCreated(ctx context.Context, e cards.Created) error {
	if e.CopyOf != 0 {
		return nil
	}
	return s.notifyOfCard(ctx, change{
		ProjectID: e.ProjectID, ID: e.ID, Name: e.Name, Lists: []int64{e.ListID}, Variant: created, By: e.By,
	})
}

func (s *Service) onCardEdited(ctx context.Context, e cards.Edited) error {
	c := change{ProjectID: e.ProjectID, ID: e.ID, Name: e.Name, By: e.By}
	others := e.Name != e.OldName || e.DescChanged || len(e.RemovedFiles)+len(e.NewMembers)+len(e.RemovedMembers) > 0
	switch {
	case len(e.NewFiles) > 0 && !others:
		c.Variant, c.Excerpt = attached, strings.Join(e.NewFiles, ", ")
	case len(e.NewFiles) == 0 && !others:
		return nil
	}
	return s.notifyOfCard(ctx, c)
}

// onCardsMoved notifies of cards that were moved to another list: of a single one of the
// card, of several of all of them together.
func (s *Service) onCardsMoved(ctx context.Context, e cards.ChangedList) error {
	if len(e.Moves) == 1 {
		m := e.Moves[0]
		return s.notifyOfCard(ctx, change{
			ProjectID: e.ProjectID, ID: m.ID, Name: m.Name, Lists: []int64{m.OldListID, m.NewListID}, Variant: moved,
			Excerpt: m.OldListName + " → " + m.NewListName, By: e.By,
		})
	}
	return s.notifyOfMoves(ctx, e)
}

func (s *Service) onListEdited(ctx context.Context, e lists.Edited) error {
	c := change{ProjectID: e.ProjectID, Subject: projects.ListSubject, ID: e.ID, Name: e.Name, By: e.By}
	others := e.Name != e.OldName || e.DescChanged || len(e.RemovedFiles) > 0
	switch {
	case len(e.NewFiles) > 0 && !others:
		c.Variant, c.Excerpt = attached, strings.Join(e.NewFiles, ", ")
	case len(e.NewFiles) == 0 && !others:
		return nil
	}
	return s.notifyOfList(ctx, c)
}

// onHappened notifies of what other modules do with cards and lists.
func (s *Service) onHappened(ctx context.Context, e projects.Happened) error {
	variant, known := variantOf[e.Kind]
	if known && variant == "" {
		return nil
	}
	c := change{ProjectID: e.ProjectID, Subject: e.Subject, ID: e.ID, Name: e.Name, Variant: variant, By: e.By}
	switch e.Subject {
	case projects.CardSubject:
		return s.notifyOfCard(ctx, c)
	case projects.ListSubject:
		return s.notifyOfList(ctx, c)
	}
	return nil
}

func (s *Service) onCardsPurged(ctx context.Context, e cards.Purged) error {
	return s.repo.deleteItems(ctx, projects.CardSubject, e.IDs)
}

func (s *Service) onListsPurged(ctx context.Context, e lists.Purged) error {
	return s.repo.deleteItems(ctx, projects.ListSubject, e.IDs)
}

// onMemberRemoved ends what a former member has watched: they may not see it any more.
func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	return s.repo.deleteMember(ctx, e.UserID, e.ProjectID)
}

// watchers are the people who are notified of a card: those who watch it, and those who
// watch a list that it is in.
type watchers struct{ ofCard, ofList []int64 }

// of returns the watchers of the cards that rows were read for, which are or were in
// lists.
func of(rows []watch, listIDs []int64) (w watchers) {
	for _, row := range rows {
		if row.Subject == projects.CardSubject {
			w.ofCard = append(w.ofCard, row.UserID)
		}
	}
	for _, row := range rows {
		if row.Subject == projects.ListSubject && slices.Contains(listIDs, row.ItemID) && !slices.Contains(w.ofCard, row.UserID) {
			w.ofList = append(w.ofList, row.UserID)
		}
	}
	return w
}

func watchesLists(rows []watch) bool {
	return slices.ContainsFunc(rows, func(w watch) bool { return w.Subject == projects.ListSubject })
}
