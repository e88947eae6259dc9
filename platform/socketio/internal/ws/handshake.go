package ws

import (
	"crypto/sha1" //nolint:security // RFC 6455 asks for SHA-1; it protects nothing
	"encoding/base64"
	"net/http"
	"strings"
)

// Answer returns the HTTP response that accepts a handshake with the given
// Sec-WebSocket-Key.
func Answer(key, protocol string, deflate bool) []byte {
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

// Subprotocol returns the first protocol that the client offers, "" if there is
// none. The server has none of its own, but a browser that offers some treats an
// answer without any as a failure.
func Subprotocol(h http.Header) string {
	first, _, _ := strings.Cut(h.Get("Sec-WebSocket-Protocol"), ",")
	first = strings.TrimSpace(first)
	for _, c := range []byte(first) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return "" // no token of HTTP
		}
	}
	return first
}

// OffersDeflate reports whether the client offers permessage-deflate without
// demanding a smaller window than the compressor has.
func OffersDeflate(h http.Header) bool {
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

// HeaderHas reports whether a header with a list of tokens contains one,
// regardless of case.
func HeaderHas(h http.Header, name, token string) bool {
	for _, line := range h.Values(name) {
		for part := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}
