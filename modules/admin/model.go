package admin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// confirmedFor is how long the pages can be used after a person has proved who
	// they are.
	confirmedFor = 30 * time.Minute
	// auditLife is how long the audit log keeps a row.
	auditLife = 2 * 365 * 24 * time.Hour
	// figureLife is how long sums of days are kept.
	figureLife = 400 * 24 * time.Hour
	// pageSize is how many rows a page lists.
	pageSize = 50
	// maxReason is how long a reason may be, in characters.
	maxReason = 256
	// maxTyped is how long a text to search for may be, in characters.
	maxTyped = 64
	// maxMarked is how many people the filters "suspended" and "administrators"
	// choose from, the newest.
	maxMarked = 1000
	// exportLimit is how many rows of the audit log an export has, the newest.
	exportLimit = 10_000
)

// siteAdmin is a row of table site_admin.
type siteAdmin struct {
	UserID int64 `gorm:"primaryKey;autoIncrement:false"`
	// Origin is the name of the person who made them one, or byCommand or byToken.
	Origin  string
	AddedAt time.Time
}

// TableName is for GORM.
func (siteAdmin) TableName() string { return "site_admin" }

// Names in the place of a person's.
const (
	byCommand = "taskstack admin"
	byToken   = "first start"
)

// claim is a row of table site_admin_claim: a token of a fresh installation. Each start
// of a server adds one, since what another server has printed may be the one at hand.
type claim struct {
	ID        int64 `gorm:"primaryKey;autoIncrement:false"`
	TokenHash string
	CreatedAt time.Time
}

// TableName is for GORM.
func (claim) TableName() string { return "site_admin_claim" }

// maxClaims is how many tokens are valid, the newest.
const maxClaims = 16

// newToken returns 128 random bits, in small letters and digits.
func newToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	return hex.EncodeToString(b)
}

// hashToken returns the stored form of a token. It is random and long, so a plain
// hash is as good as a slow one.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// confirmation is a row of table site_admin_confirmation.
type confirmation struct {
	LoginID     string `gorm:"primaryKey"`
	ConfirmedAt time.Time
}

// TableName is for GORM.
func (confirmation) TableName() string { return "site_admin_confirmation" }

// AuditEntry is a row of table site_admin_audit: an act of an administrator.
type AuditEntry struct {
	ID int64     `json:"id"`
	At time.Time `json:"at"`
	// ByID is nil for the command, and once the account is deleted.
	ByID   *int64 `json:"-"`
	ByName string `json:"by"`
	Act    string `json:"act"`
	// SubjectPersonID is the person that the act was done to; nil for another
	// subject, and once the account is deleted.
	SubjectPersonID *int64 `json:"-"`
	Subject         string `json:"subject"`
	BeforeText      string `json:"before"`
	AfterText       string `json:"after"`
	Reason          string `json:"reason"`
	Address         string `json:"address"`
}

// TableName is for GORM.
func (AuditEntry) TableName() string { return "site_admin_audit" }

// Acting is the administrator who acts, with what an act is recorded with.
type Acting struct {
	accounts.Actor
	Address string // of the client
	Lang    string
	// Reason is the typed one.
	Reason string
	// Password is that of the administrator, for acts that ask for it.
	Password string
}

// cleaned returns the acting person with the reason in the form that is stored.
// Errors: Invalid with the field reason if it is too long, or missing although it is
// required.
func (a Acting) cleaned(required bool) (Acting, error) {
	a.Reason = strings.TrimSpace(text.Line(a.Reason))
	f := errs.Fields{}
	switch n := utf8.RuneCountInString(a.Reason); {
	case n > maxReason:
		f.Add("reason", "admin.reasonTooLong", "Max", maxReason)
	case !storable(a.Reason):
		f.Add("reason", "admin.reasonCharacters")
	case n == 0 && required:
		f.Add("reason", "admin.reasonMissing")
	}
	return a, f.Err()
}

// storable reports whether both databases take a text.
func storable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == 0 {
			return false
		}
	}
	return true
}

// Names of acts in the audit log; those on people are actPrefix and PersonAct.Name.
const (
	actPrefix      = "admin:"
	actClaim       = actPrefix + "claim"
	actMakeAdmin   = actPrefix + "makeAdmin"
	actRemoveAdmin = actPrefix + "removeAdmin"
)

// figure is a row of table site_figure: a sum of the site on a day.
type figure struct {
	Day   string `gorm:"primaryKey"`
	Name  string `gorm:"primaryKey"`
	Value int64
}

// TableName is for GORM.
func (figure) TableName() string { return "site_figure" }

// health is the row of table site_health: what the last examination of the site has
// found.
type health struct {
	ID         int64 `gorm:"primaryKey;autoIncrement:false"`
	ExaminedAt time.Time
	// Server is the one that examined it.
	Server string
	// Findings are []doctor.Finding as JSON.
	Findings string
}

// TableName is for GORM.
func (health) TableName() string { return "site_health" }

// healthID is the id of the only row.
const healthID = 1
