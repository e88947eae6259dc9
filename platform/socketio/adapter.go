package socketio

import (
	"context"
	"encoding/json"
)

// Adapter connects the rooms of several servers. The server does its own part
// of every operation first and then hands the same command to the adapter, so
// local delivery never waits for the network between servers.
type Adapter interface {
	// Attach is called once, by New. The adapter applies to local what other
	// servers publish; it must not apply what this server published.
	Attach(local Local) error
	// Publish hands a command to the other servers. It must not wait for them.
	Publish(ctx context.Context, cmd Command) error
	// Fetch asks the other servers for their sockets in a target.
	Fetch(ctx context.Context, namespace string, to Rooms) ([]SocketInfo, error)
	// Interest says that this server has, or no longer has, sockets in a room.
	// An empty room name means the namespace as a whole; a socket's id is a
	// room too. It is called with locks held and must not block or call back.
	Interest(namespace, room string, present bool)
	// Close ends the adapter.
	Close(ctx context.Context) error
}

// Local is a server as an adapter sees it.
type Local interface {
	// Apply carries out a command on this server's sockets only.
	Apply(cmd Command) error
	// LocalSockets lists this server's sockets in a target.
	LocalSockets(namespace string, to Rooms) []SocketInfo
}

// Rooms addresses sockets of a namespace: those in any room of In (all, if In
// is empty) that are in no room of Except. A socket's id is a room of its own.
type Rooms struct {
	In     []string `json:"in,omitempty"`
	Except []string `json:"except,omitempty"`
}

// CommandKind says what a Command does.
type CommandKind string

// The kinds of commands that travel between servers.
const (
	CommandEmit       CommandKind = "emit"
	CommandJoin       CommandKind = "join"
	CommandLeave      CommandKind = "leave"
	CommandDisconnect CommandKind = "disconnect"
)

// Command is an operation on rooms in a form that can be sent to other servers.
type Command struct {
	Kind      CommandKind `json:"kind"`
	Namespace string      `json:"namespace"`
	To        Rooms       `json:"to"`

	Event       string            `json:"event,omitempty"`       // emit
	Args        []json.RawMessage `json:"args,omitempty"`        // emit: encoded, with placeholders
	Attachments [][]byte          `json:"attachments,omitempty"` // emit
	Volatile    bool              `json:"volatile,omitempty"`    // emit

	Rooms []string `json:"rooms,omitempty"` // join and leave
	Close bool     `json:"close,omitempty"` // disconnect: the whole connection
}

// SocketInfo describes a socket, maybe of another server.
type SocketInfo struct {
	ID    string   `json:"id"`
	Rooms []string `json:"rooms"`
}
