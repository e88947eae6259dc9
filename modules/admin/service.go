package admin

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

// People is what admin needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	ByName(ctx context.Context, name string) (accounts.Person, error)
	Directory(ctx context.Context, q accounts.DirectoryQuery) ([]accounts.DirectoryEntry, error)
	// Delete deletes the actor's account with all that belongs to it.
	Delete(ctx context.Context, by accounts.Actor) error
}

// Passwords is what admin needs of auth to find out who sends a request.
type Passwords interface {
	Confirmed(ctx context.Context, by accounts.Actor, c auth.Confirmation, f errs.Fields, change func(ctx context.Context) error) error
	Proved(ctx context.Context, by accounts.Actor, p auth.Proof, info auth.RequestInfo, done func(ctx context.Context) error) error
	HasSecondFactor(ctx context.Context, by accounts.Actor) (bool, error)
}

// Logins is what admin needs of auth to suspend accounts.
type Logins interface {
	SuspendFor(ctx context.Context, userID int64, reason string, until *time.Time) error
	Unsuspend(ctx context.Context, userID int64) error
	Suspensions(ctx context.Context, userIDs ...int64) (map[int64]auth.Suspension, error)
	NewestSuspensions(ctx context.Context, limit int) ([]auth.Suspension, error)
}

// Access is what admin needs of auth about the way into an account.
type Access interface {
	State(ctx context.Context, userID int64) (auth.AccountState, error)
	Verify(ctx context.Context, userID int64, lang string) error
	SendReset(ctx context.Context, userID int64, lang string) error
	EndLogins(ctx context.Context, userID int64) (int, error)
}

// Boards is what admin needs of projects: how many a person has, and the public ones.
type Boards interface {
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	OwnedBy(ctx context.Context, by accounts.Actor, owner accounts.Person) ([]projects.Project, error)
	JoinedCount(ctx context.Context, userID int64) (int, error)
}

// Service holds the rules of administration. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	repo      repository
	people    People
	passwords Passwords
	logins    Logins
	access    Access
	boards    Boards
	bus       *events.Bus
	// facts read what modules add to the page of a person.
	facts []func(ctx context.Context, userID int64) ([]module.AdminFact, error)
	// hint are the administrators as this server last saw them: whom the account
	// menu shows its entry. It decides nothing.
	hint atomic.Pointer[map[int64]bool]
}

// errUnconfirmed says that an administrator has to prove who they are first.
var errUnconfirmed = errors.New("the administrator has not confirmed who they are within the last half hour")

// check is NotFound for everyone but administrators, and errUnconfirmed for one who
// has not proved who they are within the last half hour. In a transaction it holds
// until its end.
func (s *Service) check(ctx context.Context, by accounts.Actor, lock bool) error {
	if err := s.checkAdmin(ctx, by, lock); err != nil {
		return err
	}
	at, err := s.repo.confirmedAt(ctx, by.LoginID)
	if err == nil && s.db.Now(ctx).Sub(at) >= confirmedFor {
		err = errUnconfirmed
	}
	return err
}

// checkAdmin is NotFound for everyone but administrators.
func (s *Service) checkAdmin(ctx context.Context, by accounts.Actor, lock bool) error {
	if !by.SignedIn() {
		return errs.Of(errs.NotFound)
	}
	is, err := s.repo.isAdmin(ctx, by.UserID, lock)
	if err == nil && !is {
		err = errs.Of(errs.NotFound)
	}
	return err
}

// Confirm notes that the actor has proved who they are. Errors: NotFound; Invalid with
// the fields password, code; RateLimited.
func (s *Service) Confirm(ctx context.Context, by accounts.Actor, p auth.Proof, info auth.RequestInfo) error {
	if err := s.checkAdmin(ctx, by, false); err != nil {
		return err
	}
	return s.passwords.Proved(ctx, by, p, info, func(ctx context.Context) error {
		if err := s.checkAdmin(ctx, by, true); err != nil {
			return err
		}
		return s.repo.saveConfirmation(ctx, &confirmation{LoginID: by.LoginID, ConfirmedAt: s.db.Now(ctx)})
	})
}

// act carries out an act and records it, in one transaction in which the
// administrator is checked again. do completes the entry.
func (s *Service) act(ctx context.Context, by Acting, entry AuditEntry, do func(ctx context.Context, e *AuditEntry) error) error {
	if err := s.check(ctx, by.Actor, false); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.checkedAct(ctx, by, entry, do) })
}

// dangerousAct is act after the password was right. Errors: Invalid with the field
// password; RateLimited; those of act.
func (s *Service) dangerousAct(ctx context.Context, by Acting, entry AuditEntry, do func(ctx context.Context, e *AuditEntry) error) error {
	if err := s.check(ctx, by.Actor, false); err != nil {
		return err
	}
	c := auth.Confirmation{Field: "password", Password: by.Password}
	return s.passwords.Confirmed(ctx, by.Actor, c, errs.Fields{}, func(ctx context.Context) error {
		return s.checkedAct(ctx, by, entry, do)
	})
}

