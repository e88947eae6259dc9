package cards

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
)

// exported is a card in cards.json.
type exported struct {
	ID          int64    `json:"id"`
	ListID      int64    `json:"listId"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Position    int      `json:"position"`
	Members     []string `json:"members"`
	// Cover is the name of the file that is shown on the card.
	Cover string `json:"cover,omitempty"`
	// FileDescriptions say what pictures show, by file name.
	FileDescriptions map[string]string `json:"fileDescriptions,omitempty"`
	// RemovedAs is "bin" or "archive"; absent on the board.
	RemovedAs removal.Location `json:"removedAs,omitempty"`
}

// exporter exports the cards of an account.
type exporter struct{ *Service }

// Export writes cards.json for each of the actor's own projects, and the files
// of its cards. It includes the trash and the archive.
func (s exporter) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	owned, err := s.boards.Owned(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range owned {
		if err := s.exportProject(ctx, by, p, to); err != nil {
			return err
		}
	}
	return nil
}

func (s exporter) exportProject(ctx context.Context, by accounts.Actor, p projects.OwnedProject, to accounts.Exporter) error {
	listsByID, err := s.lists.All(ctx, p.ID)
	if err != nil {
		return err
	}
	all, err := s.repo.everything(ctx, slices.Sorted(maps.Keys(listsByID)))
	if err != nil {
		return err
	}
	ids, folders := make([]int64, len(all)), make(map[int64]string, len(all))
	for i, c := range all {
		ids[i], folders[c.ID] = c.ID, p.ExportFolder("card-"+strconv.FormatInt(c.ID, 10))
	}
	assigned, err := s.repo.assignedToMany(ctx, ids)
	if err != nil {
		return err
	}
	attached, err := s.files.Of(ctx, files.OfCard, ids)
	if err != nil {
		return err
	}
	names := map[int64]string{by.UserID: by.Name}
	for _, m := range p.Collaborators {
		names[m.ID] = m.Name
	}
	out := make([]exported, len(all))
	for i, c := range all {
		out[i] = exported{
			ID: c.ID, ListID: c.ListID, Name: c.Name, Description: c.Desc, Position: c.Pos, Members: []string{}, RemovedAs: c.RemovedAs,
			Cover: c.coverAmong(attached[c.ID]), FileDescriptions: files.Descriptions(attached[c.ID]),
		}
		for _, id := range assigned[c.ID] {
			out[i].Members = append(out[i].Members, names[id])
		}
	}
	if err := to.JSON(p.ExportFolder("cards"), out); err != nil {
		return err
	}
	return s.files.Export(ctx, files.OfCard, folders, to)
}
