package notifications

import (
	"fmt"
	"time"

	// Time zones by name, also where the system has none.
	_ "time/tzdata"
)

const (
	// mailWait is how long a notification waits for being read before a mail tells of
	// it at once.
	mailWait = 2 * time.Minute
	// digestHour is the hour of the day at which digests are sent, in the person's time
	// zone.
	digestHour = 8
)

// person is a row of notification_person: the settings of a person. The zero value
// is that of people who have set nothing.
type person struct {
	UserID   int64 `gorm:"primaryKey;autoIncrement:false"`
	TimeZone string
	// QuietFrom and QuietTo are minutes after midnight; nil for no quiet hours.
	QuietFrom, QuietTo *int
	NoMails            bool
}

// TableName is for GORM.
func (person) TableName() string { return "notification_person" }

// zone returns the person's time zone; UTC if it is not known.
func (p person) zone() *time.Location {
	if zone, err := time.LoadLocation(p.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

// mailAt returns when a mail tells of what has happened now, nil for never.
func (p person) mailAt(c Choice, now time.Time) *time.Time {
	var at time.Time
	switch {
	case p.NoMails || !c.byMail():
		return nil
	case c == ChoiceAtOnce:
		at = p.afterQuiet(now.Add(mailWait))
	default:
		at = p.nextDigest(now)
	}
	return &at
}

// pushAt returns when browsers tell of what has happened now.
func (p person) pushAt(now time.Time) time.Time { return p.afterQuiet(now.Add(pushWait)) }

// nextDigest returns when the digest after a time is sent.
func (p person) nextDigest(after time.Time) time.Time {
	local := after.In(p.zone())
	at := time.Date(local.Year(), local.Month(), local.Day(), digestHour, 0, 0, 0, local.Location())
	if !at.After(after) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, digestHour, 0, 0, 0, local.Location())
	}
	return p.afterQuiet(at)
}

// afterQuiet returns at, or the end of the quiet hours that it falls into.
func (p person) afterQuiet(at time.Time) time.Time {
	if p.QuietFrom == nil || p.QuietTo == nil || *p.QuietFrom == *p.QuietTo {
		return at.UTC()
	}
	local := at.In(p.zone())
	minute, from, to := local.Hour()*60+local.Minute(), *p.QuietFrom, *p.QuietTo
	day := local.Day()
	switch {
	case from < to && from <= minute && minute < to: // within a day
	case from > to && minute < to: // since yesterday
	case from > to && minute >= from: // until tomorrow
		day++
	default:
		return at.UTC()
	}
	return time.Date(local.Year(), local.Month(), day, to/60, to%60, 0, 0, local.Location()).UTC()
}

// clockText returns minutes after midnight as a form shows them; empty for nil.
func clockText(minutes *int) string {
	if minutes == nil {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", *minutes/60, *minutes%60)
}

// parseClock reads what clockText has written; nil for what is no time of the day.
func parseClock(typed string) *int {
	at, err := time.Parse("15:04", typed)
	if err != nil {
		return nil
	}
	minutes := at.Hour()*60 + at.Minute()
	return &minutes
}
