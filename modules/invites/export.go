package invites

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// exportedInvite is an entry of invites.json in the folder of a project.
type exportedInvite struct {
	Email  string        `json:"email"`
	Role   projects.Role `json:"role"`
	SentAt time.Time     `json:"sentAt"`
	State  string        `json:"state"`
}

// exportedReceived is an entry of invites.json.
type exportedReceived struct {
	From    string    `json:"from"`
	Project string    `json:"project"`
	At      time.Time `json:"at"`
}

// Export writes invites.json: the invitations that wait for the actor; and one for
// each of the actor's own projects.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	all, err := s.Received(ctx, by.UserID)
	if err != nil {
		return err
	}
	received := make([]exportedReceived, len(all))
	for n, r := range all {
		received[n] = exportedReceived{r.From.Name, r.Project.OwnerName + "/" + r.Project.Name, r.At}
	}
	if err := to.JSON("invites", received); err != nil {
		return err
	}
	owned, err := s.boards.Owned(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range owned {
		if err := s.exportOf(ctx, p.Project, to); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) exportOf(ctx context.Context, p projects.Project, to accounts.Exporter) error {
	all, err := s.repo.allOf(ctx, p.ID)
	if err != nil {
		return err
	}
	now, sent := s.db.Now(ctx), make([]exportedInvite, len(all))
	for n, i := range all {
		state := string(i.end(now))
		if state == "" {
			state = "open"
		}
		sent[n] = exportedInvite{i.Email, i.Role, i.SentAt, state}
	}
	return to.JSON(p.ExportFolder("invites"), sent)
}
