package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"taskstack.org/platform/config"
)

// What a person does in the browser ends at the configured mail service, in
// their language.
func TestMailsLeaveAsConfigured(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, got chan<- string) []string{"smtp": listenSMTP, "ses": listenSES} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			a := testApp(t, start(t, got)...)
			stop := a.serve(t)
			form := url.Values{"username": {"bob"}, "useremail": {"bob@example.org"}, "password": {"correct horse"}}
			req := httptest.NewRequest(http.MethodPost, "/signup", strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Accept-Language", "de")
			rec := httptest.NewRecorder()
			a.handler.ServeHTTP(rec, req)
			if rec.Code != http.StatusFound {
				t.Fatalf("sign up: %d", rec.Code)
			}
			m, err := mail.ReadMessage(strings.NewReader(<-got))
			stop()
			if err != nil {
				t.Fatal(err)
			}
			if to, from := m.Header.Get("To"), m.Header.Get("From"); to != "<bob@example.org>" || !strings.Contains(from, "<no-reply@tasks.example.org>") ||
				!strings.Contains(m.Header.Get("Subject"), "UTF-8") {
				t.Errorf("from %s to %s: %s", from, to, m.Header.Get("Subject"))
			}
		})
	}
}

// testApp is the whole program with an empty database, on SQLite.
func testApp(t *testing.T, environ ...string) *app {
	t.Helper()
	cfg, err := config.Load(append(environ, "TASKSTACK_ENV=development", "TASKSTACK_DATA_DIR="+t.TempDir(), "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_PUBLIC_URL=http://tasks.example.org"), "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now, testPages(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// serve runs the program; the returned function stops it.
func (a *app) serve(t *testing.T) (stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- a.Run(ctx, l) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// listenSMTP starts a mail server and returns the settings that lead to it.
func listenSMTP(t *testing.T, got chan<- string) []string {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return taker(got), nil }))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return []string{"TASKSTACK_MAIL=smtp", "TASKSTACK_SMTP_URL=smtp://" + l.Addr().String() + "?tls=off"}
}

// taker is a session that takes any mail.
type taker chan<- string

func (taker) Mail(string, *smtp.MailOptions) error { return nil }
func (taker) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (taker) Reset()                               {}
func (taker) Logout() error                        { return nil }

func (g taker) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	g <- string(text)
	return err
}

// listenSES does so for SES; that it checks signatures is platform/mail's test.
func listenSES(t *testing.T, got chan<- string) []string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Content struct{ Raw struct{ Data []byte } }
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		got <- string(in.Content.Raw.Data)
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(s.Close)
	return []string{
		"TASKSTACK_MAIL=ses", "TASKSTACK_SES_ENDPOINT=" + s.URL, "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret",
	}
}
