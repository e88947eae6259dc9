package projects

import (
	"context"
	"slices"

	"taskstack.org/platform/errs"
)

// Colour is the colour or the gradient of a board's background. Its values are
// in the table project, in events and in the names of CSS classes.
type Colour string

// colours are all colours that a board can have, in the order in which they are
// offered: the plain ones, then the gradients.
var colours = append(slices.Clone(plainColours), "lagoon", "meadow", "dusk", "sunset")

var plainColours = []Colour{"teal", "blue", "violet", "pink", "red", "orange", "green", "slate"}

// Valid reports whether the colour is one of colours.
func (c Colour) Valid() bool { return slices.Contains(colours, c) }

// Colour returns the colour of the board. A project for which none was chosen,
// such as one of an older database, has a plain one by its id.
func (p Project) Colour() Colour {
	if p.ChosenColour.Valid() {
		return p.ChosenColour
	}
	return plainColours[max(p.ID-1, 0)%int64(len(plainColours))]
}

// SetColour sets the colour of the board.
//
// Errors: those of Record, Invalid with the field colour.
func (s settings) SetColour(ctx context.Context, r Request, colour Colour) (rev int64, err error) {
	return s.Record(ctx, r, EditDetails, func(ctx context.Context, in *Change) ([]Event, error) {
		old := in.Colour()
		switch {
		case !colour.Valid():
			return nil, errs.Field("colour", "projects.error.colour")
		case colour == old:
			return nil, nil
		}
		if err := s.repo.setColour(ctx, in.ID, colour); err != nil {
			return nil, err
		}
		err := s.bus.Publish(ctx, Happened{
			ProjectID: in.ID, Rev: in.NextRev(), Kind: "projects.recoloured", ID: in.ID, Name: in.Name, By: r.By,
			Details: recoloured{Colour: colour, OldColour: old},
		})
		return []Event{{Name: "project_colour_changed", Payload: colourChanged{Colour: colour}}}, err
	})
}
