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

// exportedSettings is notificationSettings.json.
type exportedSettings struct {
	Kinds         map[string]Choice `json:"kinds"`
	MutedProjects []string          `json:"mutedProjects"`
	Mails         bool              `json:"mails"`
	TimeZone      string            `json:"timeZone"`
	QuietFrom     string            `json:"quietFrom"`
	QuietTo       string            `json:"quietTo"`
	// Browsers are in how many browsers the person is notified, InBrowsers of what.
	Browsers   int             `json:"browsers"`
	InBrowsers map[string]bool `json:"inBrowsers"`
}

// Export writes notifications.json: what the actor was told, and
// notificationSettings.json.
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
	if err := to.JSON("notifications", all); err != nil {
		return err
	}
	return s.exportSettings(ctx, by, to)
}

func (s *Service) exportSettings(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	all, err := s.Settings(ctx, by)
	if err != nil {
		return err
	}
	out := exportedSettings{
		Browsers: max(all.Browsers, 0), InBrowsers: map[string]bool{}, Kinds: map[string]Choice{}, MutedProjects: []string{}, Mails: all.Mails, TimeZone: all.Zone, QuietFrom: all.QuietFrom, QuietTo: all.QuietTo,
	}
	for _, kind := range all.Kinds {
		out.Kinds[kind.Name], out.InBrowsers[kind.Name] = kind.Choice, kind.Push
	}
	for _, p := range all.Projects {
		if p.Muted {
			out.MutedProjects = append(out.MutedProjects, p.Title)
		}
	}
	return to.JSON("notificationSettings", out)
}
