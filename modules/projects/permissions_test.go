package projects_test

import (
	"slices"
	"testing"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
)

// TestTheTableOfRoles spells out the contract's table (http.md section 8).
func TestTheTableOfRoles(t *testing.T) {
	actions := []projects.Action{projects.Read, projects.Follow, projects.Write, projects.Manage, projects.Leave}
	for role, may := range map[projects.Role][]projects.Action{
		projects.RoleOwner:      {projects.Read, projects.Follow, projects.Write, projects.Manage},
		projects.RoleAdmin:      {projects.Read, projects.Follow, projects.Write, projects.Leave},
		projects.RoleAccessOnly: {projects.Read, projects.Follow, projects.Leave},
		projects.RoleVisitor:    {projects.Read},
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
