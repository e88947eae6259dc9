package invites

import (
	"context"
	"slices"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/mail"
)

// Boards is what invites needs of projects.
type Boards interface {
	projects.Registrar
	Record(ctx context.Context, r projects.Request, action projects.Action,
		change func(ctx context.Context, c *projects.Change) ([]projects.Event, error)) (rev int64, err error)
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	MemberIDs(ctx context.Context, p projects.Project) (map[int64]bool, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]projects.Project, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
	AddInviteSource(source projects.InviteSource)
}

// People is what invites needs of accounts.
type People interface {
	ByNameOrEmail(ctx context.Context, typed string) (accounts.Person, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
}

// MailQueue takes mails in the transaction that causes them.
type MailQueue interface {
	Enqueue(ctx context.Context, m mail.Message) error
}

// changedEvent notifies a person's pages that the notifications have changed.
const changedEvent = "notifications_changed"

// Service holds the rules of invitations by e-mail. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	bus    *events.Bus
	boards Boards
	people People
	mails  MailQueue
	writer mailWriter
	limits limits
}

// Pending is an invitation that is open, or has expired, as those see it who may
// withdraw it.
type Pending struct {
	ID        int64
	Email     string
	Role      projects.Role
	From      string // name of the inviting person
	SentAt    time.Time
	ExpiresAt time.Time
	Expired   bool
}

// Send invites addresses to a project and sends each a mail in the language lang.
// An address with an open invitation to the project is left out. It returns how
// many were invited.
//
// The result is the same for an address with an account and for one without.
// Errors: those of projects.Record; Invalid with the fields emails and role;
// RateLimited.
func (s *Service) Send(ctx context.Context, r projects.Request, typed []string, role projects.Role, lang string) (sent int, err error) {
	_, err = s.boards.Record(ctx, r, projects.AddMembers, func(ctx context.Context, c *projects.Change) ([]projects.Event, error) {
		to, err := addresses(typed)
		if err != nil {
			return nil, err
		}
		if !role.IsCollaborator() {
			return nil, errs.Field("role", "projects.error.role")
		}
		if to, err = s.uninvited(ctx, c.ID, to); err != nil {
			return nil, err
		}
		if sent = len(to); sent == 0 {
			return nil, nil // a request that is sent again
		}
		if err := s.limits.take(r.By, to...); err != nil {
			return nil, err
		}
		for _, address := range to {
			if err := s.invite(ctx, r.By, c.Project, invite{Email: address, Role: role, Lang: lang}); err != nil {
				return nil, err
			}
		}
		return nil, s.bus.Publish(ctx, projects.Happened{
			ProjectID: c.ID, Rev: c.NextRev(), Kind: "invites.sent", ID: c.ID, Name: c.Called(), By: r.By, Details: sentDetails{Count: sent, Role: role},
		})
	})
	return sent, err
}

// uninvited returns the addresses without an open invitation to a project.
func (s *Service) uninvited(ctx context.Context, projectID int64, to []string) ([]string, error) {
	all, err := s.repo.inProject(ctx, projectID)
	if err != nil {
		return nil, err
	}
	now, pending := s.db.Now(ctx), 0
	for _, i := range all {
		if i.end(now) != "" {
			continue
		}
		pending++
		to = slices.DeleteFunc(to, func(address string) bool { return strings.EqualFold(address, i.Email) })
	}
	if pending+len(to) > maxPending {
		return nil, errs.Field("emails", "invites.error.tooMany", "Count", maxPending)
	}
	return to, nil
}

// invite stores an invitation and sends its mail.
func (s *Service) invite(ctx context.Context, by accounts.Actor, p projects.Project, i invite) error {
	now := s.db.Now(ctx)
	i.ProjectID, i.FromID, i.Code, i.SentAt, i.ExpiresAt = p.ID, by.UserID, newCode(), now, now.Add(lifetime)
	person, err := s.people.ByNameOrEmail(ctx, i.Email)
	switch {
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return err
	case err == nil && person.ID == by.UserID:
		return errs.Field("emails", "invites.error.self")
	case err == nil && !person.BlocksRequests:
		if i.ToID, err = s.shownTo(ctx, p, person.ID); err != nil {
			return err
		}
	}
	if err := s.repo.insert(ctx, &i); err != nil {
		return err
	}
	return s.deliver(ctx, by, p, i)
}

// shownTo returns the person whose start page shows an invitation, nil for a member.
func (s *Service) shownTo(ctx context.Context, p projects.Project, userID int64) (*int64, error) {
	members, err := s.boards.MemberIDs(ctx, p)
	if err != nil || members[userID] {
		return nil, err
	}
	return &userID, nil
}

// deliver sends the mail, and notifies the start page of the person it is for.
func (s *Service) deliver(ctx context.Context, by accounts.Actor, p projects.Project, i invite) error {
	people, err := s.people.ByIDs(ctx, []int64{by.UserID})
	if err != nil {
		return err
	}
	m, err := s.writer.write(i, people[by.UserID].Called(), p)
	if err != nil {
		return err
	}
	if err := s.mails.Enqueue(ctx, m); err != nil {
		return err
	}
	return s.notify(ctx, i.ToID)
}

// notify sends changedEvent to a person after the commit.
func (s *Service) notify(ctx context.Context, userID *int64) error {
	if userID == nil {
		return nil
	}
	return s.people.Deliver(ctx, changedEvent, nil, *userID)
}

