package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/text"
)

// Edit is a new title, name and description of a project, and the texts that the
// editor started from.
type Edit struct {
	// Title is nil from 2.x clients, which know the name only. A title that is still
	// the name follows it then; another one stays.
	Title      *string
	Name, Desc string
	Base       Base
	// BaseTitle is the title that the editor started from, nil if unknown.
	BaseTitle *string
}

// Edit changes title, name and description; the page's address follows the name.
//
// Errors: those of Record, Invalid with the fields title, name and desc, Conflict
// with the field name if the owner has another project of that name, or for a
// text that another member has changed since e.Base.
func (s settings) Edit(ctx context.Context, r Request, e Edit) (rev int64, err error) {
	e.Name, e.Desc = text.Identifier(e.Name), e.Base.Cleaned(Text{e.Name, e.Desc}).Desc
	fields := Draft{Name: e.Name, Desc: e.Desc}.problems(s.reserved())
	if e.Title != nil {
		title := cleanTitle(*e.Title)
		e.Title = &title
		addTitleProblem(fields, title)
	}
	if err := fields.Err(); err != nil {
		// An actor without permission learns nothing of the rules.
		if _, refused := s.Require(ctx, r.By, r.ProjectID, EditDetails); refused != nil {
			return 0, refused
		}
		return 0, err
	}
	return s.Record(ctx, r, EditDetails, func(ctx context.Context, in *Change) ([]Event, error) {
		return s.edit(ctx, r.By, in.Access, e)
	})
}

// edit carries out an edit in the transaction that holds the project.
func (s settings) edit(ctx context.Context, by accounts.Actor, in Access, e Edit) ([]Event, error) {
	old := in.Project
	var err error
	if in.Project, err = e.merge(old); err != nil {
		return nil, err
	}
	if in.Project != old {
		if err := s.repo.edit(ctx, in.Project); err != nil {
			return nil, nameTaken(err)
		}
	}
	if err := s.publishEdit(ctx, by, old, in.Project); err != nil {
		return nil, err
	}
	return s.attributes(ctx, in, old.Name != in.Name || old.Called() != in.Called())
}

// merge returns the project with the texts to store; see Base.Merge.
func (e Edit) merge(p Project) (Project, error) {
	texts, err := e.Base.Merge(Text{p.Name, p.ProjectDesc}, Text{e.Name, e.Desc}, "projectDesc")
	title, taken := p.Called(), false
	switch {
	case e.Title != nil:
		title = mergeOne(e.BaseTitle, title, *e.Title, func() { taken = true })
	case title == p.Name:
		title = texts.Name
	}
	if taken {
		err = titleConflict(err, p)
	}
	if err != nil {
		return p, err
	}
	p.Title, p.Name, p.ProjectDesc = title, texts.Name, texts.Desc
	return p, nil
}

// titleConflict returns a conflict about the other texts, nil if there is none, as
// one about the title, too.
func titleConflict(err error, current Project) error {
	message := errs.Text("projects.error.changedMeanwhile")
	e := &errs.Error{Kind: errs.Conflict, Message: message, Fields: map[string]errs.Message{}}
	if err != nil {
		e = errs.As(err)
	}
	e.Fields["title"] = message
	e.Current = map[string]any{"title": current.Called(), "name": current.Name, "projectDesc": current.ProjectDesc}
	return e
}

// publishEdit publishes what an edit has replaced: texts for their revisions, a
// title for the history.
func (s settings) publishEdit(ctx context.Context, by accounts.Actor, old, now Project) error {
	texts := Text{old.Called(), old.ProjectDesc}
	if texts == (Text{now.Called(), now.ProjectDesc}) {
		return nil
	}
	err := s.bus.Publish(ctx, TextReplaced{ProjectID: old.ID, Kind: TextOfProject, ItemID: old.ID, Old: texts, By: by})
	if err != nil || old.Called() == now.Called() {
		return err
	}
	return s.bus.Publish(ctx, Happened{
		ProjectID: old.ID, Rev: old.Rev + 1, Kind: "projects.renamed", ID: old.ID, Name: now.Called(), Details: renamedDetails{old.Called()}, By: by,
	})
}

// renamedDetails are the details of "projects.renamed" in the history.
type renamedDetails struct {
	OldName string `json:"oldName"`
}

