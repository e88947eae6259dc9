package notifications

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
)

// entryKind is the kind of the feed's entries.
const entryKind = "notification"

// entryData is a notification in the data of the start page.
type entryData struct {
	ID       int64     `json:"id"`
	Type     string    `json:"type"`
	FromName string    `json:"fromName,omitempty"`
	PicURL   string    `json:"picUrl"`
	GoToURL  string    `json:"goToUrl"`
	Name     string    `json:"name,omitempty"`
	Project  string    `json:"project,omitempty"`
	Count    int       `json:"count"`
	Read     bool      `json:"read"`
	Datetime time.Time `json:"datetime"`
}

// HomePart implements module.HomeGuest: the feed has an entry for each notification,
// or for several.
func (s *Service) HomePart(ctx context.Context, userID int64) (module.HomePart, error) {
	part := module.HomePart{RefreshOn: []string{changed}}
	rows, err := s.repo.shown(ctx, userID)
	part.Cut = len(rows) == maxShown
	if err != nil {
		return part, err
	}
	entries, err := s.entries(ctx, rows)
	for _, e := range grouped(entries) {
		part.Feed = append(part.Feed, module.FeedEntry{At: e.At, Kind: entryKind, Item: e, Read: &e.Read, Count: 1 + len(e.More), Data: e.data()})
	}
	return part, err
}

func (e Entry) data() entryData {
	d := entryData{
		ID: e.ID, Type: entryKind, GoToURL: e.Path(), Name: e.Name, Project: e.Project, Count: e.Count + len(e.More), Read: e.Read, Datetime: e.At,
	}
	if e.By != nil {
		d.FromName, d.PicURL = e.By.Name, e.By.PicURL
	}
	return d
}

// entries returns rows as pages show them, with the names that people and projects
// have now.
func (s *Service) entries(ctx context.Context, rows []notification) ([]Entry, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var byIDs, projectIDs []int64
	for _, n := range rows {
		if n.ByID != nil {
			byIDs = append(byIDs, *n.ByID)
		}
		if n.ProjectID != nil {
			projectIDs = append(projectIDs, *n.ProjectID)
		}
	}
	people, err := s.people.ByIDs(ctx, byIDs)
	if err != nil {
		return nil, err
	}
	boards, err := s.boardsOf(ctx, projectIDs)
	if err != nil {
		return nil, err
	}
	return s.entriesOf(rows, people, boards), nil
}

// boardsOf returns projects by their ids, without a statement for none.
func (s *Service) boardsOf(ctx context.Context, ids []int64) (map[int64]projects.Project, error) {
	if len(ids) == 0 {
		return map[int64]projects.Project{}, nil
	}
	return s.boards.ByIDs(ctx, ids)
}

func (s *Service) entriesOf(rows []notification, people map[int64]accounts.Person, boards map[int64]projects.Project) []Entry {
	entries := make([]Entry, 0, len(rows))
	for _, n := range rows {
		kind, known := s.kinds[n.Kind]
		if !known { // of a feature that was removed
			continue
		}
		title := ""
		if board, ok := boards[valueOf(n.ProjectID)]; ok {
			title = board.Called()
		}
		entries = append(entries, entryOf(n, kind, people, title))
	}
	return entries
}

// BadgeCount implements module.BadgeCounter. Each row knows whether it was read.
func (s *Service) BadgeCount(ctx context.Context, userID int64, _ time.Time, _ module.Unwanted) (int, error) {
	return s.repo.countUnread(ctx, userID)
}

// Unwanted implements module.NotificationChooser, for entries that are those of other
// modules: rows are not stored of what a person does not want.
func (s *Service) Unwanted(ctx context.Context, userID int64) (module.Unwanted, error) {
	return s.repo.unwanted(ctx, userID)
}
