package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settleTime joins the several events of one save, or of a branch that is
// checked out.
const settleTime = 50 * time.Millisecond

// change says what must be made again.
type change struct {
	scripts bool // the bundle
	program bool // the binary
}

// watcher follows the files of the project and adds up what they change.
type watcher struct {
	root string
	fs   *fsnotify.Watcher
	// changed gets a value when take has something to return.
	changed chan struct{}

	mu      sync.Mutex
	pending change
}

// watch follows the project at root until ctx ends.
func watch(ctx context.Context, root string) (*watcher, error) {
	fsw, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &watcher{root: root, fs: fsw, changed: make(chan struct{}, 1)}
	if err := w.add(root); err != nil {
		return nil, errors.Join(err, fsw.Close())
	}
	go w.collect(ctx)
	return w, nil
}

// add watches a folder and all below it.
func (w *watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed again meanwhile
		}
		if err != nil || !d.IsDir() {
			return err
		}
		if w.ignored(path) {
			return fs.SkipDir
		}
		return w.fs.Add(path)
	})
}

// ignored folders hold no source, or what is made of it.
func (w *watcher) ignored(folder string) bool {
	rel, err := filepath.Rel(w.root, folder)
	if err != nil || rel == "." {
		return err != nil
	}
	base := filepath.Base(rel)
	return strings.HasPrefix(base, ".") || base == "node_modules" || base == "testdata" || rel == filepath.Join("static", "dist") ||
		slices.Contains([]string{"bin", "data", "docs", "e2e", "contract", "bench", "docker", "tools"}, rel)
}

// collect runs until ctx ends. A change is passed on when no other followed it
// for settleTime.
func (w *watcher) collect(ctx context.Context) {
	defer func() { _ = w.fs.Close() }()
	settle := time.NewTimer(settleTime)
	settle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-w.fs.Events:
			if !ok {
				return
			}
			if w.note(event) {
				settle.Reset(settleTime)
			}
		case err := <-w.fs.Errors:
			if err == nil {
				return // closed
			}
			// Events were lost: everything may have changed.
			w.merge(change{scripts: true, program: true})
			settle.Reset(settleTime)
		case <-settle.C:
			select {
			case w.changed <- struct{}{}:
			default:
			}
		}
	}
}

// note adds an event and reports whether it matters.
func (w *watcher) note(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	if info, err := os.Stat(event.Name); err == nil && info.IsDir() {
		if event.Has(fsnotify.Create) && !w.ignored(event.Name) {
			// Files may be in it already.
			w.merge(change{scripts: true, program: true})
			return w.add(event.Name) == nil
		}
		return false
	}
	c, ok := classify(w.root, event.Name)
	if ok {
		w.merge(c)
	}
	return ok
}

// classify says what a file's change makes necessary, and whether it matters at
// all: also a page or a text may bring back a server that could not start.
func classify(root, file string) (c change, ok bool) {
	rel, err := filepath.Rel(root, file)
	if err != nil || strings.HasPrefix(filepath.Base(rel), ".") || strings.HasSuffix(rel, "~") {
		return c, false
	}
	first, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	switch ext := filepath.Ext(rel); {
	case strings.HasSuffix(rel, "_test.go") || strings.HasSuffix(rel, ".test.mjs"):
		return c, false
	case ext == ".go" || ext == ".sql" || rel == "go.mod" || rel == "go.sum" || first == "platform" && ext != ".md":
		return change{program: true}, true
	case first == "static":
		return change{scripts: true}, ext != ".md"
	case first == "templates" || ext == ".json" && first == "modules":
		return change{}, true
	}
	return c, false
}

func (w *watcher) merge(c change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending.scripts = w.pending.scripts || c.scripts
	w.pending.program = w.pending.program || c.program
}

// take returns what has changed since the last call.
func (w *watcher) take() change {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.pending
	w.pending = change{}
	return c
}
