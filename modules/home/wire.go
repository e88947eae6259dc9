package home

// starEvent is sent to a person's other pages when a board has got or lost its star.
type starEvent struct {
	ID      int64 `json:"id"`
	Starred bool  `json:"starred"`
}
