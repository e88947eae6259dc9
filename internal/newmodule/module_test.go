package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskstack.org/internal/treecopy"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"due": "", "votes": "", "stars": "",
		"": "one word", "d": "one word", "Due": "one word", "due_date": "one word", "due-date": "one word", "due2": "one word", "für": "one word",
		"abcdefghijklm": "one word", "../due": "one word",
		"func": "reserved", "range": "reserved", "await": "reserved", "ui": "reserved", "errors": "reserved", "board": "reserved", "project": "reserved",
		"cards": "exists", "documents": "exists", "layouts": "reserved", "web": "exists", "wiring": "reserved", "boardtest": "exists", "msg": "exists",
	} {
		_, err := newModule("../..", name, true)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

// TestGenerated compiles a module of each kind with its tests, in a copy of the
// tree. `go run ./internal/newmodule -try` runs them, and the browser story.
func TestGenerated(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tree")
	if err := treecopy.Make(t.Context(), "../..", dir); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, featuresFile))
	if err != nil {
		t.Fatal(err)
	}
	for name, card := range map[string]bool{"due": true, "memo": false} {
		m, err := newModule(dir, name, card)
		if err != nil {
			t.Fatal(err)
		}
		files, err := m.write()
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil || strings.Contains(string(text), "⟦") || strings.Contains(file, "NAME") {
				t.Errorf("%s: %v, or a placeholder is left", file, err)
			}
		}
		if _, err := newModule(dir, name, card); err == nil {
			t.Errorf("%s is written twice", name)
		}
	}
	after, err := os.ReadFile(filepath.Join(dir, featuresFile))
	if err != nil || strings.Count(string(after), "\n") != strings.Count(string(before), "\n")+4 {
		t.Errorf("%v; two lines for each of two modules:\n%s", err, after)
	}
	static := []string{"CGO_ENABLED=0", "GOFLAGS=" + strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath -buildvcs=false")}
	if err := treecopy.Run(t.Context(), dir, static, "go", "vet", "./internal/wiring", "./modules/due", "./modules/memo"); err != nil {
		t.Error(err)
	}
	if err := treecopy.Run(t.Context(), dir, static, "go", "test", "./modules"); err != nil {
		t.Error(err)
	}
}
