// Package realtime is Socket.IO as the product uses it: who may connect, the
// rooms of people and projects, one log line and one form of acknowledgement
// for every event, and the delivery of numbered project events in order.
package realtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// The namespaces of the contract.
const (
	RootNamespace    = "/"
	ProjectNamespace = "/project"
)

// What signed-in people may send; visitors have the smaller defaults of
// socketio.Options.Untrusted.
const (
	// maxPayload bounds one event with its attachments: eight files of 10 MiB
	// and room for the rest (contract, socket-events.md section 1).
	maxPayload = 90 << 20
	// maxText bounds what is no attachment: two descriptions of the greatest
	// length, every character escaped, and room for the rest.
	maxText = 2 << 20
)

// Authenticator says who may connect; accounts is one.
type Authenticator interface {
	// Handshake looks at the cookies of a connection's first request. The
	// context it returns is the parent of all the connection's events, rooms
	// are what its sockets join in every namespace, the person's own first; a
	// visitor, who is not signed in and may use only what OpenToVisitors names,
	// has none. An error refuses the connection with 401.
	Handshake(r *http.Request) (ctx context.Context, rooms []string, err error)
	// Event is asked before every event whether the login still stands, and
	// returns a context that names the actor.
	Event(ctx context.Context) (context.Context, error)
	// Credential names the login whose cookie a request carries, whether or not
	// it stands; empty if there is none. It must not ask the database.
	Credential(r *http.Request) string
}

// Options of New. Views and Log are required.
type Options struct {
	Views *views.Views
	Log   *slog.Logger
	// CheckOrigin tells whether a foreign page may connect; nil means only
	// pages of the request's own host.
	CheckOrigin func(r *http.Request) bool
	// ClientAddr is the client's address behind trusted proxies; nil means
	// the peer's.
	ClientAddr func(r *http.Request) string
	// Events limits events per person; nil for no limit (contract, defect D51).
	Events *ratelimit.Limiter
	// NoLimits lifts the limits per address and socket, for load runs, where
	// all clients share one.
	NoLimits bool
}

// Server is the product's Socket.IO server.
type Server struct {
	opts     Options
	io       *socketio.Server
	auth     Authenticator
	visitors visitors
	// open are the events of the project namespace that visitors may use.
	open map[string]bool
	// evicted hear of a project's room that people were taken out of.
	evicted []func(ctx context.Context, projectID int64)
}

// New makes the server. It accepts nobody until SetAuthenticator is called.
func New(o Options) (*Server, error) {
	s := &Server{opts: o, open: map[string]bool{}}
	limits := socketio.Limits{MaxPayload: maxPayload, MaxText: maxText, BytesPerSecond: 16 << 20, ByteBurst: 2 * maxPayload}
	var visitors socketio.Limits
	if o.NoLimits {
		for _, l := range []*socketio.Limits{&limits, &visitors} {
			l.MaxConnections, l.ConnectionsPerAddress, l.HandshakesPerSecond = -1, -1, -1
			l.EventsPerSecond, l.AddressEventsPerSecond, l.AddressBytesPerSecond = -1, -1, -1
		}
	}
	io, err := socketio.New(socketio.Options{
		AllowRequest: s.allow, CheckOrigin: o.CheckOrigin, ClientAddr: o.ClientAddr,
		Trusted: signedIn, Credential: s.credential, AllowEvent: s.allowEvent,
		Ack: s.ack, Logger: o.Log, Limits: limits, Untrusted: visitors,
	})
	if err != nil {
		return nil, err
	}
	s.io = io
	for _, name := range []string{RootNamespace, ProjectNamespace} {
		ns := io.Of(name)
		ns.OnConnect(s.joinOwnRooms)
		ns.UseEvent(s.around)
	}
	return s, nil
}

// SetAuthenticator says who may connect. Called once, while wiring.
func (s *Server) SetAuthenticator(a Authenticator) { s.auth = a }

// OpenToVisitors lets people who are not signed in use events of the project
// namespace; all others are refused to them. Only while wiring.
func (s *Server) OpenToVisitors(events ...string) {
	for _, name := range events {
		s.open[name] = true
	}
}

// OnEvicted has fn called after people were taken out of a project's room,
// because they may not follow it any more. Only while wiring.
func (s *Server) OnEvicted(fn func(ctx context.Context, projectID int64)) {
	s.evicted = append(s.evicted, fn)
}

// ServeHTTP serves /socket.io/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.io.ServeHTTP(w, r) }

// Root is the namespace of everything that concerns a person.
func (s *Server) Root() *socketio.Namespace { return s.io.Of(RootNamespace) }

// Project is the namespace of boards.
func (s *Server) Project() *socketio.Namespace { return s.io.Of(ProjectNamespace) }

// Drain tells clients to reconnect elsewhere and waits for events in flight.
func (s *Server) Drain(ctx context.Context) error { return s.io.Drain(ctx) }

