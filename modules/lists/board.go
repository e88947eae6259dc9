package lists

import (
	"context"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
)

// addToBoard adds the lists with what they contain. A list's position is its
// index, whatever is stored, because the script of 2.x clients fails on a gap.
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
	contents, err := s.contents.OfBoard(ctx, b, ids)
	if err != nil {
		return err
	}
	data, views := make(map[int64]View, len(all)), make([]View, len(all))
	for i, l := range all {
		views[i] = View{ID: l.ID, Fields: l.Fields, Pos: i, Files: attached[l.ID], Pictures: files.PicturesOf(attached[l.ID]), Content: contents[l.ID], version: b.Version}
		data[l.ID] = views[i]
	}
	b.Data["lists"], b.Views["lists"] = data, views
	return nil
}
