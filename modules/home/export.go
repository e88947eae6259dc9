package home

import (
	"context"

	"taskstack.org/modules/accounts"
)

// Export writes starred.json: the boards that the actor has starred, as
// ⟨owner⟩/⟨project⟩.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	o, err := s.Overview(ctx, by)
	if err != nil {
		return err
	}
	starred := make([]string, len(o.Starred))
	for i, b := range o.Starred {
		starred[i] = b.OwnerName + "/" + b.Name
	}
	return to.JSON("starred", starred)
}
