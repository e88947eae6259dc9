package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"taskstack.org/internal/flaskdb"
	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
)

// A team that moves in: the server refuses the old database with words, the dry
// run reports, `migrate` takes it over, and people log in with their old passwords
// and find boards, pictures and files.
func TestMovingIn(t *testing.T) {
	if os.Getenv(testenv.OnlyVariable) == "sqlite" {
		t.Skip("the Flask application had MySQL only")
	}
	uri := testenv.MariaDB(t)
	pool, err := testenv.Open(t, uri, db.Options{}).Pool()
	if err != nil {
		t.Fatal(err)
	}
	if err := flaskdb.Make(t.Context(), pool, flaskdb.Options{Variant: flaskdb.NoKey}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TASKSTACK_DATA_DIR", t.TempDir())
	t.Setenv("TASKSTACK_DB_URI", uri)
	command := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := run(t.Context(), args, &out, &out)
		return code, out.String()
	}
	if code, says := command("serve"); code != 1 || !strings.Contains(says, "run `taskstack migrate`") {
		t.Fatalf("serve: code %d\n%s", code, says)
	}
	if code, says := command("migrate", "--dry-run"); code != 0 || !strings.Contains(says, "Nothing was changed") || !strings.Contains(says, "Garden is ana/Garden-2") {
		t.Fatalf("dry run: code %d\n%s", code, says)
	}
	if code, says := command("migrate"); code != 0 || !strings.Contains(says, "was taken over") {
		t.Fatalf("migrate: code %d\n%s", code, says)
	}
	if code, says := command("migrate", "--dry-run"); code != 0 || !strings.Contains(says, " 0 migrations are pending") {
		t.Fatalf("dry run afterwards: code %d\n%s", code, says)
	}
	a := outageApp(t, uri, &bytes.Buffer{})
	for _, name := range []string{"ana", "ben@example.org", "cleo"} {
		cookie := logInAs(t, a, name)
		for path, kept := range map[string]string{
			"/ana/garden":   flaskdb.Bucket + "/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1", // a file of a card
			"/eva/projects": flaskdb.Bucket + "/6123456789abcdef0123456789abcdef.png",
			"/Ben/house":    "Rooms",
		} {
			status, text := readAs(a, path, cookie)
			if seen := strings.Contains(text, kept); seen != (status == http.StatusOK) || name != "cleo" && !seen {
				t.Errorf("%s, %s: status %d, %q is there: %v", name, path, status, kept, seen)
			}
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if code, says := command("migrate", "--back"); code != 0 || !strings.Contains(says, "as the Flask application left it") {
		t.Fatalf("back: code %d\n%s", code, says)
	}
	if code, says := command("migrate", "--back"); code != 1 || !strings.Contains(says, "nothing to take back") {
		t.Fatalf("back again: code %d\n%s", code, says)
	}
	if code, says := command("migrate", "--back", "--dry-run"); code != 2 {
		t.Fatalf("both: code %d\n%s", code, says)
	}
}

// logInAs posts the log-in form and returns the cookie of the login.
func logInAs(t *testing.T, a *app, name string) string {
	t.Helper()
	rec := ask(a, http.MethodPost, "/login", "text/html", url.Values{"username": {name}, "password": {flaskdb.Password}})
	for _, c := range rec.Result().Cookies() {
		if c.Name == "session" && rec.Code == http.StatusFound {
			return c.Name + "=" + c.Value
		}
	}
	t.Fatalf("%s is not logged in: %d %s", name, rec.Code, rec.Body)
	return ""
}

// readAs reads a board as JSON, and other pages as HTML.
func readAs(a *app, path, cookie string) (status int, text string) {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Header.Set("Cookie", cookie)
	req.Header.Set("Accept", "text/html")
	if !strings.HasSuffix(path, "/projects") {
		req.Header.Set("Accept", "application/json")
	}
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, req)
	return rec.Code, rec.Body.String()
}
