package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// evictStrangers closes a project's room to everybody who may not follow it
// any more. It is called after the commit of what may have cost them the right.
func (s *Service) evictStrangers(ctx context.Context, projectID int64) {
	people, err := s.streams.Following(ctx, projectID)
	if err != nil {
		s.log.ErrorContext(ctx, "room may hold people who lost their right", "project", projectID, "error", err)
	}
	for _, id := range people {
		s.evictStranger(ctx, projectID, id)
	}
}

// evictStranger closes a project's room to somebody, unless they may follow it.
// Where that cannot be found out, it is closed: a client that may come back
// does.
func (s *Service) evictStranger(ctx context.Context, projectID, userID int64) {
	_, err := s.Require(ctx, accounts.Actor{UserID: userID}, projectID, Follow)
	if err == nil {
		return
	}
	if errs.KindOf(err) == errs.Internal {
		s.log.ErrorContext(ctx, "room is closed to somebody without need", "project", projectID, "user", userID, "error", err)
	}
	s.streams.Evict(ctx, projectID, userID)
}
