package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// State is a filter of people.
type State string

// The filters.
const (
	AnyState   State = ""
	Verified   State = "verified"
	Unverified State = "unverified"
	Suspended  State = "suspended"
	Admins     State = "admins"
)

// PeopleQuery selects a page of people.
type PeopleQuery struct {
	// Text is the beginning of a name, display name or address.
	Text   string
	State  State
	Newest bool
	After  *accounts.DirectoryKey
}

// Listed is a person in the list.
type Listed struct {
	accounts.DirectoryEntry
	Suspended, Admin bool
}

// PeoplePage is a page of people.
type PeoplePage struct {
	People []Listed
	// Next is the key that the next page follows; nil for the last page.
	Next *accounts.DirectoryKey
	// Cut is true if a filter has chosen from the newest maxMarked people only.
	Cut bool
}

// People returns a page of people, in the same number of statements however many
// there are. Errors: NotFound; errUnconfirmed; Invalid for an unknown filter.
func (s *Service) People(ctx context.Context, by accounts.Actor, q PeopleQuery) (PeoplePage, error) {
	var page PeoplePage
	if err := s.check(ctx, by, false); err != nil {
		return page, err
	}
	if !storable(q.Text) || utf8.RuneCountInString(q.Text) > maxTyped {
		return page, nil // there is none
	}
	find := accounts.DirectoryQuery{Text: q.Text, Newest: q.Newest, After: q.After, Limit: pageSize + 1}
	if err := s.narrow(ctx, &find, q.State, &page); err != nil {
		return page, err
	}
	found, err := s.people.Directory(ctx, find)
	if err != nil {
		return page, err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		key := found[pageSize-1].Key()
		page.Next = &key
	}
	page.People, err = s.listed(ctx, found)
	return page, err
}

// narrow applies a filter to a query.
func (s *Service) narrow(ctx context.Context, q *accounts.DirectoryQuery, state State, page *PeoplePage) error {
	yes, no := true, false
	switch state {
	case AnyState:
	case Verified:
		q.Verified = &yes
	case Unverified:
		q.Verified = &no
	case Suspended:
		rows, err := s.logins.NewestSuspensions(ctx, maxMarked)
		page.Cut, q.Among = len(rows) == maxMarked, make([]int64, len(rows))
		for i, row := range rows {
			q.Among[i] = row.UserID
		}
		return err
	case Admins:
		rows, err := s.repo.admins(ctx, false)
		q.Among = make([]int64, len(rows))
		for i, row := range rows {
			q.Among[i] = row.UserID
		}
		return err
	default:
		return errs.Malformed("state", "admin.people.unknownState")
	}
	return nil
}

// listed adds to people whether they are suspended and administrators.
func (s *Service) listed(ctx context.Context, found []accounts.DirectoryEntry) ([]Listed, error) {
	ids, all := make([]int64, len(found)), make([]Listed, len(found))
	for i, e := range found {
		ids[i] = e.ID
	}
	suspended, err := s.logins.Suspensions(ctx, ids...)
	if err != nil {
		return nil, err
	}
	admins, err := s.repo.admins(ctx, false)
	for i, e := range found {
		_, is := suspended[e.ID]
		all[i] = Listed{e, is, slices.ContainsFunc(admins, func(a siteAdmin) bool { return a.UserID == e.ID })}
	}
	return all, err
}

// PersonState is what administrators see of a person.
type PersonState struct {
	accounts.DirectoryEntry
	auth.AccountState
	Admin bool
	// Self is true for the administrator who asks.
	Self bool
	// Owned is how many projects the person owns, Shared how many of them have
	// other members, and Joined how many projects of others the person is in.
	Owned, Shared, Joined int
	// Facts are what modules add.
	Facts []module.AdminFact
	// Public are the person's public projects.
	Public []Public
	// Audit are the last acts of administrators that were done to the person.
	Audit []AuditEntry
}

// Public is a project that everyone may see.
type Public struct{ Title, URL string }

// shownAudit is how many acts the page of a person shows.
const shownAudit = 20

// Person returns what administrators see of a person. Errors: NotFound;
// errUnconfirmed.
func (s *Service) Person(ctx context.Context, by accounts.Actor, id int64) (PersonState, error) {
	if err := s.check(ctx, by, false); err != nil {
		return PersonState{}, err
	}
	e, err := s.entry(ctx, id)
	if err != nil {
		return PersonState{}, err
	}
	p := PersonState{DirectoryEntry: e, Self: id == by.UserID}
	if p.AccountState, err = s.access.State(ctx, id); err != nil {
		return p, err
	}
	if p.Admin, err = s.repo.isAdmin(ctx, id, false); err != nil {
		return p, err
	}
	if err := s.countProjects(ctx, &p); err != nil {
		return p, err
	}
	for _, read := range s.facts {
		facts, err := read(ctx, id)
		if err != nil {
			return p, err
		}
		p.Facts = append(p.Facts, facts...)
	}
	p.Audit, err = s.repo.audit(ctx, AuditQuery{Person: id, Limit: shownAudit})
	return p, err
}

