// Package realtime wraps the Socket.IO server: authentication of connections,
// rooms of a kind and an id, one log line and one form of acknowledgement for
// every event, and the delivery of numbered events in order.
package realtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
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

// RootNamespace is the namespace that every client may join.
const RootNamespace = "/"

// What authenticated clients may send; visitors have the smaller defaults of
// socketio.Options.Untrusted.
const (
	// maxPayload bounds one event with its attachments: eight files of 10 MiB
	// and room for the rest (contract, socket-events.md section 1).
	maxPayload = 90 << 20
	// maxText bounds what is no attachment: two descriptions of the greatest
	// length, every character escaped, and room for the rest.
	maxText = 2 << 20
)

// Authenticator decides who may connect; auth has one.
type Authenticator interface {
	// Handshake authenticates a connection by the cookies of its first request.
	// The context it returns is the parent of all events of the connection. Its
	// sockets join rooms in every namespace; limits count by the first one. A
	// visitor, a client without a login, may use only the events of
	// OpenToVisitors and has no rooms. An error refuses the connection with 401.
	Handshake(r *http.Request) (ctx context.Context, rooms []string, err error)
	// Event checks before every event that the login is still valid, and returns
	// a context with the actor.
	Event(ctx context.Context) (context.Context, error)
	// Credential returns the login of a request's cookie, valid or not; "" if
	// there is none. It must not query the database.
	Credential(r *http.Request) string
}

// Options of New. Views and Log are required.
type Options struct {
	Views *views.Views
	Log   *slog.Logger
	// CheckOrigin reports whether a page of another origin may connect; nil means
	// only pages of the request's own host.
	CheckOrigin func(r *http.Request) bool
	// ClientAddr is the client's address behind trusted proxies; nil means
	// the peer's.
	ClientAddr func(r *http.Request) string
	// Events limits events per user and per address of visitors; nil for no limit
	// (contract, defect D51).
	Events *ratelimit.Limiter
	// Hints connect the streams of several servers; nil for none.
	Hints Hints
	// Adapter connects the rooms of several servers; nil for a single one.
	Adapter socketio.Adapter
	// NoLimits removes the limits per address and socket, for load runs, where
	// all clients share one.
	NoLimits bool
}

// Server is the Socket.IO server of the program.
type Server struct {
	opts     Options
	io       *socketio.Server
	auth     Authenticator
	visitors visitors
	// namespaces are those that Of has made, by name.
	namespaces map[string]*socketio.Namespace
	// open are the events that visitors may use, by namespace and name.
	open map[*socketio.Namespace]map[string]bool
	// own are the streams that sockets follow by themselves.
	own []func(ctx context.Context, socket *socketio.Socket) error
	// guard is asked before an event of a client changes the database; nil for none.
	guard func(ctx context.Context) error
	// draining is true while clients are sent to other servers, and afterwards.
	draining atomic.Bool
}

// New returns a server with the root namespace. Handler serves it.
func New(o Options) (*Server, error) {
	s := &Server{opts: o, namespaces: map[string]*socketio.Namespace{}, open: map[*socketio.Namespace]map[string]bool{}}
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
		Ack: s.ack, Logger: o.Log, Limits: limits, Untrusted: visitors, Adapter: o.Adapter,
	})
	if err != nil {
		return nil, err
	}
	s.io = io
	s.Of(RootNamespace)
	return s, nil
}

// Of returns a namespace, which it makes at the first call. It is called before
// the server serves; after that, only for namespaces that exist.
func (s *Server) Of(name string) *socketio.Namespace {
	ns := s.namespaces[name]
	if ns == nil {
		ns = s.io.Of(name)
		ns.OnConnect(s.joinOwnRooms)
		ns.UseEvent(s.handle)
		s.namespaces[name] = ns
	}
	return ns
}

// Handler returns the handler of /socket.io/ for the connections that a accepts.
// It is called once.
func (s *Server) Handler(a Authenticator) http.Handler {
	s.auth = a
	return s.io
}

