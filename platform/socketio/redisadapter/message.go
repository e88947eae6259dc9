package redisadapter

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"taskstack.org/platform/socketio"
)

// messageKind says what a message between servers is.
type messageKind byte

const (
	messageCommand   messageKind = 'c' // a socketio.Command
	messageTopic     messageKind = 't' // a payload of the program
	messageHello     messageKind = 'q' // a server is here, and asks the others to say so
	messageHeartbeat messageKind = 'h' // a server is still here
	messageBye       messageKind = 'b' // a server leaves
	messageFetch     messageKind = 'f' // a question for sockets
	messageFetched   messageKind = 'r' // its answer
)

// version is the first byte of every message. Servers ignore other versions, so
// that two releases can run side by side.
const version = 1

// message is what travels over Redis. From and Seq together name it: the same
// message may be published to several rooms, and twice after a broken connection.
type message struct {
	kind messageKind
	from string
	seq  uint64
	body []byte
}

var errMalformed = errors.New("redisadapter: malformed message")

func (m message) encode() []byte {
	out := make([]byte, 0, 16+len(m.from)+len(m.body))
	out = append(out, version, byte(m.kind))
	out = appendText(out, m.from)
	out = binary.AppendUvarint(out, m.seq)
	return append(out, m.body...)
}

func decodeMessage(payload string) (message, error) {
	r := reader{rest: []byte(payload)}
	v, kind := r.byte(), r.byte()
	m := message{kind: messageKind(kind), from: r.text(), seq: r.uvarint()}
	if r.failed || v != version || m.from == "" {
		return message{}, errMalformed
	}
	m.body = r.rest
	return m, nil
}

// commandKinds are the kinds of commands by their byte.
var commandKinds = map[byte]socketio.CommandKind{
	'e': socketio.CommandEmit, 'j': socketio.CommandJoin, 'l': socketio.CommandLeave, 'd': socketio.CommandDisconnect,
}

const (
	flagVolatile = 1 << iota
	flagClose
)

func encodeCommand(cmd socketio.Command) ([]byte, error) {
	size := 64 + len(cmd.Event)
	for _, arg := range cmd.Args {
		size += len(arg) + 4
	}
	for _, a := range cmd.Attachments {
		size += len(a) + 4
	}
	out := make([]byte, 0, size)
	kind := byte(0)
	for b, k := range commandKinds {
		if k == cmd.Kind {
			kind = b
		}
	}
	if kind == 0 {
		return nil, errMalformed
	}
	flags := byte(0)
	if cmd.Volatile {
		flags |= flagVolatile
	}
	if cmd.Close {
		flags |= flagClose
	}
	out = append(out, kind, flags)
	out = appendText(out, cmd.Namespace)
	for _, names := range [][]string{cmd.To.In, cmd.To.Except, cmd.Rooms} {
		out = appendList(out, names)
	}
	out = appendText(out, cmd.Event)
	out = appendList(out, cmd.Args)
	return appendList(out, cmd.Attachments), nil
}

func decodeCommand(body []byte) (socketio.Command, error) {
	r := reader{rest: body}
	kind, flags := r.byte(), r.byte()
	cmd := socketio.Command{
		Kind: commandKinds[kind], Volatile: flags&flagVolatile != 0, Close: flags&flagClose != 0,
		Namespace: r.text(), To: socketio.Rooms{In: readList[string](&r), Except: readList[string](&r)},
		Rooms: readList[string](&r), Event: r.text(), Args: readList[json.RawMessage](&r), Attachments: readList[[]byte](&r),
	}
	if r.failed || len(r.rest) > 0 || cmd.Kind == "" || cmd.Namespace == "" {
		return socketio.Command{}, errMalformed
	}
	return cmd, nil
}

func appendText[T ~string | ~[]byte](out []byte, text T) []byte {
	return append(binary.AppendUvarint(out, uint64(len(text))), text...)
}

func appendList[T ~string | ~[]byte](out []byte, list []T) []byte {
	out = binary.AppendUvarint(out, uint64(len(list)))
	for _, item := range list {
		out = appendText(out, item)
	}
	return out
}

// reader takes a message apart. After a failure everything it returns is empty.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) byte() byte {
	b := r.take(1)
	if r.failed {
		return 0
	}
	return b[0]
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint(r.rest)
	if r.failed || size <= 0 {
		r.failed = true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) take(n uint64) []byte {
	if r.failed || n > uint64(len(r.rest)) {
		r.failed = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) text() string { return string(r.take(r.uvarint())) }

func readList[T ~string | ~[]byte](r *reader) []T {
	n := r.uvarint()
	if r.failed || n > uint64(len(r.rest)) { // an item takes a byte at least
		r.failed = true
		return nil
	}
	var list []T
	for range n {
		list = append(list, T(r.take(r.uvarint())))
	}
	return list
}
