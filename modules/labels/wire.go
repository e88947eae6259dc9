package labels

import "taskstack.org/modules/projects"

// look is what people see of a label.
type look struct {
	Name   string `json:"name"`
	Colour Colour `json:"colour"`
}

type labelUpdated struct {
	ID int64 `json:"id"`
	look
}

type labelsOrdered struct {
	IDs []int64 `json:"ids"`
}

type labelDeleted struct {
	ID int64 `json:"id"`
}

type labelRestored struct {
	Label
	// CardIDs are the cards that have the label.
	CardIDs []int64 `json:"cardIds"`
}

// cardLabelsChanged says that a label is put on cards or, unless On, taken from
// them.
type cardLabelsChanged struct {
	LabelID int64   `json:"labelId"`
	CardIDs []int64 `json:"cardIds"`
	On      bool    `json:"on"`
}

// labelDetails are the details of an entry about a label in the history.
type labelDetails struct {
	Colour  Colour  `json:"colour"`
	OldName *string `json:"oldName,omitempty"`
}

// cardDetails are the details of an entry about a card that a label was put on or
// taken from.
type cardDetails struct {
	Label  string `json:"label"`
	Colour Colour `json:"colour"`
}

// event returns an event of the namespace /project. Clients of socket.io 2.x do
// not know any of this module's events and ignore them.
func event(name string, payload any) []projects.Event {
	return []projects.Event{{Name: name, Payload: payload}}
}
