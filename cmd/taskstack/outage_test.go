package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/config"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/web"
)

// switched is a line to a server that can be cut and restored.
type switched struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	cut      bool
	conns    []net.Conn
}

func newSwitched(t *testing.T, target string) *switched {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &switched{listener: l, target: target}
	t.Cleanup(func() { _ = l.Close(); s.set(true) })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.join(conn)
		}
	}()
	return s
}

func (s *switched) join(conn net.Conn) {
	far, err := net.Dial("tcp", s.target) // it ends when it is cut
	s.mu.Lock()
	if s.cut || err != nil {
		s.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.conns = append(s.conns, conn, far)
	s.mu.Unlock()
	go func() { _, _ = io.Copy(far, conn); _ = far.Close() }()
	_, _ = io.Copy(conn, far)
	_ = conn.Close()
}

func (s *switched) set(cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut = cut
	if cut {
		for _, c := range s.conns {
			_ = c.Close()
		}
		s.conns = nil
	}
}

func outageApp(t *testing.T, uri string, log io.Writer) *app {
	t.Helper()
	cfg, err := config.Load([]string{"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off"}, "")
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, logs.New(log, slog.LevelInfo, true), time.Now, testPages(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func ask(a *app, method, path, accept string, form url.Values) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", accept)
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, req)
	return rec
}

// While the database is away, requests are asked to retry later; when it is there
// again, they are served.
func TestDatabaseOutage(t *testing.T) {
	if only := os.Getenv(testenv.OnlyVariable); only == "sqlite" {
		return
	}
	uri, err := url.Parse(testenv.MigratedMariaDB(t))
	if err != nil {
		t.Fatal(err)
	}
	line := newSwitched(t, uri.Host)
	uri.Host = line.listener.Addr().String()
	var out bytes.Buffer
	a := outageApp(t, uri.String(), &out)
	if rec := ask(a, http.MethodGet, "/signup/name?name=berta", "application/json", nil); rec.Code != 200 {
		t.Fatalf("before: %d %s", rec.Code, rec.Body)
	}
	line.set(true)
	for range 100 {
		rec := ask(a, http.MethodGet, "/signup/name?name=berta", "application/json", nil)
		var answer web.ErrorAnswer
		if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		if rec.Code != 503 || rec.Header().Get("Retry-After") != "5" || answer.Error != "unavailable" || answer.RetryAfter != 5 {
			t.Fatalf("away: %d, Retry-After %q, %s", rec.Code, rec.Header().Get("Retry-After"), rec.Body)
		}
	}
	if rec := ask(a, http.MethodGet, "/someone", "text/html", nil); rec.Code != 503 || rec.Header().Get("Retry-After") != "5" {
		t.Errorf("a page: %d", rec.Code)
	}
	if rec := ask(a, http.MethodGet, "/readyz", "application/json", nil); rec.Code != 503 {
		t.Errorf("ready: %d", rec.Code)
	}
	if n := strings.Count(out.String(), "level=ERROR"); n == 0 || n > 40 {
		t.Errorf("%d errors in the log", n)
	}
	line.set(false)
	if rec := ask(a, http.MethodGet, "/signup/name?name=berta", "application/json", nil); rec.Code != 200 {
		t.Errorf("afterwards: %d %s", rec.Code, rec.Body)
	}
}

func TestDiskFull(t *testing.T) {
	a := outageApp(t, testenv.MigratedSQLite(t), io.Discard)
	pool, err := a.db.Pool()
	if err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := pool.QueryRowContext(t.Context(), "PRAGMA max_page_count = 1").Scan(&pages); err != nil { // as many as there are
		t.Fatal(err)
	}
	var rec *httptest.ResponseRecorder
	for i := range 200 { // until what is free within the pages is used up
		name := "berta" + strings.Repeat("a", i%5) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		rec = ask(a, http.MethodPost, "/signup", "text/html", url.Values{"username": {name}, "useremail": {name + "@example.org"}, "password": {"correct horse"}})
		if rec.Code != http.StatusFound && rec.Code != http.StatusTooManyRequests {
			break
		}
		if rec.Code == http.StatusTooManyRequests {
			t.Fatal("the rate limit came first")
		}
	}
	if rec.Code != 507 || rec.Header().Get("Retry-After") != "60" || !strings.Contains(rec.Body.String(), "Our disk is full") {
		t.Errorf("%d, Retry-After %q: %s", rec.Code, rec.Header().Get("Retry-After"), rec.Body)
	}
	if rec := ask(a, http.MethodGet, "/login", "text/html", nil); rec.Code != 200 {
		t.Errorf("reading: %d", rec.Code)
	}
}
