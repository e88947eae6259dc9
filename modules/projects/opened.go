package projects

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

// openedFor is how long a board is open to an administrator of the site who has said
// why.
const openedFor = 30 * time.Minute

// openedKind is the notification that tells an owner of it.
const openedKind = "projects.opened"

// openedDetails are the details of "projects.opened" in the history.
type openedDetails struct {
	Reason string `json:"reason"`
}

// open lets an administrator of the site read a board for openedFor as a visitor of a
// public one does. Its history says so, and its owner is told, with the reason.
func (s deleted) open(ctx context.Context, by accounts.Actor, p Project, reason string) error {
	row, err := s.repo.byID(ctx, 0, p.ID, true)
	if err != nil {
		return err
	}
	if err := s.repo.open(ctx, opened{ProjectID: p.ID, UserID: by.UserID, Until: s.db.Now(ctx).Add(openedFor)}); err != nil {
		return err
	}
	err = s.bus.Publish(ctx, Happened{
		ProjectID: p.ID, Rev: row.Rev + 1, Kind: openedKind, ID: p.ID, Name: row.Called(), Details: openedDetails{reason}, By: by,
	})
	if err != nil {
		return err
	}
	return s.bus.Publish(ctx, module.Notification{Kind: openedKind, To: []int64{row.OwnerID}, By: by.UserID, ProjectID: p.ID, Excerpt: reason})
}
