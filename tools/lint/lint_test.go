package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// files are a small module in which every check of the house and one of each
// library is broken. A line that must be found ends with `// want "PATTERN"`;
// all other lines must not be found.
var files = map[string]string{
	"go.mod": "module taskstack.org\n\ngo 1.26.0\n",

	"modules/cards/service.go": `// Package cards is an example.
package cards

import (
	"errors"
	"fmt"
	"html/template"
	"math/rand" // want "import of math/rand: use math/rand/v2.*\(imports\)"
	"net/http"
	"os"
	"time"
)

var errKnown = errors.New("known")

type kind int

const (
	one kind = iota
	two
)

func unusedHelper() {} // want "func unusedHelper is unused"

// Do makes every mistake once.
func Do(c *http.Client, text string, k kind) (template.HTML, error) {
	now := time.Now()                             // want "use of time.Now: a transaction has one time.*\(forbidigo\)"
	fmt.Println(now, rand.Int())                  // want "use of fmt.Println: the server logs"
	os.Remove(text)                               // want "unchecked error.*\(errcheck\)"
	_ = os.WriteFile("a", nil, 0o644)             // want "mode 0644 lets other users"
	_ = http.ListenAndServe(":80", nil)           // want "has no timeouts"
	_ = http.Cookie{Name: "a", HttpOnly: true}    // want "cookie without"
	res, err := c.Get("http://127.0.0.1")         // want "\(bodyclose\)" "\(noctx\)"
	if err == errKnown {                          // want "\(errorlint\)"
		return "", errKnown
	}
	if err != nil {
		return "", nil // want "\(nilerr\)"
	}
	switch k { // want "\(exhaustive\)"
	case one:
		return template.HTML(text), nil // want "conversion to template.HTML switches escaping off"
	}
	fmt.Sprintf("%d", "x") // want "\(govet printf\)" "\(staticcheck SA5009\)" "\(govet unusedresult\)"
	return template.HTML("<b>constant</b>"), fmt.Errorf("status %d", res.StatusCode)
}

// Silenced has reasons.
func Silenced(text string) template.HTML {
	//nolint:forbidigo // above the line it is about
	panic("a")
}

// Wrong has comments that are wrong themselves.
func Wrong(text string) template.HTML {
	//nolint:security // silences nothing // want "nolint:security silences nothing here"
	x := 1
	//nolint // want "nolint must name the check"
	_ = x
	_ = x //nolint:frobnicate // because // want "names \"frobnicate\", which is no check"
	return template.HTML(text) //nolint:security
}

var _ = two
`,
	"modules/cards/service_test.go": `package cards

import (
	"os"
	"testing"
	"time"
)

func helperOfTests() time.Time { return time.Now() }

func TestDo(t *testing.T) {
	t.Log(helperOfTests(), os.WriteFile("a", nil, 0o644))
	os.Setenv("A", "b") // want "\(usetesting\)" "\(errcheck\)"
}
`,
	"platform/events/events.go": `// Package events is an example.
package events

// Bus is an example.
type Bus struct{}

// Publish does nothing.
func (*Bus) Publish(_ int, _ any) error { return nil }
`,
	"modules/lists/events.go": `// Package lists is an example.
package lists

import "taskstack.org/platform/events"

// Created is part of the history, Seen is not.
type (
	Created struct{ ID, Rev int64 }
	Seen    struct{ ID int64 }
)

// Publish publishes both.
func Publish(bus *events.Bus) []error {
	return []error{
		bus.Publish(0, Created{ID: 1}), // want "event without Rev: .*\(revision\)"
		bus.Publish(0, Created{ID: 1, Rev: 2}),
		bus.Publish(0, Seen{ID: 1}),
	}
}
`,
	"platform/db/db.go": `// Package db is an example.
package db

import (
	"crypto/tls"
	"database/sql"
	"os"

	_ "taskstack.org/modules/cards" // want "platform knows no module.*\(imports\)"
)

// Names forgets to ask for the error of the rows.
func Names(db *sql.DB) (names []string, err error) {
	rows, err := db.Query("SELECT 1") // want "\(rowserrcheck\)" "\(noctx\)"
	if err != nil {
		return nil, err
	}
	defer rows.Close() // want "\(errcheck\)"
	for rows.Next() {
		names = append(names, "a")
	}
	return names, nil
}

// Must does not return when err is set: the check for nil after it is right.
func Must(c *tls.Config) *tls.Config {
	if c == nil {
		os.Exit(1)
	}
	if c.ServerName == "" {
		return &tls.Config{InsecureSkipVerify: true} // want "accepts any certificate"
	}
	return c
}
`,
}

// wrongWithoutReason is the one line that cannot carry a want comment.
const wrongWithoutReason = `return template.HTML(text) //nolint:security` + "\n"

func TestFindings(t *testing.T) {
	dir := t.TempDir()
	for name, text := range files {
		// With -trimpath, which `make test` sets, Go 1.26 would answer from its
		// cache with the findings of an earlier run, in the folder of that run.
		text += "// " + dir + "\n"
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found := findings(t, dir)
	for name, text := range files {
		for i, line := range strings.Split(text, "\n") {
			at := lineOf(name, i+1)
			if strings.Contains(wrongWithoutReason, strings.TrimSpace(line)+"\n") && line != "" {
				line += ` // want "nolint must say why"`
			}
			compare(t, at, wants(line), found[at])
			delete(found, at)
		}
	}
	for at, messages := range found {
		t.Errorf("%s: not expected: %q", at, messages)
	}
}

// findings builds the command and runs it as `make lint` does. It returns the
// messages by file and line.
func findings(t *testing.T, dir string) map[string][]string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "lint")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+binary, "./...")
	var out bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &out
	if err := cmd.Run(); err == nil {
		t.Error("a module full of mistakes passes")
	}
	found := map[string][]string{}
	form := regexp.MustCompile(`^(\S+\.go):(\d+):\d+: (.*)$`)
	for line := range strings.Lines(out.String()) {
		if parts := form.FindStringSubmatch(strings.TrimSpace(line)); parts != nil {
			at := parts[1] + ":" + parts[2]
			found[at] = append(found[at], parts[3])
		} else if !strings.HasPrefix(line, "#") {
			t.Errorf("not a finding: %s", line)
		}
	}
	return found
}

func lineOf(file string, line int) string { return file + ":" + strconv.Itoa(line) }

// wants returns the patterns in a line's want comment.
func wants(line string) (patterns []string) {
	_, rest, ok := strings.Cut(line, "// want ")
	if !ok {
		return nil
	}
	for _, m := range regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(rest, -1) {
		patterns = append(patterns, strings.ReplaceAll(m[1], `\"`, `"`))
	}
	return patterns
}

// compare reports patterns without a message and messages without a pattern.
func compare(t *testing.T, at string, patterns, messages []string) {
	t.Helper()
	for _, pattern := range patterns {
		i := slices.IndexFunc(messages, regexp.MustCompile(pattern).MatchString)
		if i < 0 {
			t.Errorf("%s: nothing matches %q in %q", at, pattern, messages)
			continue
		}
		messages = slices.Delete(messages, i, i+1)
	}
	for _, message := range messages {
		t.Errorf("%s: not expected: %s", at, message)
	}
}