// Refused returns how many requests and namespaces the limits of sockets have
// refused, by names of limits for the metrics: "socket_" and the class.
func (s *Server) Refused() map[string]uint64 {
	all := map[string]uint64{}
	for class, n := range s.io.Stats().Refused {
		all["socket_"+strings.ReplaceAll(class, " ", "_")] = n
	}
	return all
}

// Collector counts connections, events, bytes and refusals for Prometheus.
func (s *Server) Collector() prometheus.Collector { return s.io.Collector() }

// UserRoom is the room of all sockets of a person.
func UserRoom(userID int64) string { return "user:" + strconv.FormatInt(userID, 10) }

// LoginRoom is the room of all sockets that live on one login.
func LoginRoom(loginID string) string { return "login:" + loginID }

// ToUser sends an event to all of a person's sockets in the root namespace. It
// must be called after the commit.
func (s *Server) ToUser(userID int64, event string, args ...any) {
	if err := s.Root().To(UserRoom(userID)).Emit(event, args...); err != nil {
		s.opts.Log.Error("event could not be sent", "event", event, "user", userID, "error", err)
	}
}

// EndLogin closes the connections that live on a login. New clients need not be
// in the root namespace, so both are asked.
func (s *Server) EndLogin(ctx context.Context, loginID string) {
	for _, ns := range []*socketio.Namespace{s.Root(), s.Project()} {
		if err := ns.In(LoginRoom(loginID)).Disconnect(true); err != nil {
			s.opts.Log.ErrorContext(ctx, "sockets of an ended login could not be closed", "namespace", ns.Name(), "error", err)
		}
	}
}

type peerKey struct{}

// peer is who is at the other end of a connection.
type peer struct {
	// rooms are a person's own; a visitor has none.
	rooms []string
	// key is what limits count by: all sockets of a person share it, and all
	// visitors with one address.
	key string
}

func peerOf(ctx context.Context) peer {
	p, _ := ctx.Value(peerKey{}).(peer)
	return p
}

// allow is the handshake: refused people get the contract's 401.
func (s *Server) allow(r *http.Request) (context.Context, error) {
	refused := &socketio.RefuseError{Status: http.StatusUnauthorized, Body: `"Unauthorized"`}
	if s.auth == nil {
		return nil, refused
	}
	ctx, rooms, err := s.auth.Handshake(r)
	if err != nil {
		if errs.KindOf(err) != errs.Unauthenticated {
			// A client that left while it was asked for is nobody's fault.
			if !errors.Is(err, context.Canceled) {
				s.opts.Log.ErrorContext(r.Context(), "handshake failed", "error", err)
			}
			return nil, &socketio.RefuseError{Status: http.StatusServiceUnavailable, Body: `"Unavailable"`}
		}
		return nil, refused
	}
	p := peer{rooms: rooms}
	if len(rooms) > 0 {
		p.key = rooms[0]
	} else {
		p.key = "address:" + s.addressOf(r)
	}
	return context.WithValue(ctx, peerKey{}, p), nil
}

func (s *Server) addressOf(r *http.Request) string {
	if s.opts.ClientAddr != nil {
		return netaddr.Key(s.opts.ClientAddr(r))
	}
	return netaddr.Key(r.RemoteAddr)
}

// signedIn says whether a connection is one of a person.
func signedIn(ctx context.Context) bool { return len(peerOf(ctx).rooms) > 0 }

func (s *Server) credential(r *http.Request) string {
	if s.auth == nil {
		return ""
	}
	return s.auth.Credential(r)
}

// allowEvent refuses to visitors, before its arguments are read, what is not
// open to them.
func (s *Server) allowEvent(ctx context.Context, ns *socketio.Namespace, event string) error {
	if signedIn(ctx) || (s.open[event] && ns == s.Project()) {
		return nil
	}
	return errs.Of(errs.Unauthenticated)
}

// joinOwnRooms asks once more who is there: a client may take its time between
// handshake and namespace, and its login may have ended meanwhile. It asks
// afterwards, so that a login that ends now finds the socket in its room.
func (s *Server) joinOwnRooms(ctx context.Context, socket *socketio.Socket) {
	socket.Join(peerOf(ctx).rooms...)
	_, err := s.auth.Event(ctx)
	if err == nil {
		return
	}
	if errs.KindOf(err) != errs.Unauthenticated && !errors.Is(err, context.Canceled) {
		s.opts.Log.ErrorContext(ctx, "connection refused: its login could not be read", "error", err)
	}
	socket.Close()
}

