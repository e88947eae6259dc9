package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/migrations"
	"taskstack.org/platform/config"
	"taskstack.org/platform/db"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/storage"
)

// show is findings as a line each, for comparisons and messages.
func show(findings []Finding) string {
	lines := make([]string, len(findings))
	for i, f := range findings {
		lines[i] = string(f.Level) + " " + f.Subject + ": " + f.Says
		if (f.Do == "") != (f.Level == OK) {
			lines[i] += fmt.Sprintf(" (what to do: %q)", f.Do)
		}
	}
	return strings.Join(lines, "\n")
}

func examine(t *testing.T, uri string, now func() time.Time) []Finding {
	t.Helper()
	database, err := config.ParseDatabase(uri, "")
	if err != nil {
		t.Fatal(err)
	}
	return Examine(t.Context(), Database(DatabaseOptions{Database: database, Migrations: migrations.FS, Now: now}))
}

func TestDatabase(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		found := examine(t, uri, time.Now)
		if len(found) < 3 || Worst(found) == Problem {
			t.Errorf("a database in order:\n%s", show(found))
		}
		d := testenv.Open(t, uri, db.Options{})
		pool, err := d.Pool()
		if err != nil {
			t.Fatal(err)
		}
		for statement, says := range map[string]string{
			"INSERT INTO schema_version (version_id, is_applied) VALUES (9999, 1)": "problem database schema: version 9999 is newer",
			"DELETE FROM schema_version WHERE version_id > 1":                      "warning database schema: version 1 of",
		} {
			if _, err := pool.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
			if found := show(examine(t, uri, time.Now)); !strings.Contains(found, says) {
				t.Errorf("after %s:\n%s", statement, found)
			}
		}
	})
}

func TestDatabaseOfTheFlaskApplication(t *testing.T) {
	testenv.EachDatabase(t, func(t *testing.T, uri string) {
		pool, err := testenv.Open(t, uri, db.Options{}).Pool()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.ExecContext(t.Context(), "CREATE TABLE user (id INTEGER PRIMARY KEY, name VARCHAR(16))"); err != nil {
			t.Fatal(err)
		}
		if found := show(examine(t, uri, time.Now)); !strings.Contains(found, "problem database schema: the tables are those of the Flask") {
			t.Error(found)
		}
	})
}

// Looking must not make the file, nor say that it is missing.
func TestNoDatabaseYet(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new.db")
	if found := examine(t, file, time.Now); Worst(found) != OK || len(found) != 1 {
		t.Error(show(found))
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the file was made: %v", err)
	}
	if found := show(examine(t, "mysql://u:secret@127.0.0.1:1/x", time.Now)); !strings.Contains(found, "problem database: mysql u@127.0.0.1:1/x does not answer") || strings.Contains(found, "secret") {
		t.Error(found)
	}
}

