package main

import (
	"bytes"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/files"
	"taskstack.org/platform/config"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

// A container is healthy while its server may be given traffic, and not while it
// is stopping or away.
func TestHealthcheck(t *testing.T) {
	a := outageApp(t, testenv.MigratedSQLite(t), &bytes.Buffer{})
	server := httptest.NewServer(a.handler)
	t.Setenv("TASKSTACK_ADDR", server.Listener.Addr().String())
	t.Setenv("TASKSTACK_DATA_DIR", t.TempDir())
	ask := func() (int, string) {
		var errOut bytes.Buffer
		return run(t.Context(), []string{"healthcheck"}, &bytes.Buffer{}, &errOut), errOut.String()
	}
	if code, says := ask(); code != 0 || says != "" {
		t.Errorf("serving: code %d, %q", code, says)
	}
	a.draining.Store(true)
	if code, says := ask(); code != 1 || !strings.Contains(says, `"running":"failed"`) {
		t.Errorf("stopping: code %d, %q", code, says)
	}
	server.Close()
	if code, says := ask(); code != 1 || !strings.Contains(says, "does not answer") {
		t.Errorf("stopped: code %d, %q", code, says)
	}
}

func TestOwnAddress(t *testing.T) {
	for addr, want := range map[string]string{
		":5000": "http://127.0.0.1:5000", "0.0.0.0:80": "http://127.0.0.1:80", "[::]:5000": "http://127.0.0.1:5000",
		"10.0.0.7:5000": "http://10.0.0.7:5000", "[::1]:5000": "http://[::1]:5000", "127.0.0.1:0": "",
	} {
		if got, err := ownAddress(addr); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", addr, got, err)
		}
	}
}

// doctor's exit code says whether there is a problem, so that scripts can stop.
func TestDoctorCommand(t *testing.T) {
	a := outageApp(t, testenv.MigratedSQLite(t), &bytes.Buffer{})
	server := httptest.NewServer(a.handler)
	t.Cleanup(server.Close)
	t.Setenv("TASKSTACK_DATA_DIR", t.TempDir())
	t.Setenv("TASKSTACK_PUBLIC_URL", server.URL)
	t.Setenv("TASKSTACK_DB_URI", testenv.MigratedSQLite(t))
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"doctor"}, &out, &errOut); code != 0 || strings.Contains(out.String(), "problem") {
		t.Errorf("in order: code %d\n%s%s", code, &out, &errOut)
	}
	for _, says := range []string{"database: ", "up to date", "data folder", "mail: ", "WebSocket: reaches the server"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("no %q in\n%s", says, &out)
		}
	}
	t.Setenv("TASKSTACK_MAIL", "smtp")
	t.Setenv("TASKSTACK_SMTP_URL", "smtp://127.0.0.1:1")
	out.Reset()
	if code := run(t.Context(), []string{"doctor"}, &out, &errOut); code != 1 || !strings.Contains(out.String(), "problem  mail: ") {
		t.Errorf("no mail server: code %d\n%s", code, &out)
	}
}

// TestDoctorComparesAttachments: with a row without content, with an object without a
// row, and with what the storage does not delete.
func TestDoctorComparesAttachments(t *testing.T) {
	at, err := config.ParseDatabase(testenv.MigratedSQLite(t), "")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &config.Config{Database: at}
	dir, err := storage.NewDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }()
	says := func(now time.Time) string {
		var out bytes.Buffer
		if err := doctor.Write(&out, attachmentsCheck(cfg, dir, func() time.Time { return now })(t.Context())); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := says(time.Now()); !strings.HasPrefix(got, "ok       attachments: 0 files") {
		t.Errorf("in order: %s", got)
	}
	key := storage.NewKey()
	if err := dir.Put(t.Context(), key, strings.NewReader("x"), 1, ""); err != nil {
		t.Fatal(err)
	}
	if got := says(time.Now().Add(25 * time.Hour)); !strings.Contains(got, "warning  attachments: 1 stored files belong to none") {
		t.Errorf("an object without a row: %s", got)
	}
	got := attachmentFindings("attachments", files.Comparison{Missing: []string{key, key}}, objects.Failing{Count: 3, Error: "AccessDenied"})
	if len(got) != 2 || got[0].Level != doctor.Problem || !strings.Contains(got[0].Says, "2 have no content, the first has the key "+key) || !strings.Contains(got[1].Says, "3 deleted files are still in the storage: AccessDenied") {
		t.Errorf("%+v", got)
	}
	// A database that is not there is not made.
	cfg.Database.DSN = filepath.Join(t.TempDir(), "none.db")
	if got := says(time.Now()); got != "" {
		t.Errorf("without a database: %s", got)
	}
}

func TestWrongArguments(t *testing.T) {
	for _, args := range [][]string{{"nonsense"}, {"config", "x"}, {"migrate", "--nonsense"}, {"doctor", "x"}} {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), args, &out, &errOut); code != 2 || !strings.Contains(errOut.String(), "usage: taskstack") || out.Len() > 0 {
			t.Errorf("%v: code %d, %q, %q", args, code, &out, &errOut)
		}
	}
	var errOut bytes.Buffer
	if code := run(t.Context(), []string{"doctor", "-h"}, &bytes.Buffer{}, &errOut); code != 0 || !strings.Contains(errOut.String(), "usage: taskstack doctor") {
		t.Errorf("-h: code %d, %q", code, &errOut)
	}
}
