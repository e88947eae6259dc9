package main

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// comment is a nolint comment. It silences the checks it names on its own line
// and, when it is alone on a line, on the next one.
type comment struct {
	pos    token.Pos
	checks []string
	reason bool
	used   map[string]bool
}

// silencer holds the nolint comments of the package that this process checks.
type silencer struct {
	mu       sync.Mutex
	comments map[string]map[int][]*comment // file, line
}

var nolintForm = regexp.MustCompile(`^//\s*nolint(?::([a-z0-9,]+))?(\s*//\s*\S.*)?`)

// withNolint returns the analyzers, which report only what no comment silences,
// and one more that reports comments that are wrong.
func withNolint(checks []check) []*analysis.Analyzer {
	s := &silencer{comments: map[string]map[int][]*comment{}}
	read := &analysis.Analyzer{
		Name: "nolintcomments", Doc: "reads nolint comments",
		Run: func(pass *analysis.Pass) (any, error) { s.read(pass); return nil, nil },
	}
	known := []string{}
	roots := make([]*analysis.Analyzer, 0, len(checks)+1)
	for _, c := range checks {
		known = append(known, c.name())
		roots = append(roots, s.wrap(c, read))
	}
	return append(roots, &analysis.Analyzer{
		Name: "nolint", Doc: "reports nolint comments without a check, without a reason, or that silence nothing",
		Requires: slices.Clone(roots),
		Run:      func(pass *analysis.Pass) (any, error) { s.reportWrong(pass, known); return nil, nil },
	})
}

// wrap makes a check report through s. The original analyzer stays as it is:
// others may require its result.
func (s *silencer) wrap(c check, read *analysis.Analyzer) *analysis.Analyzer {
	wrapped := *c.Analyzer
	wrapped.Name = c.Name
	wrapped.Requires = append(slices.Clone(c.Requires), read)
	wrapped.Run = func(pass *analysis.Pass) (any, error) {
		if !strings.HasPrefix(pass.Pkg.Path()+"/", modulePath) && len(c.FactTypes) == 0 {
			return nil, nil
		}
		own := *pass
		own.Analyzer = c.Analyzer
		own.Report = func(d analysis.Diagnostic) {
			at := pass.Fset.Position(d.Pos)
			if (c.skip != nil && c.skip(moduleFile(pass, at.Filename))) || s.silences(at, c.name()) || generated(pass, d.Pos) {
				return
			}
			d.Message += " (" + c.label() + ")"
			pass.Report(d)
		}
		return c.Run(&own)
	}
	return &wrapped
}

// label is the check's name, with the single analyzer where a group has many.
func (c check) label() string {
	if c.name() == c.Name {
		return c.Name
	}
	return c.name() + " " + c.Name
}

// moduleFile returns a file's path from the module's root. The go command names
// files by their full paths; the package's import path says how deep it is.
func moduleFile(pass *analysis.Pass, file string) string {
	path := strings.TrimSuffix(strings.TrimSuffix(pass.Pkg.Path(), ".test"), "_test")
	return strings.TrimPrefix(path, modulePath) + "/" + filepath.Base(file)
}

func generated(pass *analysis.Pass, pos token.Pos) bool {
	for _, file := range pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			return ast.IsGenerated(file)
		}
	}
	return false
}

func (s *silencer) read(pass *analysis.Pass) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, file := range pass.Files {
		code := codeLines(pass.Fset, file)
		for _, group := range file.Comments {
			for _, c := range group.List {
				parts := nolintForm.FindStringSubmatch(c.Text)
				if parts == nil {
					continue
				}
				at := pass.Fset.Position(c.Pos())
				n := &comment{pos: c.Pos(), reason: parts[2] != "", used: map[string]bool{}}
				if parts[1] != "" {
					n.checks = strings.Split(parts[1], ",")
				}
				lines := s.comments[at.Filename]
				if lines == nil {
					lines = map[int][]*comment{}
					s.comments[at.Filename] = lines
				}
				lines[at.Line] = append(lines[at.Line], n)
				if !code[at.Line] {
					lines[at.Line+1] = append(lines[at.Line+1], n)
				}
			}
		}
	}
}

// codeLines are the lines of a file on which something other than a comment
// begins or ends.
func codeLines(fset *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.File:
			return n != nil
		case *ast.Comment, *ast.CommentGroup:
			return false
		}
		lines[fset.Position(n.Pos()).Line] = true
		lines[fset.Position(n.End()).Line] = true
		return true
	})
	return lines
}

func (s *silencer) silences(at token.Position, name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	silenced := false
	for _, n := range s.comments[at.Filename][at.Line] {
		if slices.Contains(n.checks, name) {
			n.used[name], silenced = true, true
		}
	}
	return silenced
}

func (s *silencer) reportWrong(pass *analysis.Pass, known []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[*comment]bool{}
	for _, lines := range s.comments {
		for _, comments := range lines {
			for _, n := range comments {
				if !seen[n] {
					seen[n] = true
					n.report(pass, known)
				}
			}
		}
	}
}

func (n *comment) report(pass *analysis.Pass, known []string) {
	if len(n.checks) == 0 {
		pass.Reportf(n.pos, "nolint must name the check it silences: //nolint:name // reason")
	}
	if !n.reason {
		pass.Reportf(n.pos, "nolint must say why: //nolint:name // reason")
	}
	for _, name := range n.checks {
		switch {
		case !slices.Contains(known, name):
			pass.Reportf(n.pos, "nolint names %q, which is no check of ours", name)
		case !n.used[name]:
			pass.Reportf(n.pos, "nolint:%s silences nothing here; remove it", name)
		}
	}
}
