package main

import (
	"regexp"
	"slices"
	"strings"

	"codeberg.org/polyfloyd/go-errorlint/errorlint"
	"github.com/alingse/nilnesserr"
	"github.com/golangci/rowserrcheck/passes/rowserr"
	"github.com/gostaticanalysis/nilerr"
	"github.com/kisielk/errcheck/errcheck"
	"github.com/ldez/usetesting"
	"github.com/nishanths/exhaustive/passes/exhaustive"
	"github.com/ryanrolds/sqlclosecheck/pkg/analyzer"
	"github.com/sonatard/noctx"
	"github.com/timakin/bodyclose/passes/bodyclose"
	"go-simpler.org/sloglint"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/appends"
	"golang.org/x/tools/go/analysis/passes/assign"
	"golang.org/x/tools/go/analysis/passes/atomic"
	"golang.org/x/tools/go/analysis/passes/atomicalign"
	"golang.org/x/tools/go/analysis/passes/bools"
	"golang.org/x/tools/go/analysis/passes/buildtag"
	"golang.org/x/tools/go/analysis/passes/composite"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/deepequalerrors"
	"golang.org/x/tools/go/analysis/passes/defers"
	"golang.org/x/tools/go/analysis/passes/directive"
	"golang.org/x/tools/go/analysis/passes/errorsas"
	"golang.org/x/tools/go/analysis/passes/hostport"
	"golang.org/x/tools/go/analysis/passes/httpmux"
	"golang.org/x/tools/go/analysis/passes/httpresponse"
	"golang.org/x/tools/go/analysis/passes/ifaceassert"
	"golang.org/x/tools/go/analysis/passes/loopclosure"
	"golang.org/x/tools/go/analysis/passes/lostcancel"
	"golang.org/x/tools/go/analysis/passes/nilfunc"
	"golang.org/x/tools/go/analysis/passes/nilness"
	"golang.org/x/tools/go/analysis/passes/printf"
	"golang.org/x/tools/go/analysis/passes/reflectvaluecompare"
	"golang.org/x/tools/go/analysis/passes/scannererr"
	"golang.org/x/tools/go/analysis/passes/shift"
	"golang.org/x/tools/go/analysis/passes/sigchanyzer"
	"golang.org/x/tools/go/analysis/passes/slog"
	"golang.org/x/tools/go/analysis/passes/sortslice"
	"golang.org/x/tools/go/analysis/passes/stdmethods"
	"golang.org/x/tools/go/analysis/passes/stdversion"
	"golang.org/x/tools/go/analysis/passes/stringintconv"
	"golang.org/x/tools/go/analysis/passes/structtag"
	"golang.org/x/tools/go/analysis/passes/testinggoroutine"
	"golang.org/x/tools/go/analysis/passes/tests"
	"golang.org/x/tools/go/analysis/passes/timeformat"
	"golang.org/x/tools/go/analysis/passes/unmarshal"
	"golang.org/x/tools/go/analysis/passes/unreachable"
	"golang.org/x/tools/go/analysis/passes/unsafeptr"
	"golang.org/x/tools/go/analysis/passes/unusedresult"
	"golang.org/x/tools/go/analysis/passes/unusedwrite"
	"golang.org/x/tools/go/analysis/passes/waitgroup"
	"honnef.co/go/tools/analysis/lint"
	"honnef.co/go/tools/quickfix"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"
	"honnef.co/go/tools/unused"
)

// vetChecks are those of go vet and the ones it leaves out by default, without
// shadow and fieldalignment: `if err := …` inside a function that has an err is
// the usual form, and fields are ordered for readers.
func vetChecks() []check {
	return grouped("govet", nil, appends.Analyzer, assign.Analyzer, atomic.Analyzer, atomicalign.Analyzer, bools.Analyzer,
		buildtag.Analyzer, composite.Analyzer, copylock.Analyzer, deepequalerrors.Analyzer, defers.Analyzer, directive.Analyzer,
		errorsas.Analyzer, hostport.Analyzer, httpmux.Analyzer, httpresponse.Analyzer, ifaceassert.Analyzer,
		loopclosure.Analyzer, lostcancel.Analyzer, nilfunc.Analyzer, nilness.Analyzer, printf.Analyzer,
		reflectvaluecompare.Analyzer, scannererr.Analyzer, shift.Analyzer, sigchanyzer.Analyzer, slog.Analyzer, sortslice.Analyzer,
		stdmethods.Analyzer, stdversion.Analyzer, stringintconv.Analyzer, structtag.Analyzer, testinggoroutine.Analyzer,
		tests.Analyzer, timeformat.Analyzer, unmarshal.Analyzer, unreachable.Analyzer, unsafeptr.Analyzer,
		unusedresult.Analyzer, unusedwrite.Analyzer, waitgroup.Analyzer)
}

