package socketio

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"taskstack.org/platform/socketio/internal/parser"
	"taskstack.org/platform/socketio/internal/ws"
)

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
	kind   parser.Encoding
	frames ws.Reader
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

// endWriting announces that no more comes and gives it closeWait to
// answer; the reader, which sees the answer, closes the connection.
func (w *wsConn) endWriting() {
	half, ok := w.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || w.nc.SetReadDeadline(time.Now().Add(closeWait)) != nil {
		w.nc.Close()
	}
}

// turnAway closes a WebSocket that nothing was read from.
func (w *wsConn) turnAway() {
	_ = w.write(ws.CloseFrame(ws.ClosePolicy), closeWait) // it is closed in any case
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

func closeCode(reason string) int {
	switch reason {
	case ReasonProtocol:
		return ws.CloseProtocol
	case ReasonTooLarge:
		return ws.CloseTooLarge
	case ReasonQueueFull, ReasonWriteTimeout, ReasonConnectTimeout, ReasonIdle:
		return ws.ClosePolicy
	case ReasonTooSlow:
		return ws.ClosePolicy
	case ReasonBudget:
		return ws.CloseTryLater
	case ReasonShutdown:
		return ws.CloseGoingAway
	default:
		return ws.CloseNormal
	}
}

// read gives the next bytes to use until it is called again; done releases
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
	if r.Method != http.MethodGet || !ws.HeaderHas(r.Header, "Connection", "upgrade") ||
		!ws.HeaderHas(r.Header, "Upgrade", "websocket") || err != nil || len(nonce) != 16 {
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
	wc := &wsConn{nc: nc, raw: rawConnOf(nc)}
	wc.frames.Limit = maxControl
	if l == &srv.opt.Untrusted {
		shrinkKernelBuffers(nc)
	}
	wc.kind = parser.Encoding{EIO: eio, Deflate: srv.opt.Compression && ws.OffersDeflate(r.Header), Base64: wantsBase64(r)}
	wc.frames.Deflate = wc.kind.Deflate
	if n := brw.Reader.Buffered(); n > 0 {
		wc.early = make([]byte, n)
		_, err = io.ReadFull(brw.Reader, wc.early)
	}
	if err == nil {
		err = nc.SetDeadline(time.Time{})
	}
	if err == nil {
		err = wc.write(ws.Answer(key, ws.Subprotocol(r.Header), wc.kind.Deflate), srv.opt.WriteTimeout)
	}
	if err != nil {
		nc.Close()
		return nil, false
	}
	return wc, true
}

// shrinkKernelBuffers reduces the kernel's buffers of an untrusted connection,
// where that is possible.
func shrinkKernelBuffers(nc net.Conn) {
	if tcp, ok := nc.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(32 << 10) // fails only if closed, as reading will
		_ = tcp.SetWriteBuffer(128 << 10)
	}
}
