package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is a server that answers with a constant and its process id.
const program = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "first", " ", os.Getpid(), " ", os.Getenv("TASKSTACK_SOURCE_DIR")) })
	panic(http.ListenAndServe(os.Getenv("DEV_TEST_ADDR"), nil))
}
`

// buffer is output that one goroutine writes and another reads.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// project is a tiny one, under a running runner.
type project struct {
	t    *testing.T
	root string
	url  string
	out  *buffer
	// bundled counts bundles; broken is what the next ones fail with.
	mu      sync.Mutex
	bundled int
	broken  error
}

func newProject(t *testing.T) *project {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DEV_TEST_ADDR", addr)
	t.Setenv("GOFLAGS", "-buildvcs=false")
	p := &project{t: t, root: t.TempDir(), url: "http://" + addr, out: &buffer{}}
	p.write("go.mod", "module taskstack.org\n\ngo 1.26.0\n")
	p.write("cmd/taskstack/main.go", program)
	p.write("templates/home.html", "<p>")
	p.write("static/js/app.js", "let a")
	ctx, cancel := context.WithCancel(t.Context())
	r := &runner{root: p.root, out: p.out, bundle: p.bundle}
	done := make(chan error, 1)
	go func() { done <- r.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("run: %v", err)
		}
		if res, err := http.Get(p.url); err == nil {
			res.Body.Close()
			t.Error("the server still runs")
		}
		if t.Failed() {
			t.Log(p.out.String())
		}
	})
	return p
}

func (p *project) bundle() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bundled++
	return p.broken
}

func (p *project) write(name, text string) {
	p.t.Helper()
	file := filepath.Join(p.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// answer is what the server says, or nothing while there is none.
func (p *project) answer() string {
	res, err := http.Get(p.url)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return ""
	}
	return string(text)
}

// until waits for a state that lasts.
func (p *project) until(what string, reached func() bool) {
	p.t.Helper()
	for end := time.Now().Add(4 * time.Minute); !reached(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("never: %s", what)
		}
	}
}

func (p *project) answers(word string) { // with word
	p.t.Helper()
	p.until("the answer "+word, func() bool { return strings.HasPrefix(p.answer(), word+" ") })
}

func (p *project) prints(text string) {
	p.t.Helper()
	p.until("the line "+text, func() bool { return strings.Contains(p.out.String(), text) })
}

func TestGoChangeRestartsTheServer(t *testing.T) {
	p := newProject(t)
	p.answers("first")
	if !strings.HasSuffix(p.answer(), p.root) {
		t.Errorf("TASKSTACK_SOURCE_DIR in %q is not %s", p.answer(), p.root)
	}
	p.write("cmd/taskstack/main.go", strings.Replace(program, "first", "second", 1))
	p.answers("second")

	// What does not compile leaves the server alone, and is printed.
	p.write("cmd/taskstack/main.go", "package main\n\nnonsense\n")
	p.prints("main.go:3:1: syntax error")
	if !strings.HasPrefix(p.answer(), "second ") {
		t.Errorf("after a syntax error the server answers %q", p.answer())
	}
	// A file in a new folder counts.
	p.write("modules/fresh/fresh.go", "// Package fresh is new.\npackage fresh\n\n// Word is shown.\nconst Word = \"third\"\n")
	withFresh := strings.Replace(program, `"fmt"`, "\"fmt\"\n\n\t\"taskstack.org/modules/fresh\"", 1)
	p.write("cmd/taskstack/main.go", strings.Replace(withFresh, `"first"`, "fresh.Word", 1))
	p.answers("third")
	p.write("modules/fresh/fresh.go", "// Package fresh is new.\npackage fresh\n\n// Word is shown.\nconst Word = \"fourth\"\n")
	p.answers("fourth")
}

func TestPagesAndScriptsDoNotRestartTheServer(t *testing.T) {
	p := newProject(t)
	p.answers("first")
	before := p.answer()
	note := filepath.Join(p.root, bundleFolder, bundleErrorFile)

	p.mu.Lock()
	p.broken = errors.New("app.js:1: unexpected end")
	p.mu.Unlock()
	p.write("templates/home.html", "<b>")
	p.write("static/js/app.js", "let")
	p.prints("app.js:1: unexpected end")
	p.until("the error in "+note, func() bool {
		text, err := os.ReadFile(note)
		return err == nil && string(text) == "app.js:1: unexpected end"
	})

	p.mu.Lock()
	p.broken = nil
	p.mu.Unlock()
	p.write("static/js/app.js", "let b")
	p.until("no error", func() bool { _, err := os.Stat(note); return errors.Is(err, os.ErrNotExist) })
	if after := p.answer(); after != before {
		t.Errorf("the server was restarted: %q, then %q", before, after)
	}
}

func TestServerThatEndsStartsAgainAfterAChange(t *testing.T) {
	p := newProject(t)
	p.write("cmd/taskstack/main.go", "package main\n\nfunc main() { panic(\"no database\") }\n")
	p.prints("no database")
	p.prints("the server has ended")
	p.write("cmd/taskstack/main.go", program)
	p.answers("first")
}

func TestClassify(t *testing.T) {
	for file, want := range map[string]string{
		"modules/cards/service.go":         "program",
		"modules/cards/service_test.go":    "nothing",
		"migrations/sqlite/0009_due.sql":   "program",
		"platform/mail/letter/letter.html": "program",
		"go.mod":                           "program",
		"static/js/cards/board.js":         "scripts",
		"static/js/cards/board.test.mjs":   "nothing",
		"static/css/components/card.css":   "scripts",
		"static/img/logo.svg":              "scripts",
		"static/README.md":                 "nothing",
		"static/js/.board.js.swp":          "nothing",
		"templates/cards/_card.html":       "page",
		"templates/cards/_card.html~":      "nothing",
		"modules/cards/locales/de.json":    "page",
		"README.md":                        "nothing",
	} {
		c, ok := classify("/p", "/p/"+file)
		var got string
		switch {
		case !ok:
			got = "nothing"
		case c.program:
			got = "program"
		case c.scripts:
			got = "scripts"
		default:
			got = "page"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}
