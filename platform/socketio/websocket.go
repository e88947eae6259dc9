package socketio

import (
	"bytes"
	"compress/flate"
	"crypto/sha1" //nolint:security // RFC 6455 asks for SHA-1; it protects nothing
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

// Opcodes of RFC 6455.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA
)

// Close codes of RFC 6455.
const (
	closeNormal      = 1000
	closeGoingAway   = 1001
	closeProtocol    = 1002
	closeInvalidData = 1007
	closePolicy      = 1008
	closeTooLarge    = 1009
	closeTryLater    = 1013

	closeNoStatus = 1005 // stands for a close frame without a code, and in none
)

// wsError is a violation of RFC 6455 by the client.
type wsError struct {
	code int
	text string
}

func (e *wsError) Error() string { return "socketio: websocket: " + e.text }

var (
	errMasked    = &wsError{closeProtocol, "frame not masked"}
	errReserved  = &wsError{closeProtocol, "reserved bits or opcode"}
	errControl   = &wsError{closeProtocol, "bad control frame"}
	errFragments = &wsError{closeProtocol, "fragments out of order"}
	errLength    = &wsError{closeProtocol, "length not minimal"}
	errTooLarge  = &wsError{closeTooLarge, "message too large"}
	errUTF8      = &wsError{closeInvalidData, "text is not UTF-8"}
	errDeflate   = &wsError{closeInvalidData, "compressed data broken"}
)

// frameReader takes the bytes of a connection as they come and gives out
// messages. It holds memory only while a message is incomplete, and never more
// than has arrived (rounded up), whatever length a frame announces.
type frameReader struct {
	limit   int  // of a message
	deflate bool // permessage-deflate was negotiated

	// frame, if set, is called for every frame before its payload is taken.
	frame func() error
	// peek, if set, is asked about a message that is about to come, without
	// text, and about one whose text has become longer than head: how large it
	// may get, and whether it is dropped as it comes.
	peek func(op byte, text []byte) (limit int, drop bool, err error)
	head int

	header  [14]byte
	have    uint8 // bytes of header
	inFrame bool
	op      byte
	fin     bool
	key     [4]byte
	keyPos  uint8
	remains int64 // bytes of the frame still to come

	message    []byte // collected so far
	messageOp  byte   // 0: none begun
	compressed bool
	most       int  // what the message may get to
	size       int  // what it has got to, kept or dropped
	peeked     bool // its text has been looked at
	drop       bool // it is not kept
	owned      bool // the message that is being passed may be kept
	control    []byte
}

// buffered is the memory held by an incomplete message.
func (r *frameReader) buffered() int { return cap(r.message) }

// midway says that a message or frame has begun and not ended.
func (r *frameReader) midway() bool { return r.inFrame || r.have > 0 || r.messageOp != 0 }

// feed consumes data, which it changes, and calls message for every complete
// text or binary message and control for every complete control frame. What
// it passes is valid during the call only.
func (r *frameReader) feed(data []byte, message func(op byte, p []byte) error, control func(op byte, p []byte) error) error {
	for len(data) > 0 || (r.inFrame && r.remains == 0) {
		if !r.inFrame {
			n, err := r.readHeader(data)
			if err != nil {
				return err
			}
			data = data[n:]
			if !r.inFrame {
				return nil
			}
		}
		n := int(min(r.remains, int64(len(data))))
		part := data[:n]
		data = data[n:]
		r.unmask(part)
		r.remains -= int64(n)
		if err := r.payload(part, message, control); err != nil {
			return err
		}
	}
	return nil
}

// readHeader consumes header bytes and says how many.
func (r *frameReader) readHeader(data []byte) (int, error) {
	used := 0
	for {
		if r.have >= 2 && r.header[1]&0x80 == 0 {
			return used, errMasked
		}
		need := r.headerLength()
		if int(r.have) >= need && need > 2 {
			return used, r.begin()
		}
		if used == len(data) {
			return used, nil
		}
		n := copy(r.header[r.have:max(need, 2)], data[used:])
		r.have += uint8(n)
		used += n
	}
}

// headerLength is the header's length as far as it is known.
func (r *frameReader) headerLength() int {
	if r.have < 2 {
		return 2
	}
	switch r.header[1] & 0x7f {
	case 126:
		return 8
	case 127:
		return 14
	default:
		return 6
	}
}

