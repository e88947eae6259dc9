// Command mutants puts small faults into the code, one at a time, runs the
// tests that should notice each, and prints what they noticed:
//
//	go run ./internal/mutants [-area sessions] [-only text] [-jobs 2]
//
// The faults are listed in files faults.txt beside the tests; docs/testing.md
// says how, and has the figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// options are what the command is given.
type options struct {
	area, only string
	jobs       int
	verbose    bool
}

func run(ctx context.Context, out io.Writer) (err error) {
	var o options
	flag.StringVar(&o.area, "area", "", "only these areas, separated by commas")
	flag.StringVar(&o.only, "only", "", "only faults whose name or file contains this")
	flag.IntVar(&o.jobs, "jobs", 2, "how many faults are tried at once")
	flag.BoolVar(&o.verbose, "v", false, "print what tests wrote about noticed faults")
	flag.Parse()
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	all, err := readTables(root)
	if err != nil {
		return err
	}
	all = o.choose(all)
	if len(all) == 0 {
		return errors.New("no fault is chosen")
	}
	dir, err := os.MkdirTemp("", "taskstack-faults-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &session{
		options: o, workshop: workshop{root: root, dir: dir}, out: out,
		faults: map[int]*fault{}, texts: map[int]string{}, outcomes: map[int]outcome{}, baselines: map[string]*baseline{}, owned: map[int]bool{},
	}
	var stale []string
	for i := range all {
		text, err := all[i].changed(root)
		if err != nil {
			stale = append(stale, fmt.Sprintf("%s %s: %v", all[i].Where, all[i].Name, err))
			continue
		}
		s.faults[i+1], s.texts[i+1] = &all[i], text
	}
	if err := s.prepare(ctx); err != nil {
		return err
	}
	if err := s.tryAll(ctx); err != nil {
		return err
	}
	return s.report(stale)
}

func (o options) choose(all []fault) []fault {
	return slices.DeleteFunc(all, func(f fault) bool {
		return o.area != "" && !slices.Contains(strings.Split(o.area, ","), f.Area) || o.only != "" && !strings.Contains(f.Name+" "+f.File, o.only)
	})
}

// A session tries faults.
type session struct {
	options
	workshop
	out    io.Writer
	faults map[int]*fault
	// texts are the faults' files with the faults in them.
	texts map[int]string
	// owned faults need a build of their own.
	owned map[int]bool

	mu        sync.Mutex
	outcomes  map[int]outcome
	baselines map[string]*baseline
	done      int
}

// A baseline is the run of a check without a fault.
type baseline struct {
	once sync.Once
	err  error
}

// prepare builds one test binary per package, with all Go faults in it.
func (s *session) prepare(ctx context.Context) error {
	begin := time.Now()
	packages, switched := []string{}, map[int]*fault{}
	for number, f := range s.faults {
		for _, c := range f.By {
			if c.isGo() && !scriptOrStyle(f.File) {
				switched[number] = f
				packages = append(packages, c.Target)
			}
		}
	}
	slices.Sort(packages)
	packages = slices.Compact(packages)
	outside, bad, err := s.buildAll(ctx, switched, packages)
	if err != nil {
		return err
	}
	for _, number := range outside {
		s.owned[number] = true
	}
	for number, message := range bad {
		s.outcomes[number] = broken
		fmt.Fprintf(s.out, "%s %s: does not compile: %s\n", s.faults[number].Where, s.faults[number].Name, message)
		delete(s.faults, number)
	}
	fmt.Fprintf(s.out, "%d faults, %d packages of tests built in %v\n", len(s.faults), len(packages), time.Since(begin).Round(time.Second))
	return nil
}

