package versions

import (
	"time"

	"taskstack.org/modules/projects"
)

// MaxVersions is how many earlier texts of one thing are kept.
const MaxVersions = 30

// Lifetime is how long an earlier text is kept.
const Lifetime = 90 * 24 * time.Hour

// version is a row of the table text_version.
type version struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	Kind      projects.TextKind
	ItemID    int64
	Name      string
	ItemDesc  string
	// ReplacedBy is who put another text in its place.
	ReplacedBy int64
	ReplacedAt time.Time
}

// TableName is not the type's: a version of what, it must say.
func (version) TableName() string { return "text_version" }

// Version is an earlier text as it is shown.
type Version struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Desc string `json:"desc"`
	// ReplacedAt is when it stopped being the text.
	ReplacedAt time.Time `json:"replacedAt"`
	// ReplacedBy is empty for somebody whose account is gone.
	ReplacedBy string `json:"replacedBy"`
}

// validKind tells whether texts of this kind are kept.
func validKind(k projects.TextKind) bool {
	return k == projects.TextOfProject || k == projects.TextOfList || k == projects.TextOfCard
}
