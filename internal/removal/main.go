// Command removal checks that each feature can be removed: in a copy of the
// tree it deletes the feature's folders and its line in internal/wiring, and
// then builds, vets, starts, and looks at every page and menu in a browser.
//
//	go run ./internal/removal [-tests] [feature…]
//
// It prints a table, and what went wrong below it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"

	"taskstack.org/internal/treecopy"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "removal:", err)
		os.Exit(1)
	}
}

// check is a column of the table: a command that has to succeed.
type check struct {
	name string
	run  func(ctx context.Context, dir, feature string) error
}

// static compiles as `make build` does, so that what is compiled is shared.
var static = []string{"CGO_ENABLED=0", "GOFLAGS=" + strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath -buildvcs=false")}

// keptTables is the test that the tables of a removed feature fail: migrations
// stay, because databases have them.
const keptTables = "^TestEveryTableHasAnOwner$"

func commandOf(env []string, name string, args ...string) func(context.Context, string, string) error {
	return func(ctx context.Context, dir, feature string) error {
		return treecopy.Run(ctx, dir, append(slices.Clone(env), "FEATURE="+feature), name, args...)
	}
}

func checks(tests bool) []check {
	all := []check{
		{"builds", func(ctx context.Context, dir, _ string) error {
			if err := treecopy.Run(ctx, dir, static, "go", "run", "./cmd/assets", "-dev"); err != nil {
				return err
			}
			return treecopy.Run(ctx, dir, static, "go", "build", "-o", "bin/taskstack", "./cmd/taskstack")
		}},
		{"tests compile", commandOf(static, "go", "vet", "./...")},
		{"pages parse", commandOf(static, "go", "test", "-run", "TestEveryPageAndPieceParses", "./cmd/taskstack")},
		{"starts, pages, menus", commandOf(nil, "node", "--test", "e2e/withoutFeature.mjs")},
	}
	if tests {
		all = append(all, check{"tests", commandOf(append(static, "TASKSTACK_TEST_ONLY=sqlite"), "go", "test", "-skip", keptTables, "./modules/...", "./cmd/taskstack")},
			check{"tests of scripts", commandOf(nil, "npm", "test", "--silent")})
	}
	return all
}

func run(ctx context.Context, out io.Writer) error {
	tests := flag.Bool("tests", false, "run the tests of modules and of the program on SQLite, too")
	keep := flag.Bool("keep", false, "leave the copies in bin/removal")
	flag.Parse()
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	wiring, err := os.ReadFile(featuresFile)
	if err != nil {
		return err
	}
	features := flag.Args()
	if len(features) == 0 {
		features = featuresOf(string(wiring))
	}
	columns := checks(*tests)
	table, faults := [][]string{}, []string{}
	dirs := filepath.Join(root, "bin", "removal")
	for _, feature := range features {
		row, wrong := tryWithout(ctx, root, filepath.Join(dirs, feature), feature, columns)
		if err := ctx.Err(); err != nil {
			return err
		}
		table, faults = append(table, row), append(faults, wrong...)
		_, _ = fmt.Fprintln(out, strings.Join(row, "  "))
		if *keep {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dirs, feature)); err != nil {
			return err
		}
	}
	return report(out, columns, table, faults)
}

// tryWithout removes a feature in a copy of the tree and returns a row of the
// table, and what went wrong.
func tryWithout(ctx context.Context, root, dir, feature string, columns []check) (row, faults []string) {
	row = []string{feature}
	err := os.RemoveAll(dir)
	if err == nil {
		err = treecopy.Make(ctx, root, dir)
	}
	if err == nil {
		err = remove(dir, feature)
	}
	if err != nil {
		return append(row, "no copy"), []string{feature + ": " + err.Error()}
	}
	for _, c := range columns {
		if err := c.run(ctx, dir, feature); err != nil {
			row = append(row, "NO")
			faults = append(faults, fmt.Sprintf("== without %s: %s\n%s", feature, c.name, brief(err.Error())))
			continue
		}
		row = append(row, "yes")
	}
	return row, faults
}

// briefLines is how much of a failed command's output is printed.
const briefLines = 40

func brief(text string) string {
	lines := strings.Split(text, "\n")
	if len(lines) > briefLines {
		lines = append(lines[:briefLines], fmt.Sprintf("… and %d lines more", len(lines)-briefLines))
	}
	return strings.Join(lines, "\n")
}

func report(out io.Writer, columns []check, table [][]string, faults []string) error {
	for _, f := range faults {
		_, _ = fmt.Fprintf(out, "\n%s\n", f)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(w, "\nwithout")
	for _, c := range columns {
		_, _ = fmt.Fprint(w, "\t", c.name)
	}
	_, _ = fmt.Fprintln(w)
	for _, row := range table {
		_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(faults) > 0 {
		return errors.New("not every feature can be removed")
	}
	return nil
}
