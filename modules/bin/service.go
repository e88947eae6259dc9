package bin

import (
	"context"
	"log/slog"
	"slices"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// People is what the bin needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Boards is what the bin needs of projects.
type Boards interface {
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
}

// Lists is what the bin needs of lists.
type Lists interface {
	All(ctx context.Context, projectID int64) (map[int64]lists.List, error)
	Removed(ctx context.Context, projectID int64, q lists.Query) ([]lists.List, error)
	Restore(ctx context.Context, by accounts.Actor, projectID, id int64, from lists.Place, undoes *int64) (rev int64, err error)
	Change(ctx context.Context, by accounts.Actor, projectID, id int64, from, to lists.Place) (rev int64, err error)
	Expire(ctx context.Context, before time.Time) error
	Gone(ctx context.Context, after int64, limit int) ([]int64, error)
	Purge(ctx context.Context, ids, needed []int64) error
}

// Cards is what the bin needs of cards.
type Cards interface {
	Removed(ctx context.Context, listIDs []int64, q lists.Query) ([]cards.Card, error)
	Counts(ctx context.Context, listIDs []int64) (map[int64]int, error)
	First(ctx context.Context, listIDs []int64, limit int) (map[int64][]string, error)
	Assigned(ctx context.Context, ids []int64) (map[int64][]int64, error)
	Restore(ctx context.Context, by accounts.Actor, projectID int64, r cards.Return) (rev int64, err error)
	Change(ctx context.Context, by accounts.Actor, projectID, id int64, from, to lists.Place) (rev int64, err error)
	Expire(ctx context.Context, before time.Time) error
	PurgeSome(ctx context.Context, goneLists []int64, limit int) (n int, err error)
	ReferredTo(ctx context.Context, listIDs []int64) ([]int64, error)
}

// Files is what the bin needs of files.
type Files interface {
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
}

// Service holds the rules of bin and archive. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	people People
	boards Boards
	lists  Lists
	cards  Cards
	files  Files
	log    *slog.Logger
	now    func() time.Time
	wake   chan struct{}
}

// Read is a part of what waits in a place, for those who may have it back. text
// is part of a name, before what Page.Next said.
//
// Errors: NotFound, Forbidden, Invalid.
func (s *Service) Read(ctx context.Context, by accounts.Actor, projectID int64, from lists.Place, text, before string) (p Page, err error) {
	at, err := parseCursor(before)
	if err != nil {
		return Page{}, err
	}
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxText {
		return Page{}, errs.Field("text", "bin.error.text", "Max", maxText)
	}
	err = s.db.Snapshot(ctx, func(ctx context.Context) error {
		in, err := s.boards.Require(ctx, by, projectID, projects.Write)
		if err != nil {
			return err
		}
		p, err = s.read(ctx, in, lists.Query{Place: from, Text: text, Limit: pageSize + 1}, at)
		return err
	})
	return p, err
}

// read takes the same number of statements whatever waits.
func (s *Service) read(ctx context.Context, in projects.Access, q lists.Query, at *cursor) (Page, error) {
	all, err := s.lists.All(ctx, in.ID)
	if err != nil || len(all) == 0 {
		return Page{Items: []Item{}}, err
	}
	q.Before = at.before(List)
	waitingLists, err := s.lists.Removed(ctx, in.ID, q)
	if err != nil {
		return Page{}, err
	}
	q.Before = at.before(Card)
	waitingCards, err := s.cards.Removed(ctx, keys(all), q)
	if err != nil {
		return Page{}, err
	}
	v := view{s: s, all: all, people: map[int64]bool{}}
	listItems, err := v.lists(ctx, waitingLists)
	if err != nil {
		return Page{}, err
	}
	cardItems, err := v.cards(ctx, waitingCards)
	if err != nil {
		return Page{}, err
	}
	p := page(append(listItems, cardItems...))
	return p, v.name(ctx, p.Items)
}

// view gathers what the items of one part need.
type view struct {
	s      *Service
	all    map[int64]lists.List
	people map[int64]bool
}

