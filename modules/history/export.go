package history

import (
	"context"

	"taskstack.org/modules/accounts"
)

// Export writes history.json for each of the actor's own projects, in the
// contract's shape.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	owned, err := s.projects.Owned(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range owned {
		entries, err := s.read(ctx, p.ID, Filter{All: true})
		if err != nil {
			return err
		}
		if err := to.JSON(p.ExportFolder("history"), entries); err != nil {
			return err
		}
	}
	return nil
}
