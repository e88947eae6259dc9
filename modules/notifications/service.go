package notifications

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/push"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/seal"
	"taskstack.org/platform/text"
)

// People is what notifications needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
	MailboxOf(ctx context.Context, userID int64) (accounts.Mailbox, error)
	SetLang(ctx context.Context, by accounts.Actor, lang string) error
}

// Boards is what notifications needs of projects.
type Boards interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]projects.Project, error)
	MemberIDs(ctx context.Context, p projects.Project) (map[int64]bool, error)
	Home(ctx context.Context, by accounts.Actor, also []int64) (projects.HomeTiles, error)
}

// Logins is what notifications needs of auth.
type Logins interface {
	// Reachable reports whether a person may be sent mails, and when they were last here.
	Reachable(ctx context.Context, userID int64) (lastSeen time.Time, ok bool, err error)
}

// Service keeps notifications. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	people People
	boards Boards
	logins Logins
	kinds  map[string]module.NotificationKind
	order  []string
	mails  mailQueue
	writer mailWriter
	seal   *seal.Sealer
	log    *slog.Logger
	// push sends to browsers; nil where the operator has turned that off.
	push     *push.Sender
	realtime *realtime.Server
}

// addKinds registers kinds. Only while wiring.
func (s *Service) addKinds(kinds []module.NotificationKind) {
	for _, k := range kinds {
		s.kinds[k.Name] = k
		s.order = append(s.order, k.Name)
	}
}

// Kinds returns all kinds, in the order of modules.
func (s *Service) Kinds() []module.NotificationKind {
	all := make([]module.NotificationKind, len(s.order))
	for i, name := range s.order {
		all[i] = s.kinds[name]
	}
	return all
}

// onNotification stores a notification for each recipient, in the publisher's
// transaction: as a new row, or as one more of an unread row of the same subject.
func (s *Service) onNotification(ctx context.Context, n module.Notification) error {
	kind, known := s.kinds[n.Kind]
	if !known {
		return fmt.Errorf("notifications: kind %q is not declared: add it to NotificationKinds of its module", n.Kind)
	}
	to, err := s.recipients(ctx, kind, n)
	if err != nil || len(to) == 0 {
		return err
	}
	row := notification{
		Kind: n.Kind, Variant: n.Variant, Subject: n.Subject, ProjectID: orNil(n.ProjectID), CardID: orNil(n.CardID), ByID: orNil(n.By),
		Name: text.Cut(n.Name, maxText), Excerpt: text.Cut(n.Excerpt, maxText), Path: n.Path, Count: 1, At: s.db.Now(ctx),
	}
	if err := s.store(ctx, kind, row, to); err != nil {
		return err
	}
	s.announcePush(ctx, to)
	if kind.OwnEntry {
		return nil // the pages learn of it by the module's own events
	}
	return s.people.Deliver(ctx, changed, nil, idsOf(to)...)
}

// recipient is a person who is notified.
type recipient struct {
	ID     int64
	Choice Choice
	// Push is whether browsers tell the person.
	Push bool
}

