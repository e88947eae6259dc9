package projects

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// AdminPart is what the site's administrators see of this module: how many projects
// there are, whose they are, and the titles of public ones. What is on a board they
// see like everyone else.
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
				{Name: "makePrivate", Title: "projects.admin.makePrivate", Do: a.makePrivate},
				{Name: "delete", Title: "projects.admin.delete", Dangerous: true, Explained: true, Do: a.delete},
			},
		}},
	}
}

// administration is the page of projects for administrators of the site.
type administration struct{ m *Module }

// adminPageSize is how many projects it lists.
const adminPageSize = 50

// adminProject is a project in the list.
type adminProject struct {
	ID        int64
	OwnerID   int64
	OwnerName string
	// Title and URL are empty for a project that is not public.
	Title, URL string
	Visibility Visibility
	// Members counts the owner, too.
	Members   int
	ChangedAt *time.Time
}

// adminView is what the page shows.
type adminView struct {
	// Owner is the typed name or address.
	Owner    string
	Projects []adminProject
	// One is the project that was chosen; nil for the list.
	One *adminProject
	// NextURL leads to the next page, empty for the last one.
	NextURL string
}

// view reads the page: the newest projects, or those of an owner, or one.
func (a administration) view(ctx context.Context, query url.Values) (any, error) {
	if id := query.Get("id"); id != "" {
		return a.one(ctx, id)
	}
	v := adminView{Owner: query.Get("owner")}
	before, err := adminID(query.Get("before"))
	if query.Has("before") && err != nil {
		return nil, err
	}
	var ownerID int64
	if v.Owner != "" {
		owner, err := a.m.accounts.ByNameOrEmail(ctx, v.Owner)
		if errs.KindOf(err) == errs.NotFound {
			return v, nil
		}
		if err != nil {
			return nil, err
		}
		ownerID = owner.ID
	}
	rows, err := a.m.Service.repo.newest(ctx, ownerID, before, adminPageSize+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > adminPageSize {
		rows = rows[:adminPageSize]
		next := url.Values{"owner": {v.Owner}, "before": {strconv.FormatInt(rows[adminPageSize-1].ID, 10)}}
		v.NextURL = "?" + next.Encode()
	}
	v.Projects, err = a.listed(ctx, rows)
	return v, err
}

func (a administration) one(ctx context.Context, typed string) (any, error) {
	p, err := a.project(ctx, typed)
	if err != nil {
		return nil, err
	}
	all, err := a.listed(ctx, []Project{p})
	if err != nil {
		return nil, err
	}
	return adminView{One: &all[0]}, nil
}

// project returns the project of an id as it comes from a client. NotFound if there is
// none.
func (a administration) project(ctx context.Context, typed string) (Project, error) {
	id, err := adminID(typed)
	if err != nil {
		return Project{}, err
	}
	found, err := a.m.ByIDs(ctx, []int64{id})
	p, ok := found[id]
	if err == nil && !ok {
		err = errs.Of(errs.NotFound)
	}
	return p, err
}

func adminID(typed string) (int64, error) {
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.Of(errs.NotFound)
	}
	return id, nil
}

// listed adds to projects how many members they have, and hides what others may not
// see.
func (a administration) listed(ctx context.Context, rows []Project) ([]adminProject, error) {
	ids, all := make([]int64, len(rows)), make([]adminProject, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	links, err := a.m.Service.repo.collaborators(ctx, ids...)
	members := map[int64]int{}
	for _, l := range links {
		members[l.ProjectID]++
	}
	for i, p := range rows {
		all[i] = adminProject{ID: p.ID, OwnerID: p.OwnerID, OwnerName: p.OwnerName, Visibility: p.Visibility, Members: 1 + members[p.ID], ChangedAt: p.ChangedAt}
		if p.Visibility == Public {
			all[i].Title, all[i].URL = p.Called(), p.URL()
		}
	}
	return all, err
}

// makePrivate shows a project to its members only, as its owner could.
func (a administration) makePrivate(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	p, err := a.project(ctx, in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	_, err = a.m.SetVisibility(ctx, By(ownerOf(p), p.ID), Private)
	return a.done(p, string(p.Visibility), string(Private)), err
}

// delete deletes a project, as its owner could.
func (a administration) delete(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	p, err := a.project(ctx, in.Form.Get("id"))
	if err != nil {
		return module.AdminDone{}, err
	}
	return a.done(p, string(p.Visibility), ""), a.m.Delete(ctx, ownerOf(p), p.ID, nil)
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