// staticChecks are all of staticcheck except those that contradict the house
// style, and its search for unused code.
func staticChecks() []check {
	without := []string{
		"ST1000", // doc.go is required by a test of the modules
		"ST1005", // messages of config begin with the variable's name
		"ST1023", // as QF1011: a type that is written out can be for the reader
		"QF1011",
		"QF1005", // math.Pow as the formula has it
		"QF1008", // an embedded field named is sometimes clearer
	}
	var kept []*analysis.Analyzer
	for _, a := range slices.Concat(simple.Analyzers, staticcheck.Analyzers, stylecheck.Analyzers, quickfix.Analyzers) {
		if !slices.Contains(without, a.Analyzer.Name) {
			kept = append(kept, a.Analyzer)
		}
	}
	return append(grouped("staticcheck", nil, kept...), check{Analyzer: unusedCode(unused.Analyzer)})
}

// libraryChecks are analyzers of single mistakes, each from a module of its own.
func libraryChecks() []check {
	errcheck.DefaultExcludedSymbols = append(errcheck.DefaultExcludedSymbols,
		// Closing what was only read, or is given up, has no error worth a line.
		"(net.Conn).Close", "(io.ReadCloser).Close",
		// A command cannot report that its own output failed.
		"fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln")
	must(errcheck.Analyzer.Flags.Set("assert", "true"))
	must(exhaustive.Analyzer.Flags.Set("d", "true"))
	inTestsOnly := usetesting.NewAnalyzer()
	must(inTestsOnly.Flags.Set("ossetenv", "true"))
	nilnessErr, err := nilnesserr.NewAnalyzer(nilnesserr.LinterSetting{})
	must(err)
	return []check{
		{Analyzer: errcheck.Analyzer},
		{Analyzer: exhaustive.Analyzer},
		{Analyzer: nilerr.Analyzer},
		{Analyzer: nilnessErr},
		{Analyzer: rowserr.NewAnalyzer()},
		{Analyzer: analyzer.NewAnalyzer(), group: "sqlclosecheck"},
		{Analyzer: errorlint.NewAnalyzer()},
		{Analyzer: inTestsOnly},
		{Analyzer: sloglint.New(&sloglint.Options{NoMixedArguments: true, StaticMessage: true, ContextOnly: "scope"})},
		// Tests end with what they start, not with a context.
		{Analyzer: bodyclose.Analyzer, skip: inTests},
		{Analyzer: noctx.Analyzer, skip: inTests},
	}
}

// testFiles are tests and packages that only tests use.
var testFiles = regexp.MustCompile(`_test\.go$|/testing\.go$|^internal/|^platform/storage/storagetest/`)

func inTests(file string) bool { return testFiles.MatchString(file) }

func grouped(group string, skip func(string) bool, analyzers ...*analysis.Analyzer) []check {
	checks := make([]check, 0, len(analyzers))
	for _, a := range analyzers {
		checks = append(checks, check{Analyzer: a, group: group, skip: skip})
	}
	return checks
}

// unusedCode turns the list of staticcheck's U1000 into findings. The go
// command checks a package together with its own tests, so what only those use
// counts as used.
func unusedCode(u *lint.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "unused", Doc: "reports code that nothing uses", Requires: []*analysis.Analyzer{u.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			result, ok := pass.ResultOf[u.Analyzer].(unused.Result)
			if !ok {
				return nil, nil
			}
			for _, object := range result.Unused {
				for _, file := range pass.Files {
					at := pass.Fset.File(file.FileStart)
					if at.Name() == object.Position.Filename && !strings.HasSuffix(pass.Pkg.Path(), ".test") {
						pass.Reportf(at.Pos(object.Position.Offset), "%s %s is unused", object.Kind, object.Name)
					}
				}
			}
			return nil, nil
		},
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