// begin checks a complete header and starts its frame.
func (r *frameReader) begin() error {
	h := r.header[:]
	r.have = 0
	r.fin, r.op = h[0]&0x80 != 0, h[0]&0x0f
	rsv := h[0] & 0x70
	length := uint64(h[1] & 0x7f)
	key := h[2:6]
	switch length {
	case 126:
		length, key = uint64(binary.BigEndian.Uint16(h[2:])), h[4:8]
		if length < 126 {
			return errLength
		}
	case 127:
		length, key = binary.BigEndian.Uint64(h[2:]), h[10:14]
		if length < 1<<16 || length>>63 != 0 {
			return errLength
		}
	}
	if r.frame != nil {
		if err := r.frame(); err != nil {
			return err
		}
	}
	if err := r.check(rsv, length); err != nil {
		return err
	}
	copy(r.key[:], key)
	r.keyPos, r.remains, r.inFrame = 0, int64(length), true
	return nil
}

func (r *frameReader) check(rsv byte, length uint64) error {
	switch r.op {
	case opText, opBinary:
		if rsv&0x30 != 0 || (rsv != 0 && !r.deflate) {
			return errReserved
		}
		if r.messageOp != 0 {
			return errFragments
		}
		r.compressed = rsv != 0
		r.most, r.size, r.peeked, r.drop = r.limit, 0, false, false
		if r.peek != nil {
			var err error
			if r.most, r.drop, err = r.peek(r.op, nil); err != nil {
				return err
			}
		}
	case opContinuation:
		if rsv != 0 {
			return errReserved
		}
		if r.messageOp == 0 {
			return errFragments
		}
	case opClose, opPing, opPong:
		if rsv != 0 || !r.fin || length > 125 {
			return errControl
		}
		return nil
	default:
		return errReserved
	}
	if length > uint64(r.most) || r.size+int(length) > r.most {
		return errTooLarge
	}
	return nil
}

func (r *frameReader) unmask(p []byte) {
	pos := r.keyPos
	r.keyPos = (pos + uint8(len(p)&3)) & 3
	for len(p) > 0 && pos != 0 {
		p[0] ^= r.key[pos]
		pos = (pos + 1) & 3
		p = p[1:]
	}
	k := uint64(binary.LittleEndian.Uint32(r.key[:]))
	k |= k << 32
	for len(p) >= 8 {
		binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^k)
		p = p[8:]
	}
	for i := range p {
		p[i] ^= r.key[i&3]
	}
}

// payload takes a part of a frame's data, maybe all of it.
func (r *frameReader) payload(part []byte, message, control func(op byte, p []byte) error) error {
	done := r.remains == 0
	if done {
		r.inFrame = false
	}
	if r.op >= opClose {
		if !done || len(r.control) > 0 {
			r.control = append(r.control, part...)
			part = r.control
		}
		if !done {
			return nil
		}
		r.control = nil
		return control(r.op, part)
	}
	r.size += len(part)
	if r.op != opContinuation && r.messageOp == 0 {
		if done && r.fin {
			return r.complete(r.op, part, message)
		}
		r.messageOp = r.op
	}
	if err := r.collect(part); err != nil {
		return err
	}
	if !done || !r.fin {
		return nil
	}
	op, whole := r.messageOp, r.message
	r.messageOp, r.message = 0, nil
	r.owned = true
	defer func() { r.owned = false }()
	return r.complete(op, whole, message)
}

// collect keeps a part of a message, unless it is dropped.
func (r *frameReader) collect(part []byte) error {
	if r.drop {
		return nil
	}
	r.message = append(r.message, part...)
	if r.messageOp != opText || r.peeked || r.compressed || r.peek == nil || len(r.message) <= r.head {
		return nil
	}
	r.peeked = true
	var err error
	if r.most, r.drop, err = r.peek(opText, r.message); err != nil {
		return err
	}
	r.most++ // the type of the packet
	if r.size+int(r.remains) > r.most {
		return errTooLarge
	}
	if r.drop {
		r.message = nil
	}
	return nil
}

func (r *frameReader) complete(op byte, p []byte, message func(op byte, p []byte) error) error {
	if r.compressed && !r.drop {
		var err error
		if p, err = inflate(p, r.most); err != nil {
			return err
		}
		r.owned = true
		defer func() { r.owned = false }()
	}
	if op == opText && !utf8.Valid(p) {
		return errUTF8
	}
	return message(op, p)
}

