package realtime_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"taskstack.org/platform/realtime"
	"taskstack.org/platform/views"
)

// failing is an authenticator whose database does not answer.
type failing struct{ err error }

func (f failing) Handshake(*http.Request) (context.Context, []string, error) { return nil, nil, f.err }
func (f failing) Event(context.Context) (context.Context, error)             { return nil, f.err }

func (f failing) Credential(*http.Request) string { return "" }

// A client that leaves while its login is read is no fault of the server; a
// database that is away is, and is no 401, which would send people to log in.
func TestHandshakeThatFails(t *testing.T) {
	for _, c := range []struct {
		err  error
		loud bool
	}{{context.Canceled, false}, {errors.New("no database"), true}} {
		var log bytes.Buffer
		s, err := realtime.New(realtime.Options{Views: views.New(), Log: slog.New(slog.NewTextHandler(&log, nil)), NoLimits: true})
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		s.Handler(failing{c.err}).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/socket.io/?EIO=4&transport=polling", nil))
		if answer.Code != http.StatusServiceUnavailable {
			t.Errorf("%v: status %d", c.err, answer.Code)
		}
		if loud := strings.Contains(log.String(), "level=ERROR"); loud != c.loud {
			t.Errorf("%v: logged %q", c.err, log.String())
		}
	}
}
