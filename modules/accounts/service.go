package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/text"
)

// Service looks people up and changes their names, profiles and switches. It is
// safe for concurrent use.
type Service struct {
	db          *db.DB
	repo        repository
	credentials Credentials
	bus         *events.Bus
	log         *slog.Logger
	pictures    *pictures
	streams     *realtime.Streams
	// internal are the events of people's streams that servers carry out.
	internal map[string]func(ctx context.Context, userID int64, payload json.RawMessage)
	// routeNames returns the first segments of all routes.
	routeNames func() []string
}

// ByIDs returns the verified people with these ids, in one statement; ids
// without one are missing in the result.
func (s *Service) ByIDs(ctx context.Context, ids []int64) (map[int64]Person, error) {
	return s.byIDs(ctx, ids, false)
}

// Lock is ByIDs and locks the people's rows until the transaction of ctx ends:
// until then a Lock of any of them waits, and none of their accounts is deleted.
func (s *Service) Lock(ctx context.Context, ids ...int64) (map[int64]Person, error) {
	return s.byIDs(ctx, ids, true)
}

func (s *Service) byIDs(ctx context.Context, ids []int64, lock bool) (map[int64]Person, error) {
	people := make(map[int64]Person, len(ids))
	if len(ids) == 0 {
		return people, nil
	}
	found, err := s.repo.people(ctx, db.Distinct(ids), lock)
	if err != nil {
		return nil, err
	}
	for _, u := range found {
		people[u.ID] = u.Person()
	}
	return people, nil
}

// ByName returns the verified person with this name, ignoring case; Person.Name
// is in the stored spelling. NotFound if there is none.
func (s *Service) ByName(ctx context.Context, name string) (Person, error) {
	if !validName(name) {
		return Person{}, errs.Of(errs.NotFound)
	}
	return s.ByNameOrEmail(ctx, name)
}

// ByNameOrEmail returns the verified person with this name, or else this
// verified address. NotFound if there is none.
func (s *Service) ByNameOrEmail(ctx context.Context, typed string) (Person, error) {
	u, err := s.verified(ctx, typed)
	if err != nil {
		return Person{}, err
	}
	return u.Person(), nil
}

func (s *Service) verified(ctx context.Context, typed string) (User, error) {
	u, err := s.credentials.Find(ctx, typed)
	if err == nil && !u.SignUpComplete {
		err = errs.Of(errs.NotFound)
	}
	return u, err
}

// MailboxOf returns where mails to a verified person go. NotFound if there is no
// such person, or the person has no address.
func (s *Service) MailboxOf(ctx context.Context, userID int64) (Mailbox, error) {
	u, err := s.repo.mailbox(ctx, userID)
	if err != nil || u.Email == nil {
		return Mailbox{}, orNotFound(err)
	}
	return Mailbox{Address: *u.Email, Lang: u.Lang}, nil
}

// SetLang stores the language of mails to the actor. Errors: Unauthenticated.
func (s *Service) SetLang(ctx context.Context, by Actor, lang string) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.credentials.SetLang(ctx, by.UserID, lang) })
}

// orNotFound returns err, or NotFound if there is none.
func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return errs.Of(errs.NotFound)
}

// PrivateAmong returns those of the ids whose person has a private profile.
func (s *Service) PrivateAmong(ctx context.Context, ids []int64) (map[int64]bool, error) {
	found, err := s.repo.privateAmong(ctx, ids)
	private := make(map[int64]bool, len(found))
	for _, id := range found {
		private[id] = true
	}
	return private, err
}

// Set turns a switch on or off. StayLoggedIn is set with auth's SetPersistent,
// which also changes the actor's login. Errors: Unauthenticated; Invalid for an
// unknown switch.
func (s *Service) Set(ctx context.Context, by Actor, setting Setting, on bool) error {
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	column, ok := settingColumns[setting]
	if !ok {
		return errs.Field("setting", "accounts.settings.unknown")
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.set(ctx, by.UserID, column, on) })
}

// CheckNewName adds to the field newUsername of f what makes a name impossible
// for the actor. A change of case alone is possible.
func (s *Service) CheckNewName(ctx context.Context, f errs.Fields, by Actor, name string) error {
	u, err := s.own(ctx, by)
	if err != nil {
		return err
	}
	name = text.Identifier(name)
	problems := errs.Fields{}
	if s.CheckName(problems, "newUsername", name); len(problems) > 0 && (!validName(name) || !strings.EqualFold(name, u.Name)) {
		m := problems["newUsername"]
		f.Add("newUsername", m.Key, m.Params...)
		return nil
	}
	taken, err := s.repo.nameOfOther(ctx, u.ID, name)
	if taken {
		f.Add("newUsername", NameTaken)
	}
	return err
}

// Rename changes the actor's name: projects, links and drawn pictures follow.
// The caller has asked for the password. Errors: Invalid with the field
// newUsername if another person has the name; renamed is false if the actor has
// it already.
func (s *Service) Rename(ctx context.Context, by Actor, name string) (renamed bool, err error) {
	name = text.Identifier(name)
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		renamed, err = s.rename(ctx, by.UserID, name)
		return err
	})
	if errors.Is(err, errs.Of(errs.Conflict)) {
		err = errs.Field("newUsername", NameTaken)
	}
	return renamed, err
}

func (s *Service) rename(ctx context.Context, userID int64, name string) (renamed bool, err error) {
	u, err := s.credentials.Lock(ctx, userID)
	if err != nil || u.Name == name {
		return false, err
	}
	before := u
	u.Name = name
	if isDrawn(u.AvatarURL) && !strings.EqualFold(before.Name[:1], name[:1]) {
		u.AvatarURL, u.SmallAvatarURL = drawnPictures(name)
	}
	if err := s.repo.rename(ctx, u); err != nil {
		return false, err
	}
	return true, s.bus.Publish(ctx, Renamed{UserID: u.ID, OldName: before.Name, NewName: name, Person: u.Person()})
}

// Delete deletes the actor's account, in the transaction of ctx or one of its
// own: Deleting lets every module delete its rows about the person. The picture
// is deleted after the commit. The caller has asked for the password. Errors:
// NotFound.
func (s *Service) Delete(ctx context.Context, by Actor) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.credentials.Lock(ctx, by.UserID)
		if err != nil {
			return err
		}
		if err := s.bus.Publish(ctx, Deleting{UserID: u.ID, Name: u.Name}); err != nil {
			return err
		}
		if err := s.pictures.delete(ctx, u.AvatarURL); err != nil {
			return err
		}
		s.db.AfterCommit(ctx, func(ctx context.Context) { s.streams.End(ctx, u.ID) })
		return s.repo.deleteUser(ctx, u.ID)
	})
}

// warnAboutReservedNames logs the people whose profiles a route hides: they took
// their names before the route existed (contract, http.md section 5).
func (s *Service) warnAboutReservedNames(ctx context.Context) {
	names, err := s.repo.namesAmong(ctx, s.ReservedNames())
	if err != nil {
		s.log.WarnContext(ctx, "reserved names not checked", "error", err)
		return
	}
	for _, name := range names {
		s.log.WarnContext(ctx, "a user has a reserved name: their profile cannot be reached", "name", name)
	}
}