// deflateThreshold is the size below which messages go uncompressed.
const deflateThreshold = 1024

// deflateTail is what a sender cuts off a compressed message, RFC 7692 7.2.1,
// followed by an empty final block that ends the stream for our reader.
const deflateTail = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"

func inflate(p []byte, limit int) ([]byte, error) {
	fr := flate.NewReader(io.MultiReader(bytes.NewReader(p), strings.NewReader(deflateTail)))
	out, err := io.ReadAll(io.LimitReader(fr, int64(limit)+1))
	if err != nil {
		return nil, errDeflate
	}
	if len(out) > limit {
		return nil, errTooLarge
	}
	return out, nil
}

// deflateFrame compresses a text message into a frame with RSV1 set.
func deflateFrame(payload []byte) []byte {
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(payload)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil { // a bytes.Buffer takes everything
		return append(appendFrameHeader(nil, opText, len(payload)), payload...)
	}
	data := bytes.TrimSuffix(buf.Bytes(), []byte(deflateTail[:4]))
	out := appendFrameHeader(make([]byte, 0, len(data)+frameHeadroom), opText, len(data))
	out[0] |= 0x40
	return append(out, data...)
}

// bufferPool recycles the buffers that readers hold while they have data.
type bufferPool struct{ pool sync.Pool }

const readBufferSize = 8 << 10

func (p *bufferPool) get() *[]byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, readBufferSize)
	return &b
}

func (p *bufferPool) put(b *[]byte) { p.pool.Put(b) }

// wsConn is one WebSocket.
type wsConn struct {
	nc     net.Conn
	raw    syscall.RawConn // nil if nc cannot be written without blocking
	early  []byte          // what the client sent along with its handshake
	kind   wireKind
	frames frameReader
}

// tryWrite writes what the socket takes at once and gives the rest. Without
// raw access that is everything: a drain goroutine will write it.
func (w *wsConn) tryWrite(s *scratch, buf []byte) ([]byte, error) {
	if w.raw == nil {
		return buf, nil
	}
	return s.raw.write(w.raw, buf)
}

// write blocks until everything is written, or the client has taken nothing
// for the timeout.
func (w *wsConn) write(buf []byte, timeout time.Duration) error {
	const chunk = 64 << 10
	for len(buf) > 0 {
		if err := w.nc.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
			return err
		}
		n, err := w.nc.Write(buf[:min(chunk, len(buf))])
		if err != nil {
			return err
		}
		buf = buf[n:]
	}
	return w.nc.SetWriteDeadline(time.Time{})
}

func writeFailure(err error) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ReasonWriteTimeout
	}
	return ReasonTransportError
}

// closeWait is how long a closed connection waits for the client to close its
// end. Closing ours at once would make the kernel throw away what the client
// has not read yet, the close frame included, if anything came meanwhile.
const closeWait = 2 * time.Second

// endWriting tells the client that no more comes and gives it closeWait to
// answer; the reader, which sees the answer, closes the connection.
func (w *wsConn) endWriting() {
	half, ok := w.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || w.nc.SetReadDeadline(time.Now().Add(closeWait)) != nil {
		w.nc.Close()
	}
}

// turnAway closes a WebSocket that nothing was read from.
func (w *wsConn) turnAway() {
	_ = w.write(closeFrame(closePolicy), closeWait) // it is closed in any case
	w.nc.Close()
}

// maxDiscarded is what a client may send after the end before it is cut off.
const maxDiscarded = 1 << 20

// endReading reads on after the end until the client has closed its end too,
// or its time is up, and closes the connection.
func (w *wsConn) endReading(srv *Server) {
	defer w.nc.Close()
	buf := srv.buffers.get()
	defer srv.buffers.put(buf)
	for n := 0; n < maxDiscarded; {
		more, err := w.nc.Read(*buf)
		if err != nil {
			return
		}
		n += more
	}
}

func closeFrame(code int) []byte {
	return binary.BigEndian.AppendUint16(appendFrameHeader(nil, opClose, 2), uint16(code))
}

func closeCode(reason string) int {
	switch reason {
	case ReasonProtocol:
		return closeProtocol
	case ReasonTooLarge:
		return closeTooLarge
	case ReasonQueueFull, ReasonWriteTimeout, ReasonConnectTimeout, ReasonIdle:
		return closePolicy
	case ReasonTooSlow:
		return closePolicy
	case ReasonBudget:
		return closeTryLater
	case ReasonShutdown:
		return closeGoingAway
	default:
		return closeNormal
	}
}