// attributes are the events of a project that has a new name, description or
// owner, which in.Project has already. Old pages get the event in the rooms of
// people, in the namespace "/"; boards get it in their own order.
func (s settings) attributes(ctx context.Context, in Access, renamed bool) ([]Event, error) {
	if renamed {
		if err := s.bus.Publish(ctx, Renamed{ProjectID: in.ID, OwnerName: in.OwnerName, Name: in.Name, Title: in.Called()}); err != nil {
			return nil, err
		}
	}
	links, err := s.repo.collaborators(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	payload := attributesChanged{ProjectID: in.ID, Name: in.Name, Title: in.Called(), OwnerName: in.OwnerName, ProjectDesc: in.ProjectDesc}
	numbered, err := realtime.NewEvent(in.Rev+1, "update_project_attributes", payload)
	if err != nil {
		return nil, err
	}
	ids := []int64{in.OwnerID}
	for _, l := range links {
		ids = append(ids, l.UserID)
	}
	return []Event{{Name: numbered.Name, Payload: payload}}, s.people.Deliver(ctx, numbered.Name, numbered.Payload, ids...)
}

// nameTaken turns a Conflict into one with the field name: the owner has another
// project of that name.
func nameTaken(err error) error {
	if errs.KindOf(err) != errs.Conflict {
		return err
	}
	return &errs.Error{
		Kind: errs.Conflict, Cause: err, Fields: map[string]errs.Message{"name": errs.Text("projects.error.nameTaken")},
	}
}

// SetVisibility sets who may read a project without being a member. It removes
// those from the project's room who may no longer follow it.
//
// Errors: those of Record, Invalid with the field value.
func (s settings) SetVisibility(ctx context.Context, r Request, v Visibility) (rev int64, err error) {
	return s.Record(ctx, r, SetVisibility, func(ctx context.Context, in *Change) ([]Event, error) {
		if v != Public && v != FriendsOnly && v != Private {
			return nil, errs.Field("value", "projects.error.visibility")
		}
		return []Event{{Name: visibilityChanged, Payload: v}}, s.repo.setVisibility(ctx, in.ID, v)
	})
}

// Transfer makes a collaborator the owner; the old owner becomes an admin.
// The pages of both load the board again.
//
// Errors: those of Record, Invalid with the field nameOrEmail for a person who
// is no collaborator, Conflict for one who has a project of that name.
func (s settings) Transfer(ctx context.Context, r Request, nameOrEmail string) error {
	_, err := s.Record(ctx, r, Transfer, func(ctx context.Context, in *Change) ([]Event, error) {
		newOwner, err := s.collaboratorNamed(ctx, in.Access, nameOrEmail)
		if err != nil {
			return nil, err
		}
		events, err := s.transfer(ctx, in.Access, newOwner)
		if err != nil {
			return nil, err
		}
		return events, membership(s).notifyOfRole(ctx, r.By.UserID, in.Project, newOwner.ID, RoleOwner)
	})
	return err
}

func (s settings) transfer(ctx context.Context, in Access, newOwner accounts.Person) ([]Event, error) {
	if err := s.repo.setOwner(ctx, in.ID, newOwner.ID, newOwner.Name); err != nil {
		if errs.KindOf(err) == errs.Conflict {
			return nil, fieldError(errs.Conflict, "nameOrEmail", "projects.error.newOwnerHasName", "Name", newOwner.Called(), "Project", in.Name)
		}
		return nil, err
	}
	if err := s.repo.removeCollaborator(ctx, in.ID, newOwner.ID); err != nil {
		return nil, err
	}
	if err := s.repo.addCollaborator(ctx, in.ID, in.OwnerID, RoleAdmin, nil); err != nil {
		return nil, err
	}
	old := in.OwnerID
	in.OwnerID, in.OwnerName = newOwner.ID, newOwner.Name
	events, err := s.attributes(ctx, in, true)
	if err != nil {
		return nil, err
	}
	return append(events, roleChanged(old, RoleAdmin), roleChanged(newOwner.ID, RoleOwner)), membership(s).reload(ctx, in.ID, old, newOwner.ID)
}

// collaboratorNamed returns the collaborator with a name or address.
func (s settings) collaboratorNamed(ctx context.Context, in Access, nameOrEmail string) (accounts.Person, error) {
	person, err := s.people.ByNameOrEmail(ctx, text.Identifier(nameOrEmail))
	if err == nil {
		err = s.repo.findCollaborator(ctx, in.ID, person.ID)
	}
	if errs.KindOf(err) == errs.NotFound {
		return accounts.Person{}, errs.Field("nameOrEmail", "projects.error.noCollaborator")
	}
	if err != nil {
		return accounts.Person{}, err
	}
	// Held: the project gets the name that its new owner has when this commits.
	people, err := s.people.Lock(ctx, person.ID)
	if err != nil {
		return accounts.Person{}, err
	}
	person, ok := people[person.ID]
	if !ok {
		return accounts.Person{}, errs.Field("nameOrEmail", "projects.error.noCollaborator")
	}
	return person, nil
}

func fieldError(kind errs.Kind, field, key string, params ...any) error {
	return &errs.Error{Kind: kind, Fields: map[string]errs.Message{field: errs.Text(key, params...)}}
}
