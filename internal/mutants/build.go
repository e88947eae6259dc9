package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A workshop builds test binaries with faults in them. Everything it makes is
// below dir; the tree itself is only read.
type workshop struct {
	root, dir string
	// lines name the fault of a line of an instrumented file.
	lines map[string]map[int][2]int
}

func sortedKeys[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }

// overlay writes files of the tree as they should be instead, for the go
// command, and returns the path of the list.
func (w *workshop) overlay(name string, files map[string]string) (string, error) {
	replace := map[string]string{}
	for file, text := range files {
		instead := filepath.Join(w.dir, name, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(instead), 0o700); err != nil {
			return "", err
		}
		if err := os.WriteFile(instead, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(w.root, filepath.FromSlash(file))] = instead
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	at := filepath.Join(w.dir, name+".json")
	return at, os.WriteFile(at, list, 0o600)
}

// instrument returns the files with all faults in them that can be switched,
// and the numbers of the others.
func (w *workshop) instrument(faults map[int]*fault) (files map[string]string, outside []int, err error) {
	files, w.lines = map[string]string{}, map[string]map[int][2]int{}
	byFile := map[string]map[int]*fault{}
	for number, f := range faults {
		if path.Ext(f.File) != ".go" {
			outside = append(outside, number)
			continue
		}
		if byFile[f.File] == nil {
			byFile[f.File] = map[int]*fault{}
		}
		byFile[f.File][number] = f
	}
	for file, of := range byFile {
		raw, err := os.ReadFile(filepath.Join(w.root, file))
		if err != nil {
			return nil, nil, err
		}
		result, others, err := instrument(string(raw), of)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		outside = append(outside, others...)
		if len(others) == len(of) {
			continue
		}
		files[file], w.lines[file] = result.Text, result.Lines
		head, err := parser.ParseFile(token.NewFileSet(), "", raw, parser.PackageClauseOnly)
		if err != nil {
			return nil, nil, err
		}
		files[path.Join(path.Dir(file), "faulton.go")] = switchFile(head.Name.Name)
	}
	slices.Sort(outside)
	return files, outside, nil
}

// buildError is what the compiler says.
type buildError struct{ output string }

func (e *buildError) Error() string { return e.output }

// build makes the test binary of each package with the overlay. Binaries lie
// in a folder of that name.
func (w *workshop) build(ctx context.Context, name, overlay string, packages []string) error {
	into := filepath.Join(w.dir, name+"-bin")
	if err := os.MkdirAll(into, 0o700); err != nil {
		return err
	}
	for _, pkg := range packages {
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-trimpath", "-buildvcs=false", "-overlay", overlay, "-o", w.binary(name, pkg), pkg) // names of the tables
		cmd.Dir, cmd.Env = w.root, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return &buildError{string(out)}
		}
	}
	return nil
}

func (w *workshop) binary(name, pkg string) string {
	return filepath.Join(w.dir, name+"-bin", strings.ReplaceAll(strings.TrimPrefix(pkg, "./"), "/", "_"))
}

var compilerLine = regexp.MustCompile(`(?m)^(?:vet: )?(\S+\.go):(\d+):\d+: (.*)$`)

// compile compiles the packages that have faults.
func (w *workshop) compile(ctx context.Context, overlay string, faults map[int]*fault) error {
	packages := map[string]bool{}
	for _, f := range faults {
		if path.Ext(f.File) == ".go" {
			packages["./"+path.Dir(f.File)] = true
		}
	}
	if len(packages) == 0 {
		return nil
	}
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-overlay", overlay}, slices.Sorted(maps.Keys(packages))...)
	cmd := exec.CommandContext(ctx, "go", args...) // names of the tables
	cmd.Dir, cmd.Env = w.root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return &buildError{string(out)}
	}
	return nil
}

// buildAll makes the binaries with all faults in functions. A fault that does
// not compile is taken out and returned in broken with what the compiler says.
func (w *workshop) buildAll(ctx context.Context, faults map[int]*fault, packages []string) (outside []int, broken map[int]string, err error) {
	faults, broken = maps.Clone(faults), map[int]string{}
	for {
		files, others, err := w.instrument(faults)
		if err != nil {
			return nil, nil, err
		}
		list, err := w.overlay("all", files)
		if err != nil {
			return nil, nil, err
		}
		// Compiling what has faults is quick; test binaries are linked once, behind it.
		err = w.compile(ctx, list, faults)
		var failed *buildError
		if !errors.As(err, &failed) {
			return others, broken, errors.Join(err, w.build(ctx, "all", list, packages))
		}
		blamed := w.blame(failed.output)
		if len(blamed) == 0 {
			return nil, nil, err
		}
		for number, message := range blamed {
			broken[number] = message
			delete(faults, number)
		}
	}
}

// blame returns the faults in whose copies the compiler's complaints are.
func (w *workshop) blame(output string) map[int]string {
	blamed := map[int]string{}
	for _, m := range compilerLine.FindAllStringSubmatch(output, -1) {
		line, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		for file, copies := range w.lines {
			if !strings.HasSuffix(filepath.ToSlash(m[1]), path.Join(path.Base(path.Dir(file)), path.Base(file))) && path.Clean(m[1]) != file {
				continue
			}
			for number, span := range copies {
				if line >= span[0] && line <= span[1] {
					blamed[number] = m[3]
				}
			}
		}
	}
	return blamed
}
