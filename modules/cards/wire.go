package cards

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
)

// Fields are the columns of a card that clients get under the same names in
// every payload. Name is sent as names.
type Fields struct {
	ListID int64  `json:"listId"`
	Name   string `json:"-"`
	Desc   string `json:"cardDesc" gorm:"column:card_desc"`
}

// names are the keys of a card's title in every payload. 2.x clients show and edit
// names of up to 64 characters, and get a longer title shortened; other clients read
// Title if it is there.
type names struct {
	Short string `json:"name"`
	Title string `json:"title,omitempty"`
}

func namesOf(title string) names {
	if short := shortName(title); short != title {
		return names{Short: short, Title: title}
	}
	return names{Short: title}
}

// shortName returns a title as 2.x clients get it: up to lists.MaxNameLength
// characters (contract, http.md section 6), the last one an ellipsis if more follow.
func shortName(title string) string {
	if utf8.RuneCountInString(title) <= lists.MaxNameLength {
		return title
	}
	return strings.TrimRightFunc(string([]rune(title)[:lists.MaxNameLength-1]), unicode.IsSpace) + "…"
}

func (f Fields) with(text projects.Text) Fields {
	f.Name, f.Desc = text.Name, text.Desc
	return f
}

// View is a card as templates show it and, as JSON, as clients get it in the
// snapshot (contract, pages.md section 5), where ID is its key.
type View struct {
	ID int64 `json:"-"`
	Fields
	names
	Pos     int         `json:"pos"`
	Files   files.Links `json:"attachedFiles"`
	Members Members     `json:"members"`
	// Cover is the name of the file that is shown on the card, and Pictures what is known
	// of the files. 2.x clients ignore both keys.
	Cover    string         `json:"cover,omitempty"`
	Pictures files.Pictures `json:"pictures,omitempty"`
	// Parts are the data of other modules, by the part's name. 2.x clients ignore
	// the key.
	Parts Parts `json:"parts,omitempty"`
}

// Members are the members assigned to a card. They marshal into the contract's
// object of user id and 1.
type Members []projects.Member

// MarshalJSON implements json.Marshaler.
func (all Members) MarshalJSON() ([]byte, error) {
	object := []byte{'{'}
	for i, m := range all {
		if i > 0 {
			object = append(object, ',')
		}
		object = append(strconv.AppendInt(append(object, '"'), m.ID, 10), `":1`...)
	}
	return append(object, '}'), nil
}

// buildNewCard is the payload of build_new_card.
type buildNewCard struct {
	ID int64 `json:"id"`
	View
	Restored bool `json:"restored,omitempty"`
}

func cardBuilt(v View, restored bool) projects.Event {
	return projects.Event{Name: "build_new_card", Payload: buildNewCard{ID: v.ID, View: v, Restored: restored}}
}

// updateCard is the payload of update_card. Members are strings because 2.x
// clients look them up among strings, strictly.
type updateCard struct {
	ID int64 `json:"id"`
	Fields
	names
	files.Changed
	NewMembers     []string `json:"newMembers"`
	RemovedMembers []string `json:"removedMembers"`
}

func cardUpdated(id int64, f Fields, applied files.Applied, added, removed []projects.Member) projects.Event {
	return projects.Event{Name: "update_card", Payload: updateCard{
		ID: id, Fields: f, names: namesOf(f.Name), Changed: applied.Changed(), NewMembers: asStrings(memberIDs(added)), RemovedMembers: asStrings(memberIDs(removed)),
	}}
}

// coverChange is the payload of card_cover_changed.
type coverChange struct {
	ID int64 `json:"id"`
	// Cover is the name of a file; "" for none.
	Cover    string         `json:"cover"`
	Pictures files.Pictures `json:"pictures,omitempty"`
}

func coverChanged(id int64, cover string, attached []files.View) projects.Event {
	return projects.Event{Name: "card_cover_changed", Payload: coverChange{ID: id, Cover: cover, Pictures: files.PicturesOf(attached)}}
}

// updateCardsPos is the payload of update_cards_pos. It has one card, or all cards
// of a list that was sorted.
type updateCardsPos struct {
	Cards  []movedCard `json:"cards"`
	Others []delta     `json:"otherCardsPosChanges"`
	// Sorted is the list that was sorted. 2.x clients ignore the key.
	Sorted int64 `json:"sorted,omitempty"`
}

type movedCard struct {
	ID         int64 `json:"id"`
	ListID     int64 `json:"listId"`
	PrevListID int64 `json:"prevListId"`
	Pos        int   `json:"pos"`
}

func cardsMoved(steps []step) []projects.Event {
	all := make([]projects.Event, len(steps))
	for i, s := range steps {
		all[i] = projects.Event{Name: "update_cards_pos", Payload: updateCardsPos{
			Cards: []movedCard{{ID: s.ID, ListID: s.ListID, PrevListID: s.From, Pos: s.Pos}}, Others: s.deltas,
		}}
	}
	return all
}

// cardsSorted is the event of a list whose cards have got a new order, one for all
// cards. 2.x clients place the cards of an event one after the other, each before
// the card that is at its index, or behind it if the index that they remember of
// the card is lower (internal/oldclient). So a card that moves down is named twice:
// after its first move, to the end, they remember a high index, and the second
// time, in the order of the indices, place it before the right card.
func cardsSorted(listID int64, was, now []int64) projects.Event {
	index := make(map[int64]int, len(was))
	for i, id := range was {
		index[id] = i
	}
	last, first, then := len(now)-1, []movedCard{}, make([]movedCard, len(now))
	for i, id := range now {
		then[i] = movedCard{ID: id, ListID: listID, PrevListID: listID, Pos: i}
		if index[id] < i {
			first = append(first, movedCard{ID: id, ListID: listID, PrevListID: listID, Pos: last})
		}
	}
	return projects.Event{Name: "update_cards_pos", Payload: updateCardsPos{
		Cards: append(first, then...), Others: []delta{}, Sorted: listID,
	}}
}

// removeCard is the payload of remove_card.
type removeCard struct {
	ID     int64 `json:"id"`
	ListID int64 `json:"listId"`
	// Others are pairs of a card's id and the difference of its position.
	Others [][2]int64 `json:"cardsPosChanges"`
}

func cardRemoved(id, listID int64, others []delta) projects.Event {
	pairs := make([][2]int64, len(others))
	for i, d := range others {
		pairs[i] = [2]int64{d[0], d[2]}
	}
	return projects.Event{Name: "remove_card", Payload: removeCard{ID: id, ListID: listID, Others: pairs}}
}

func asStrings(ids []int64) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return texts
}
