package invites

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// lifetime is how long an invitation is open; sending it again begins anew.
	lifetime = 30 * 24 * time.Hour
	// retention is how long an invitation is kept after its end.
	retention = 30 * 24 * time.Hour
	// maxAtOnce is how many addresses one request may name.
	maxAtOnce = 20
	// maxPending is how many open invitations a project may have.
	maxPending = 100
)

// The limits of mails: a person may send fifty at once, then two an hour; an
// address gets three at once, then three a day; the installation sends a thousand
// at once, then some thousand a day.
const (
	personEvery, personBurst   = 30 * time.Minute, 50
	addressEvery, addressBurst = 8 * time.Hour, 3
	allEvery, allBurst         = 90 * time.Second, 1000
)

// ending is how an invitation has ended before its time.
type ending string

const (
	used      ending = "used"
	withdrawn ending = "withdrawn"
)

// invite is a row of the table invite.
type invite struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	Email     string
	Role      projects.Role
	Code      string
	// FromID is the inviting person. ToID is the person whose verified address it
	// was when the invitation was sent; nil for none, and for one who wants no
	// requests.
	FromID int64
	ToID   *int64
	// Dismissed is true once that person has removed it from the start page.
	Dismissed bool
	Lang      string
	SentAt    time.Time
	ExpiresAt time.Time
	EndedAs   *ending
	EndedAt   *time.Time
	UsedBy    *int64
}

// TableName implements GORM's Tabler.
func (invite) TableName() string { return "invite" }

// end returns why the invitation can no longer be used; empty while it does.
func (i invite) end(now time.Time) projects.InviteEnd {
	switch {
	case i.EndedAs != nil && *i.EndedAs == used:
		return projects.InviteUsed
	case i.EndedAs != nil:
		return projects.InviteWithdrawn
	case !now.Before(i.ExpiresAt):
		return projects.InviteExpired
	}
	return ""
}

// newCode returns 22 URL-safe characters, 128 random bits.
func newCode() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails, says crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// addresses returns typed addresses in the form that is stored, each once, however
// it is capitalized. Errors: Invalid with the field emails, which names the first
// that is none.
func addresses(typed []string) ([]string, error) {
	var all []string
	seen := map[string]bool{}
	for _, t := range typed {
		address := text.Identifier(strings.TrimSpace(t))
		if !accounts.IsAddress(address) {
			return nil, errs.Field("emails", "invites.error.address", "Address", shortened(address))
		}
		if key := strings.ToLower(address); !seen[key] {
			seen[key] = true
			all = append(all, address)
		}
	}
	switch {
	case len(all) == 0:
		return nil, errs.Field("emails", "invites.error.none")
	case len(all) > maxAtOnce:
		return nil, errs.Field("emails", "invites.error.tooManyAtOnce", "Count", maxAtOnce)
	}
	return all, nil
}

// shortened bounds what an error repeats of an input.
func shortened(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
