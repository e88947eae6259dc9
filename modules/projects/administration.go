package projects

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module: projects, whose they
// are and how large, and the titles of public ones. What is on a board they see like
// everyone else, unless they open it with a reason.
func (m *Module) AdminPart() module.AdminPart {
	a := administration{m}
	return module.AdminPart{
		Figures: []module.AdminFigure{{
			Name: "projects:all", Title: "projects.figure.all", Order: 40,
			Read: func(ctx context.Context, _ time.Time) (int64, error) { return m.Service.repo.count(ctx) },
		}},
		Pages: []module.AdminPage{{
			Path: "projects", Title: "projects.admin.title", Order: 40, View: a.view,
			Acts: []module.AdminAct{
				{Name: "narrow", Title: "projects.admin.narrow", Do: a.narrow},
				{Name: "transfer", Title: "projects.admin.transfer", Dangerous: true, Explained: true, Do: a.transfer},
				{Name: "open", Title: "projects.admin.open", Dangerous: true, Explained: true, Do: a.open},
				{Name: "delete", Title: "projects.admin.delete", Dangerous: true, Explained: true, Do: a.delete},
				{Name: "restore", Title: "projects.admin.restore", Do: a.restore},
			},
		}},
	}
}

// administration is the page of projects for administrators of the site.
type administration struct{ m *Module }

const (
	// adminPageSize is how many projects it lists.
	adminPageSize = 50
	// maxSought is how long a text to search for may be, in characters.
	maxSought = 64
)

// adminProject is a project in the list.
type adminProject struct {
	ID        int64
	OwnerID   int64
	OwnerName string
	// Title and URL are empty for a project that is not public.
	Title, URL string
	Visibility Visibility
	// Members counts the owner, too; Counts are numbers of other modules by name.
	Members   int
	Counts    map[string]int
	ChangedAt *time.Time
	// DeletedAt is nil unless it is deleted; Ends is when that is final, ByAdmin
	// whether an administrator has deleted it.
	DeletedAt *time.Time
	Ends      time.Time
	ByAdmin   bool
}

// adminView is what the page shows.
type adminView struct {
	// Text and State are the filter.
	Text, State string
	Projects    []adminProject
	// One is the project that was chosen, Collaborators those who can become its
	// owner; nil for the list.
	One           *adminProject
	Collaborators []Member
	// NextURL leads to the next page, empty for the last one.
	NextURL string
}

// stateDeleted is the filter of deleted projects; others are visibilities.
const stateDeleted = "deleted"

// view reads the page: the newest projects that a filter selects, or one.
func (a administration) view(ctx context.Context, query url.Values) (any, error) {
	if id := query.Get("id"); id != "" {
		return a.one(ctx, id)
	}
	v := adminView{Text: strings.TrimSpace(query.Get("q")), State: query.Get("state")}
	q := adminQuery{Text: v.Text, Limit: adminPageSize + 1}
	if query.Has("before") {
		before, err := typedID(query.Get("before"))
		if err != nil {
			return nil, err
		}
		q.Before = before
	}
	switch v.State {
	case "", stateDeleted:
		q.Deleted = v.State == stateDeleted
	case string(Public), string(FriendsOnly), string(Private):
		q.Visibility = Visibility(v.State)
	default:
		return nil, errs.Malformed("state", "projects.admin.unknownState")
	}
	if !utf8.ValidString(v.Text) || strings.ContainsRune(v.Text, 0) || utf8.RuneCountInString(v.Text) > maxSought {
		return v, nil // there is none
	}
	if err := a.findOwner(ctx, &q); err != nil {
		return nil, err
	}
	rows, err := a.m.Service.repo.administered(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(rows) > adminPageSize {
		rows = rows[:adminPageSize]
		next := url.Values{"q": {v.Text}, "state": {v.State}, "before": {strconv.FormatInt(rows[adminPageSize-1].ID, 10)}}
		v.NextURL = "?" + next.Encode()
	}
	v.Projects, err = a.listed(ctx, rows)
	return v, err
}

// findOwner adds to a query the owner of a typed e-mail address, and a typed id.
func (a administration) findOwner(ctx context.Context, q *adminQuery) error {
	if id, err := strconv.ParseInt(q.Text, 10, 64); err == nil && id > 0 {
		q.ID = id
	}
	if !strings.Contains(q.Text, "@") {
		return nil
	}
	owner, err := a.m.accounts.ByNameOrEmail(ctx, q.Text)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	q.OwnerID = owner.ID
	return err
}

func (a administration) one(ctx context.Context, typed string) (any, error) {
	p, err := a.project(ctx, typed, false)
	if err != nil {
		return nil, err
	}
	all, err := a.listed(ctx, []Project{p})
	if err != nil {
		return nil, err
	}
	v := adminView{One: &all[0]}
	members, err := a.m.Members(ctx, p)
	for _, member := range members {
		if member.Role != RoleOwner {
			v.Collaborators = append(v.Collaborators, member)
		}
	}
	return v, err
}

// project returns the project of an id as it comes from a client, deleted or not.
// With lock its row is locked. NotFound if there is none.
func (a administration) project(ctx context.Context, typed string, lock bool) (Project, error) {
	id, err := typedID(typed)
	if err != nil {
		return Project{}, err
	}
	row, err := a.m.Service.repo.anyByID(ctx, 0, id, lock)
	return row.Project, err
}

// alive is project for one that is not deleted.
func (a administration) alive(ctx context.Context, typed string) (Project, error) {
	p, err := a.project(ctx, typed, true)
	if err == nil && p.DeletedAt != nil {
		err = errs.New(errs.Conflict, "projects.admin.isDeleted")
	}
	return p, err
}

// typedID is an id as it comes from a form. NotFound for what is none.
func typedID(typed string) (int64, error) {
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.Of(errs.NotFound)
	}
	return id, nil
}