// around wraps every event: actor, limit, one log line.
func (s *Server) around(ctx context.Context, socket *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
	ctx = logs.With(ctx, slog.String("socket", socket.ID()))
	ctx, statements := db.CountStatements(ctx)
	start := time.Now()
	value, err := s.run(ctx, socket, ev, next)
	attrs := []slog.Attr{
		slog.String("event", ev.Name), slog.String("namespace", socket.Namespace().Name()),
		slog.Duration("took", time.Since(start)), slog.Int64("statements", statements.Load()),
	}
	level := slog.LevelInfo
	if !signedIn(ctx) {
		level = slog.LevelDebug // or strangers could fill the log
	}
	if err != nil {
		err = known(err)
		attrs = append(attrs, slog.String("error", err.Error()))
		level = slog.LevelDebug
		switch {
		case errs.KindOf(err) == errs.Internal:
			level = slog.LevelError
			err = withReference(err, &attrs)
		case errors.Is(err, db.ErrAway) || errors.Is(err, db.ErrFull):
			level = slog.LevelError
		}
	}
	s.opts.Log.LogAttrs(ctx, level, "socket event", attrs...)
	return value, err
}

func (s *Server) run(ctx context.Context, socket *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
	if !ev.Registered {
		return nil, errs.Of(errs.NotFound)
	}
	who := peerOf(ctx)
	if wait, ok := s.opts.Events.Take(who.key); !ok {
		return nil, &errs.Error{Kind: errs.RateLimited, RetryAfter: wait}
	}
	if ev.Refused != nil {
		return nil, ev.Refused
	}
	ctx, err := s.auth.Event(ctx)
	if err != nil {
		return nil, err
	}
	if signedIn(ctx) {
		return next(ctx)
	}
	return s.visitors.run(ctx, who.key, next)
}

// known turns the protocol server's errors into the product's.
func known(err error) error {
	var decode *socketio.DecodeError
	switch {
	case errors.As(err, &decode):
		return invalid(decode)
	case errors.Is(err, socketio.ErrAttachments):
		return errs.Because(errs.Invalid, err)
	case errors.Is(err, socketio.ErrUnknownEvent):
		return errs.Because(errs.NotFound, err)
	case errors.Is(err, context.Canceled):
		return errs.Because(errs.Unavailable, err)
	}
	return db.Classify(err)
}

// invalid says in words which field of an argument is wrong, and why.
func invalid(fault *socketio.DecodeError) error {
	name := fault.Field
	if name == "" {
		name = "payload"
	}
	e := errs.Field(name, "errors.missing", "Field", errs.FieldName(name))
	switch fault.Fault {
	case socketio.FaultMissing:
	case socketio.FaultType:
		e = errs.Field(name, wrongType[fault.Want], "Field", errs.FieldName(name))
	case socketio.FaultTooMany:
		e = errs.Field(name, "errors.tooMany", "Field", errs.FieldName(name), "Max", fault.Max)
	case socketio.FaultTooLong:
		e = errs.Field(name, "errors.tooLong", "Field", errs.FieldName(name))
		if fault.Max > 0 {
			e = errs.Field(name, "errors.longerThan", "Field", errs.FieldName(name), "Max", fault.Max)
		}
	}
	e.Cause = fault
	return e
}

// wrongType are the texts that say what a field should have been.
var wrongType = map[socketio.Want]string{
	socketio.WantText: "errors.notText", socketio.WantNumber: "errors.notNumber", socketio.WantSwitch: "errors.notSwitch",
	socketio.WantID: "errors.notID", socketio.WantList: "errors.notList", socketio.WantFiles: "errors.notFiles",
	socketio.WantObject: "errors.notObject",
}

// referenceError carries what is both logged and shown of an internal error.
type referenceError struct {
	error
	ref string
}

func (e *referenceError) Unwrap() error { return e.error }

func withReference(err error, attrs *[]slog.Attr) error {
	ref := rand.Text()[:8]
	*attrs = append(*attrs, slog.String("ref", ref))
	return &referenceError{err, ref}
}

// OK is an acknowledgement's content; "ok" is added.
type OK map[string]any

// ack is what an acknowledgement answers for a handler's result.
func (s *Server) ack(ctx context.Context, value any, err error) any {
	if err != nil {
		err = known(err)
		var withRef *referenceError
		ref := ""
		if errors.As(err, &withRef) {
			ref = withRef.ref
		}
		return web.Describe(s.opts.Views, langOf(ctx), errs.As(err), ref)
	}
	answer, ok := value.(OK)
	if !ok {
		if value == nil {
			return OK{"ok": true}
		}
		return value
	}
	answer["ok"] = true
	return answer
}

type langKey struct{}

// WithLang keeps the language of a handshake for its acknowledgements.
func WithLang(ctx context.Context, r *http.Request) context.Context {
	lang := ""
	if cookie, err := r.Cookie("lang"); err == nil {
		lang = strings.Clone(cookie.Value) // what it is cut from would live as long
	}
	return context.WithValue(ctx, langKey{}, i18n.Choose(lang, r.Header.Get("Accept-Language")))
}

func langOf(ctx context.Context) string {
	lang, ok := ctx.Value(langKey{}).(string)
	if !ok {
		return i18n.English
	}
	return lang
}

// jsonRaw marshals a payload once.
func jsonRaw(v any) (json.RawMessage, error) {
	if raw, ok := v.(json.RawMessage); ok {
		return raw, nil
	}
	return json.Marshal(v)
}