func (s *Service) entry(ctx context.Context, id int64) (accounts.DirectoryEntry, error) {
	found, err := s.people.Directory(ctx, accounts.DirectoryQuery{Among: []int64{id}, Limit: 1})
	if err == nil && len(found) == 0 {
		err = errs.Of(errs.NotFound)
	}
	if err != nil {
		return accounts.DirectoryEntry{}, err
	}
	return found[0], nil
}

// countProjects counts a person's projects. Only public ones are named: a visitor
// sees them, too.
func (s *Service) countProjects(ctx context.Context, p *PersonState) error {
	owned, err := s.boards.Owned(ctx, accounts.Actor{UserID: p.ID})
	if err != nil {
		return err
	}
	p.Owned = len(owned)
	for _, one := range owned {
		if len(one.Collaborators) > 0 {
			p.Shared++
		}
	}
	public, err := s.boards.OwnedBy(ctx, accounts.Actor{}, p.Person)
	if err != nil {
		return err
	}
	for _, one := range public {
		p.Public = append(p.Public, Public{Title: one.Called(), URL: one.URL()})
	}
	p.Joined, err = s.boards.JoinedCount(ctx, p.ID)
	return err
}

// PersonAct is an act on the account of a person.
type PersonAct struct {
	// Name is the last segment of its path; the audit log keeps "admin:⟨Name⟩".
	Name string
	// Title and Text are the keys of what it is called and what it does.
	Title, Text string
	// Dangerous acts ask for the password, Explained ones for a reason.
	Dangerous, Explained bool
	// offered reports whether the page of a person offers it.
	offered func(p PersonState) bool
	do      func(s *Service, ctx context.Context, by Acting, p accounts.DirectoryEntry, in PersonInput, e *AuditEntry) error
}

// PersonInput is what the form of an act has beside reason and password.
type PersonInput struct {
	// Days is how long a suspension lasts, empty for no end.
	Days string
}

// personActs are all acts, in the order in which pages offer them.
func personActs() []PersonAct {
	return []PersonAct{
		{
			Name: "verify", Title: "admin.act.verify", Text: "admin.act.verifyText",
			offered: func(p PersonState) bool { return p.Pending != "" }, do: (*Service).verify,
		},
		{
			Name: "sendReset", Title: "admin.act.sendReset", Text: "admin.act.sendResetText",
			offered: func(p PersonState) bool { return p.Verified }, do: (*Service).sendReset,
		},
		{
			Name: "endLogins", Title: "admin.act.endLogins", Text: "admin.act.endLoginsText",
			offered: func(p PersonState) bool { return len(p.Logins) > 0 }, do: (*Service).endLogins,
		},
		{
			Name: "suspend", Title: "admin.act.suspend", Text: "admin.act.suspendText", Dangerous: true, Explained: true,
			offered: func(p PersonState) bool { return p.Suspension == nil && !p.Admin }, do: (*Service).suspend,
		},
		{
			Name: "unsuspend", Title: "admin.act.unsuspend", Text: "admin.act.unsuspendText",
			offered: func(p PersonState) bool { return p.Suspension != nil }, do: (*Service).unsuspend,
		},
		{
			Name: "makeAdmin", Title: "admin.act.makeAdmin", Text: "admin.act.makeAdminText", Dangerous: true,
			offered: func(p PersonState) bool { return !p.Admin && p.Verified && p.Suspension == nil }, do: (*Service).makeAdmin,
		},
		{
			Name: "removeAdmin", Title: "admin.act.removeAdmin", Text: "admin.act.removeAdminText", Dangerous: true,
			offered: func(p PersonState) bool { return p.Admin }, do: (*Service).removeAdmin,
		},
		{
			Name: "delete", Title: "admin.act.delete", Text: "admin.act.deleteText", Dangerous: true, Explained: true,
			offered: func(p PersonState) bool { return !p.Admin }, do: (*Service).deletePerson,
		},
	}
}

// Offered are the acts that can be done to the person now.
func (p PersonState) Offered() []PersonAct {
	return slices.DeleteFunc(personActs(), func(a PersonAct) bool { return !a.offered(p) })
}

// personAct returns the act of a name. NotFound if there is none.
func personAct(name string) (PersonAct, error) {
	all := personActs()
	i := slices.IndexFunc(all, func(a PersonAct) bool { return a.Name == name })
	if i < 0 {
		return PersonAct{}, errs.Of(errs.NotFound)
	}
	return all[i], nil
}

