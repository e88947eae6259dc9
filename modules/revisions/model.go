package revisions

import (
	"time"

	"taskstack.org/modules/projects"
)

// MaxRevisions is how many replaced texts of one item are kept.
const MaxRevisions = 30

// lifetime is how long a replaced text is kept.
const lifetime = 90 * 24 * time.Hour

// revision is a row of the table text_version.
type revision struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	Kind      projects.TextKind
	ItemID    int64
	Name      string
	ItemDesc  string
	// ReplacedBy is the id of the user who replaced the text.
	ReplacedBy int64
	ReplacedAt time.Time
}

// TableName implements gorm's Tabler: the table has an older name.
func (revision) TableName() string { return "text_version" }

// Revision is a replaced text as clients get it.
type Revision struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Desc string `json:"desc"`
	// ReplacedAt is when the text was replaced.
	ReplacedAt time.Time `json:"replacedAt"`
	// ReplacedBy is empty if that account was deleted.
	ReplacedBy string `json:"replacedBy"`
}

// validKind reports whether texts of this kind are kept.
func validKind(k projects.TextKind) bool {
	return k == projects.TextOfProject || k == projects.TextOfList || k == projects.TextOfCard
}
