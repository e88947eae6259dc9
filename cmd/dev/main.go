// Command dev serves Taskstack while it is developed (`make run`): pages, texts,
// styles and scripts come from disk, and a change of Go code or a migration
// builds and restarts the server. An edit shows after a reload of the page.
//
// What does not compile is printed; the server that runs goes on. It is started
// in the project's root and works in bin/dev.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"taskstack.org/platform/assets/bundle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules")); err != nil {
		return fmt.Errorf("the front-end libraries are not installed: run npm ci: %w", err)
	}
	builder := bundle.NewBuilder(bundle.Options{
		Source: filepath.Join(root, "static"), Out: filepath.Join(root, bundleFolder, "dist"), Development: true,
	})
	r := &runner{root: root, out: os.Stdout, bundle: func() error {
		_, err := builder.Build()
		return err
	}}
	return r.run(ctx)
}

const (
	// bundleFolder is where the server finds the bundle, below the root.
	bundleFolder = "bin/dev/static"
	// bundleErrorFile, in bundleFolder, holds what is wrong with a script or
	// style; the server's pages show it.
	bundleErrorFile = "error.txt"
	// binary is the server that is being developed.
	binary = "bin/dev/taskstack"
	// stopTimeout is how long an old server may take to end.
	stopTimeout = 5 * time.Second
)

// runner builds and runs the server again whenever its sources change.
type runner struct {
	root   string
	out    io.Writer
	bundle func() error

	server *exec.Cmd
	ended  chan exit // gets one value when the server has ended
}

// exit is how a server has ended.
type exit struct{ err error }

// run serves until ctx ends.
func (r *runner) run(ctx context.Context) error {
	w, err := watch(ctx, r.root)
	if err != nil {
		return err
	}
	defer r.stop()
	r.apply(ctx, change{scripts: true, program: true})
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-r.ended:
			r.server, r.ended = nil, nil
			r.print("the server has ended (%v); it starts again after the next change", e.err)
		case <-w.changed:
			r.apply(ctx, w.take())
		}
	}
}

// apply does what a change makes necessary.
func (r *runner) apply(ctx context.Context, c change) {
	start := time.Now()
	if c.scripts {
		if err := r.rebundle(); err != nil {
			r.print("scripts and styles stay as they were:\n%v", err)
		} else {
			r.print("scripts and styles bundled in %v", time.Since(start).Round(time.Millisecond))
		}
	}
	if !c.program && r.server != nil {
		return // The server reads pages and texts itself.
	}
	if err := r.build(ctx); err != nil {
		r.print("the program does not compile; what runs goes on:\n%v", err)
		return
	}
	r.stop()
	if err := r.start(); err != nil {
		r.print("the server does not start: %v", err)
		return
	}
	r.print("built and started in %v", time.Since(start).Round(time.Millisecond))
}

func (r *runner) print(format string, args ...any) { fmt.Fprintf(r.out, "dev: "+format+"\n", args...) }

// rebundle bundles and leaves the error, if any, where the server shows it.
func (r *runner) rebundle() error {
	note := filepath.Join(r.root, bundleFolder, bundleErrorFile)
	err := r.bundle()
	if err == nil {
		if removeErr := os.Remove(note); !errors.Is(removeErr, os.ErrNotExist) {
			return removeErr
		}
		return nil
	}
	return errors.Join(err, os.MkdirAll(filepath.Dir(note), 0o700), os.WriteFile(note, []byte(err.Error()), 0o600))
}

func (r *runner) build(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", binary, "./cmd/taskstack")
	cmd.Dir = r.root
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s%w", text, err)
	}
	return nil
}

func (r *runner) start() error {
	// Not with ctx, whose end would kill the server: stop lets it end by itself.
	r.server = exec.Command(filepath.Join(r.root, binary)) //nolint:noctx // see above
	r.server.Dir, r.server.Stdout, r.server.Stderr = r.root, r.out, r.out
	r.server.Env = append(os.Environ(), "TASKSTACK_SOURCE_DIR="+r.root)
	if err := r.server.Start(); err != nil {
		r.server = nil
		return err
	}
	r.ended = make(chan exit, 1)
	go func(server *exec.Cmd, ended chan<- exit) { ended <- exit{server.Wait()} }(r.server, r.ended)
	return nil
}

// stop ends the server and waits for it. Without a server it does nothing.
func (r *runner) stop() {
	if r.server == nil {
		return
	}
	err := r.server.Process.Signal(syscall.SIGTERM)
	select {
	case <-r.ended:
	case <-time.After(stopTimeout):
		err = errors.Join(err, r.server.Process.Kill())
		<-r.ended
	}
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		r.print("stopping the old server: %v", err)
	}
	r.server, r.ended = nil, nil
}
