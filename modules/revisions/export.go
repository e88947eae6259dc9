package revisions

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// exported is a text in earlierTexts.json.
type exported struct {
	Kind        projects.TextKind `json:"kind"`
	ID          int64             `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	ReplacedAt  time.Time         `json:"replacedAt"`
}

// Export writes earlierTexts.json for each of the actor's own projects: the owner
// of a project owns its texts, also those that others have written.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	owned, err := s.boards.Owned(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range owned {
		rows, err := s.repo.ofProject(ctx, p.ID)
		if err != nil {
			return err
		}
		out := make([]exported, len(rows))
		for i, row := range rows {
			out[i] = exported{Kind: row.Kind, ID: row.ItemID, Name: row.Name, Description: row.ItemDesc, ReplacedAt: row.ReplacedAt}
		}
		if err := to.JSON(p.ExportFolder("earlierTexts"), out); err != nil {
			return err
		}
	}
	return nil
}
