package main

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/config"
)

// copySource copies what pages are made of to a folder of its own.
func copySource(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for from, to := range map[string]string{"../../templates": "templates", "../../modules": "modules", "../../static/dist": bundleFolder + "/dist"} {
		err := filepath.WalkDir(from, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(file) == ".go" {
				return err
			}
			rel, err := filepath.Rel(from, file)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			return writeSource(filepath.Join(root, to, rel), string(data))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func writeSource(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}

// replaceIn edits a file as a developer would.
func replaceIn(t *testing.T, file, old, replacement string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := writeSource(file, strings.Replace(string(data), old, replacement, 1)); err != nil {
		t.Fatal(err)
	}
}

func appWith(t *testing.T, environ ...string) *app {
	t.Helper()
	cfg, err := config.Load(append([]string{"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_BCRYPT_COST=4"}, environ...), "")
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

func page(t *testing.T, a *app, path string) (status int, text string) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	req.Header.Set("Accept", "text/html")
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, req)
	return rec.Code, rec.Body.String()
}

func TestDevelopmentShowsEditedSources(t *testing.T) {
	root := copySource(t)
	a := appWith(t, "TASKSTACK_SOURCE_DIR="+root)
	template, texts := filepath.Join(root, "templates", "layouts", "light.html"), filepath.Join(root, "modules", "auth", "locales", "en.json")
	manifest := filepath.Join(root, bundleFolder, "dist", "manifest.json")
	shows := func(what string) {
		t.Helper()
		if status, text := page(t, a, "/login"); status != http.StatusOK || !strings.Contains(text, what) {
			t.Errorf("status %d, and the page has no %q", status, what)
		}
	}

	shows("<footer")
	replaceIn(t, template, "<footer", "<i>edited template</i><footer")
	shows("<i>edited template</i>")

	replaceIn(t, texts, `"auth.login.title": "`, `"auth.login.title": "edited text `)
	shows("edited text")

	// What the bundler writes after an edit of a script: a file of another name.
	if err := writeSource(filepath.Join(root, bundleFolder, "dist", "js", "app.EDITED.js"), "edited script"); err != nil {
		t.Fatal(err)
	}
	replaceIn(t, manifest, `"js/app.js": "`, `"js/app.js": "js/app.EDITED.js", "js/old.js": "`)
	shows("/static/js/app.EDITED.js")
	if status, text := page(t, a, "/static/js/app.EDITED.js"); status != http.StatusOK || text != "edited script" {
		t.Errorf("status %d, script %q", status, text)
	}
}

// While a source is wrong the page says what, and the server goes on.
func TestDevelopmentShowsErrorsOfSources(t *testing.T) {
	root := copySource(t)
	a := appWith(t, "TASKSTACK_SOURCE_DIR="+root)
	bundleError := filepath.Join(root, bundleFolder, bundleErrorFile)
	for file, edit := range map[string][2]string{
		filepath.Join(root, "templates", "layouts", "light.html"):        {"<footer", "{{if <footer"},
		filepath.Join(root, "modules", "auth", "locales", "en.json"):     {"{", "{,"},
		filepath.Join(root, bundleFolder, "dist", "manifest.json"):       {"{", "{,"},
		filepath.Join(root, "templates", "locales", "de.json"):           {`"`, `"x`},
		filepath.Join(root, "templates", "components", "_brandNew.html"): {"", "{{nonsense}}"},
		bundleError: {"", "app.js:7: unexpected =>"},
	} {
		before, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := writeSource(file, strings.Replace(string(before), edit[0], edit[1], 1)); err != nil {
			t.Fatal(err)
		}
		status, text := page(t, a, "/login")
		if status != http.StatusInternalServerError || !strings.Contains(text, "Correct this") {
			t.Errorf("%s: status %d: %.200s", file, status, text)
		}
		if again, _ := page(t, a, "/login"); again != http.StatusInternalServerError {
			t.Errorf("%s: the error is shown once only", file)
		}
		if len(before) == 0 {
			err = os.Remove(file)
		} else {
			err = writeSource(file, string(before))
		}
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := page(t, a, "/login"); status != http.StatusOK {
			t.Errorf("%s: status %d after it was corrected", file, status)
		}
	}
}

// Without the folder of the source code, and always in production, the program
// needs no file beside it.
func TestProductionCarriesItsPages(t *testing.T) {
	root := copySource(t)
	t.Chdir(root)
	production := []string{
		"TASKSTACK_ENV=production", "TASKSTACK_PUBLIC_URL=https://tasks.example.org", "TASKSTACK_BCRYPT_COST=10",
		"TASKSTACK_SECRET_KEY=" + strings.Repeat("k", 32),
	}
	a := appWith(t, production...)
	_, before := page(t, a, "/login")
	replaceIn(t, filepath.Join(root, "templates", "layouts", "light.html"), "<footer", "<i>edited template</i><footer")
	if err := os.RemoveAll(filepath.Join(root, "modules")); err != nil {
		t.Fatal(err)
	}
	status, after := page(t, a, "/login")
	if status != http.StatusOK || !strings.Contains(before, "<footer") || strings.Contains(after, "edited template") {
		t.Errorf("status %d, page %.300s", status, after)
	}
	if _, err := config.Load(append(production, "TASKSTACK_SOURCE_DIR="+root), ""); err == nil || !strings.Contains(err.Error(), "TASKSTACK_SOURCE_DIR") {
		t.Errorf("production with a folder of sources: %v", err)
	}
}