// ActOn does the act of a name to the account of a person. Errors: NotFound;
// errUnconfirmed; Invalid with the fields reason, password, days; Conflict with a text if the account
// is not in the state for it; RateLimited.
func (s *Service) ActOn(ctx context.Context, by Acting, id int64, name string, in PersonInput) error {
	if err := s.check(ctx, by.Actor, false); err != nil {
		return err
	}
	act, err := personAct(name)
	if err != nil {
		return err
	}
	by, err = by.cleaned(act.Explained)
	if err != nil {
		return err
	}
	run := s.act
	if act.Dangerous {
		run = s.dangerousAct
	}
	return run(ctx, by, AuditEntry{Act: actPrefix + act.Name}, func(ctx context.Context, e *AuditEntry) error {
		p, err := s.entry(ctx, id)
		if err != nil {
			return err
		}
		person := p.ID
		e.SubjectPersonID, e.Subject = &person, p.Name
		return act.do(s, ctx, by, p, in, e)
	})
}

func (s *Service) verify(ctx context.Context, by Acting, p accounts.DirectoryEntry, _ PersonInput, e *AuditEntry) error {
	e.AfterText = p.Pending
	if p.Verified {
		e.BeforeText = p.Email
	}
	return s.access.Verify(ctx, p.ID, by.Lang)
}

func (s *Service) sendReset(ctx context.Context, by Acting, p accounts.DirectoryEntry, _ PersonInput, _ *AuditEntry) error {
	return s.access.SendReset(ctx, p.ID, by.Lang)
}

func (s *Service) endLogins(ctx context.Context, _ Acting, p accounts.DirectoryEntry, _ PersonInput, e *AuditEntry) error {
	n, err := s.access.EndLogins(ctx, p.ID)
	e.BeforeText, e.AfterText = strconv.Itoa(n), "0"
	return err
}

// suspensionDays are the lengths that a form offers.
var suspensionDays = map[string]int{"": 0, "1": 1, "7": 7, "30": 30, "365": 365} // read-only

func (s *Service) suspend(ctx context.Context, by Acting, p accounts.DirectoryEntry, in PersonInput, e *AuditEntry) error {
	days, ok := suspensionDays[in.Days]
	if !ok {
		return errs.Malformed("days", "admin.suspend.unknownDays")
	}
	// An administrator loses the right first, so that there is always one who can log in.
	if err := s.refuseAdmin(ctx, p.ID); err != nil {
		return err
	}
	var until *time.Time
	if days > 0 {
		end := s.db.Now(ctx).AddDate(0, 0, days)
		until, e.AfterText = &end, "until "+end.Format("2006-01-02 15:04")
	}
	return s.logins.SuspendFor(ctx, p.ID, by.Reason, until)
}

func (s *Service) unsuspend(ctx context.Context, _ Acting, p accounts.DirectoryEntry, _ PersonInput, e *AuditEntry) error {
	now, err := s.logins.Suspensions(ctx, p.ID)
	if err != nil {
		return err
	}
	e.BeforeText = now[p.ID].Reason
	return s.logins.Unsuspend(ctx, p.ID)
}

func (s *Service) makeAdmin(ctx context.Context, by Acting, p accounts.DirectoryEntry, _ PersonInput, _ *AuditEntry) error {
	if !p.Verified {
		return errUnverified()
	}
	suspended, err := s.logins.Suspensions(ctx, p.ID)
	if err != nil {
		return err
	}
	if len(suspended) > 0 {
		return errIsSuspended()
	}
	return s.add(ctx, p.ID, by.Name)
}

func (s *Service) removeAdmin(ctx context.Context, _ Acting, p accounts.DirectoryEntry, _ PersonInput, _ *AuditEntry) error {
	return s.remove(ctx, p.ID)
}

// deletePerson deletes an account as its owner would. An administrator loses the right
// first.
func (s *Service) deletePerson(ctx context.Context, _ Acting, p accounts.DirectoryEntry, _ PersonInput, e *AuditEntry) error {
	if err := s.refuseAdmin(ctx, p.ID); err != nil {
		return err
	}
	state := PersonState{DirectoryEntry: p}
	if err := s.countProjects(ctx, &state); err != nil {
		return err
	}
	e.BeforeText = fmt.Sprintf("projects: %d, with members: %d", state.Owned, state.Shared)
	// The account's id is not kept when it is gone.
	e.SubjectPersonID = nil
	return s.people.Delete(ctx, accounts.Actor{UserID: p.ID, Name: p.Name})
}

// refuseAdmin is Conflict for administrators. It locks their rows, so that the person
// does not become one before the transaction ends.
func (s *Service) refuseAdmin(ctx context.Context, userID int64) error {
	all, err := s.repo.admins(ctx, true)
	if err == nil && slices.ContainsFunc(all, func(a siteAdmin) bool { return a.UserID == userID }) {
		err = errs.New(errs.Conflict, "admin.removeFirst")
	}
	return err
}
