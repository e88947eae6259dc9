package notifications

import (
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

const (
	// maxShown is how many notifications the bell shows.
	maxShown = 100
	// keptRead is how long a notification is kept that was read, keptUnread one that
	// was not.
	keptRead   = 30 * 24 * time.Hour
	keptUnread = 90 * 24 * time.Hour
	// maxText is the width of the columns of name and excerpt.
	maxText = 256
	// groupFrom is how many unread ones in a row, of one kind, person and project, the
	// bell shows as one entry.
	groupFrom = 4
)

// changed is the event that asks a person's pages to read notifications again;
// read says that some were read on another page.
const (
	changed = "notifications_changed"
	read    = "notifications_read"
)

// notification is a row of notification.
type notification struct {
	ID        int64
	UserID    int64
	Kind      string
	Variant   string
	Subject   string
	ProjectID *int64
	CardID    *int64
	ByID      *int64
	Name      string
	Excerpt   string
	Path      string
	Count     int
	At        time.Time
	Listed    bool
	ReadAt    *time.Time
	MailAt    *time.Time
	PushAt    *time.Time
	// PushedAt is when browsers told of it: they do not within pushAgain while it is
	// unread.
	PushedAt *time.Time
	// MailedAt is when a mail told of it: no second one does while it is unread.
	MailedAt *time.Time
}

// TableName is for GORM.
func (notification) TableName() string { return "notification" }

// Entry is a notification as pages show it.
type Entry struct {
	ID int64
	// By is nil if no one has done it, or the account was deleted.
	By *accounts.Person
	// Text is the key of its sentence.
	Text                   string
	Name, Excerpt, Project string
	Count                  int
	At                     time.Time
	Read                   bool
	// More are older ones of the same kind, person and project.
	More []Entry
	key  groupKey
}

// groupKey says which notifications can be shown as one entry.
type groupKey struct {
	kind          string
	by, projectID int64
}

// Who returns what the person is called who has done it; empty for no one.
func (e Entry) Who() string {
	if e.By == nil {
		return ""
	}
	return e.By.Called()
}

// MoreIDs returns the ids of More, for a field of a form.
func (e Entry) MoreIDs() string {
	ids := make([]string, len(e.More))
	for i, m := range e.More {
		ids[i] = strconv.FormatInt(m.ID, 10)
	}
	return strings.Join(ids, " ")
}

// Path returns the address that marks the notification as read and leads to what
// it is about.
func (e Entry) Path() string { return pathOf(e.ID) }

// entryOf returns a row as an entry.
func entryOf(n notification, kind module.NotificationKind, people map[int64]accounts.Person, project string) Entry {
	e := Entry{
		ID: n.ID, Text: textOf(n, kind), Name: n.Name, Excerpt: n.Excerpt, Project: project, Count: n.Count, At: n.At, Read: n.ReadAt != nil,
		key: groupKey{n.Kind, valueOf(n.ByID), valueOf(n.ProjectID)},
	}
	if by, ok := people[valueOf(n.ByID)]; ok {
		e.By = &by
	}
	return e
}

// textOf returns the key of the sentence of a row.
func textOf(n notification, kind module.NotificationKind) string {
	if n.Count > 1 && kind.Many != "" {
		return kind.Many
	}
	if text, ok := kind.Variants[n.Variant]; ok {
		return text
	}
	return kind.Text
}

// grouped returns entries, newest first, with unread ones that follow each other and
// have the same key as one, if there are groupFrom of them or more.
func grouped(all []Entry) []Entry {
	var out []Entry
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && !all[i].Read && !all[end].Read && all[end].key == all[i].key {
			end++
		}
		if end-i >= groupFrom {
			first := all[i]
			first.More = all[i+1 : end]
			out = append(out, first)
		} else {
			out = append(out, all[i:end]...)
		}
		i = end
	}
	return out
}

// valueOf returns what id points to, 0 for nil.
func valueOf(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// orNil returns a pointer to id, nil for 0.
func orNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
