package cards

import (
	"context"
	"strconv"

	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
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
	data, shown := dataOf(listIDs, views)
	return data, shown, nil
}

// dataOf gives a board's views, and the same in the contract's shape.
func dataOf(listIDs []int64, views map[int64][]View) (map[int64]map[string]any, map[int64]any) {
	data, shown := make(map[int64]map[string]any, len(listIDs)), make(map[int64]any, len(listIDs))
	for _, list := range listIDs {
		inside := make(map[string]any, len(views[list]))
		for _, v := range views[list] {
			inside[strconv.FormatInt(v.ID, 10)] = map[string]any{
				"name": v.Name, "cardDesc": v.Desc, "pos": v.Pos, "listId": v.ListID,
				"attachedFiles": files.ByName(v.Files), "members": marks(memberIDs(v.Members)),
			}
		}
		data[list], shown[list] = inside, views[list]
	}
	return data, shown
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

// DeleteIn implements lists.Contents.
func (s contents) DeleteIn(ctx context.Context, listID int64) ([]string, error) {
	all, err := s.repo.in(ctx, []int64{listID})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids, names := make([]int64, len(all)), make([]string, len(all))
	for i, c := range all {
		ids[i], names[i] = c.ID, c.Name
	}
	if _, err := s.files.DeleteAll(ctx, files.OfCard, ids...); err != nil {
		return nil, err
	}
	return names, s.repo.delete(ctx, ids)
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
