package friends

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
)

// exported is friends.json.
type exported struct {
	Friends  []string          `json:"friends"`
	Received []exportedRequest `json:"requestsReceived"`
	Sent     []exportedRequest `json:"requestsSent"`
	Blocked  []string          `json:"blocked"`
}

type exportedRequest struct {
	Who string    `json:"who"`
	At  time.Time `json:"at"`
}

// Export writes friends.json: the actor's friends, pending requests and blocked people.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	c, err := s.Connections(ctx, by)
	if err != nil {
		return err
	}
	out := exported{Friends: []string{}, Received: []exportedRequest{}, Sent: []exportedRequest{}, Blocked: []string{}}
	for _, p := range c.Friends {
		out.Friends = append(out.Friends, p.Name)
	}
	for _, r := range c.Waiting {
		out.Received = append(out.Received, exportedRequest{r.From.Name, r.At})
	}
	for _, r := range c.Sent {
		out.Sent = append(out.Sent, exportedRequest{r.To, r.At})
	}
	blocked, err := s.Blocked(ctx, by)
	if err != nil {
		return err
	}
	for _, p := range blocked {
		out.Blocked = append(out.Blocked, p.Name)
	}
	return to.JSON("friends", out)
}