func TestDamagedFile(t *testing.T) {
	file := strings.TrimPrefix(testenv.MigratedSQLite(t), "sqlite:///")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 3 * 4096; i < 9*4096; i++ { // pages of tables and indexes
		content[i] = 0xff
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := examine(t, file, time.Now); Worst(found) != Problem {
		t.Error(show(found))
	}
}

func TestSettingsOfTheDatabaseServer(t *testing.T) {
	for name, tc := range map[string]struct {
		got  Finding
		want Level
	}{
		"MariaDB 10.11":   {mysqlVersion("10.11.6-MariaDB-1:10.11.6+maria~deb12"), OK},
		"MariaDB 10.6":    {mysqlVersion("10.6.0-MariaDB"), OK},
		"MariaDB 10.5":    {mysqlVersion("10.5.29-MariaDB"), Problem},
		"MariaDB 11":      {mysqlVersion("11.0.1-MariaDB"), OK},
		"MySQL 8.0":       {mysqlVersion("8.0.36"), OK},
		"MySQL 8.4":       {mysqlVersion("8.4.0"), OK},
		"MySQL 5.7":       {mysqlVersion("5.7.44-log"), Problem},
		"no version":      {mysqlVersion("?"), Problem},
		"utf8mb4":         {mysqlCharset("utf8mb4"), OK},
		"latin1":          {mysqlCharset("latin1"), Warning},
		"strict":          {mysqlMode("STRICT_TRANS_TABLES,NO_ZERO_DATE"), OK},
		"strict, all":     {mysqlMode("STRICT_ALL_TABLES"), OK},
		"not strict":      {mysqlMode("NO_ENGINE_SUBSTITUTION"), Problem},
		"other quotes":    {mysqlMode("STRICT_TRANS_TABLES,ANSI_QUOTES"), Problem},
		"times":           {mysqlTimes(map[string]string{"wait_timeout": "600", "innodb_lock_wait_timeout": "60", "max_allowed_packet": "4194304"}), OK},
		"closes early":    {mysqlTimes(map[string]string{"wait_timeout": "599", "innodb_lock_wait_timeout": "60", "max_allowed_packet": "4194304"}), Warning},
		"waits long":      {mysqlTimes(map[string]string{"wait_timeout": "600", "innodb_lock_wait_timeout": "61", "max_allowed_packet": "4194304"}), Warning},
		"small packets":   {mysqlTimes(map[string]string{"wait_timeout": "600", "innodb_lock_wait_timeout": "60", "max_allowed_packet": "4194303"}), Problem},
		"connections":     {mysqlConnections("20"), OK},
		"few connections": {mysqlConnections("19"), Warning},
	} {
		if tc.got.Level != tc.want {
			t.Errorf("%s: %s", name, show([]Finding{tc.got}))
		}
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for ahead, want := range map[time.Duration]Level{
		0: OK, 5 * time.Second: OK, -5 * time.Second: OK, 6 * time.Second: Problem, -6 * time.Second: Problem, 2 * time.Hour: Problem,
	} {
		if got := clock(at, at, at.Add(ahead)); got.Level != want {
			t.Errorf("%s ahead: %s", ahead, show([]Finding{got}))
		}
	}
	// A slow answer is no wrong clock.
	if got := clock(at, at.Add(time.Minute), at.Add(30*time.Second)); got.Level != OK {
		t.Error(show([]Finding{got}))
	}
	if os.Getenv(testenv.OnlyVariable) == "sqlite" {
		return
	}
	late := func() time.Time { return time.Now().Add(-time.Minute) }
	if found := show(examine(t, testenv.MigratedMariaDB(t), late)); !strings.Contains(found, "problem clock: this machine and the database are 1m0s apart") {
		t.Error(found)
	}
}

func TestDataDirAndStorage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if found := Examine(t.Context(), DataDir(dir)); Worst(found) != OK {
		t.Errorf("none yet: %s", show(found))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if found := Examine(t.Context(), DataDir(dir)); Worst(found) != OK {
		t.Errorf("in order: %s", show(found))
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if found := Examine(t.Context(), DataDir(dir)); Worst(found) != Warning {
		t.Errorf("open to others: %s", show(found))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if found := Examine(t.Context(), DataDir(filepath.Join(dir, "a")), Storage(failing{})); Worst(found) != Problem {
		t.Errorf("no storage: %s", show(found))
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := Examine(t.Context(), DataDir(file)); Worst(found) != Problem {
		t.Errorf("a file: %s", show(found))
	}
}

type failing struct{ storage.Storage }

func (failing) Check(context.Context) error { return errors.New("full") }

type mailService struct{ err error }

func (m mailService) Check(context.Context) error { return m.err }

func TestMail(t *testing.T) {
	for name, tc := range map[string]struct {
		sender     MailSender
		production bool
		want       Level
	}{
		"outbox, development": {nil, false, OK},
		"outbox, production":  {nil, true, Problem},
		"works":               {mailService{}, true, OK},
		"fails":               {mailService{errors.New("535 wrong password")}, true, Problem},
		"sandbox":             {mailService{fmt.Errorf("ask: %w", mail.ErrSandbox)}, true, Warning},
	} {
		if found := Examine(t.Context(), Mail(tc.sender, "a@b.example", tc.production)); Worst(found) != tc.want {
			t.Errorf("%s: %s", name, show(found))
		}
	}
}

func TestRedis(t *testing.T) {
	refused := func(context.Context) error { return errors.New("NOPERM") }
	for want, ask := range map[string]func(context.Context) error{
		"ok redis: not set":                       nil,
		"ok redis: it takes":                      func(context.Context) error { return nil },
		"problem redis: it cannot be used, so ch": refused,
	} {
		if got := show(Examine(t.Context(), Redis(ask))); !strings.HasPrefix(got, want) || strings.HasPrefix(want, "problem") != strings.Contains(got, "NOPERM") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCookies(t *testing.T) {
	for name, tc := range map[string]struct {
		o    SiteOptions
		want Level
	}{
		"development":        {SiteOptions{PublicURL: "http://127.0.0.1:5000"}, OK},
		"production":         {SiteOptions{PublicURL: "https://a.example", Production: true, TrustedProxies: []string{"10.0.0.0/8"}}, OK},
		"no proxy trusted":   {SiteOptions{PublicURL: "https://a.example", Production: true}, Problem},
		"everyone trusted":   {SiteOptions{PublicURL: "https://a.example", Production: true, TrustedProxies: []string{"10.0.0.1", "0.0.0.0/0"}}, Problem},
		"everyone, IPv6":     {SiteOptions{PublicURL: "https://a.example", Production: true, TrustedProxies: []string{"::/0"}}, Problem},
		"TLS in development": {SiteOptions{PublicURL: "https://a.example", TrustedProxies: []string{"10.0.0.1"}}, Problem},
	} {
		if found := Examine(t.Context(), Cookies(tc.o)); Worst(found) != tc.want {
			t.Errorf("%s: %s", name, show(found))
		}
	}
}

// site is a public address with the faults that a proxy can have.
func site(t *testing.T, answer http.HandlerFunc) []Finding {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return Examine(t.Context(), Site(SiteOptions{PublicURL: server.URL}))
}

func TestSite(t *testing.T) {
	healthy := func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"status":"ok"}`)) }
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		want   Level
		says   string
	}{
		"in order": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Upgrade") == "websocket" {
				w.Header().Set("Connection", "Upgrade")
				w.Header().Set("Upgrade", "websocket")
				w.WriteHeader(http.StatusSwitchingProtocols)
				return
			}
			healthy(w)
		}, OK, ""},
		"no WebSocket":      {func(w http.ResponseWriter, _ *http.Request) { healthy(w) }, Problem, "does not let it through (status 200)"},
		"another program":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) }, Problem, "answered by something else"},
		"the proxy's error": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, Problem, "status 502"},
		"leads somewhere else": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://other.example/", http.StatusMovedPermanently)
		}, Problem, "leads on to https://other.example/"},
	} {
		found := site(t, tc.answer)
		if Worst(found) != tc.want || !strings.Contains(show(found), tc.says) {
			t.Errorf("%s: %s", name, show(found))
		}
	}
	if found := Examine(t.Context(), Site(SiteOptions{PublicURL: "http://127.0.0.1:1"})); Worst(found) != Warning {
		t.Errorf("no server: %s", show(found))
	}
}

// A person without TLS is a problem, unless they are led to it.
func TestPlainHTTP(t *testing.T) {
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		want   Level
	}{
		"redirects": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://a.example/", http.StatusPermanentRedirect)
		}, OK},
		"serves": {func(http.ResponseWriter, *http.Request) {}, Problem},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://a.example/x", http.StatusFound)
		}, Problem},
	} {
		server := httptest.NewServer(tc.answer)
		client := &http.Client{Transport: to(server.Listener.Addr().String()), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		if found := plainHTTP(t.Context(), client, "https://a.example"); found.Level != tc.want {
			t.Errorf("%s: %s", name, show([]Finding{found}))
		}
		server.Close()
	}
}

// to sends all requests to one address.
type to string

func (a to) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Host = string(a)
	return http.DefaultTransport.RoundTrip(r)
}

func TestReady(t *testing.T) {
	status, body := http.StatusOK, `{}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			status = http.StatusNotFound
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	if err := Ready(t.Context(), http.DefaultClient, server.URL); err != nil {
		t.Error(err)
	}
	status, body = http.StatusServiceUnavailable, `{"checks":{"database":"failed"}}`
	if err := Ready(t.Context(), http.DefaultClient, server.URL); err == nil || !strings.Contains(err.Error(), `"database":"failed"`) {
		t.Errorf("not ready: %v", err)
	}
	server.Close()
	if err := Ready(t.Context(), http.DefaultClient, server.URL); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("no server: %v", err)
	}
}

func TestWorst(t *testing.T) {
	for want, levels := range map[Level][]Level{
		OK: {OK, OK}, Warning: {OK, Warning, OK}, Problem: {Warning, Problem, Warning, OK},
	} {
		var findings []Finding
		for _, level := range levels {
			findings = append(findings, Finding{Level: level})
		}
		if got := Worst(findings); got != want {
			t.Errorf("%v: %s", levels, got)
		}
	}
}
