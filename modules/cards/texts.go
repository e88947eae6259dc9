package cards

import (
	"context"

	"taskstack.org/modules/files"
)

// Texts are all texts of a card that a person can look for.
type Texts struct {
	Card
	// Other is the names of its files and what other modules have added.
	Other []string
}

// TextsOf returns more texts of cards, by card, in one statement. Cards without
// such texts may be missing.
type TextsOf func(ctx context.Context, cardIDs []int64) (map[int64][]string, error)

// texts reads what cards say, on the board or not, and what others add to it.
type texts struct{ *Service }

// AddTexts adds texts that another module has of cards, such as their comments, to
// those that are searched. The New of that module calls it; when such a text
// changes, the module publishes TextsChanged in the same transaction.
func (s texts) AddTexts(of TextsOf) { s.otherTexts = append(s.otherTexts, of) }

// ByIDs returns cards of any project, on the board or not, in one statement.
func (s texts) ByIDs(ctx context.Context, ids []int64) (map[int64]Card, error) {
	all, err := s.repo.anywhere(ctx, ids, false)
	byID := make(map[int64]Card, len(all))
	for _, c := range all {
		byID[c.ID] = c
	}
	return byID, err
}

// IDsAfter returns up to limit cards with ids above after, in ascending order, on
// the board or not.
func (s texts) IDsAfter(ctx context.Context, after int64, limit int) ([]int64, error) {
	return s.repo.idsAfter(ctx, after, limit)
}

// LockTexts returns the texts of cards, on the board or not, in two statements and
// one per TextsOf. It keeps the cards as they are until the transaction ends.
func (s texts) LockTexts(ctx context.Context, ids []int64) ([]Texts, error) {
	found, err := s.repo.anywhere(ctx, ids, true)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	attached, err := s.files.Of(ctx, files.OfCard, idsOf(found))
	if err != nil {
		return nil, err
	}
	all := make([]Texts, len(found))
	for i, c := range found {
		all[i] = Texts{Card: c, Other: files.Names(attached[c.ID])}
	}
	for _, of := range s.otherTexts {
		more, err := of(ctx, idsOf(found))
		if err != nil {
			return nil, err
		}
		for i, c := range found {
			all[i].Other = append(all[i].Other, more[c.ID]...)
		}
	}
	return all, nil
}
