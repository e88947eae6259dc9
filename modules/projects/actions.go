package projects

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// actionLifetime is how long an action is remembered. Clients give up earlier.
const actionLifetime = 24 * time.Hour

// actionSweep is how often forgotten actions are looked for.
const actionSweep = time.Hour

// actionIDRule is what an action id looks like; clients make it.
var actionIDRule = regexp.MustCompile(`\A[A-Za-z0-9_-]{8,64}\z`)

// action is an event that its sender named, so that it may be sent again: it
// is carried out once, whatever happens to the answer.
type action struct {
	projectID int64
	userID    int64
	id        string
	answer    realtime.OK
	written   bool
}

type actionKey struct{}

func actionFrom(ctx context.Context) *action {
	a, _ := ctx.Value(actionKey{}).(*action)
	return a
}

// AnswerWith notes, inside the function given to Record, a value that the
// acknowledgement has beside "rev", such as the id of what was created: who
// sends the same action again is answered with it.
func AnswerWith(ctx context.Context, key string, value any) {
	if a := actionFrom(ctx); a != nil {
		a.answer[key] = value
	}
}

// named tells which action an event is, nil if its sender gave no id.
func named(ev socketio.Event) (*action, error) {
	if len(ev.Args) == 0 || !bytes.Contains(ev.Args[0], []byte(`"actionId"`)) {
		return nil, nil
	}
	var in struct {
		ProjectID json.RawMessage `json:"projectId"`
		ActionID  json.RawMessage `json:"actionId"`
	}
	// What does not decode is the handler's to refuse, unless it is the id.
	if json.Unmarshal(ev.Args[0], &in) != nil || len(in.ActionID) == 0 || string(in.ActionID) == "null" {
		return nil, nil //nolint:nilerr // see above
	}
	var id string
	if json.Unmarshal(in.ActionID, &id) != nil || !actionIDRule.MatchString(id) {
		return nil, errs.Field("actionId", "projects.error.actionId")
	}
	var projectID socketio.ID
	if json.Unmarshal(in.ProjectID, &projectID) != nil {
		return nil, nil //nolint:nilerr // the handler refuses it
	}
	return &action{projectID: int64(projectID), id: id, answer: realtime.OK{}}, nil
}

// once is around every event of boards. What was carried out before is not
// carried out again: Record refuses to write the same action twice, and
// whatever else a repetition runs into (the name of a file that is there by
// now, a card that is gone by now) it is answered like the first time.
func (m *Module) once(ctx context.Context, _ *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
	a, err := named(ev)
	if err != nil {
		return nil, err
	}
	by := accounts.ActorFrom(ctx)
	if a == nil || !by.SignedIn() {
		return next(ctx)
	}
	a.userID = by.UserID
	value, err := next(context.WithValue(ctx, actionKey{}, a))
	if err == nil || a.written {
		return value, err
	}
	answer, found, lookErr := m.repo.actionAnswer(ctx, a)
	if lookErr != nil || !found {
		return nil, err
	}
	return answer, nil
}

// Once runs do as the action that by has named id, on the project, and returns
// what is answered. An action that was carried out before is answered like the
// first time, without running do: what do reads may be a whole file. With an
// empty id do simply runs.
//
// Errors: Invalid for an id that is none, and whatever do returns.
func (s *Service) Once(ctx context.Context, by accounts.Actor, projectID int64, id string, do func(ctx context.Context) (realtime.OK, error)) (realtime.OK, error) {
	if id == "" {
		return do(ctx)
	}
	if !actionIDRule.MatchString(id) {
		return nil, errs.Of(errs.Invalid)
	}
	a := &action{projectID: projectID, userID: by.UserID, id: id, answer: realtime.OK{}}
	if answer, found, err := s.repo.actionAnswer(ctx, a); err != nil || found {
		return answer, err
	}
	answer, err := do(context.WithValue(ctx, actionKey{}, a))
	if err == nil || a.written {
		return answer, err
	}
	// Another try of the same action may have been faster.
	if first, found, lookErr := s.repo.actionAnswer(ctx, a); lookErr == nil && found {
		return first, nil
	}
	return nil, err
}

// remember writes the action of ctx, if it has one, in the transaction that
// carries it out, and puts its id into the event, by which its sender knows it
// again, and who it was. Only the first change of an action counts as it. Conflict if it was
// carried out before.
func (s *Service) remember(ctx context.Context, projectID int64, events []realtime.Event) error {
	a := actionFrom(ctx)
	if a == nil || a.written || a.projectID != projectID {
		return nil
	}
	if err := s.repo.addAction(ctx, a, events[len(events)-1].Rev); err != nil {
		return err
	}
	a.written = true
	s.db.AfterRollback(ctx, func() { a.written = false })
	events[0] = events[0].With("actionId", a.id).With("by", a.userID)
	return nil
}

// forgetActions forgets old actions.
func (s *Service) forgetActions(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.forgetActions(ctx, s.db.Now(ctx).Add(-actionLifetime))
	})
}
