package web

import (
	"log/slog"
	"net/http"

	"taskstack.org/platform/refused"
)

// Limits of a request's head, in bytes. They hold for pages and sockets alike
// and before anything is parsed; net/http itself stops at MaxHeaderBytes.
const (
	// MaxHeaderBytes bounds all headers of a request together.
	MaxHeaderBytes = 32 << 10
	// maxURI bounds path and query together.
	maxURI = 4 << 10
	// maxHeader bounds a single header.
	maxHeader = 8 << 10
)

// optionalHeaders may be left out of any request; a value that is longer than
// its parser should be given is dropped. Accept-Language is cut by i18n, and
// X-Forwarded-For read from its end by ClientAddr.
var optionalHeaders = map[string]int{ // a constant table
	"Accept":            1024,
	"Accept-Encoding":   256,
	"Content-Type":      256,
	"If-Match":          1024,
	"If-Modified-Since": 64,
	"If-None-Match":     1024,
	"If-Range":          256,
	"Range":             128,
	"Referer":           4096,
}

// cutHeaders are shown to people or written into logs; more of them says
// nothing.
var cutHeaders = map[string]int{"User-Agent": 512} // a constant table

// Guard refuses requests whose address or headers are too long, and takes out
// of the others what their parsers should not be given.
func Guard(refusals *refused.Counter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status, limit := checkHead(r); status != 0 {
			refusals.Add(r.Context(), limit, slog.String("peer", r.RemoteAddr))
			// The body, if there is one, was not asked for.
			w.Header().Set("Connection", "close")
			http.Error(w, http.StatusText(status), status)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Block answers requests from blocked addresses with 403 and nothing else, before
// anything is parsed. address finds that of a client.
func Block(refusals *refused.Counter, address func(r *http.Request) string, blocked func(address string) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from := address(r); blocked(from) {
			refusals.Add(r.Context(), "blocked_network", slog.String("address", from))
			w.Header().Set("Connection", "close")
			http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkHead returns the status to refuse a request with, and the limit's name;
// zero if it may go on.
func checkHead(r *http.Request) (status int, limit string) {
	if len(r.RequestURI) > maxURI {
		return http.StatusRequestURITooLong, "request_uri"
	}
	for name, values := range r.Header {
		if max, ok := optionalHeaders[name]; ok && total(values) > max {
			delete(r.Header, name)
			continue
		}
		if max, ok := cutHeaders[name]; ok && len(values[0]) > max {
			r.Header[name] = []string{values[0][:max]}
			continue
		}
		if total(values) > maxHeader {
			return http.StatusRequestHeaderFieldsTooLarge, "request_header"
		}
	}
	return 0, ""
}

func total(values []string) int {
	n := 0
	for _, v := range values {
		n += len(v)
	}
	return n
}
