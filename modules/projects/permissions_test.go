package projects_test

import (
	"slices"
	"testing"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// TestRolePermissions spells out the contract's table (http.md section 8).
func TestRolePermissions(t *testing.T) {
	var actions []projects.Action
	for _, r := range projects.Rules {
		actions = append(actions, r.Action)
	}
	readers := []projects.Action{projects.Read, projects.Follow}
	members := append(slices.Clone(readers), projects.ReadHistory, projects.Leave)
	for role, may := range map[projects.Role][]projects.Action{
		projects.RoleOwner:      slices.DeleteFunc(slices.Clone(actions), func(a projects.Action) bool { return a == projects.Leave }),
		projects.RoleAdmin:      append(slices.Clone(members), projects.Write),
		projects.RoleAccessOnly: members,
		projects.RoleVisitor:    readers,
		projects.RoleNone:       nil,
		"made up":               nil,
	} {
		for _, action := range actions {
			err := (projects.Access{Role: role}).Check(action)
			switch {
			case slices.Contains(may, action):
				if err != nil {
					t.Errorf("%q may not %s: %v", role, action, err)
				}
			case len(may) == 0:
				if errs.KindOf(err) != errs.NotFound {
					t.Errorf("%q learns that the project exists by %s: %v", role, action, err)
				}
			case errs.KindOf(err) != errs.Forbidden:
				t.Errorf("%q may %s: %v", role, action, err)
			}
		}
	}
}

// TestAdminsInviteIfTheOwnerLetsThem and do nothing else by it; other roles gain
// nothing.
func TestAdminsInviteIfTheOwnerLetsThem(t *testing.T) {
	for _, role := range []projects.Role{projects.RoleOwner, projects.RoleAdmin, projects.RoleAccessOnly, projects.RoleVisitor, projects.RoleNone} {
		closed, open := projects.Access{Role: role}, projects.Access{Role: role, Project: projects.Project{AdminsInvite: true}}
		for _, r := range projects.Rules {
			gains := role == projects.RoleAdmin && r.Action == projects.AddMembers
			if gains && closed.Can(r.Action) || open.Can(r.Action) != (closed.Can(r.Action) || gains) {
				t.Errorf("%q may %s: %v, and %v where admins invite", role, r.Action, closed.Can(r.Action), open.Can(r.Action))
			}
		}
	}
}

// TestVisitorsHaveTheSamePermissions once a project is shown to them: the
// code distinguishes them by what is shown only.
func TestVisitorsHaveTheSamePermissions(t *testing.T) {
	for _, r := range projects.Rules {
		for _, who := range []projects.Principal{projects.Friend, projects.SignedOut, projects.Suspended} {
			if (r.Of(who) == projects.No) != (r.Of(projects.Visitor) == projects.No) {
				t.Errorf("%s: %s of %s, %s of visitors", r.Action, r.Of(who), who, r.Of(projects.Visitor))
			}
		}
		for _, who := range projects.Principals[3:] {
			if r.Of(who) != projects.No && r.Of(who) != projects.RuleOf(projects.Read).Of(who) {
				t.Errorf("%s of %s is shown under another condition than the project itself", r.Action, who)
			}
		}
	}
}
