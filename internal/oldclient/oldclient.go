// Package oldclient is a model of how the Flask application's browser client
// keeps a board up to date, written from the contract (socket-events.md
// sections 5 and 7): it places elements by the index in an event, adds deltas
// to the positions it knows, and throws on anything it does not know. Tests
// feed it the events that the server sends and compare it with the database.
package oldclient

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Board is what one open page knows.
type Board struct {
	// Lists is the page's data, in the contract's shape (pages.md section 5).
	Lists map[string]*List
	// Shown is the order of the list elements.
	Shown []string
}

// List is a list as the page keeps it.
type List struct {
	Name  string            `json:"name"`
	Desc  string            `json:"listDesc"`
	Pos   int               `json:"pos"`
	Files map[string]string `json:"attachedFiles"`
	Cards map[string]*Card  `json:"cards"`
	// Shown is the order of its card elements.
	Shown []string `json:"-"`
}

// Card is a card as the page keeps it.
type Card struct {
	Name    string            `json:"name"`
	Desc    string            `json:"cardDesc"`
	Pos     int               `json:"pos"`
	ListID  int64             `json:"listId"`
	Files   map[string]string `json:"attachedFiles"`
	Members map[string]int    `json:"members"`
}

// Open builds a page from the object "lists" of its data. Like the page, it
// fails on positions that are not 0…n−1.
func Open(lists []byte) (*Board, error) {
	b := &Board{}
	if err := json.Unmarshal(lists, &b.Lists); err != nil {
		return nil, err
	}
	var err error
	if b.Shown, err = shown(b.Lists, func(l *List) int { return l.Pos }); err != nil {
		return nil, fmt.Errorf("lists: %w", err)
	}
	for id, l := range b.Lists {
		if l.Cards == nil || l.Files == nil {
			return nil, fmt.Errorf("list %s lacks an object", id)
		}
		if l.Shown, err = shown(l.Cards, func(c *Card) int { return c.Pos }); err != nil {
			return nil, fmt.Errorf("cards of list %s: %w", id, err)
		}
	}
	return b, nil
}

func shown[E any](all map[string]E, pos func(E) int) ([]string, error) {
	order := make([]string, len(all))
	for id, e := range all {
		if p := pos(e); p < 0 || p >= len(order) || order[p] != "" {
			return nil, fmt.Errorf("position %d of %s", p, id)
		}
		order[pos(e)] = id
	}
	return order, nil
}

// Check compares what is shown with what is known.
func (b *Board) Check() error {
	for i, id := range b.Shown {
		if b.Lists[id].Pos != i {
			return fmt.Errorf("list %s is shown at %d and known at %d", id, i, b.Lists[id].Pos)
		}
		for j, card := range b.Lists[id].Shown {
			if c := b.Lists[id].Cards[card]; c.Pos != j || strconv.FormatInt(c.ListID, 10) != id {
				return fmt.Errorf("card %s is shown in %s at %d and known in %d at %d", card, id, j, c.ListID, c.Pos)
			}
		}
		if len(b.Lists[id].Shown) != len(b.Lists[id].Cards) {
			return fmt.Errorf("list %s shows %d cards and knows %d", id, len(b.Lists[id].Shown), len(b.Lists[id].Cards))
		}
	}
	return nil
}

// payload is every key the client reads, of all events.
type payload struct {
	ID             json.Number       `json:"id"`
	ListID         json.Number       `json:"listId"`
	Name           string            `json:"name"`
	ListDesc       string            `json:"listDesc"`
	CardDesc       string            `json:"cardDesc"`
	Pos            int               `json:"pos"`
	Files          map[string]string `json:"attachedFiles"`
	NewFiles       [][2]string       `json:"newAttachedFiles"`
	RemovedFiles   []string          `json:"removedAttachedFiles"`
	Members        map[string]int    `json:"members"`
	NewMembers     []string          `json:"newMembers"`
	RemovedMembers []string          `json:"removedMembers"`
	OtherLists     [][2]int64        `json:"otherListsPosChanges"`
	ListsChanges   [][2]int64        `json:"listsPosChanges"`
	CardsChanges   [][2]int64        `json:"cardsPosChanges"`
	OtherCards     [][3]int64        `json:"otherCardsPosChanges"`
	Cards          []struct {
		ID     json.Number `json:"id"`
		ListID json.Number `json:"listId"`
		PrevID json.Number `json:"prevListId"`
		Pos    int         `json:"pos"`
	} `json:"cards"`
}

