package lists

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/removal"
)

// exported is a list in lists.json.
type exported struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Position    int    `json:"position"`
	// FileDescriptions say what pictures show, by file name.
	FileDescriptions map[string]string `json:"fileDescriptions,omitempty"`
	// RemovedAs is "bin" or "archive"; absent on the board.
	RemovedAs removal.Location `json:"removedAs,omitempty"`
}

// exporter exports the lists of an account.
type exporter struct{ *Service }

// Export writes lists.json for each of the actor's own projects, and the files
// of its lists. It includes the trash and the archive.
func (s exporter) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	owned, err := s.boards.Owned(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range owned {
		byID, err := s.All(ctx, p.ID)
		if err != nil {
			return err
		}
		attached, err := s.files.Of(ctx, files.OfList, slices.Collect(maps.Keys(byID)))
		if err != nil {
			return err
		}
		out, folders := []exported{}, map[int64]string{}
		for _, id := range slices.Sorted(maps.Keys(byID)) {
			l := byID[id]
			if l.RemovedAs == removal.PermanentlyDeleted {
				continue
			}
			out = append(out, exported{ID: id, Name: l.Name, Description: l.Desc, Position: l.Pos, RemovedAs: l.RemovedAs, FileDescriptions: files.Descriptions(attached[id])})
			folders[id] = p.ExportFolder("list-" + strconv.FormatInt(id, 10))
		}
		if err := to.JSON(p.ExportFolder("lists"), out); err != nil {
			return err
		}
		if err := s.files.Export(ctx, files.OfList, folders, to); err != nil {
			return err
		}
	}
	return nil
}