func (s *Service) checkedAct(ctx context.Context, by Acting, entry AuditEntry, do func(ctx context.Context, e *AuditEntry) error) error {
	if err := s.check(ctx, by.Actor, true); err != nil {
		return err
	}
	id := by.UserID
	entry.ByID, entry.ByName, entry.Reason, entry.Address = &id, by.Name, by.Reason, by.Address
	if err := do(ctx, &entry); err != nil {
		return err
	}
	return s.record(ctx, entry)
}

// record adds a row to the audit log, in the transaction of ctx.
func (s *Service) record(ctx context.Context, e AuditEntry) error {
	e.ID, e.At = 0, s.db.Now(ctx)
	e.Subject, e.BeforeText, e.AfterText = text.Cut(e.Subject, 128), text.Cut(e.BeforeText, 512), text.Cut(e.AfterText, 512)
	return s.repo.insertAudit(ctx, &e)
}

// Errors of changes of administrators.
func errLast() error        { return errs.New(errs.Conflict, "admin.last") }
func errUnverified() error  { return errs.New(errs.Conflict, "admin.unverified") }
func errIsAdmin() error     { return errs.New(errs.Conflict, "admin.isAdmin") }
func errIsNoAdmin() error   { return errs.New(errs.Conflict, "admin.isNoAdmin") }
func errIsSuspended() error { return errs.New(errs.Conflict, "admin.isSuspended") }

// add makes a person an administrator, in the transaction of ctx. Errors: Conflict if
// the person is one.
func (s *Service) add(ctx context.Context, userID int64, origin string) error {
	err := s.repo.insertAdmin(ctx, &siteAdmin{UserID: userID, Origin: origin, AddedAt: s.db.Now(ctx)})
	if errs.KindOf(err) == errs.Conflict {
		return errIsAdmin()
	}
	if err != nil {
		return err
	}
	// The tokens of a fresh installation are for its first administrator only.
	if _, err := s.repo.deleteClaims(ctx); err != nil {
		return err
	}
	s.db.AfterCommit(ctx, s.readHint)
	return nil
}

// remove takes the right from an administrator, in the transaction of ctx. Errors:
// Conflict if the person is none, or the last one.
func (s *Service) remove(ctx context.Context, userID int64) error {
	all, err := s.repo.admins(ctx, true)
	if err != nil {
		return err
	}
	removed, err := s.repo.deleteAdmin(ctx, userID)
	switch {
	case err != nil:
		return err
	case !removed:
		return errIsNoAdmin()
	case len(all) == 1:
		return errLast()
	}
	s.db.AfterCommit(ctx, s.readHint)
	return s.bus.Publish(ctx, module.AdminEnded{UserID: userID})
}

// AddByCommand makes the person of a name an administrator. Errors: NotFound; Conflict.
func (s *Service) AddByCommand(ctx context.Context, name string) (accounts.Person, error) {
	return s.byCommand(ctx, name, actMakeAdmin, func(ctx context.Context, p accounts.Person) error { return s.add(ctx, p.ID, byCommand) })
}

// RemoveByCommand takes the right from the administrator of a name. Errors: NotFound;
// Conflict, also for the last one.
func (s *Service) RemoveByCommand(ctx context.Context, name string) (accounts.Person, error) {
	return s.byCommand(ctx, name, actRemoveAdmin, func(ctx context.Context, p accounts.Person) error { return s.remove(ctx, p.ID) })
}

func (s *Service) byCommand(ctx context.Context, name, act string, do func(ctx context.Context, p accounts.Person) error) (p accounts.Person, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if p, err = s.people.ByName(ctx, name); err != nil {
			return err
		}
		if err := do(ctx, p); err != nil {
			return err
		}
		id := p.ID
		return s.record(ctx, AuditEntry{ByName: byCommand, Act: act, SubjectPersonID: &id, Subject: p.Name})
	})
	return p, err
}

// NewClaim returns a token that makes the account an administrator that uses it. It is
// empty unless there is no administrator and the installation is a fresh one: without
// accounts, or with a token that was not used yet. Tokens of other starts stay valid,
// the newest maxClaims, until one of them is used.
func (s *Service) NewClaim(ctx context.Context) (token string, err error) {
	for range maxClaims { // servers that start at once take the same id
		if token, err = s.newClaim(ctx); errs.KindOf(err) != errs.Conflict {
			break
		}
	}
	return token, err
}

