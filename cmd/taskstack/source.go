package main

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"taskstack.org/platform/assets"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/module"
	"taskstack.org/platform/views"
	"taskstack.org/static"
	"taskstack.org/templates"
)

// source is where pages, texts and the bundle come from: from the program
// itself, or, while it is developed, from a folder with the source code.
type source struct {
	templates fs.FS
	bundle    fs.FS
	// locales replaces the texts of a module; nil keeps the module's own.
	locales func(m module.Module) fs.FS
}

func embeddedSource() source { return source{templates: templates.Files, bundle: static.Files} }

// bundleFolder is where `make run` keeps its bundle, below the source code.
const bundleFolder = "bin/dev/static"

// folderSource reads from the source code at root.
func folderSource(root string) source {
	return source{
		templates: os.DirFS(filepath.Join(root, "templates")),
		bundle:    os.DirFS(filepath.Join(root, filepath.FromSlash(bundleFolder))),
		locales:   func(m module.Module) fs.FS { return os.DirFS(filepath.Join(root, "modules", m.Name())) },
	}
}

// onlyBundle is load for pages that are loaded already.
func (s source) onlyBundle(_ *views.Views, _ []module.Module, base string) (*assets.Assets, error) {
	return assets.New(s.bundle, assets.BaseURL(base))
}

// load reads everything. What is wrong in a page itself shows only when the page
// is rendered, or by pages.Check.
func (s source) load(pages *views.Views, modules []module.Module, base string) (*assets.Assets, error) {
	bundle, err := assets.New(s.bundle, assets.BaseURL(base))
	if err != nil {
		return nil, err
	}
	texts := []fs.FS{s.templates}
	for _, m := range modules {
		if l, ok := m.(module.Locales); ok && s.locales == nil {
			texts = append(texts, l.Locales())
		} else if ok {
			texts = append(texts, s.locales(m))
		}
	}
	catalogue, err := i18n.New(texts...)
	if err != nil {
		return nil, err
	}
	return bundle, pages.Load(s.templates, catalogue, bundle)
}

// liveSource keeps pages, texts and the bundle as they are in the source code:
// every request looks for changed files first. It is for development only.
type liveSource struct {
	source
	root    string
	pages   *views.Views
	modules []module.Module
	log     *slog.Logger
	bundle  atomic.Pointer[assets.Assets]

	mu    sync.Mutex
	stamp string
	err   error
}

// refresh loads what has changed since the last call. An error is returned
// until a file changes again.
func (l *liveSource) refresh(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	stamp, err := l.stampOf()
	if err == nil && stamp == l.stamp {
		return l.err
	}
	start := time.Now()
	l.stamp, l.err = stamp, err
	if err == nil {
		l.err = l.reload()
	}
	if l.err != nil {
		l.log.ErrorContext(ctx, "pages are not reloaded", "error", l.err)
		return l.err
	}
	l.log.InfoContext(ctx, "pages are reloaded", "took", time.Since(start))
	return nil
}

func (l *liveSource) reload() error {
	if text, err := fs.ReadFile(l.source.bundle, bundleErrorFile); err == nil {
		return errors.New(string(text))
	}
	bundle, err := l.load(l.pages, l.modules, "")
	if err != nil {
		return err
	}
	if err := l.pages.Check(); err != nil {
		return err
	}
	l.bundle.Store(bundle)
	return nil
}

// bundleErrorFile holds what is wrong with a script or style, while it is.
const bundleErrorFile = "error.txt"

// stampOf changes when any file of the source changes, comes or goes.
func (l *liveSource) stampOf() (string, error) {
	var stamp strings.Builder
	folders := []string{"templates", bundleFolder + "/" + bundleErrorFile, bundleFolder + "/dist/" + assets.ManifestName}
	for _, m := range l.modules {
		if _, ok := m.(module.Locales); ok {
			folders = append(folders, path.Join("modules", m.Name(), "locales"))
		}
	}
	files := os.DirFS(l.root)
	for _, folder := range folders {
		err := fs.WalkDir(files, folder, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
				return nil
			}
			if err != nil {
				return err
			}
			info, err := d.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil {
				fmt.Fprintln(&stamp, name, info.Size(), info.ModTime().UnixNano())
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return stamp.String(), nil
}

// wrap refreshes before each request. While something is wrong with the source,
// pages say what; sockets and static files go on as before.
func (l *liveSource) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := l.refresh(r.Context())
		if err == nil || !strings.Contains(r.Header.Get("Accept"), "text/html") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprintf(w, "<!doctype html><title>Taskstack does not load</title><h1>Correct this, then reload</h1><pre>%s</pre>",
			template.HTMLEscapeString(err.Error())) // A client that has left is no fault.
	})
}

// handler serves the bundle that is current when a request comes.
func (l *liveSource) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.bundle.Load().Handler().ServeHTTP(w, r) })
}
