package home

// starEvent tells a person's other pages that a board has got or lost its star.
type starEvent struct {
	ID      int64 `json:"id"`
	Starred bool  `json:"starred"`
}
