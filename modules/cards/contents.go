package cards

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// contents is what cards is to lists.
type contents struct{ removedCards }

var _ lists.Contents = contents{}

// OfBoard implements lists.Contents in three statements and one per part.
func (s contents) OfBoard(ctx context.Context, b *projects.Board, listIDs []int64) (map[int64]lists.Content, error) {
	all, err := s.repo.in(ctx, listIDs)
	if err != nil {
		return nil, err
	}
	assigned, err := s.repo.assigned(ctx, listIDs)
	if err != nil {
		return nil, err
	}
	parts, err := s.partsOfBoard(ctx, b, idsOf(all))
	if err != nil {
		return nil, err
	}
	views, err := s.describe(ctx, b.Members, all, assigned, parts)
	if err != nil {
		return nil, err
	}
	return contentOf(listIDs, views), nil
}

// contentOf sorts cards, which come by list and position, into their lists. The
// first lists come with their cards as markup, as many as cardsAtOnce allows; the
// script draws the others from the data when they become visible. A card's position is
// its index, whatever is stored, because the script of 2.x clients fails on a gap.
func contentOf(listIDs []int64, views []View) map[int64]lists.Content {
	byList := make(map[int64][]View, len(listIDs))
	for _, v := range views {
		v.Pos = len(byList[v.ListID])
		byList[v.ListID] = append(byList[v.ListID], v)
	}
	content := make(map[int64]lists.Content, len(listIDs))
	drawn := 0
	for _, list := range listIDs {
		cards := byList[list]
		data, drawnCards := make(map[int64]*View, len(cards)), column{Count: len(cards)}
		for i := range cards {
			data[cards[i].ID] = &cards[i]
		}
		if drawn < cardsAtOnce {
			drawnCards.Cards = cards
		}
		drawn += drawnCards.Count
		content[list] = lists.Content{Data: data, Cards: drawnCards}
	}
	return content
}

// describe returns the views of cards, in their order, in one statement.
func (s *Service) describe(ctx context.Context, members []projects.Member, all []Card, assigned map[int64][]int64, parts map[int64]Parts) ([]View, error) {
	attached, err := s.files.Of(ctx, files.OfCard, idsOf(all))
	if err != nil {
		return nil, err
	}
	views := make([]View, len(all))
	for i, c := range all {
		views[i] = view(c, attached[c.ID], chosen(members, assigned[c.ID]), parts[c.ID])
	}
	return views, nil
}

func idsOf(all []Card) []int64 {
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids
}

func view(c Card, attached []files.View, members []projects.Member, parts Parts) View {
	return View{
		ID: c.ID, Fields: c.Fields, names: namesOf(c.Name), Pos: c.Pos, Files: attached, Members: members, Parts: parts,
		Cover: c.coverAmong(attached), Pictures: files.PicturesOf(attached),
	}
}

// chosen returns the members with the given ids, in the order of members.
func chosen(members []projects.Member, ids []int64) []projects.Member {
	if len(ids) == 0 {
		return nil
	}
	set := setOf(ids)
	var some []projects.Member
	for _, m := range members {
		if set[m.ID] {
			some = append(some, m)
		}
	}
	return some
}

// Names implements lists.Contents.
func (s contents) Names(ctx context.Context, listID int64) ([]string, error) {
	all, err := s.repo.cards(ctx, []int64{listID}, "id", "list_id", "name", "pos")
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return names, err
}

// Build implements lists.Contents. Members who have left the project since are
// removed from the cards.
func (s contents) Build(ctx context.Context, in projects.Access, listID int64) ([]projects.Event, error) {
	all, err := s.repo.in(ctx, []int64{listID})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	fits, err := s.fits(ctx, in.ID, len(all))
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, errs.New(errs.Conflict, "cards.error.boardFull", "Max", maxCards)
	}
	for i := range all {
		all[i].Pos = i
	}
	return s.rebuilt(ctx, in.Project, all...)
}

// rebuilt returns the events of cards that come back to a board, at their
// positions. It removes members who have left the project since.
func (s *Service) rebuilt(ctx context.Context, p projects.Project, all ...Card) ([]projects.Event, error) {
	ids := idsOf(all)
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := s.repo.keepAssigned(ctx, ids, memberIDs(members)); err != nil {
		return nil, err
	}
	views, err := s.Views(ctx, p, all)
	changes := make([]projects.Event, len(views))
	for i, v := range views {
		changes[i] = cardBuilt(v, true)
	}
	return changes, err
}

// Views returns the views of cards with everything that they have, in their order.
func (s *Service) Views(ctx context.Context, p projects.Project, all []Card) ([]View, error) {
	ids := idsOf(all)
	members, err := s.boards.Members(ctx, p)
	if err != nil {
		return nil, err
	}
	assigned, err := s.repo.assignedToMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	parts, err := s.partsOf(ctx, p.ID, ids)
	if err != nil {
		return nil, err
	}
	return s.describe(ctx, members, all, assigned, parts)
}

// PurgeAll implements lists.Contents.
func (s contents) PurgeAll(ctx context.Context, listIDs []int64) error {
	ids, err := s.repo.ids(ctx, listIDs)
	if err != nil {
		return err
	}
	return s.purge(ctx, ids)
}

// homeCounts returns the number of cards of each project.
func (s *Service) homeCounts(ctx context.Context, projectIDs []int64) (map[int64]int, error) {
	projectOf, err := s.lists.Projects(ctx, projectIDs)
	if err != nil {
		return nil, err
	}
	perList, err := s.repo.counts(ctx, keysOf(projectOf))
	if err != nil {
		return nil, err
	}
	counts := make(map[int64]int, len(projectIDs))
	for list, n := range perList {
		counts[projectOf[list]] += n
	}
	return counts, nil
}

// outline returns the number of cards of each list of a board, in order.
func (s *Service) outline(ctx context.Context, projectID int64) ([]int, error) {
	all, err := s.lists.OnBoard(ctx, projectID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	perList, err := s.repo.counts(ctx, ids)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(ids))
	for i, id := range ids {
		counts[i] = perList[id]
	}
	return counts, nil
}
