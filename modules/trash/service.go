package trash

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
	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// People is what the trash needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Boards is what the trash needs of projects.
type Boards interface {
	projects.Registrar
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
}

// Items is what the trash needs of lists and of cards.
type Items interface {
	Restore(ctx context.Context, r projects.Request, what removal.RestoreRequest) (rev int64, err error)
	Relocate(ctx context.Context, r projects.Request, id int64, from, to removal.Location) (rev int64, err error)
	Expire(ctx context.Context, before time.Time) error
}

// Lists is what the trash needs of lists.
type Lists interface {
	Items
	All(ctx context.Context, projectID int64) (map[int64]lists.List, error)
	Removed(ctx context.Context, projectID int64, q removal.Query) ([]lists.List, error)
	PermanentlyDeleted(ctx context.Context, after int64, limit int) ([]int64, error)
	Purge(ctx context.Context, ids, needed []int64) error
}

// Cards is what the trash needs of cards.
type Cards interface {
	Items
	Removed(ctx context.Context, listIDs []int64, q removal.Query) ([]cards.Card, error)
	Counts(ctx context.Context, listIDs []int64) (map[int64]int, error)
	First(ctx context.Context, listIDs []int64, limit int) (map[int64][]string, error)
	Assigned(ctx context.Context, ids []int64) (map[int64][]int64, error)
	PurgeSome(ctx context.Context, deletedLists []int64, limit int) (n int, err error)
	ListsInUse(ctx context.Context, listIDs []int64) ([]int64, error)
}

// Files is what the trash needs of files.
type Files interface {
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
}

// Service holds the rules of trash and archive. It is safe for concurrent use.
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

// Read returns a page of the items in a location to a member who may restore them.
// text is part of a name, before the cursor of the page.
//
// Errors: NotFound, Forbidden, Invalid.
func (s *Service) Read(ctx context.Context, by accounts.Actor, projectID int64, from removal.Location, text, before string) (p Page, err error) {
	at, err := parseCursor(before)
	if err != nil {
		return Page{}, err
	}
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxText {
		return Page{}, errs.Field("text", "trash.error.text", "Max", maxText)
	}
	err = s.db.Snapshot(ctx, func(ctx context.Context) error {
		in, err := s.boards.Require(ctx, by, projectID, projects.Write)
		if err != nil {
			return err
		}
		p, err = s.read(ctx, in, removal.Query{Location: from, Text: text, Limit: pageSize + 1}, at)
		return err
	})
	return p, err
}

// read takes the same number of statements for any number of items.
func (s *Service) read(ctx context.Context, in projects.Access, q removal.Query, at *cursor) (Page, error) {
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

// view collects what the items of one page need.
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
		items[i] = newItem(List, l.ID, l.Name, l.Desc, l.State)
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
		items[i] = newItem(Card, c.ID, c.Name, c.Desc, c.State)
		items[i].ListID, items[i].ListName, items[i].ListOnBoard = c.ListID, list.Name, list.RemovedAs == removal.OnBoard
		items[i].Files, items[i].RemovedBy = filesOf(attached[c.ID]), v.person(c.RemovedBy)
		for _, id := range assigned[c.ID] {
			items[i].Members = append(items[i].Members, *v.person(&id))
		}
	}
	return items, nil
}

// person adds a person to those that name looks up.
func (v view) person(id *int64) *Person {
	if id == nil {
		return nil
	}
	v.people[*id] = true
	return &Person{ID: *id}
}

// name sets the names of all people in one statement. It leaves out people whose
// accounts are deleted.
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
			by.Name = people[by.ID].Called()
			if by.Name == "" {
				items[i].RemovedBy = nil
			}
		}
		for j := range items[i].Members {
			items[i].Members[j].Name = people[items[i].Members[j].ID].Called()
		}
		items[i].Members = slices.DeleteFunc(items[i].Members, func(p Person) bool { return p.Name == "" })
	}
	return nil
}

// Restore puts an item back on the board. Errors: those of removal's Restore.
func (s *Service) Restore(ctx context.Context, r projects.Request, kind Kind, what removal.RestoreRequest) (rev int64, err error) {
	return s.items(kind).Restore(ctx, r, what)
}

// Empty deletes an item in the trash permanently. Errors: those of removal's
// Relocate.
func (s *Service) Empty(ctx context.Context, r projects.Request, kind Kind, id int64) (rev int64, err error) {
	rev, err = s.items(kind).Relocate(ctx, r, id, removal.InTrash, removal.PermanentlyDeleted)
	if err == nil {
		s.wakeSweeper()
	}
	return rev, err
}

// Discard takes an item from the archive to the trash. Errors: those of removal's
// Relocate.
func (s *Service) Discard(ctx context.Context, r projects.Request, kind Kind, id int64) (rev int64, err error) {
	return s.items(kind).Relocate(ctx, r, id, removal.InArchive, removal.InTrash)
}

func (s *Service) items(kind Kind) Items {
	if kind == List {
		return s.lists
	}
	return s.cards
}

func keys[V any](m map[int64]V) []int64 {
	all := make([]int64, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
