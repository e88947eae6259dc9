package invites

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
)

// Received is an invitation as the person it is for sees it.
type Received struct {
	ID      int64
	From    accounts.Person
	Project projects.Project
	// Path is its page.
	Path string
	At   time.Time
}

// entryKind is the kind of the feed's entries.
const entryKind = "projectInvitation"

// Received returns the open invitations that were sent to the verified address of a
// person, the newest first.
func (s *Service) Received(ctx context.Context, userID int64) ([]Received, error) {
	all, err := s.repo.waitingFor(ctx, userID, s.db.Now(ctx))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var fromIDs, projectIDs []int64
	for _, i := range all {
		fromIDs, projectIDs = append(fromIDs, i.FromID), append(projectIDs, i.ProjectID)
	}
	people, err := s.people.ByIDs(ctx, fromIDs)
	if err != nil {
		return nil, err
	}
	boards, err := s.boards.ByIDs(ctx, projectIDs)
	if err != nil {
		return nil, err
	}
	var received []Received
	for _, i := range all {
		from, fromOK := people[i.FromID]
		p, ok := boards[i.ProjectID]
		if ok && fromOK {
			received = append(received, Received{ID: i.ID, From: from, Project: p, Path: "/invite/" + i.Code, At: i.SentAt})
		}
	}
	return received, nil
}

// HomePart implements module.HomeGuest: the feed has an entry for each invitation.
func (s *Service) HomePart(ctx context.Context, userID int64) (module.HomePart, error) {
	all, err := s.Received(ctx, userID)
	if err != nil {
		return module.HomePart{}, err
	}
	feed := make([]module.FeedEntry, len(all))
	for n, r := range all {
		feed[n] = module.FeedEntry{At: r.At, Kind: entryKind, Item: r, Data: homeInvite{
			Type: entryKind, From: r.From.Called(), Project: r.Project.Called(), Path: r.Path, Datetime: r.At,
		}}
	}
	return module.HomePart{Feed: feed, RefreshOn: []string{changedEvent}}, nil
}

// BadgeCount implements module.BadgeCounter.
func (s *Service) BadgeCount(ctx context.Context, userID int64, after time.Time, _ module.Unwanted) (int, error) {
	return s.repo.countWaitingFor(ctx, userID, s.db.Now(ctx), after)
}

// Dismiss removes an invitation from the actor's start page. The one who sent it
// does not learn of it, and the link of the mail goes on working.
//
// Errors: NotFound for one that is not the actor's.
func (s *Service) Dismiss(ctx context.Context, by accounts.Actor, code string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.notify(ctx, &by.UserID); err != nil {
			return err
		}
		return s.repo.dismiss(ctx, code, by.UserID)
	})
}
