package auth

import (
	"context"
	"net/netip"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/mail"
)

// eventKind is the kind of a security event.
type eventKind string

// The kinds of security events that a person finds on the security page.
const (
	eventSignedUp        eventKind = "signedUp"
	eventLoggedIn        eventKind = "loggedIn"
	eventNewDevice       eventKind = "newDevice" // a log-in from a device or network not seen before
	eventLoginEnded      eventKind = "loginEnded"
	eventOthersEnded     eventKind = "othersEnded"
	eventAllEnded        eventKind = "allEnded"
	eventPasswordChanged eventKind = "passwordChanged"
	eventResetAsked      eventKind = "resetAsked"
	eventPasswordReset   eventKind = "passwordReset"
	eventRenamed         eventKind = "renamed"
	eventEmailAsked      eventKind = "emailAsked"
	eventEmailChanged    eventKind = "emailChanged"
	eventFactorOn        eventKind = "factorOn"
	eventFactorOff       eventKind = "factorOff"
	eventCodesRenewed    eventKind = "codesRenewed"
	eventCodeUsed        eventKind = "codeUsed" // a recovery code
	eventSuspended       eventKind = "suspended"
	eventUnsuspended     eventKind = "unsuspended"
)

// eventTexts are the text keys of the kinds, as lists show them.
var eventTexts = map[eventKind]string{
	eventSignedUp:        "auth.audit.signedUp",
	eventLoggedIn:        "auth.audit.loggedIn",
	eventNewDevice:       "auth.audit.newDevice",
	eventLoginEnded:      "auth.audit.loginEnded",
	eventOthersEnded:     "auth.audit.othersEnded",
	eventAllEnded:        "auth.audit.allEnded",
	eventPasswordChanged: "auth.audit.passwordChanged",
	eventResetAsked:      "auth.audit.resetAsked",
	eventPasswordReset:   "auth.audit.passwordReset",
	eventRenamed:         "auth.audit.renamed",
	eventEmailAsked:      "auth.audit.emailAsked",
	eventEmailChanged:    "auth.audit.emailChanged",
	eventFactorOn:        "auth.audit.factorOn",
	eventFactorOff:       "auth.audit.factorOff",
	eventCodesRenewed:    "auth.audit.codesRenewed",
	eventCodeUsed:        "auth.audit.codeUsed",
	eventSuspended:       "auth.audit.suspended",
	eventUnsuspended:     "auth.audit.unsuspended",
}

// logInKinds are the kinds that need a password or a code. A request for a new
// password needs neither, so its place does not count as known.
var logInKinds = []eventKind{eventSignedUp, eventLoggedIn, eventNewDevice, eventPasswordReset}

const (
	// eventLife is how long events are kept.
	eventLife = 365 * 24 * time.Hour
	// shownEvents is how many the security page shows.
	shownEvents = 30
	// seenPlaces is how many devices and addresses a log-in is compared with.
	seenPlaces = 500
)

// accountEvent is a row of table account_event.
type accountEvent struct {
	ID        int64
	UserID    int64
	Kind      eventKind
	Device    string // as deviceName returns it
	Address   string
	CreatedAt time.Time
}

// TableName is for GORM.
func (accountEvent) TableName() string { return "account_event" }

// mailQueue takes mails in the transaction that causes them and sends them
// after its commit.
type mailQueue interface {
	Enqueue(ctx context.Context, m mail.Message) error
}

// Audit is the log of security events: everything that changes the credentials
// of a person records an event in the same transaction.
type Audit struct {
	*shared
	mails  mailQueue
	writer *mailWriter
}

// record stores a security event, in the transaction of ctx.
func (s *Audit) record(ctx context.Context, userID int64, kind eventKind, info RequestInfo) error {
	return s.repo.insertEvent(ctx, &accountEvent{
		UserID: userID, Kind: kind, Device: deviceName(info.UserAgent), Address: info.Address, CreatedAt: s.db.Now(ctx),
	})
}

// recordAndNotify is record for an event that the person should notice even when
// not signed in: it also sends a mail to the verified address. The kind needs a
// text in noticeTexts.
func (s *Audit) recordAndNotify(ctx context.Context, u accounts.User, kind eventKind, info RequestInfo) error {
	if err := s.record(ctx, u.ID, kind, info); err != nil || u.Email == nil {
		return err
	}
	newEmail, _ := u.PendingEmail()
	msg, err := s.writer.notice(info.Lang, *u.Email, noticeMail{
		Name: u.Name, Kind: kind, Device: deviceName(info.UserAgent), Address: info.Address, At: s.db.Now(ctx), NewEmail: newEmail,
	})
	if err != nil {
		return err
	}
	return s.mails.Enqueue(ctx, msg)
}

// RecordRename stores that a person was renamed, in the transaction of ctx.
func (s *Audit) RecordRename(ctx context.Context, by accounts.Actor, info RequestInfo) error {
	return s.record(ctx, by.UserID, eventRenamed, info)
}

// recordLogin stores a log-in, and notifies the person by mail if device or
// network were not seen before. The first event of an account has nothing to
// compare with.
func (s *Audit) recordLogin(ctx context.Context, u accounts.User, info RequestInfo) error {
	seen, err := s.repo.seenPlaces(ctx, u.ID, logInKinds, seenPlaces)
	if err != nil {
		return err
	}
	if known(seen, info) {
		return s.record(ctx, u.ID, eventLoggedIn, info)
	}
	return s.recordAndNotify(ctx, u, eventNewDevice, info)
}

func known(seen []accountEvent, info RequestInfo) bool {
	var device, network bool
	for _, e := range seen {
		device = device || e.Device == deviceName(info.UserAgent)
		network = network || networkOf(e.Address) == networkOf(info.Address)
	}
	return len(seen) == 0 || device && network
}

// networkOf returns the part of an address that stays the same when a provider
// assigns another one: coarse, so that a mail is rare enough to be read.
func networkOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	bits := 32
	if a = a.Unmap().WithZone(""); a.Is4() {
		bits = 16
	}
	network, err := a.Prefix(bits)
	if err != nil {
		return address
	}
	return network.String()
}

// Event is a security event as its person sees it.
type Event struct {
	Kind eventKind
	// TextKey is its text in the catalogue.
	TextKey string
	Device  string // empty if unknown
	Address string
	At      time.Time
}

// Events returns the last security events of the actor's account, newest first.
func (s *Audit) Events(ctx context.Context, by accounts.Actor) ([]Event, error) {
	rows, err := s.repo.events(ctx, by.UserID, shownEvents)
	if err != nil {
		return nil, err
	}
	all := make([]Event, len(rows))
	for i, e := range rows {
		all[i] = Event{Kind: e.Kind, TextKey: eventTexts[e.Kind], Device: e.Device, Address: e.Address, At: e.CreatedAt}
	}
	return all, nil
}
