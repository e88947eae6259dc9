package labels

import (
	"context"

	"taskstack.org/modules/accounts"
)

// exported is a label in labels.json.
type exported struct {
	Name   string `json:"name"`
	Colour Colour `json:"colour"`
	// Cards are the ids of the cards that have the label, as in cards.json.
	Cards []int64 `json:"cards"`
}

// Export writes labels.json for each of the actor's own projects.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	owned, err := s.boards.Owned(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range owned {
		rows, err := s.repo.withCards(ctx, p.ID)
		if err != nil {
			return err
		}
		out, last := []exported{}, int64(0)
		for _, row := range rows {
			if row.ID != last {
				out, last = append(out, exported{Name: row.Name, Colour: row.Colour, Cards: []int64{}}), row.ID
			}
			if row.CardID != nil {
				l := &out[len(out)-1]
				l.Cards = append(l.Cards, *row.CardID)
			}
		}
		if err := to.JSON(p.ExportFolder("labels"), out); err != nil {
			return err
		}
	}
	return nil
}
