package cards

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"taskstack.org/modules/projects"
)

// Part is data of cards that another module owns, such as their labels. A card has
// it in the snapshot, in the event of its creation or restoring, and in templates.
type Part struct {
	// Name is the part's key in a card's object "parts", and what templates ask
	// for. It is the module's name.
	Name string
	// Of returns the data of cards of a project, by card; cards without data are
	// left out. It takes one statement, whatever the number of cards. Only
	// projects.Record may change the data, because boards are kept for each revision.
	Of func(ctx context.Context, projectID int64, cardIDs []int64) (map[int64]PartData, error)
	// OfBoard is optional: it replaces Of for all cards of a board, in one
	// statement, and returns what the module knows of the board itself. That is the
	// key Name of the snapshot and {{.Board.Data.⟨name⟩}} in templates.
	OfBoard func(ctx context.Context, projectID int64) (board any, ofCards map[int64]PartData, err error)
	// Copy is optional: it gives copies of cards what their originals have. copies
	// are the ids of the copies, by original. It runs in the transaction that
	// creates the copies; a part without it is not copied.
	Copy func(ctx context.Context, projectID int64, copies map[int64]int64) error
}

// PartData is the data of a part for one card.
type PartData struct {
	// JSON is what clients get. It must marshal.
	JSON any
	// View is what templates get from {{.Card.Part "⟨name⟩"}}; nil for JSON. Its
	// exported fields are part of the cache key of the card's markup.
	View any
}

// MarshalJSON implements json.Marshaler.
func (d PartData) MarshalJSON() ([]byte, error) { return json.Marshal(d.JSON) }

func (d PartData) view() any {
	if d.View == nil {
		return d.JSON
	}
	return d.View
}

// Parts are the parts of one card, by name.
type Parts map[string]PartData

// Part returns what templates show of a part; nil if the card has no data.
func (v View) Part(name string) any { return v.Parts[name].view() }

// Chip is a name and a colour that a part gives a card, for pages other than the
// board.
type Chip struct {
	Name   string `json:"name"`
	Colour string `json:"colour"`
}

// Chipped is the View of a part whose data are chips.
type Chipped interface{ Chips() []Chip }

// Chips returns the chips of all parts of a card, never nil.
func (v View) Chips() []Chip {
	all := []Chip{}
	for _, name := range slices.Sorted(maps.Keys(v.Parts)) {
		if c, ok := v.Parts[name].View.(Chipped); ok {
			all = append(all, c.Chips()...)
		}
	}
	return all
}

// AddPart adds a part to all cards. The New of the part's module calls it. It
// panics if the name is empty or taken.
func (s *Service) AddPart(p Part) {
	taken := slices.ContainsFunc(s.parts, func(other Part) bool { return other.Name == p.Name })
	if p.Name == "" || p.Of == nil || taken {
		panic(fmt.Sprintf("cards: part %q needs a name that no other part has, and a function Of", p.Name)) //nolint:forbidigo // found at the start
	}
	s.parts = append(s.parts, p)
}

// PartNames returns the names of all parts, in the order in which they were added.
func (s *Service) PartNames() []string {
	names := make([]string, len(s.parts))
	for i, p := range s.parts {
		names[i] = p.Name
	}
	return names
}

// partsOf returns the parts of cards, by card.
func (s *Service) partsOf(ctx context.Context, projectID int64, ids []int64) (map[int64]Parts, error) {
	all := map[int64]Parts{}
	for _, p := range s.parts {
		data, err := p.Of(ctx, projectID, ids)
		if err != nil {
			return nil, fmt.Errorf("part %s of cards: %w", p.Name, err)
		}
		addTo(all, p.Name, data)
	}
	return all, nil
}

// copyParts gives copies of cards the parts of their originals. copies are the ids
// of the copies, by original.
func (s *Service) copyParts(ctx context.Context, projectID int64, copies map[int64]int64) error {
	for _, p := range s.parts {
		if p.Copy == nil {
			continue
		}
		if err := p.Copy(ctx, projectID, copies); err != nil {
			return fmt.Errorf("copy part %s of cards: %w", p.Name, err)
		}
	}
	return nil
}

// partsOfBoard returns the parts of all cards of a board, by card, and adds what
// parts know of the board itself to its data.
func (s *Service) partsOfBoard(ctx context.Context, b *projects.Board, ids []int64) (map[int64]Parts, error) {
	all := map[int64]Parts{}
	for _, p := range s.parts {
		var data map[int64]PartData
		var err error
		if p.OfBoard == nil {
			data, err = p.Of(ctx, b.ID, ids)
		} else {
			b.Data[p.Name], data, err = p.OfBoard(ctx, b.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("part %s of cards: %w", p.Name, err)
		}
		addTo(all, p.Name, data)
	}
	return all, nil
}

func addTo(all map[int64]Parts, name string, data map[int64]PartData) {
	for id, d := range data {
		if all[id] == nil {
			all[id] = Parts{}
		}
		all[id][name] = d
	}
}