// List returns the invitations of a project that are open or have expired, the
// newest first: all of them to those who manage invitations, their own to others
// who may invite, since addresses are private.
//
// Errors: NotFound, Forbidden.
func (s *Service) List(ctx context.Context, by accounts.Actor, projectID int64) ([]Pending, error) {
	in, err := s.boards.Require(ctx, by, projectID, projects.AddMembers)
	if err != nil {
		return nil, err
	}
	all, err := s.repo.inProject(ctx, projectID)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(i invite) bool { return !manages(in, by, i) })
	ids := make([]int64, len(all))
	for n, i := range all {
		ids[n] = i.FromID
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	now, pending := s.db.Now(ctx), make([]Pending, len(all))
	for n, i := range all {
		pending[n] = Pending{
			ID: i.ID, Email: i.Email, Role: i.Role, From: people[i.FromID].Called(), SentAt: i.SentAt, ExpiresAt: i.ExpiresAt,
			Expired: i.end(now) == projects.InviteExpired,
		}
	}
	return pending, nil
}

// manages reports whether a person sees, withdraws and resends an invitation.
func manages(in projects.Access, by accounts.Actor, i invite) bool {
	return in.Can(projects.ManageInvites) || i.FromID == by.UserID
}

// Withdraw ends an invitation, so that its link leads nowhere.
//
// Errors: those of projects.Record; NotFound for an invitation of another project or
// person, and for one that has ended.
func (s *Service) Withdraw(ctx context.Context, r projects.Request, id int64) error {
	return s.change(ctx, r, id, func(ctx context.Context, c *projects.Change, i invite) error {
		if err := s.notify(ctx, i.ToID); err != nil {
			return err
		}
		if err := s.repo.withdraw(ctx, i.ID, s.db.Now(ctx)); err != nil {
			return err
		}
		return s.bus.Publish(ctx, projects.Happened{ProjectID: c.ID, Rev: c.NextRev(), Kind: "invites.withdrawn", ID: c.ID, Name: c.Called(), By: r.By})
	})
}

// Resend sends the mail of an invitation once more, with the same code, so that both
// mails work, and opens it for another lifetime. The mail is in the language lang and
// names the actor.
//
// Errors: those of Withdraw; Invalid with the field emails for an address that has
// got enough mails; RateLimited.
func (s *Service) Resend(ctx context.Context, r projects.Request, id int64, lang string) error {
	return s.change(ctx, r, id, func(ctx context.Context, c *projects.Change, i invite) error {
		if err := s.limits.take(r.By, i.Email); err != nil {
			return err
		}
		now := s.db.Now(ctx)
		if err := s.repo.sentAgain(ctx, i.ID, now, lang); err != nil {
			return err
		}
		i.Lang, i.ExpiresAt = lang, now.Add(lifetime)
		return s.deliver(ctx, r.By, c.Project, i)
	})
}

// change runs change for an invitation that the actor manages.
func (s *Service) change(ctx context.Context, r projects.Request, id int64,
	change func(ctx context.Context, c *projects.Change, i invite) error,
) error {
	_, err := s.boards.Record(ctx, r, projects.AddMembers, func(ctx context.Context, c *projects.Change) ([]projects.Event, error) {
		all, err := s.repo.inProject(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		n := slices.IndexFunc(all, func(i invite) bool { return i.ID == id })
		if n < 0 || !manages(c.Access, r.By, all[n]) {
			return nil, errs.Of(errs.NotFound)
		}
		return nil, change(ctx, c, all[n])
	})
	return err
}

// FindInvite implements projects.InviteSource.
func (s *Service) FindInvite(ctx context.Context, code string) (projects.Invite, error) {
	i, err := s.repo.byCode(ctx, code)
	if err != nil {
		return projects.Invite{}, err
	}
	found := projects.Invite{ProjectID: i.ProjectID, Role: i.Role, From: i.FromID, Email: i.Email, End: i.end(s.db.Now(ctx))}
	if i.UsedBy != nil {
		found.UsedBy = *i.UsedBy
	}
	return found, nil
}

// UseInvite implements projects.InviteSource.
func (s *Service) UseInvite(ctx context.Context, code string, userID int64) error {
	i, err := s.repo.byCode(ctx, code)
	if err != nil {
		return err
	}
	if err := s.notify(ctx, i.ToID); err != nil {
		return err
	}
	return s.repo.use(ctx, code, userID, s.db.Now(ctx))
}

// onMemberRemoved withdraws what a former member has sent: the code may be known.
func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	return s.repo.withdrawOf(ctx, e.ProjectID, e.UserID, s.db.Now(ctx))
}

// onMemberAdded removes the project's invitations from a new member's start page.
func (s *Service) onMemberAdded(ctx context.Context, e projects.MemberAdded) error {
	return s.repo.dismissOf(ctx, e.ProjectID, e.UserID)
}

// onProjectRemoved deletes the invitations to a project that was deleted, whether or not
// it will be restored.
func (s *Service) onProjectRemoved(ctx context.Context, e projects.Removed) error {
	return s.repo.deleteTo(ctx, e.Project.ID)
}

func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	return s.repo.deleteOf(ctx, e.UserID)
}

// Sweep deletes what has ended retention ago.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.deleteEnded(ctx, s.db.Now(ctx).Add(-retention)) })
}