// Apply handles an event. An error is what the page would throw.
func (b *Board) Apply(event string, raw []byte) error {
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		return fmt.Errorf("%s: %w", event, err)
	}
	handlers := map[string]func(payload) error{
		"build_new_list": b.buildList, "update_list_pos": b.moveList, "update_list": b.updateList,
		"remove_list": b.removeList, "build_new_card": b.buildCard, "update_cards_pos": b.moveCards,
		"update_card": b.updateCard, "remove_card": b.removeCard,
	}
	handle, ok := handlers[event]
	if !ok {
		return nil
	}
	if err := handle(p); err != nil {
		return fmt.Errorf("%s %s: %w", event, raw, err)
	}
	return nil
}

func (b *Board) buildList(p payload) error {
	if p.Files == nil {
		return fmt.Errorf("no files")
	}
	for _, l := range b.Lists {
		l.Pos++
	}
	id := string(p.ID)
	b.Lists[id] = &List{Name: p.Name, Desc: p.ListDesc, Pos: p.Pos, Files: p.Files, Cards: map[string]*Card{}}
	return insertBehind(&b.Shown, id, p.Pos-1)
}

// insertBehind inserts behind the element at an index, in front for −1.
func insertBehind(order *[]string, id string, index int) error {
	if index >= len(*order) || index < -1 {
		return fmt.Errorf("no element at %d of %d", index, len(*order))
	}
	*order = slices.Insert(*order, index+1, id)
	return nil
}

func (b *Board) moveList(p payload) error {
	id := string(p.ID)
	l := b.Lists[id]
	if l == nil || p.Pos < 0 || p.Pos >= len(b.Shown) {
		return fmt.Errorf("unknown list, or no element at %d", p.Pos)
	}
	place(&b.Shown, id, p.Pos, l.Pos < p.Pos)
	l.Pos = p.Pos
	return b.addToLists(p.OtherLists)
}

// place puts an element, which is among the others, before or behind the one
// that is at an index now.
func place(order *[]string, id string, index int, behind bool) {
	other := (*order)[index]
	if other == id {
		return
	}
	*order = slices.DeleteFunc(*order, func(e string) bool { return e == id })
	at := slices.Index(*order, other)
	if behind {
		at++
	}
	*order = slices.Insert(*order, at, id)
}

func (b *Board) addToLists(changes [][2]int64) error {
	for _, c := range changes {
		l := b.Lists[strconv.FormatInt(c[0], 10)]
		if l == nil {
			return fmt.Errorf("unknown list %d", c[0])
		}
		l.Pos += int(c[1])
	}
	return nil
}

func (b *Board) updateList(p payload) error {
	l := b.Lists[string(p.ID)]
	if l == nil || p.NewFiles == nil || p.RemovedFiles == nil {
		return fmt.Errorf("unknown list, or no arrays")
	}
	l.Name, l.Desc = p.Name, p.ListDesc
	return changeFiles(l.Files, p)
}

func changeFiles(files map[string]string, p payload) error {
	for _, name := range p.RemovedFiles {
		if _, ok := files[name]; !ok {
			return fmt.Errorf("unknown file %s", name)
		}
		delete(files, name)
	}
	for _, pair := range p.NewFiles {
		files[pair[0]] = pair[1]
	}
	return nil
}

func (b *Board) removeList(p payload) error {
	id := string(p.ID)
	if b.Lists[id] == nil {
		return fmt.Errorf("unknown list")
	}
	delete(b.Lists, id)
	b.Shown = slices.DeleteFunc(b.Shown, func(e string) bool { return e == id })
	return b.addToLists(p.ListsChanges)
}

func (b *Board) buildCard(p payload) error {
	l := b.Lists[string(p.ListID)]
	if l == nil || p.Members == nil || p.Files == nil {
		return fmt.Errorf("unknown list, or an object is missing")
	}
	list, err := p.ListID.Int64()
	if err != nil {
		return err
	}
	l.Cards[string(p.ID)] = &Card{Name: p.Name, Desc: p.CardDesc, Pos: p.Pos, ListID: list, Files: p.Files, Members: p.Members}
	return insertBehind(&l.Shown, string(p.ID), p.Pos-1)
}