func idsOf(all []recipient) []int64 {
	ids := make([]int64, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	return ids
}

// recipients returns who is notified, in the order of ids: of a project, those of its
// members who want to hear of it.
func (s *Service) recipients(ctx context.Context, kind module.NotificationKind, n module.Notification) ([]recipient, error) {
	ids := db.Distinct(n.To)
	ids = slices.DeleteFunc(ids, func(id int64) bool { return id == 0 || id == n.By })
	if len(ids) == 0 {
		return nil, nil
	}
	to, err := s.choosing(ctx, kind, ids)
	if err != nil || len(to) == 0 || n.ProjectID == 0 {
		return to, err
	}
	boards, err := s.boards.ByIDs(ctx, []int64{n.ProjectID})
	if err != nil {
		return nil, err
	}
	members, err := s.boards.MemberIDs(ctx, boards[n.ProjectID])
	if err != nil {
		return nil, err
	}
	muters, err := s.repo.mutersOf(ctx, n.ProjectID, idsOf(to))
	return slices.DeleteFunc(to, func(r recipient) bool { return !members[r.ID] || muters[r.ID] && kind.OfProject }), err
}

// choosing returns those of people who want to be told of a kind. The entries of some
// kinds are those of their modules: of these, a row is stored for mails and pushes only.
func (s *Service) choosing(ctx context.Context, kind module.NotificationKind, ids []int64) ([]recipient, error) {
	choices, err := s.repo.chosenFor(ctx, kind.Name, ids)
	if err != nil {
		return nil, err
	}
	pushes, err := s.pushedTo(ctx, kind, ids)
	var to []recipient
	for _, id := range ids {
		choice, ok := choices[id]
		if !ok {
			choice = defaultOf(kind)
		}
		if choice == ChoiceOff || kind.OwnEntry && !choice.byMail() && !pushes[id] {
			continue
		}
		to = append(to, recipient{id, choice, pushes[id]})
	}
	return to, err
}

// store adds the row to unread ones of its subject, and inserts it for the others.
func (s *Service) store(ctx context.Context, kind module.NotificationKind, row notification, to []recipient) error {
	row.Listed = !kind.OwnEntry
	have := map[int64]bool{}
	if row.Subject != "" {
		grown, err := s.repo.grow(ctx, row, idsOf(to))
		if err != nil {
			return err
		}
		for _, id := range grown {
			have[id] = true
		}
		again := slices.DeleteFunc(slices.Clone(to), func(r recipient) bool { return !have[r.ID] })
		if err := s.growPush(ctx, row, again); err != nil {
			return err
		}
	}
	to = slices.DeleteFunc(slices.Clone(to), func(r recipient) bool { return have[r.ID] })
	rows, err := s.rowsFor(ctx, row, to)
	if err != nil {
		return err
	}
	return s.repo.insert(ctx, rows)
}

// rowsFor returns a row for each recipient, with the times of its mail and push.
func (s *Service) rowsFor(ctx context.Context, row notification, to []recipient) ([]notification, error) {
	var timed []int64
	for _, r := range to {
		if r.Choice.byMail() || r.Push {
			timed = append(timed, r.ID)
		}
	}
	settings, err := s.repo.persons(ctx, timed...)
	if err != nil {
		return nil, err
	}
	rows := make([]notification, len(to))
	for i, r := range to {
		rows[i] = row
		rows[i].UserID, rows[i].MailAt = r.ID, settings[r.ID].mailAt(r.Choice, row.At)
		if r.Push {
			at := settings[r.ID].pushAt(row.At)
			rows[i].PushAt = &at
		}
	}
	return rows, nil
}

// onWithdrawn deletes unread notifications that say nothing new.
func (s *Service) onWithdrawn(ctx context.Context, w module.NotificationWithdrawn) error {
	ids, err := s.repo.withdraw(ctx, w.Kind, w.Subject, w.To)
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.people.Deliver(ctx, changed, nil, ids...)
}

// onRead marks all notifications of a person up to a time as read.
func (s *Service) onRead(ctx context.Context, e module.NotificationsRead) error {
	return s.repo.markUntil(ctx, e.UserID, e.Until, s.db.Now(ctx))
}

// onMemberRemoved deletes what a former member was told of a project: they may not
// see it any more.
func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	had, err := s.repo.deleteOfProject(ctx, e.UserID, e.ProjectID)
	if err != nil || !had {
		return err
	}
	return s.people.Deliver(ctx, changed, nil, e.UserID)
}

// onProjectRemoved deletes what people were told of a project that was deleted, whether
// or not it will be restored.
func (s *Service) onProjectRemoved(ctx context.Context, e projects.Removed) error {
	ids, err := s.repo.toldOf(ctx, e.Project.ID)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := s.repo.deleteAllOfProject(ctx, e.Project.ID); err != nil {
		return err
	}
	return s.people.Deliver(ctx, changed, nil, ids...)
}

// Mark marks notifications of the actor's own as read. The person's other pages
// follow. It ignores ids of other rows.
//
// Errors: Unauthenticated.
func (s *Service) Mark(ctx context.Context, by accounts.Actor, ids []int64) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.repo.mark(ctx, by.UserID, ids, s.db.Now(ctx)); err != nil {
			return err
		}
		return s.people.Deliver(ctx, read, nil, by.UserID)
	})
}

// Open marks a notification of the actor's own as read, and returns the path of what
// it is about.
//
// Errors: Unauthenticated, NotFound.
func (s *Service) Open(ctx context.Context, by accounts.Actor, id int64) (path string, err error) {
	n, err := s.markOpened(ctx, by, id)
	if err != nil || n.Path != "" || n.ProjectID == nil {
		return n.Path, err
	}
	boards, err := s.boards.ByIDs(ctx, []int64{*n.ProjectID})
	if err != nil {
		return "", err
	}
	board, ok := boards[*n.ProjectID]
	if !ok {
		return "", errs.Of(errs.NotFound)
	}
	if n.CardID == nil {
		return board.URL(), nil
	}
	return fmt.Sprintf("%s?card=%d", board.URL(), *n.CardID), nil
}

// markOpened marks a notification of the actor's own as read and returns it.
func (s *Service) markOpened(ctx context.Context, by accounts.Actor, id int64) (n notification, err error) {
	if !by.SignedIn() {
		return n, errs.Of(errs.Unauthenticated)
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if n, err = s.repo.find(ctx, by.UserID, id); err != nil || n.ReadAt != nil {
			return err
		}
		return s.Mark(ctx, by, []int64{id})
	})
	return n, err
}

// Sweep deletes old notifications.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.db.Now(ctx)
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.prune(ctx, now.Add(-keptRead), now.Add(-keptUnread)) })
}
