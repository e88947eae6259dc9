package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
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