// OpenToVisitors allows visitors to send events of a namespace; all others are
// refused to them. It is called before the server serves.
func (s *Server) OpenToVisitors(ns *socketio.Namespace, events ...string) {
	if s.open[ns] == nil {
		s.open[ns] = map[string]bool{}
	}
	for _, name := range events {
		s.open[ns][name] = true
	}
}

// Root returns the root namespace.
func (s *Server) Root() *socketio.Namespace { return s.namespaces[RootNamespace] }

// Drain makes clients reconnect to another server, evenly over a time, and waits
// for events in progress.
func (s *Server) Drain(ctx context.Context, over time.Duration) error {
	s.draining.Store(true)
	return s.io.DrainOver(ctx, over)
}

// Close drains the server at once and releases what it holds: its clock, and the
// connection to other servers. It returns ctx's error if handlers had not ended by
// then.
func (s *Server) Close(ctx context.Context) error { return s.io.Close(ctx) }

// Resume lets clients connect again after Drain.
func (s *Server) Resume() {
	s.io.Resume()
	s.draining.Store(false)
}

// Draining reports whether clients are to connect to other servers.
func (s *Server) Draining() bool { return s.draining.Load() }

// Each calls fn for each client that is connected to this server now.
func (s *Server) Each(fn func(socketio.Connection)) { s.io.Each(fn) }

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

// Connections returns how many clients are connected to this server now.
func (s *Server) Connections() int64 { return s.io.Connections() }

// Send sends an event to all sockets of a room in the root namespace. It must be
// called after the commit.
func (s *Server) Send(room, event string, args ...any) {
	if err := s.Root().To(room).Emit(event, args...); err != nil {
		s.opts.Log.Error("event could not be sent", "event", event, "room", room, "error", err)
	}
}

// SendHere sends an event to all sockets of this server in the root namespace.
func (s *Server) SendHere(event string, args ...any) {
	if err := s.Root().To().Local().Emit(event, args...); err != nil {
		s.opts.Log.Error("event could not be sent", "event", event, "error", err)
	}
}

// GuardChanges asks guard before an event of a client changes anything in the database;
// its error is the answer. Only while wiring.
func (s *Server) GuardChanges(guard func(ctx context.Context) error) { s.guard = guard }

// Disconnect closes the connections of this server's sockets in a room, in every
// namespace: new clients need not be in the root namespace.
func (s *Server) Disconnect(ctx context.Context, room string) {
	for _, ns := range s.namespaces {
		if err := ns.In(room).Local().Disconnect(true); err != nil {
			s.opts.Log.ErrorContext(ctx, "sockets of a room could not be closed", "namespace", ns.Name(), "error", err)
		}
	}
}

type peerKey struct{}

// peer is the client of a connection.
type peer struct {
	// rooms are those of Authenticator.Handshake; a visitor has none.
	rooms []string
	// key is what limits count by: all sockets of a user share it, and all
	// visitors with one address.
	key string
}

func peerOf(ctx context.Context) peer {
	p, _ := ctx.Value(peerKey{}).(peer)
	return p
}

