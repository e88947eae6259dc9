package projects

import (
	"context"

	"taskstack.org/platform/module"
)

// HomePart names the events after which the start page shows other boards, or the
// same ones differently.
func (m *Module) HomePart(context.Context, int64) (module.HomePart, error) {
	return module.HomePart{RefreshOn: []string{"now_collab_of_project", "removed_as_collab_of_project", "update_project_attributes"}}, nil
}