// tryAll tries every fault, some at once.
func (s *session) tryAll(ctx context.Context) error {
	numbers := make(chan int)
	failures := make(chan error, s.jobs)
	for job := range s.jobs {
		go func() {
			w := &worker{session: s, name: fmt.Sprintf("job%d", job)}
			var err error
			for number := range numbers {
				if err == nil {
					err = w.try(ctx, number)
				}
			}
			failures <- err
		}()
	}
	for _, number := range sortedKeys(s.faults) {
		numbers <- number
	}
	close(numbers)
	var err error
	for range s.jobs {
		err = errors.Join(err, <-failures)
	}
	return err
}

// A worker tries one fault after the other.
type worker struct {
	*session
	name string
	tree string // a copy for stories, once one is needed
}

func (w *worker) try(ctx context.Context, number int) error {
	f := w.faults[number]
	text, result := w.texts[number], unnoticed
	var output string
	for _, c := range f.By {
		if err := w.green(ctx, c, f.Database); errors.Is(err, errNotGreen) {
			result, output = red, err.Error()
			break
		} else if err != nil {
			return err
		}
		ok, late, said, err := w.check(ctx, c, number, f, text)
		var failed *buildError
		if errors.As(err, &failed) {
			result, output = broken, failed.output
			break
		}
		if err != nil {
			return err
		}
		if late {
			result = timedOut
		} else if !ok {
			result = noticed
		}
		if output = said; !ok {
			break
		}
	}
	w.note(number, result, output)
	return nil
}

// check runs one check with the fault.
func (w *worker) check(ctx context.Context, c check, number int, f *fault, text string) (ok, late bool, output string, err error) {
	switch {
	case c.isStory():
		if w.tree == "" {
			if w.tree, err = w.copyTree(ctx, w.name); err != nil {
				return false, false, "", err
			}
		}
		return w.story(ctx, w.tree, c, f, text)
	case !c.isGo():
		return w.units(ctx, c, f, text)
	case !w.owned[number]:
		return w.goTests(ctx, "all", c, f.Database, number)
	}
	list, err := w.overlay(w.name, map[string]string{f.File: text})
	if err != nil {
		return false, false, "", err
	}
	if err := w.build(ctx, w.name, list, []string{c.Target}); err != nil {
		return false, false, "", err
	}
	return w.goTests(ctx, w.name, c, f.Database, 0)
}

// green runs a check without a fault, once: what fails anyway notices nothing.
func (w *worker) green(ctx context.Context, c check, database string) error {
	w.mu.Lock()
	key := fmt.Sprint(c, database)
	if c.isStory() {
		key += w.name // each job builds its own copy
	}
	b := w.baselines[key]
	if b == nil {
		b = &baseline{}
		w.baselines[key] = b
	}
	w.mu.Unlock()
	b.once.Do(func() {
		var ok bool
		var output string
		switch {
		case c.isStory():
			if w.tree == "" {
				if w.tree, b.err = w.copyTree(ctx, w.name); b.err != nil {
					return
				}
			}
			ok, _, output, b.err = w.story(ctx, w.tree, c, nil, "")
		case c.isGo():
			ok, _, output, b.err = w.goTests(ctx, "all", c, database, 0)
		default:
			ok, _, output, b.err = w.units(ctx, c, nil, "")
		}
		if b.err == nil && !ok {
			b.err = fmt.Errorf("%w: %s %s\n%s", errNotGreen, c.Target, c.Run, tail(output))
		}
	})
	return b.err
}

// note keeps an outcome and prints a line.
func (w *worker) note(number int, result outcome, output string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.faults[number]
	w.outcomes[number] = result
	w.done++
	fmt.Fprintf(w.out, "%3d/%d %-9s %s · %s (%s)\n", w.done, len(w.faults), result, f.Area, f.Name, f.Where)
	if w.verbose || result == red || result == broken {
		fmt.Fprintln(w.out, tail(output))
	}
}

// tail is the end of what a command wrote.
func tail(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if len(lines) > 25 {
		lines = lines[len(lines)-25:]
	}
	return "\t" + strings.Join(lines, "\n\t")
}
