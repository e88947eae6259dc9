package lists

import (
	"context"
	"strconv"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
)

// addToBoard adds the lists with what they contain. Positions are the index in
// the order, whatever is stored, because the builder of old pages fails on a
// hole.
func (s *Service) addToBoard(ctx context.Context, b *projects.Board) error {
	all, err := s.repo.ofProject(ctx, b.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	attached, err := s.files.Of(ctx, files.OfList, ids)
	if err != nil {
		return err
	}
	contents, contentViews, err := s.contents.OfBoard(ctx, b, ids)
	if err != nil {
		return err
	}
	data, views := make(map[string]any, len(all)), make([]View, len(all))
	for i, l := range all {
		views[i] = View{ID: l.ID, Name: l.Name, Desc: l.ListDesc, Pos: i, Files: attached[l.ID], Cards: contentViews[l.ID]}
		inside := contents[l.ID]
		if inside == nil {
			inside = map[string]any{}
		}
		data[strconv.FormatInt(l.ID, 10)] = map[string]any{
			"name": l.Name, "listDesc": l.ListDesc, "pos": i, "attachedFiles": files.ByName(attached[l.ID]), "cards": inside,
		}
	}
	b.Data["lists"], b.Views["lists"] = data, views
	return nil
}
