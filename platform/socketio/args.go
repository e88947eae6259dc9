package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"taskstack.org/platform/socketio/internal/parser"
)

// encodeArgs encodes the arguments of an event or of an acknowledgement.
func encodeArgs(args []any) (parser.Args, error) {
	e := parser.Args{JSON: make([]json.RawMessage, 0, len(args))}
	for i, arg := range args {
		raw, err := encodeArg(&e, arg)
		if err != nil {
			return e, fmt.Errorf("socketio: argument %d: %w", i+1, err)
		}
		e.JSON = append(e.JSON, raw)
	}
	return e, nil
}

// clientAttachments is how many attachments of one packet the newest JavaScript
// clients take (socket.io-parser 4.2.6); one with more ends their connection.
const clientAttachments = 10

// checkAttachments warns the program, once for every event, that it emits more
// attachments than the newest clients take.
func (srv *Server) checkAttachments(ns *Namespace, event string, e parser.Args) {
	if len(e.Attachments) <= clientAttachments {
		return
	}
	if event == "" {
		event = "acknowledgement"
	}
	if _, warned := srv.warned.LoadOrStore(ns.name+" "+event, true); !warned {
		srv.opt.Logger.Warn("event has more attachments than the newest clients take",
			"namespace", ns.name, "event", event, "attachments", len(e.Attachments), "limit", clientAttachments)
	}
}

// encodeArg encodes one argument and appends its attachments to those of e.
func encodeArg(e *parser.Args, arg any) (json.RawMessage, error) {
	switch v := arg.(type) {
	case json.RawMessage:
		if !json.Valid(v) {
			return nil, errors.New("json.RawMessage is not JSON")
		}
		return v, nil
	case Binary:
		e.Attachments = append(e.Attachments, v)
		return appendPlaceholder(nil, len(e.Attachments)-1), nil
	case ID:
		return strconv.AppendInt(nil, int64(v), 10), nil
	case int:
		return strconv.AppendInt(nil, int64(v), 10), nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(arg); err != nil {
		return nil, err
	}
	text := buf.Bytes()
	raw, bins, err := extractBinary(text[:len(text)-1], e.Attachments)
	e.Attachments = bins
	return raw, err
}
