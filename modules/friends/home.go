package friends

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

// homeView is what the column of the start page shows.
type homeView struct {
	Friends []accounts.Person
	Sent    []Sent
}

// homeFriend is a friend in the data of the start page.
type homeFriend struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName,omitempty"`
	PicURL      string `json:"picUrl"`
	GoToURL     string `json:"goToUrl"`
}

// HomePart returns the received requests for the feed, and friends and sent
// requests for a column of the start page.
func (s *Service) HomePart(ctx context.Context, userID int64) (module.HomePart, error) {
	c, err := s.Connections(ctx, accounts.Actor{UserID: userID})
	if err != nil {
		return module.HomePart{}, err
	}
	feed := make([]module.FeedEntry, len(c.Waiting))
	for i, r := range c.Waiting {
		data := r.wire()
		feed[i] = module.FeedEntry{At: r.At, Kind: data.Type, Item: r, Data: data}
	}
	friends := make([]homeFriend, len(c.Friends))
	for i, p := range c.Friends {
		friends[i] = homeFriend{ID: p.ID, Name: p.Name, DisplayName: p.DisplayName, PicURL: p.PicURL, GoToURL: p.GoToURL}
	}
	return module.HomePart{
		Feed: feed, View: homeView{Friends: c.Friends, Sent: c.Sent}, Data: map[string]any{"friends": friends},
		RefreshOn: []string{
			"receive_friendship_request", "remove_friendship_request", "sent_requests_changed", "new_friend", "friend_removed", "update_friend_name", "picture_changed",
		},
	}, nil
}

// BadgeCount returns how many received requests of a person are pending that are
// younger than a time.
func (s *Service) BadgeCount(ctx context.Context, userID int64, after time.Time, _ module.Unwanted) (int, error) {
	return s.repo.countWaitingAfter(ctx, userID, after)
}