func (v view) lists(ctx context.Context, waiting []lists.List) ([]Item, error) {
	ids := make([]int64, len(waiting))
	for i, l := range waiting {
		ids[i] = l.ID
	}
	attached, err := v.s.files.Of(ctx, files.OfList, ids)
	if err != nil {
		return nil, err
	}
	counts, err := v.s.cards.Counts(ctx, ids)
	if err != nil {
		return nil, err
	}
	first, err := v.s.cards.First(ctx, ids, shownCards)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(waiting))
	for i, l := range waiting {
		items[i] = newItem(List, l.ID, l.Name, l.ListDesc, l.Removal)
		items[i].Files, items[i].CardCount, items[i].CardNames = filesOf(attached[l.ID]), counts[l.ID], first[l.ID]
		items[i].RemovedBy = v.person(l.RemovedBy)
	}
	return items, nil
}

func (v view) cards(ctx context.Context, waiting []cards.Card) ([]Item, error) {
	ids := make([]int64, len(waiting))
	for i, c := range waiting {
		ids[i] = c.ID
	}
	attached, err := v.s.files.Of(ctx, files.OfCard, ids)
	if err != nil {
		return nil, err
	}
	assigned, err := v.s.cards.Assigned(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(waiting))
	for i, c := range waiting {
		list := v.all[c.ListID]
		items[i] = newItem(Card, c.ID, c.Name, c.CardDesc, c.Removal)
		items[i].ListID, items[i].ListName, items[i].ListOnBoard = c.ListID, list.Name, list.RemovedAs == lists.OnBoard
		items[i].Files, items[i].RemovedBy = filesOf(attached[c.ID]), v.person(c.RemovedBy)
		for _, id := range assigned[c.ID] {
			items[i].Members = append(items[i].Members, *v.person(&id))
		}
	}
	return items, nil
}

// person notes whose name is wanted.
func (v view) person(id *int64) *Person {
	if id == nil {
		return nil
	}
	v.people[*id] = true
	return &Person{ID: *id}
}

// name fills in the names of all people in one statement; who has deleted their
// account is left out.
func (v view) name(ctx context.Context, items []Item) error {
	if len(v.people) == 0 {
		return nil
	}
	people, err := v.s.people.ByIDs(ctx, keys(v.people))
	if err != nil {
		return err
	}
	for i := range items {
		if by := items[i].RemovedBy; by != nil {
			by.Name = people[by.ID].Name
			if by.Name == "" {
				items[i].RemovedBy = nil
			}
		}
		for j := range items[i].Members {
			items[i].Members[j].Name = people[items[i].Members[j].ID].Name
		}
		items[i].Members = slices.DeleteFunc(items[i].Members, func(p Person) bool { return p.Name == "" })
	}
	return nil
}

// Restore puts something back on the board; listID and undoes are those of
// cards.Return, listID only for cards.
//
// Errors: those of lists.Restore and cards.Restore.
func (s *Service) Restore(ctx context.Context, by accounts.Actor, projectID int64, kind Kind, r cards.Return) (rev int64, err error) {
	if kind == List {
		return s.lists.Restore(ctx, by, projectID, r.ID, r.From, r.Since)
	}
	return s.cards.Restore(ctx, by, projectID, r)
}

// Empty gives something in the bin up: nobody can have it back.
//
// Errors: those of lists.Change and cards.Change.
func (s *Service) Empty(ctx context.Context, by accounts.Actor, projectID int64, kind Kind, id int64) (rev int64, err error) {
	rev, err = s.change(ctx, by, projectID, kind, id, lists.InBin, lists.Gone)
	if err == nil {
		s.wakeSweeper()
	}
	return rev, err
}

// Discard puts something archived into the bin.
//
// Errors: those of lists.Change and cards.Change.
func (s *Service) Discard(ctx context.Context, by accounts.Actor, projectID int64, kind Kind, id int64) (rev int64, err error) {
	return s.change(ctx, by, projectID, kind, id, lists.InArchive, lists.InBin)
}

func (s *Service) change(ctx context.Context, by accounts.Actor, projectID int64, kind Kind, id int64, from, to lists.Place) (int64, error) {
	if kind == List {
		return s.lists.Change(ctx, by, projectID, id, from, to)
	}
	return s.cards.Change(ctx, by, projectID, id, from, to)
}

func keys[V any](m map[int64]V) []int64 {
	all := make([]int64, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
