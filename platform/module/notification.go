package module

import (
	"context"
	"time"
)

// Notification tells people of something: that someone has put them on a card, say. A
// module publishes it on the bus, in the transaction of what it tells, and declares
// its kind as a Notifier. Without the feature that shows notifications nothing
// listens, and nothing breaks.
type Notification struct {
	// Kind is the name of a NotificationKind.
	Kind string
	// To are the ids of the recipients. By, who has done it, is never notified; 0 for
	// no one.
	To []int64
	By int64
	// ProjectID is the project that it is about, 0 for none. Only members of it are
	// notified, and the notification ends with the membership. CardID is the card that
	// it is about, 0 for none; the notification ends with the card.
	ProjectID, CardID int64
	// Subject is what notifications of one kind have in common that become one entry
	// while they are unread, such as "card:12", of at most 64 characters. Withdrawing
	// names it. Empty for a notification that stays alone.
	Subject string
	// Variant chooses one of the kind's Variants; empty for its Text.
	Variant string
	// Name and Excerpt are shown: what it happened to, and words of a text.
	Name, Excerpt string
	// Path is where it leads; empty for the card or the board.
	Path string
}

// NotificationWithdrawn is published in the transaction after which notifications of
// a kind and subject say nothing new: a request that was answered, a chat that was
// read. Unread ones are deleted; of all kinds if Kind is empty, of the people To, or of
// everyone if it is nil.
type NotificationWithdrawn struct {
	Kind, Subject string
	To            []int64
}

// NotificationsRead is published in the transaction in which a person marks all
// notifications up to a time as read.
type NotificationsRead struct {
	UserID int64
	Until  time.Time
}

// NotificationKind is a kind of notification with its texts.
type NotificationKind struct {
	// Name begins with the module's name, "cards.assigned", and is the key of what the
	// settings call the kind. At most 32 characters.
	Name string
	// Text is the key of the sentence, which has the parameters Who, Name and Project.
	// Many is the key of the sentence for several of one subject, which has Count
	// besides; empty if that makes no difference. Variants are keys of other sentences,
	// of a single one if there is Many.
	Text, Many string
	Variants   map[string]string
	// OwnEntry is true if the module shows it at the bell by itself (HomeGuest), so
	// that the settings are about mails and browsers only.
	OwnEntry bool
	// AlwaysShown is true if it cannot be turned off, since it is there to be answered.
	AlwaysShown bool
	// OfProject is true if people may choose it for each project.
	OfProject bool
	// Mail is when a mail tells of it, unless people choose otherwise; Push is
	// whether their browsers do.
	Mail MailTiming
	Push bool
	// Current, if it is not nil, returns what notifications of these subjects say at this
	// moment to a person. It is asked before they leave the program, such as by mail:
	// those whose subject it does not return are not sent, since the person has read
	// the thing elsewhere or may not see it any more.
	Current func(ctx context.Context, userID int64, subjects []string) (map[string]NotificationContent, error)
}

// NotificationContent is what a notification says. Zero values leave what it said
// when it was published.
type NotificationContent struct {
	// By is the id of the person who has done it; 0 for no one.
	By            int64
	Name, Excerpt string
	// Count is how many of its subject there are, At the time of the newest.
	Count int
	At    time.Time
}

// MailTiming says when a mail tells of a notification.
type MailTiming string

// The timings. A digest tells once a day of what is unread.
const (
	MailNever  MailTiming = "never"
	MailAtOnce MailTiming = "atOnce"
	MailDigest MailTiming = "digest"
)

// Notifier is a module that declares kinds of notifications.
type Notifier interface{ NotificationKinds() []NotificationKind }
