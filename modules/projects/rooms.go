package projects

import (
	"context"
	"encoding/json"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
)

// The events after which people may no longer follow a project.
const (
	memberRemoved     = "project_collab_removed"
	memberRoleChanged = "project_collab_role_changed"
	visibilityChanged = "update_project_visibility"
	// audienceChanged has no data: it is for servers. Clients only count it.
	audienceChanged = "project_audience_changed"
)

// onDelivered removes everyone from a project's room who may no longer follow the
// project because of an event. Every server that delivers the event calls it, before
// it delivers the next: so one that learns of a removal late, from the log, sends the
// removed person nothing newer either.
func (s rooms) onDelivered(ctx context.Context, projectID int64, e realtime.Event) {
	switch e.Name {
	case memberRemoved:
		var removed collabRemoved
		if err := json.Unmarshal(e.Payload, &removed); err != nil {
			s.log.ErrorContext(ctx, "removed member cannot be read", "project", projectID, "rev", e.Rev, "error", err)
			s.removeUnauthorized(ctx, projectID)
			return
		}
		s.streams.Evict(ctx, projectID, removed.ID)
	case memberRoleChanged:
		var changed roleSet
		// Another owner has other friends.
		if err := json.Unmarshal(e.Payload, &changed); err != nil || changed.Role == RoleOwner {
			s.removeUnauthorized(ctx, projectID)
		}
	case visibilityChanged, audienceChanged:
		s.removeUnauthorized(ctx, projectID)
	}
}

// removeUnauthorized removes everyone on this server from a project's room who may
// not follow the project.
func (s rooms) removeUnauthorized(ctx context.Context, projectID int64) {
	people, err := s.streams.Following(ctx, projectID)
	if err != nil {
		s.log.ErrorContext(ctx, "room may hold people without permission", "project", projectID, "error", err)
	}
	for _, id := range people {
		s.removeIfUnauthorized(ctx, projectID, id)
	}
}

// removeIfUnauthorized removes a user from a project's room, unless the user may
// follow the project. It removes the user also if the permission cannot be read:
// a client with permission joins again.
func (s rooms) removeIfUnauthorized(ctx context.Context, projectID, userID int64) {
	_, err := s.Require(ctx, accounts.Actor{UserID: userID}, projectID, Follow)
	if err == nil {
		return
	}
	if errs.KindOf(err) == errs.Internal {
		s.log.ErrorContext(ctx, "user is removed from a room, the permission could not be read", "project", projectID, "user", userID, "error", err)
	}
	s.streams.Evict(ctx, projectID, userID)
}
