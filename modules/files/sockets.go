package files

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets registers the module's events.
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.projects, rt, "describe_file", projects.Write, m.onDescribe)
}

type describeFile struct {
	projects.Target
	// Kind is "list" or "card".
	Kind *string     `json:"kind" event:"required"`
	ID   socketio.ID `json:"id" event:"required"`
	Name *string     `json:"name" event:"required"`
	Text *string     `json:"text" event:"required"`
}

func (m *Module) onDescribe(ctx context.Context, r projects.Request, in describeFile) (projects.Reply, error) {
	owner := Owner{Kind: OfList, ID: int64(in.ID)}
	switch *in.Kind {
	case "list":
	case "card":
		owner.Kind = OfCard
	default:
		return nil, errs.Field("kind", "files.error.kind")
	}
	return projects.Recorded(m.Describe(ctx, r, owner, *in.Name, *in.Text))
}
