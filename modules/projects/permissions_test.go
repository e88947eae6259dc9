package projects_test

import (
	"slices"
	"testing"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// TestTheTableOfRoles spells out the contract's table (http.md section 8).
func TestTheTableOfRoles(t *testing.T) {
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
			err := role.Check(action)
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

// TestThoseWithoutARoleHaveTheSameRights once a project is shown to them: the
// code tells them apart by what is shown only.
func TestThoseWithoutARoleHaveTheSameRights(t *testing.T) {
	for _, r := range projects.Rules {
		for _, who := range []projects.Who{projects.Friend, projects.SignedOut, projects.Suspended} {
			if (r.Of(who) == projects.No) != (r.Of(projects.Visitor) == projects.No) {
				t.Errorf("%s: %s of %s, %s of visitors", r.Action, r.Of(who), who, r.Of(projects.Visitor))
			}
		}
		for _, who := range projects.Everybody[3:] {
			if r.Of(who) != projects.No && r.Of(who) != projects.RuleOf(projects.Read).Of(who) {
				t.Errorf("%s of %s is shown under another condition than the project itself", r.Action, who)
			}
		}
	}
}
