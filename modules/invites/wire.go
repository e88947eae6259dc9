package invites

import (
	"time"

	"taskstack.org/modules/projects"
)

// pendingInvite is an invitation in the replies to list_invites.
type pendingInvite struct {
	ID        int64         `json:"id"`
	Email     string        `json:"email"`
	Role      projects.Role `json:"role"`
	From      string        `json:"from"`
	SentAt    time.Time     `json:"sentAt"`
	ExpiresAt time.Time     `json:"expiresAt"`
	Expired   bool          `json:"expired"`
}

func wireOf(all []Pending) []pendingInvite {
	list := make([]pendingInvite, len(all))
	for n, p := range all {
		list[n] = pendingInvite(p)
	}
	return list
}

// sentDetails are the details of an entry of the history.
type sentDetails struct {
	Count int           `json:"count"`
	Role  projects.Role `json:"role"`
}

// homeInvite is an invitation in the data of the start page.
type homeInvite struct {
	Type     string    `json:"type"`
	From     string    `json:"from"`
	Project  string    `json:"project"`
	Path     string    `json:"path"`
	Datetime time.Time `json:"datetime"`
}
