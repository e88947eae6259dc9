package projects

import (
	"context"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Target is the part that the payloads of all events about a project share.
// A payload embeds it:
//
//	type moveCard struct {
//		projects.Target
//		ID socketio.ID `json:"id" event:"required"`
//	}
type Target struct {
	ProjectID      socketio.ID    `json:"projectId" event:"required"`
	IdempotencyKey idempotencyKey `json:"actionId"`
}

func (t Target) target() Target { return t }

// targetByID is Target for the events in whose payloads the project's key is id.
type targetByID struct {
	ID             socketio.ID    `json:"id" event:"required"`
	IdempotencyKey idempotencyKey `json:"actionId"`
}

func (t targetByID) target() Target { return Target{t.ID, t.IdempotencyKey} }

// Payload is a type that embeds Target.
type Payload interface{ target() Target }

// Reply is what an acknowledgement says; "ok" is added.
type Reply = realtime.OK

// Recorded returns the reply to a change: its revision.
func Recorded(rev int64, err error) (Reply, error) {
	if err != nil {
		return nil, err
	}
	return Reply{"rev": rev}, nil
}

// Registrar is where modules register their events about projects; Service is
// one. A module's own interface of what it needs from projects embeds it.
type Registrar interface{ service() *Service }

func (s *Service) service() *Service { return s }

// On registers the handler of an event of the namespace /project that is about
// a project. It decodes the argument into In, checks its fields (see
// socketio.On), and passes who sends it, about which project, as a Request.
//
// action is the permission that the event needs. On only declares it: the help
// page, the events open to visitors and the tests of permissions are read from
// it. The service called by handle checks it, by Record or Require.
//
// A Request with an idempotency key is carried out once: if handle returns an
// error and the request was carried out before, the client gets the stored
// reply.
//
// On panics with a sentence if action is no row of Rules.
func On[In Payload](b Registrar, rt *realtime.Server, event string, action Action, handle func(ctx context.Context, r Request, in In) (Reply, error)) {
	s := b.service()
	s.declare(rt, event, action, moduleOf(reflect.TypeFor[In]()))
	socketio.On(rt.Of(Namespace), event, func(ctx context.Context, socket *socketio.Socket, in In) (any, error) {
		r, err := newRequest(accounts.ActorFrom(ctx), in.target())
		if err != nil {
			return nil, err
		}
		r.socket = socket
		reply, err := results{s}.withStoredReply(ctx, r, func() (Reply, error) { return handle(ctx, r, in) })
		if reply == nil {
			return nil, err // a nil Reply in an interface is not nil
		}
		return reply, err
	})
}

// EventRight is what an event of the namespace /project declares.
type EventRight struct {
	Action Action
	// Module is the folder of the module that registers the event.
	Module string
}

// OnJoined registers a function that is called when a socket has joined a
// project's room. Only while wiring.
func (s *Service) OnJoined(joined func(r Request)) { s.joined = append(s.joined, joined) }

// OnEvicted registers a function that is called after sockets were removed from a
// project's room because their user lost access. Only while wiring.
func (s *Service) OnEvicted(evicted func(ctx context.Context, projectID int64)) {
	s.streams.OnEvict(evicted)
}

// declare notes the permission that an event needs, and opens the event to
// visitors if the permission is.
func (s *Service) declare(rt *realtime.Server, event string, action Action, module string) {
	mustBeRule(action, "event "+event)
	s.eventRights[event] = EventRight{action, module}
	if RuleOf(action).Of(SignedOut) != No {
		rt.OpenToVisitors(rt.Of(Namespace), event)
	}
}

// EventRights returns what the events of the namespace /project declare, by
// event.
func (s *Service) EventRights() map[string]EventRight { return maps.Clone(s.eventRights) }

func mustBeRule(action Action, what string) {
	if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.Action == action }) {
		//nolint:forbidigo // a mistake of the program, found at its start, as with http.ServeMux
		panic(fmt.Sprintf("projects: %s needs the permission %q, which is no row of projects.Rules: use the action of a row, or add a row", what, action))
	}
}

// moduleOf returns the folder of the module that defines a type.
func moduleOf(t reflect.Type) string { return path.Base(t.PkgPath()) }
