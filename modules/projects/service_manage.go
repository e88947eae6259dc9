package projects

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/text"
)

// Edit is a new name and description of a project, and what whoever wants them
// started from.
type Edit struct {
	Name, Desc string
	Base       Base
}

// Edit changes name and description; the page's address follows the name.
//
// Errors: those of Record, Invalid with the fields name and desc, Conflict
// with the field name if the owner has another project of that name, or for a
// text that somebody else has changed since e.Base.
func (s *Service) Edit(ctx context.Context, by accounts.Actor, projectID int64, e Edit) (rev int64, err error) {
	e.Name, e.Desc = text.Identifier(e.Name), e.Base.Cleaned(Text{e.Name, e.Desc}).Desc
	if err := (Draft{Name: e.Name, Desc: e.Desc}).Validate(s.reserved()); err != nil {
		// Whoever may not do it at all learns nothing of the rules.
		if _, refused := s.Require(ctx, by, projectID, EditDetails); refused != nil {
			return 0, refused
		}
		return 0, err
	}
	return s.Record(ctx, by, projectID, EditDetails, func(ctx context.Context, in Access) ([]Event, error) {
		old := Text{in.Name, in.ProjectDesc}
		text, err := e.Base.Merge(old, Text{e.Name, e.Desc}, "projectDesc")
		if err != nil {
			return nil, err
		}
		if text != old {
			if err := s.repo.edit(ctx, in.ID, text.Name, text.Desc); err != nil {
				return nil, nameTaken(err)
			}
			replaced := TextReplaced{ProjectID: in.ID, Kind: TextOfProject, ItemID: in.ID, Old: old, By: by}
			if err := s.bus.Publish(ctx, replaced); err != nil {
				return nil, err
			}
		}
		in.Name, in.ProjectDesc = text.Name, text.Desc
		return s.attributes(ctx, in, old.Name != text.Name)
	})
}

// attributes are the events of a project that has a new name, description or
// owner, and in.Project already says so. Old pages hear it as people, in the
// namespace "/", boards in their own order.
func (s *Service) attributes(ctx context.Context, in Access, renamed bool) ([]Event, error) {
	if renamed {
		if err := s.bus.Publish(ctx, Renamed{ProjectID: in.ID, OwnerName: in.OwnerName, Name: in.Name}); err != nil {
			return nil, err
		}
	}
	links, err := s.repo.collaborators(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	payload := map[string]any{
		"projectId": in.ID, "name": in.Name, "ownerName": in.OwnerName, "projectDesc": in.ProjectDesc,
	}
	numbered, err := realtime.NewEvent(in.Rev+1, "update_project_attributes", payload)
	if err != nil {
		return nil, err
	}
	tell := func(context.Context) {
		for _, l := range links {
			s.users.ToUser(l.UserID, numbered.Name, numbered.Payload)
		}
		s.users.ToUser(in.OwnerID, numbered.Name, numbered.Payload)
	}
	return []Event{{Name: numbered.Name, Payload: payload, Then: tell}}, nil
}

// nameTaken says of a name that two projects would have whose it is.
func nameTaken(err error) error {
	if errs.KindOf(err) != errs.Conflict {
		return err
	}
	return &errs.Error{
		Kind: errs.Conflict, Cause: err, Fields: map[string]errs.Message{"name": errs.Text("projects.error.nameTaken")},
	}
}

// SetVisibility says who may look at a project without being a member. Whoever
// loses sight of it is taken out of its room.
//
// Errors: those of Record, Invalid with the field value.
func (s *Service) SetVisibility(ctx context.Context, by accounts.Actor, projectID int64, v Visibility) (rev int64, err error) {
	return s.Record(ctx, by, projectID, SetVisibility, func(ctx context.Context, in Access) ([]Event, error) {
		if v != Public && v != FriendsOnly && v != Private {
			return nil, errs.Field("value", "projects.error.visibility")
		}
		return []Event{{
			Name: "update_project_visibility", Payload: v,
			Then: func(ctx context.Context) { s.evictStrangers(ctx, in.ID) },
		}}, s.repo.setVisibility(ctx, in.ID, v)
	})
}

// Transfer makes a collaborator the owner; the old owner becomes an admin.
// Both are asked to load the board anew.
//
// Errors: those of Record, Invalid with the field nameOrEmail for somebody who
// is no collaborator, Conflict for one who has a project of that name.
func (s *Service) Transfer(ctx context.Context, by accounts.Actor, projectID int64, nameOrEmail string) error {
	_, err := s.Record(ctx, by, projectID, Transfer, func(ctx context.Context, in Access) ([]Event, error) {
		heir, err := s.collaboratorNamed(ctx, in, nameOrEmail)
		if err != nil {
			return nil, err
		}
		return s.transfer(ctx, in, heir)
	})
	return err
}

func (s *Service) transfer(ctx context.Context, in Access, heir accounts.Person) ([]Event, error) {
	if err := s.repo.setOwner(ctx, in.ID, heir.ID, heir.Name); err != nil {
		if errs.KindOf(err) == errs.Conflict {
			return nil, fieldError(errs.Conflict, "nameOrEmail", "projects.error.heirHasName", "Name", heir.Name, "Project", in.Name)
		}
		return nil, err
	}
	if err := s.repo.removeCollaborator(ctx, in.ID, heir.ID); err != nil {
		return nil, err
	}
	if err := s.repo.addCollaborator(ctx, in.ID, in.OwnerID, RoleAdmin); err != nil {
		return nil, err
	}
	old := in.OwnerID
	in.OwnerID, in.OwnerName = heir.ID, heir.Name
	events, err := s.attributes(ctx, in, true)
	reload := func(context.Context) {
		s.reload(old, in.ID)
		s.reload(heir.ID, in.ID)
	}
	return append(events, roleChanged(old, RoleAdmin, nil), roleChanged(heir.ID, RoleOwner, reload)), err
}

// collaboratorNamed is the collaborator with a name or address.
func (s *Service) collaboratorNamed(ctx context.Context, in Access, nameOrEmail string) (accounts.Person, error) {
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

// Delete deletes a project with everything in it. confirmName is what the
// person typed to confirm; nil from old pages, which do not ask.
//
// Errors: NotFound, Forbidden, Invalid with the field confirmName.
func (s *Service) Delete(ctx context.Context, by accounts.Actor, projectID int64, confirmName *string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, projectID, true)
		if err != nil {
			return err
		}
		if err := in.Role.Check(Delete); err != nil {
			return err
		}
		if confirmName != nil && text.Identifier(*confirmName) != in.Name {
			return errs.Field("confirmName", "projects.error.confirmName")
		}
		return s.delete(ctx, in.Project)
	})
}

// delete deletes a project whose row this transaction holds.
func (s *Service) delete(ctx context.Context, p Project) error {
	links, err := s.repo.collaborators(ctx, p.ID)
	if err != nil {
		return err
	}
	s.db.AfterCommit(ctx, func(ctx context.Context) {
		s.streams.End(ctx, p.ID, realtime.Event{Rev: p.Rev + 1, Name: "project_deleted"})
		for _, l := range links {
			s.users.ToUser(l.UserID, "removed_as_collab_of_project", p.ID)
		}
	})
	if err := s.bus.Publish(ctx, Deleting{ProjectID: p.ID}); err != nil {
		return err
	}
	return s.repo.delete(ctx, p.ID)
}
