package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"taskstack.org/platform/i18n"
)

// keyPattern finds literal catalogue keys in source: "cards.edit.title".
var keyPattern = regexp.MustCompile("[\"'`]((?:ui|errors|[a-z]+)(?:\\.[A-Za-z0-9]+)+)[\"'`]")

// lineComment finds lines that are comments.
var lineComment = regexp.MustCompile(`(?m)^\s*(//|\*|/\*).*$`)

// computed are the keys that code puts together, with where it does.
var computed = []*regexp.Regexp{
	regexp.MustCompile(`^errors\.[a-zA-Z]+$`),                              // i18n.ErrorText: one per kind of error
	regexp.MustCompile(`^errors\.field\.[A-Za-z_]+$`),                      // i18n.Message: what input fields are called
	regexp.MustCompile(`^documents\.rights\.(who|may|action)\.[a-zA-Z]+$`), // the table of rights in documents/help
}

// TestEveryTextIsUsedAndEveryUseHasAText reads all keys out of the source. That
// English and German have the same keys is checked whenever the program starts.
func TestEveryTextIsUsedAndEveryUseHasAText(t *testing.T) {
	var sources []fs.FS
	prefixes := map[string]bool{}
	for _, dir := range append(moduleDirs(t), "../../templates") {
		if _, err := os.Stat(filepath.Join(dir, "locales")); err == nil {
			sources = append(sources, os.DirFS(dir))
		}
	}
	catalogue, err := i18n.New(sources...)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, key := range catalogue.Keys() {
		known[key] = true
		prefixes[strings.SplitN(key, ".", 2)[0]] = true
	}
	used := map[string]string{}
	for _, root := range []string{"../../modules", "../../platform", "../../templates", "../../static/js", "../../cmd"} {
		collectKeys(t, root, used)
	}
	for key := range known {
		if used[key] == "" && !isComputed(key) {
			t.Errorf("no source uses the text %q: delete it", key)
		}
	}
	for key, file := range used {
		module, rest, _ := strings.Cut(key, ".")
		if known[module+".js.history."+rest] {
			continue // a kind of projects.Happened
		}
		if !known[key] && prefixes[module] {
			t.Errorf("%s uses the text %q, which no catalogue has", file, key)
		}
	}
}

func isComputed(key string) bool {
	for _, p := range computed {
		if p.MatchString(key) {
			return true
		}
	}
	return false
}

func moduleDirs(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob("../../modules/*")
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

func collectKeys(t *testing.T, root string, used map[string]string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ext := filepath.Ext(path)
		if strings.Contains(path, "_test.go") || strings.Contains(path, ".test.") || ext != ".go" && ext != ".html" && ext != ".js" && ext != ".txt" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if ext == ".js" || ext == ".go" {
			data = lineComment.ReplaceAll(data, nil) // their examples name texts of modules that may come to exist
		}
		for _, m := range keyPattern.FindAllStringSubmatch(string(data), -1) {
			// Scripts have the keys "⟨module⟩.js.…" only; "labels.put" there is something else.
			if ext == ".js" && !strings.Contains(m[1], ".js.") {
				continue
			}
			used[m[1]] = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