// allow authenticates a handshake: refused clients get the contract's 401.
func (s *Server) allow(r *http.Request) (context.Context, error) {
	refused := &socketio.RefuseError{Status: http.StatusUnauthorized, Body: `"Unauthorized"`}
	if s.auth == nil {
		return nil, refused
	}
	ctx, rooms, err := s.auth.Handshake(r)
	if err != nil {
		if errs.KindOf(err) != errs.Unauthenticated {
			// A client that disconnects during its handshake is no error.
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

// signedIn reports whether a connection has a login.
func signedIn(ctx context.Context) bool { return len(peerOf(ctx).rooms) > 0 }

func (s *Server) credential(r *http.Request) string {
	if s.auth == nil {
		return ""
	}
	return s.auth.Credential(r)
}

// allowEvent refuses events that are not open to visitors, before their
// arguments are read.
func (s *Server) allowEvent(ctx context.Context, ns *socketio.Namespace, event string) error {
	if signedIn(ctx) || s.open[ns][event] {
		return nil
	}
	return errs.Of(errs.Unauthenticated)
}

// OwnStreams returns streams that sockets follow by themselves from the moment at
// which they connect: those of the id that idOf returns for their connection, 0
// for none. A socket of any namespace counts as a follower, events are sent to
// those of the root namespace.
func (s *Server) OwnStreams(o StreamOptions, log Log, idOf func(ctx context.Context) int64) *Streams {
	streams := NewStreams(ownRooms{s}, o, log, s.opts.Hints, s.opts.Log)
	s.own = append(s.own, func(ctx context.Context, socket *socketio.Socket) error {
		id := idOf(ctx)
		if id == 0 {
			return nil
		}
		_, err := streams.Join(ctx, socket, id, 0)
		return err
	})
	return streams
}

// joinOwnRooms joins a socket to its own streams and to the rooms of its handshake,
// and checks the login again: it may have ended between handshake and namespace. It
// checks after joining, so that a login that ends meanwhile finds the socket in its
// room.
func (s *Server) joinOwnRooms(ctx context.Context, socket *socketio.Socket) {
	var err error
	for _, join := range s.own {
		err = errors.Join(err, join(ctx, socket))
	}
	socket.Join(peerOf(ctx).rooms...)
	if err == nil {
		_, err = s.auth.Event(ctx)
	}
	if err == nil {
		return
	}
	if errs.KindOf(err) != errs.Unauthenticated && !errors.Is(err, context.Canceled) {
		s.opts.Log.ErrorContext(ctx, "connection refused: its login could not be read", "error", err)
	}
	socket.Close()
}

// handle wraps every event: it checks limits and login, and writes one log line.
func (s *Server) handle(ctx context.Context, socket *socketio.Socket, ev socketio.Event, next func(context.Context) (any, error)) (any, error) {
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
		level = slog.LevelDebug // unauthenticated clients must not fill the log
	}
	if err != nil {
		err = classify(err)
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
	if s.guard != nil {
		ctx = db.Guarded(ctx, s.guard)
	}
	if signedIn(ctx) {
		return next(ctx)
	}
	return s.visitors.run(ctx, who.key, next)
}

// classify converts the errors of package socketio into those of package errs.
func classify(err error) error {
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

// invalid returns the error of an argument with a wrong field, for users.
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

// wrongType are the texts for fields of a wrong type, by the type expected.
var wrongType = map[socketio.Want]string{
	socketio.WantText: "errors.notText", socketio.WantNumber: "errors.notNumber", socketio.WantSwitch: "errors.notSwitch",
	socketio.WantID: "errors.notID", socketio.WantList: "errors.notList", socketio.WantFiles: "errors.notFiles",
	socketio.WantObject: "errors.notObject",
}

// referenceError is an internal error with the reference that is both logged and
// shown.
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

// OK is the content of an acknowledgement; "ok" is added.
type OK map[string]any

// ack returns the argument of an acknowledgement for the result of a handler.
func (s *Server) ack(ctx context.Context, value any, err error) any {
	if err != nil {
		err = classify(err)
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

// WithLang returns a context with the language of a handshake, for its
// acknowledgements.
func WithLang(ctx context.Context, r *http.Request) context.Context {
	lang := ""
	if cookie, err := r.Cookie("lang"); err == nil {
		lang = strings.Clone(cookie.Value) // or the whole header is kept in memory
	}
	return context.WithValue(ctx, langKey{}, i18n.Choose(lang, r.Header.Get("Accept-Language")))
}

// Lang returns the language of the person whose event a handler answers.
func Lang(ctx context.Context) string { return langOf(ctx) }

func langOf(ctx context.Context) string {
	lang, ok := ctx.Value(langKey{}).(string)
	if !ok {
		return i18n.English
	}
	return lang
}

// jsonRaw encodes a payload, unless it is JSON already.
func jsonRaw(v any) (json.RawMessage, error) {
	if raw, ok := v.(json.RawMessage); ok {
		return raw, nil
	}
	return json.Marshal(v)
}