// listed adds to projects how large they are, and hides what others may not see. It
// takes a statement for the members and those of the counts.
func (a administration) listed(ctx context.Context, rows []Project) ([]adminProject, error) {
	ids, all := make([]int64, len(rows)), make([]adminProject, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	members, err := a.m.Service.repo.countCollaborators(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, p := range rows {
		all[i] = adminProject{
			ID: p.ID, OwnerID: p.OwnerID, OwnerName: p.OwnerName, Visibility: p.Visibility, Members: 1 + members[p.ID], Counts: map[string]int{},
			ChangedAt: p.ChangedAt, DeletedAt: p.DeletedAt, Ends: p.Ends(), ByAdmin: p.DeletedByAdmin,
		}
		if p.Visibility == Public {
			all[i].Title = p.Called()
			if p.DeletedAt == nil {
				all[i].URL = p.URL()
			}
		}
	}
	for _, c := range a.m.Service.counts {
		counted, err := c.count(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i := range all {
			all[i].Counts[c.name] = counted[all[i].ID]
		}
	}
	return all, nil
}

// narrow shows a project to fewer people, as its owner could. An administrator shows
// none to more people: what is on a board is its members' to show.
func (a administration) narrow(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	p, err := a.alive(ctx, in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	to := Visibility(in.Form.Get("visibility"))
	width := map[Visibility]int{Private: 1, FriendsOnly: 2, Public: 3}
	if width[to] == 0 || width[to] >= max(width[p.Visibility], 1) {
		return module.AdminDone{}, errs.Field("visibility", "projects.admin.notNarrower")
	}
	_, err = a.m.SetVisibility(ctx, By(ownerOf(p), p.ID), to)
	return a.done(p, string(p.Visibility), string(to)), err
}

// transfer makes a member the owner, as the owner could.
func (a administration) transfer(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	p, err := a.alive(ctx, in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	to := in.Form.Get("nameOrEmail")
	if err := a.m.Transfer(ctx, By(ownerOf(p), p.ID), to); err != nil {
		return module.AdminDone{}, err
	}
	now, err := a.project(ctx, in.Form.Get("id"), false)
	return a.done(p, p.OwnerName, now.OwnerName), err
}

// open lets the administrator read a board that they could not read otherwise.
func (a administration) open(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	p, err := a.alive(ctx, in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	done := a.done(p, "", openedFor.String())
	done.Message, done.Path = errs.Text("projects.admin.opened", "Minutes", int(openedFor.Minutes())), p.URL()
	return done, a.m.open(ctx, accounts.Actor{UserID: in.UserID, Name: in.Name}, p, in.Reason)
}

// delete deletes a project, as its owner could; only administrators restore it.
func (a administration) delete(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	p, err := a.alive(ctx, in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	return a.done(p, string(p.Visibility), ""), a.m.settings.remove(ctx, p, true)
}

// restore restores a deleted project.
func (a administration) restore(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	id, err := typedID(in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	p, err := a.m.lockDeleted(ctx, id)
	if err != nil {
		return module.AdminDone{}, err
	}
	p, err = a.m.restore(ctx, p)
	return a.done(p, "", string(p.Visibility)), err
}

func ownerOf(p Project) accounts.Actor { return accounts.Actor{UserID: p.OwnerID, Name: p.OwnerName} }

// done says what was done, to what: the log names no project that is not public.
func (administration) done(p Project, before, after string) module.AdminDone {
	subject := "project " + strconv.FormatInt(p.ID, 10) + " of " + p.OwnerName
	if p.Visibility == Public {
		subject = p.URL()
	}
	return module.AdminDone{Subject: subject, Before: before, After: after, Message: errs.Text("projects.admin.done")}
}

var _ module.AdminGuest = (*Module)(nil)
