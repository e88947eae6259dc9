package cards

import (
	"context"
	"strconv"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// contents is what cards is to lists.
type contents struct{ *Service }

var _ lists.Contents = contents{}

// OfBoard implements lists.Contents in three statements.
func (s contents) OfBoard(ctx context.Context, b *projects.Board, listIDs []int64) (map[int64]map[string]any, map[int64]any, error) {
	all, err := s.repo.in(ctx, listIDs)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	attached, err := s.files.Of(ctx, files.OfCard, ids)
	if err != nil {
		return nil, nil, err
	}
	assigned, err := s.repo.assigned(ctx, listIDs)
	if err != nil {
		return nil, nil, err
	}
	views := make(map[int64][]View, len(listIDs))
	for _, c := range all {
		views[c.ListID] = append(views[c.ListID], View{
			ID: c.ID, ListID: c.ListID, Name: c.Name, Desc: c.CardDesc, HasDesc: c.CardDesc != "",
			// The index, whatever is stored: old pages fail on a hole.
			Pos: len(views[c.ListID]), Files: attached[c.ID], Members: chosen(b.Members, assigned[c.ID]),
		})
	}
	return dataOf(listIDs, views), columnsOf(listIDs, views), nil
}

// cardData is a card in the contract's object "project" (pages.md section 5).
type cardData struct {
	Name          string            `json:"name"`
	Desc          string            `json:"cardDesc"`
	Pos           int               `json:"pos"`
	ListID        int64             `json:"listId"`
	AttachedFiles map[string]string `json:"attachedFiles"`
	Members       map[string]int    `json:"members"`
}

func dataOf(listIDs []int64, views map[int64][]View) map[int64]map[string]any {
	data := make(map[int64]map[string]any, len(listIDs))
	for _, list := range listIDs {
		inside := make(map[string]any, len(views[list]))
		for _, v := range views[list] {
			inside[strconv.FormatInt(v.ID, 10)] = cardData{
				Name: v.Name, Desc: v.Desc, Pos: v.Pos, ListID: v.ListID,
				AttachedFiles: files.ByName(v.Files), Members: marks(memberIDs(v.Members)),
			}
		}
		data[list] = inside
	}
	return data
}

// columnsOf is what the page shows. The first lists come with their cards, as
// many as cardsAtOnce allows; those of the others the script draws when they
// come near, from the page's data.
func columnsOf(listIDs []int64, views map[int64][]View) map[int64]any {
	columns := make(map[int64]any, len(listIDs))
	drawn := 0
	for _, list := range listIDs {
		column := Column{Count: len(views[list])}
		if drawn < cardsAtOnce {
			column.Cards = views[list]
		}
		drawn += column.Count
		columns[list] = column
	}
	return columns
}

// chosen are those of the members whose ids are given, in the members' order.
func chosen(members []projects.Member, ids []int64) []projects.Member {
	if len(ids) == 0 {
		return nil
	}
	set := setOf(ids)
	var some []projects.Member
	for _, m := range members {
		if set[m.ID] {
			some = append(some, m)
		}
	}
	return some
}

// Names implements lists.Contents.
func (s contents) Names(ctx context.Context, listID int64) ([]string, error) {
	all, err := s.repo.cards(ctx, []int64{listID}, "id", "list_id", "name", "pos")
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return names, err
}

// Build implements lists.Contents. Who has left the project meanwhile is not on
// its cards any more.
func (s contents) Build(ctx context.Context, in projects.Access, listID int64) ([]projects.Event, error) {
	all, err := s.repo.in(ctx, []int64{listID})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	fits, err := s.fits(ctx, in.ID, len(all))
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, errs.New(errs.Conflict, "cards.error.boardFull", "Max", MaxCards)
	}
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	if err := s.keepMembers(ctx, in.Project, ids); err != nil {
		return nil, err
	}
	attached, err := s.files.Of(ctx, files.OfCard, ids)
	if err != nil {
		return nil, err
	}
	assigned, err := s.repo.assigned(ctx, []int64{listID})
	if err != nil {
		return nil, err
	}
	changes := make([]projects.Event, len(all))
	for i, c := range all {
		changes[i] = rebuilt(c, i, attached[c.ID], assigned[c.ID])
	}
	return changes, nil
}

// rebuilt is the event of a card that comes back.
func rebuilt(c Card, index int, attached []files.View, memberIDs []int64) projects.Event {
	payload := built(c, index, attached, memberIDs)
	payload["restored"] = true
	return projects.Event{Name: "build_new_card", Payload: payload}
}

// PurgeAll implements lists.Contents.
func (s contents) PurgeAll(ctx context.Context, listIDs []int64) error {
	ids, err := s.repo.ids(ctx, listIDs)
	if err != nil {
		return err
	}
	return s.purge(ctx, ids)
}

// homeCounts is how many cards each project has.
func (s *Service) homeCounts(ctx context.Context, projectIDs []int64) (map[int64]int, error) {
	projectOf, err := s.lists.Projects(ctx, projectIDs)
	if err != nil {
		return nil, err
	}
	perList, err := s.repo.counts(ctx, keysOf(projectOf))
	if err != nil {
		return nil, err
	}
	counts := make(map[int64]int, len(projectIDs))
	for list, n := range perList {
		counts[projectOf[list]] += n
	}
	return counts, nil
}
