package labels

import (
	"context"

	"taskstack.org/modules/projects"
)

// demoLabels are the labels of the boards of `make demo`.
var demoLabels = []Draft{
	{Name: "Urgent", Colour: "red"},
	{Name: "Design", Colour: "purple"},
	{Name: "Text", Colour: "blue"},
	{Name: "Waiting for others", Colour: "yellow"},
	{Name: "Nice to have", Colour: "green"},
}

// FillDemo gives half of the cards a label, and a few of them two.
func (s *Service) FillDemo(ctx context.Context, r projects.Request, cardIDs []int64, random func(n int) int) error {
	of := make([][]int64, len(demoLabels))
	for _, id := range cardIDs {
		for range max(0, random(5)-2) {
			l := random(len(of))
			of[l] = append(of[l], id)
		}
	}
	for i, d := range demoLabels {
		id, _, err := s.Create(ctx, r, d)
		if err != nil {
			return err
		}
		if len(of[i]) == 0 {
			continue
		}
		if _, err := s.SetOnCards(ctx, r, id, of[i], true); err != nil {
			return err
		}
	}
	return nil
}

var _ projects.Demonstrated = (*Module)(nil)
