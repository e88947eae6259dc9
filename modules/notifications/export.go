package notifications

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
)

// exported is an entry of notifications.json.
type exported struct {
	Kind    string     `json:"kind"`
	From    string     `json:"from,omitempty"`
	Name    string     `json:"name,omitempty"`
	Excerpt string     `json:"excerpt,omitempty"`
	At      time.Time  `json:"at"`
	ReadAt  *time.Time `json:"readAt"`
}

// Export writes notifications.json: what the actor was told.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	rows, err := s.repo.allOf(ctx, by.UserID)
	if err != nil {
		return err
	}
	var ids []int64
	for _, n := range rows {
		if n.ByID != nil {
			ids = append(ids, *n.ByID)
		}
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	all := make([]exported, len(rows))
	for i, n := range rows {
		all[i] = exported{Kind: n.Kind, Name: n.Name, Excerpt: n.Excerpt, At: n.At, ReadAt: n.ReadAt}
		if by, ok := people[valueOf(n.ByID)]; ok {
			all[i].From = by.Name
		}
	}
	return to.JSON("notifications", all)
}
