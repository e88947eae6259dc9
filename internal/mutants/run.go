package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"taskstack.org/internal/treecopy"
)

// An outcome is what came of one fault.
type outcome string

const (
	noticed   outcome = "noticed"
	timedOut  outcome = "noticed by the time limit only"
	unnoticed outcome = "unnoticed"
	broken    outcome = "does not compile"
	red       outcome = "its tests fail without it"
)

// timeout bounds one run of one check; a fault that lets tests run for ever
// ends here.
const timeout = 4 * time.Minute

// errNotGreen says that a check fails although there is no fault.
var errNotGreen = errors.New("red without a fault")

// run executes a command in a folder with further variables. It reports
// whether it succeeded, and whether it had to be stopped.
func (w *workshop) run(ctx context.Context, dir string, env []string, name string, args ...string) (ok, late bool, output string, err error) {
	scratch, err := os.MkdirTemp(w.dir, "tmp-")
	if err != nil {
		return false, false, "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, name, args...) // what the tables name
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "TMPDIR="+scratch), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return false, false, "", ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && limited.Err() == nil {
		return false, false, "", fmt.Errorf("%s: %w", name, err)
	}
	return err == nil, limited.Err() != nil, string(out), nil
}

// goTests runs the tests of a package that has been built under name.
func (w *workshop) goTests(ctx context.Context, name string, c check, database string, number int) (ok, late bool, output string, err error) {
	args := []string{"-test.failfast", "-test.count=1"}
	if c.Run != "" {
		args = append(args, "-test.run="+c.Run)
	}
	env := []string{switchVariable + "=" + strconv.Itoa(number), "TASKSTACK_TEST_ONLY=" + database}
	return w.run(ctx, filepath.Join(w.root, c.Target), env, w.binary(name, c.Target), args...)
}

// units runs a file of front-end tests with one script replaced.
func (w *workshop) units(ctx context.Context, c check, f *fault, text string) (ok, late bool, output string, err error) {
	var env []string
	args := []string{"--test", "--test-force-exit"}
	if c.Run != "" {
		args = append(args, "--test-name-pattern="+c.Run)
	}
	if f != nil {
		instead, err := os.CreateTemp(w.dir, "script-*.js")
		if err != nil {
			return false, false, "", err
		}
		_, err = instead.WriteString(text)
		if err := errors.Join(err, instead.Close()); err != nil {
			return false, false, "", err
		}
		env = []string{
			"TASKSTACK_FAULT_FILE=" + filepath.Join(w.root, f.File), "TASKSTACK_FAULT_TEXT=" + instead.Name(),
			"NODE_OPTIONS=--import=" + filepath.Join(w.root, "internal/mutants/replace.mjs"),
		}
	}
	return w.run(ctx, w.root, env, "node", append(args, c.Target)...)
}

// story runs browser stories in a copy of the tree, built with one file
// replaced.
func (w *workshop) story(ctx context.Context, tree string, c check, f *fault, text string) (ok, late bool, output string, err error) {
	if f != nil {
		at := filepath.Join(tree, f.File)
		old, err := os.ReadFile(at)
		if err != nil {
			return false, false, "", err
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			return false, false, "", err
		}
		defer func() { _ = os.WriteFile(at, old, 0o600) }() // the next story would fail
	}
	for _, command := range []string{
		"go run -trimpath -buildvcs=false ./cmd/assets",
		"go build -trimpath -buildvcs=false -o bin/taskstack ./cmd/taskstack",
	} {
		words := strings.Fields(command)
		ok, late, output, err := w.run(ctx, tree, []string{"CGO_ENABLED=0"}, words[0], words[1:]...)
		if !ok || err != nil {
			return false, late, output, errors.Join(err, &buildError{output})
		}
	}
	args := []string{"--test"}
	if c.Run != "" {
		args = append(args, "--test-name-pattern="+c.Run)
	}
	return w.run(ctx, tree, nil, "node", append(args, c.Target)...)
}

// copyTree copies the source tree to a new folder.
func (w *workshop) copyTree(ctx context.Context, name string) (string, error) {
	tree := filepath.Join(w.dir, name)
	return tree, treecopy.Make(ctx, w.root, tree)
}

// scriptOrStyle reports whether a file is bundled, so that Go tests never see
// it.
func scriptOrStyle(file string) bool {
	return strings.HasPrefix(file, "static/") && path.Ext(file) != ".go"
}
