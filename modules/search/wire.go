package search

import "time"

// Pieces is a text with matches: in turn what is not matched and what is, beginning
// with what is not.
type Pieces []string

// Piece is one of Pieces, for templates.
type Piece struct {
	Text    string
	Matched bool
}

// Each returns the pieces that are not empty.
func (p Pieces) Each() []Piece {
	var all []Piece
	for i, text := range p {
		if text != "" {
			all = append(all, Piece{text, i%2 == 1})
		}
	}
	return all
}

// Results is the answer to a search.
type Results struct {
	Cards    []CardHit    `json:"cards"`
	Lists    []ListHit    `json:"lists"`
	Projects []ProjectHit `json:"projects"`
	People   []PersonHit  `json:"people"`
	// Texts are those of each source that has found something.
	Texts []TextHits `json:"texts"`
}

// Empty reports whether nothing was found.
func (r Results) Empty() bool {
	return len(r.Cards)+len(r.Lists)+len(r.Projects)+len(r.People)+len(r.Texts) == 0
}

func emptyResults() Results {
	return Results{Cards: []CardHit{}, Lists: []ListHit{}, Projects: []ProjectHit{}, People: []PersonHit{}, Texts: []TextHits{}}
}

// CardHit is a card that was found.
type CardHit struct {
	ID   int64  `json:"id"`
	Name Pieces `json:"name"`
	// Excerpt is the line of the description with the first match, if there is one.
	Excerpt   Pieces `json:"excerpt,omitempty"`
	List      string `json:"list"`
	ProjectID int64  `json:"projectId"`
	Project   string `json:"project"`
	URLPath   string `json:"urlPath"`
	Archived  bool   `json:"archived,omitempty"`
}

// ListHit is a list that was found by its name.
type ListHit struct {
	ID        int64  `json:"id"`
	Name      Pieces `json:"name"`
	ProjectID int64  `json:"projectId"`
	Project   string `json:"project"`
	URLPath   string `json:"urlPath"`
}

// ProjectHit is a project that was found.
type ProjectHit struct {
	ID int64 `json:"id"`
	// Name is the title.
	Name    Pieces `json:"name"`
	Owner   string `json:"owner"`
	URLPath string `json:"urlPath"`
}

// PersonHit is a person who was found.
type PersonHit struct {
	Name    Pieces `json:"name"`
	URLPath string `json:"urlPath"`
	// CanBefriend marks a person who is no friend: the path leads to the form for a
	// request.
	CanBefriend bool `json:"canBefriend,omitempty"`
}

// TextHits are the texts that one source has found.
type TextHits struct {
	// Title is the key of the heading, and the heading itself in the answer.
	Title string    `json:"title"`
	Icon  string    `json:"icon"`
	Found []TextHit `json:"found"`
}

// TextHit is a text that was found.
type TextHit struct {
	// Excerpt is the line with the first match.
	Excerpt Pieces `json:"excerpt"`
	// From is who has written it, Where what the place is called.
	From    string    `json:"from"`
	Where   string    `json:"where"`
	At      time.Time `json:"at"`
	URLPath string    `json:"urlPath"`
}
