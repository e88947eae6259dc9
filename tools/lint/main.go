// Command lint checks the Go code of Taskstack. `make lint` builds it and runs
// it on every package:
//
//	go vet -vettool=bin/lint ./...
//
// The go command calls it once per package, with the facts of the packages it
// imports, and keeps results under a key made of the tool and of all its input.
// So a verdict depends on the source alone, never on what was checked before.
//
// A finding that is wrong is silenced on its line, or on the line above, with
// `//nolint:name // reason`. A reason is required, and a comment that silences
// nothing is a finding itself.
package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/printf"
	"golang.org/x/tools/go/analysis/unitchecker"
	"honnef.co/go/tools/analysis/facts/deprecated"
)

// modulePath is the beginning of the import paths of our own packages.
const modulePath = "taskstack.org/"

func main() {
	if foreign(os.Args) {
		unitchecker.Main(factsOfOthers()...)
		return
	}
	checks := slices.Concat(vetChecks(), staticChecks(), libraryChecks(), houseChecks())
	unitchecker.Main(withNolint(checks)...)
}

// foreign reports whether the go command asks only for facts about a package
// that is not ours.
func foreign(args []string) bool {
	unit := args[len(args)-1]
	if !strings.HasSuffix(unit, ".cfg") {
		return false
	}
	data, err := os.ReadFile(unit)
	if err != nil {
		return false
	}
	var u struct {
		ImportPath string
		VetxOnly   bool
	}
	return json.Unmarshal(data, &u) == nil && u.VetxOnly && !strings.HasPrefix(u.ImportPath, modulePath)
}

// factsOfOthers are what checks need to know about the standard library and
// other modules: which functions do not return, what is deprecated, what prints with a
// format. All other facts cost more than they find.
func factsOfOthers() []*analysis.Analyzer {
	return []*analysis.Analyzer{ctrlflow.Analyzer, deprecated.Analyzer, printf.Analyzer}
}

// check is an analyzer and where it applies.
type check struct {
	*analysis.Analyzer
	// group is the name in a nolint comment when it is not the analyzer's own:
	// "staticcheck" means all of SA, S, ST and QF.
	group string
	// skip reports whether findings in a file do not count. The path begins at
	// the module's root.
	skip func(file string) bool
}

// name returns what a nolint comment calls the check.
func (c check) name() string {
	if c.group != "" {
		return c.group
	}
	return c.Name
}
