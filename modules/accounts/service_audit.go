package accounts

import (
	"context"
	"net/netip"
	"time"
)

// EventKind says what happened to somebody's credentials.
type EventKind string

// The kinds of events that people find on their security page.
const (
	EventSignedUp        EventKind = "signedUp"
	EventLoggedIn        EventKind = "loggedIn"
	EventNewDevice       EventKind = "newDevice" // a log-in from a device or network not seen before
	EventLoginEnded      EventKind = "loginEnded"
	EventOthersEnded     EventKind = "othersEnded"
	EventAllEnded        EventKind = "allEnded"
	EventPasswordChanged EventKind = "passwordChanged"
	EventResetAsked      EventKind = "resetAsked"
	EventPasswordReset   EventKind = "passwordReset"
	EventRenamed         EventKind = "renamed"
	EventEmailAsked      EventKind = "emailAsked"
	EventEmailChanged    EventKind = "emailChanged"
	EventFactorOn        EventKind = "factorOn"
	EventFactorOff       EventKind = "factorOff"
	EventCodesRenewed    EventKind = "codesRenewed"
	EventCodeUsed        EventKind = "codeUsed" // a recovery code
	EventSuspended       EventKind = "suspended"
	EventUnsuspended     EventKind = "unsuspended"
)

// eventTexts are the catalogue keys of the kinds, as lists show them.
var eventTexts = map[EventKind]string{
	EventSignedUp:        "accounts.audit.signedUp",
	EventLoggedIn:        "accounts.audit.loggedIn",
	EventNewDevice:       "accounts.audit.newDevice",
	EventLoginEnded:      "accounts.audit.loginEnded",
	EventOthersEnded:     "accounts.audit.othersEnded",
	EventAllEnded:        "accounts.audit.allEnded",
	EventPasswordChanged: "accounts.audit.passwordChanged",
	EventResetAsked:      "accounts.audit.resetAsked",
	EventPasswordReset:   "accounts.audit.passwordReset",
	EventRenamed:         "accounts.audit.renamed",
	EventEmailAsked:      "accounts.audit.emailAsked",
	EventEmailChanged:    "accounts.audit.emailChanged",
	EventFactorOn:        "accounts.audit.factorOn",
	EventFactorOff:       "accounts.audit.factorOff",
	EventCodesRenewed:    "accounts.audit.codesRenewed",
	EventCodeUsed:        "accounts.audit.codeUsed",
	EventSuspended:       "accounts.audit.suspended",
	EventUnsuspended:     "accounts.audit.unsuspended",
}

// logInKinds are the kinds that came from somebody who had proved who they are;
// anybody can ask for a new password.
var logInKinds = []EventKind{EventSignedUp, EventLoggedIn, EventNewDevice, EventPasswordReset}

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
	Kind      EventKind
	Device    string // as deviceName has it
	Address   string
	CreatedAt time.Time
}

// TableName is for GORM.
func (accountEvent) TableName() string { return "account_event" }

// recordEvent notes, in the transaction of ctx, that somebody's credentials
// have changed: everything that changes them calls it in the same transaction.
func (s *Service) recordEvent(ctx context.Context, userID int64, kind EventKind, v Visit) error {
	return s.repo.insertEvent(ctx, &accountEvent{
		UserID: userID, Kind: kind, Device: deviceName(v.UserAgent), Address: v.Address, CreatedAt: s.db.Now(ctx),
	})
}

// recordAndTell is recordEvent for what somebody should learn even when they
// are not looking: a mail to the verified address says it too. The kind needs a
// text in noticeTexts.
func (s *Service) recordAndTell(ctx context.Context, u user, kind EventKind, v Visit) error {
	if err := s.recordEvent(ctx, u.ID, kind, v); err != nil || u.Email == nil {
		return err
	}
	m := noticeMail{
		Name: u.Name, Kind: kind, Device: deviceName(v.UserAgent), Address: v.Address, At: s.db.Now(ctx),
		NewEmail: verificationOf(u).Email,
	}
	msg, err := s.writer.notice(v.Lang, *u.Email, m)
	if err != nil {
		return err
	}
	return s.mails.Enqueue(ctx, msg)
}

// recordLogin notes a log-in, and tells its person by mail if device or network
// were not seen before. The first event of an account has nothing to compare
// with.
func (s *Service) recordLogin(ctx context.Context, u user, v Visit) error {
	seen, err := s.repo.seenPlaces(ctx, u.ID, logInKinds, seenPlaces)
	if err != nil {
		return err
	}
	if known(seen, v) {
		return s.recordEvent(ctx, u.ID, EventLoggedIn, v)
	}
	return s.recordAndTell(ctx, u, EventNewDevice, v)
}

func known(seen []accountEvent, v Visit) bool {
	var device, network bool
	for _, e := range seen {
		device = device || e.Device == deviceName(v.UserAgent)
		network = network || networkOf(e.Address) == networkOf(v.Address)
	}
	return len(seen) == 0 || device && network
}

// networkOf is what stays the same when a provider gives somebody another
// address: coarse on purpose, so that a mail means something.
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

// Event is something that happened to an account, as its person sees it.
type Event struct {
	Kind EventKind
	// TextKey is its text in the catalogue.
	TextKey string
	Device  string // empty if unknown
	Address string
	At      time.Time
}

// Events are the last things that happened to the actor's account, newest
// first.
func (s *Service) Events(ctx context.Context, by Actor) ([]Event, error) {
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
