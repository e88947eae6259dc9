package watching

import (
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// maxWatched is how many cards and lists of a project a person may watch.
const maxWatched = 1000

// watch is a row of the table: a person watches a card or a list.
type watch struct {
	UserID    int64            `gorm:"primaryKey;autoIncrement:false"`
	Subject   projects.Subject `gorm:"primaryKey"`
	ItemID    int64            `gorm:"primaryKey;autoIncrement:false"`
	ProjectID int64
	CreatedAt time.Time
}

// TableName returns the name of the table.
func (watch) TableName() string { return "watch" }

// Watched are the ids of the cards and lists that a person watches on a board.
type Watched struct {
	Cards []int64 `json:"cards"`
	Lists []int64 `json:"lists"`
}

func watchedOf(rows []watch) Watched {
	all := Watched{Cards: []int64{}, Lists: []int64{}}
	for _, w := range rows {
		if w.Subject == projects.CardSubject {
			all.Cards = append(all.Cards, w.ItemID)
		} else {
			all.Lists = append(all.Lists, w.ItemID)
		}
	}
	return all
}

// checkSubject returns an error for what cannot be watched.
func checkSubject(s projects.Subject) error {
	if s == projects.CardSubject || s == projects.ListSubject {
		return nil
	}
	return errs.Malformed("kind", "watching.error.kind")
}

// The variants of a notification, which choose its sentence. Other changes have none.
const (
	created  = "created"
	moved    = "moved"
	movedAll = "movedAll"
	attached = "attached"
	archived = "archived"
	deleted  = "deleted"
	restored = "restored"
)

// variantOf are the variants of kinds of projects.Happened; an empty one is no change
// that people are notified of.
var variantOf = map[string]string{ // read-only
	"cards.copied": created, "cardArchived": archived, "cardDeleted": deleted, "cardRestored": restored, "cardGivenUp": "",
	"listArchived": archived, "listDeleted": deleted, "listRestored": restored, "listGivenUp": "", "lists.copied": "",
}

// change is what happened to a card or a list.
type change struct {
	ProjectID int64
	Subject   projects.Subject
	ID        int64
	Name      string
	// Lists are those of the card; none if they are not known.
	Lists   []int64
	Variant string
	Excerpt string
	By      accounts.Actor
}