func (s *Service) newClaim(ctx context.Context) (token string, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		admins, err := s.repo.admins(ctx, true)
		if err == nil && len(admins) > 0 {
			_, err = s.repo.deleteClaims(ctx) // of a start at the moment of the first claim
			return err
		}
		if err != nil {
			return err
		}
		waiting, err := s.repo.claims(ctx, true)
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			someone, err := s.people.Directory(ctx, accounts.DirectoryQuery{Limit: 1})
			if err != nil || len(someone) > 0 {
				return err
			}
		}
		for _, old := range waiting[:max(0, len(waiting)+1-maxClaims)] {
			if err := s.repo.deleteClaim(ctx, old.ID); err != nil {
				return err
			}
		}
		id := int64(1)
		if n := len(waiting); n > 0 {
			id += waiting[n-1].ID
		}
		token = newToken()
		return s.repo.insertClaim(ctx, &claim{ID: id, TokenHash: hashToken(token), CreatedAt: s.db.Now(ctx)})
	})
	return token, err
}

// CanClaim reports whether the site waits for its first administrator.
func (s *Service) CanClaim(ctx context.Context) (bool, error) {
	all, err := s.repo.claims(ctx, false)
	if err != nil || len(all) == 0 {
		return false, err
	}
	admins, err := s.repo.admins(ctx, false)
	return len(admins) == 0, err
}

// Claim makes the actor the first administrator, with a token of a first start. Of
// several who do so at the same moment one succeeds: the one who deletes the tokens.
// Errors: NotFound for visitors, and if a token was used; Invalid with the field claim.
func (s *Service) Claim(ctx context.Context, by Acting, token string) error {
	if !by.SignedIn() {
		return errs.Of(errs.NotFound)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		valid, err := s.repo.claims(ctx, true)
		if err != nil {
			return err
		}
		admins, err := s.repo.admins(ctx, true)
		if err == nil && (len(valid) == 0 || len(admins) > 0) {
			err = errs.Of(errs.NotFound)
		}
		if err != nil {
			return err
		}
		if !isAmong(valid, token) {
			return errs.Field("claim", "admin.claim.wrong")
		}
		deleted, err := s.repo.deleteClaims(ctx)
		if err == nil && deleted == 0 {
			err = errs.Of(errs.NotFound)
		}
		if err != nil {
			return err
		}
		if err := s.add(ctx, by.UserID, byToken); err != nil {
			return err
		}
		id := by.UserID
		return s.record(ctx, AuditEntry{ByID: &id, ByName: by.Name, Act: actClaim, SubjectPersonID: &id, Subject: by.Name, Address: by.Address})
	})
}

// isAmong reports whether a typed token is one of those that are valid, in a time that
// does not depend on which.
func isAmong(valid []claim, typed string) bool {
	hash := []byte(hashToken(strings.ToLower(strings.TrimSpace(typed))))
	found := 0
	for _, c := range valid {
		found |= subtle.ConstantTimeCompare(hash, []byte(c.TokenHash))
	}
	return found == 1
}

// Administrator is an administrator of the site.
type Administrator struct {
	accounts.Person
	// Origin is the name of the person who made them one, or says what did.
	Origin  string
	AddedAt time.Time
}

// Administrators returns all, the oldest accounts first.
func (s *Service) Administrators(ctx context.Context) ([]Administrator, error) {
	rows, err := s.repo.admins(ctx, false)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.UserID
	}
	people, err := s.people.ByIDs(ctx, ids)
	all := make([]Administrator, 0, len(rows))
	for _, row := range rows {
		if p, ok := people[row.UserID]; ok {
			all = append(all, Administrator{Person: p, Origin: row.Origin, AddedAt: row.AddedAt})
		}
	}
	return all, err
}

// readHint reads who the administrators are. After an error the hint stays as it was.
func (s *Service) readHint(ctx context.Context) { _ = s.refreshHint(ctx) }

func (s *Service) refreshHint(ctx context.Context) error {
	rows, err := s.repo.admins(ctx, false)
	if err != nil {
		return err
	}
	ids := make(map[int64]bool, len(rows))
	for _, row := range rows {
		ids[row.UserID] = true
	}
	s.hint.Store(&ids)
	return nil
}

// seemsAdmin reports whether the account menu shows the entry.
func (s *Service) seemsAdmin(userID int64) bool {
	ids := s.hint.Load()
	return ids != nil && (*ids)[userID]
}

// onDeleting refuses the deletion of the last administrator, and takes the person's id
// out of the audit log. The row of an administrator ends with the account.
func (s *Service) onDeleting(ctx context.Context, e accounts.Deleting) error {
	all, err := s.repo.admins(ctx, true)
	if err != nil {
		return err
	}
	if len(all) == 1 && all[0].UserID == e.UserID {
		return errLast()
	}
	return s.repo.forgetPerson(ctx, e.UserID)
}

// tidy deletes what is too old.
func (s *Service) tidy(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.deleteAudit(ctx, s.db.Now(ctx).Add(-auditLife))
	})
}
