package projects

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

// What the notifications say about projects that others have added a person to.
const (
	additionsShownFor = 30 * 24 * time.Hour
	maxAdditionsShown = 50
)

// Addition is a notification: a person was made a member of a project.
type Addition struct {
	Project
	Role Role
	// By is nil if the account of the person who did it was deleted.
	By *accounts.Person
	At time.Time
}

// additionData is an addition in the data of the start page.
type additionData struct {
	ID       int64     `json:"id"`
	Type     string    `json:"type"`
	FromName string    `json:"fromName"`
	PicURL   string    `json:"picUrl"`
	GoToURL  string    `json:"goToUrl"`
	Role     Role      `json:"role"`
	Datetime time.Time `json:"datetime"`
}

// HomePart returns the projects that others have lately added a person to, for
// the notifications.
func (s boardReader) HomePart(ctx context.Context, userID int64) (module.HomePart, error) {
	part := module.HomePart{RefreshOn: []string{"now_collab_of_project", "removed_as_collab_of_project", "update_project_attributes"}}
	rows, err := s.repo.additionsOf(ctx, userID, s.db.Now(ctx).Add(-additionsShownFor), maxAdditionsShown)
	if err != nil || len(rows) == 0 {
		return part, err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.AddedBy
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return module.HomePart{}, err
	}
	for _, row := range rows {
		a := Addition{Project: row.Project, Role: row.UserRole, At: row.AddedAt}
		data := additionData{ID: row.ID, Type: "addedToProject", GoToURL: row.URL(), Role: row.UserRole, Datetime: row.AddedAt}
		if by, ok := people[row.AddedBy]; ok {
			a.By, data.FromName, data.PicURL = &by, by.Name, by.PicURL
		}
		part.Feed = append(part.Feed, module.FeedEntry{At: a.At, Kind: data.Type, Item: a, Data: data})
	}
	return part, nil
}

// BadgeCount returns how many projects others have added a person to after a
// time.
func (s boardReader) BadgeCount(ctx context.Context, userID int64, after time.Time) (int, error) {
	if oldest := s.db.Now(ctx).Add(-additionsShownFor); after.Before(oldest) {
		after = oldest
	}
	return s.repo.countAdditions(ctx, userID, after)
}