// moveCards places the cards of an event one after another, each by the
// position that was known before, and adds the deltas in the end.
func (b *Board) moveCards(p payload) error {
	for _, m := range p.Cards {
		from, to, id := b.Lists[string(m.PrevID)], b.Lists[string(m.ListID)], string(m.ID)
		if from == nil || to == nil || from.Cards[id] == nil || m.Pos < 0 {
			return fmt.Errorf("unknown list, or card %s is not in %s", id, m.PrevID)
		}
		c := from.Cards[id]
		switch {
		case from == to && m.Pos < len(to.Shown):
			place(&to.Shown, id, m.Pos, c.Pos < m.Pos)
		default:
			from.Shown = slices.DeleteFunc(from.Shown, func(e string) bool { return e == id })
			to.Shown = slices.Insert(to.Shown, min(m.Pos, len(to.Shown)), id)
		}
		delete(from.Cards, id)
		to.Cards[id] = c
		list, err := m.ListID.Int64()
		if err != nil {
			return err
		}
		c.ListID, c.Pos = list, m.Pos
	}
	for _, d := range p.OtherCards {
		if err := b.addToCard(d[0], strconv.FormatInt(d[1], 10), d[2]); err != nil {
			return err
		}
	}
	return nil
}

func (b *Board) addToCard(id int64, list string, delta int64) error {
	l := b.Lists[list]
	if l == nil || l.Cards[strconv.FormatInt(id, 10)] == nil {
		return fmt.Errorf("card %d is not in list %s", id, list)
	}
	l.Cards[strconv.FormatInt(id, 10)].Pos += int(delta)
	return nil
}

func (b *Board) updateCard(p payload) error {
	l := b.Lists[string(p.ListID)]
	if l == nil || l.Cards[string(p.ID)] == nil {
		return fmt.Errorf("unknown list or card")
	}
	if p.NewFiles == nil || p.RemovedFiles == nil || p.NewMembers == nil || p.RemovedMembers == nil {
		return fmt.Errorf("an array is missing")
	}
	c := l.Cards[string(p.ID)]
	c.Name, c.Desc = p.Name, p.CardDesc
	for _, id := range p.NewMembers {
		c.Members[id] = 1
	}
	for _, id := range p.RemovedMembers {
		if c.Members[id] != 1 {
			return fmt.Errorf("member %s is not shown", id)
		}
		delete(c.Members, id)
	}
	return changeFiles(c.Files, p)
}

func (b *Board) removeCard(p payload) error {
	l, id := b.Lists[string(p.ListID)], string(p.ID)
	if l == nil || l.Cards[id] == nil {
		return fmt.Errorf("unknown list or card")
	}
	delete(l.Cards, id)
	l.Shown = slices.DeleteFunc(l.Shown, func(e string) bool { return e == id })
	for _, d := range p.CardsChanges {
		if err := b.addToCard(d[0], string(p.ListID), d[1]); err != nil {
			return err
		}
	}
	return nil
}

// Same reports whether two pages know and show the same.
func Same(a, b *Board) error {
	if !slices.Equal(a.Shown, b.Shown) {
		return fmt.Errorf("lists %v and %v", a.Shown, b.Shown)
	}
	for id, l := range a.Lists {
		m := b.Lists[id]
		if l.Name != m.Name || l.Desc != m.Desc || l.Pos != m.Pos || !maps.Equal(l.Files, m.Files) || !slices.Equal(l.Shown, m.Shown) {
			return fmt.Errorf("list %s: %+v and %+v", id, *l, *m)
		}
		for card, c := range l.Cards {
			d := m.Cards[card]
			if d == nil || c.Name != d.Name || c.Desc != d.Desc || c.Pos != d.Pos || c.ListID != d.ListID ||
				!maps.Equal(c.Files, d.Files) || !maps.Equal(c.Members, d.Members) {
				return fmt.Errorf("card %s: %+v and %+v", card, c, d)
			}
		}
	}
	return nil
}