// read gives the next bytes to use until it is called again; done gives back
// what it holds. rr is nil without raw access.
func (w *wsConn) read(rr *rawReader, buf *[]byte) ([]byte, error) {
	if early := w.early; len(early) > 0 {
		w.early = nil
		return early, nil
	}
	if rr != nil {
		rr.release()
		return rr.read()
	}
	n, err := w.nc.Read(*buf)
	return (*buf)[:n], err
}

// upgradeWebSocket does the server's part of the handshake of RFC 6455. When
// it fails it has answered.
func (srv *Server) upgradeWebSocket(w http.ResponseWriter, r *http.Request, l *Limits, eio uint8) (*wsConn, bool) {
	key := r.Header.Get("Sec-WebSocket-Key")
	nonce, err := base64.StdEncoding.DecodeString(key)
	if r.Method != http.MethodGet || !headerHas(r.Header, "Connection", "upgrade") ||
		!headerHas(r.Header, "Upgrade", "websocket") || err != nil || len(nonce) != 16 {
		srv.refuse(w, r, badRequest)
		return nil, false
	}
	if r.Header.Get("Sec-WebSocket-Version") != "13" {
		w.Header().Set("Sec-WebSocket-Version", "13")
		srv.refuse(w, r, refusal{http.StatusUpgradeRequired, 3, "Bad request", "websocket version"})
		return nil, false
	}
	nc, brw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		srv.refuse(w, r, refusal{http.StatusInternalServerError, 3, "Bad request", "not hijackable"})
		return nil, false
	}
	ws := &wsConn{nc: nc, raw: rawConnOf(nc)}
	ws.frames.limit = maxControl
	if l == &srv.opt.Untrusted {
		shrinkKernelBuffers(nc)
	}
	ws.kind = wireKind{eio: eio, deflate: srv.opt.Compression && offersDeflate(r.Header), base64: wantsBase64(r)}
	ws.frames.deflate = ws.kind.deflate
	if n := brw.Reader.Buffered(); n > 0 {
		ws.early = make([]byte, n)
		_, err = io.ReadFull(brw.Reader, ws.early)
	}
	if err == nil {
		err = nc.SetDeadline(time.Time{})
	}
	if err == nil {
		err = ws.write(handshakeAnswer(key, subprotocol(r.Header), ws.kind.deflate), srv.opt.WriteTimeout)
	}
	if err != nil {
		nc.Close()
		return nil, false
	}
	return ws, true
}

// shrinkKernelBuffers makes the kernel keep little for a stranger's connection,
// where that is possible.
func shrinkKernelBuffers(nc net.Conn) {
	if tcp, ok := nc.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(32 << 10) // fails only if closed, as reading will
		_ = tcp.SetWriteBuffer(128 << 10)
	}
}

func handshakeAnswer(key, protocol string, deflate bool) []byte {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	out := []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
	out = base64.StdEncoding.AppendEncode(out, sum[:])
	if protocol != "" {
		out = append(append(out, "\r\nSec-WebSocket-Protocol: "...), protocol...)
	}
	if deflate {
		out = append(out, "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover"...)
	}
	return append(out, "\r\n\r\n"...)
}

// subprotocol gives the first protocol that the client offers, empty if there
// is none. The server has none of its own, but a browser that offers some takes
// an answer without any for a failure.
func subprotocol(h http.Header) string {
	first, _, _ := strings.Cut(h.Get("Sec-WebSocket-Protocol"), ",")
	first = strings.TrimSpace(first)
	for _, c := range []byte(first) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return "" // no token of HTTP
		}
	}
	return first
}

// offersDeflate accepts an offer of permessage-deflate unless it demands a
// smaller window of us than the compressor has.
func offersDeflate(h http.Header) bool {
	for _, line := range h.Values("Sec-WebSocket-Extensions") {
		for offer := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(offer, ";")
			if strings.EqualFold(strings.TrimSpace(name), "permessage-deflate") &&
				!strings.Contains(params, "server_max_window_bits") {
				return true
			}
		}
	}
	return false
}

func headerHas(h http.Header, name, token string) bool {
	for _, line := range h.Values(name) {
		for part := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}
