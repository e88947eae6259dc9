package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// switchVariable names the fault that is on in an instrumented test binary.
const switchVariable = "TASKSTACK_FAULT"

// errNoFunction says that a fault is outside of all functions and needs a
// build of its own.
var errNoFunction = errors.New("not in a function")

// An instrumented file is a Go file with faults that are switched on by their
// numbers.
type instrumented struct {
	Text string
	// Lines are the first and last lines of each fault's copy, for naming the
	// fault that does not compile.
	Lines map[int][2]int
}

// instrument returns a file in which every function with faults has a copy per
// fault, which runs in its stead when TASKSTACK_FAULT is that fault's number.
// Faults outside of functions are returned in outside.
func instrument(text string, faults map[int]*fault) (result instrumented, outside []int, err error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", text, parser.SkipObjectResolution)
	if err != nil {
		return result, nil, err
	}
	var edits []edit
	copies := map[int]string{}
	for _, number := range sortedKeys(faults) {
		guard, body, err := faults[number].split(set, file, text, number)
		if errors.Is(err, errNoFunction) {
			outside = append(outside, number)
			continue
		}
		if err != nil {
			return result, nil, err
		}
		edits = append(edits, guard...)
		copies[number] = body
	}
	result.Text = applyEdits(text, edits)
	result.Lines = map[int][2]int{}
	for _, number := range sortedKeys(copies) {
		first := strings.Count(result.Text, "\n") + 2
		result.Text += "\n" + copies[number] + "\n"
		result.Lines[number] = [2]int{first, strings.Count(result.Text, "\n")}
	}
	return result, outside, nil
}

// An edit inserts or replaces text.
type edit struct {
	begin, end int
	text       string
}

func applyEdits(text string, edits []edit) string {
	// The same name is given to the same parameter by every fault of a function.
	slices.SortStableFunc(edits, func(a, b edit) int { return a.begin - b.begin })
	edits = slices.CompactFunc(edits, func(a, b edit) bool { return a == b })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.WriteString(text[at:e.begin] + e.text)
		at = e.end
	}
	return out.String() + text[at:]
}

// split returns the edits of the function that a fault is in, and the function
// with the fault under another name.
func (f *fault) split(set *token.FileSet, file *ast.File, text string, number int) (guard []edit, body string, err error) {
	begin, end, err := f.find(text)
	if err != nil {
		return nil, "", err
	}
	offset := func(p token.Pos) int { return set.Position(p).Offset }
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil || begin < offset(fn.Body.Lbrace) || end > offset(fn.Body.Rbrace)+1 || fn.Name.Name == "init" {
			continue
		}
		names := &naming{offset: offset}
		call := ""
		if fn.Recv != nil {
			call = names.of(fn.Recv)[0] + "."
		}
		call += fmt.Sprintf("%sFault%d", fn.Name.Name, number)
		if fn.Type.TypeParams != nil {
			var types []string
			for _, field := range fn.Type.TypeParams.List {
				for _, name := range field.Names {
					types = append(types, name.Name)
				}
			}
			call += "[" + strings.Join(types, ", ") + "]"
		}
		call += "(" + strings.Join(names.of(fn.Type.Params), ", ") + ")"
		if fn.Type.Results != nil {
			call = "return " + call
		} else {
			call += "; return"
		}
		guard = append(names.edits, edit{
			begin: offset(fn.Body.Lbrace) + 1, end: offset(fn.Body.Lbrace) + 1,
			text: fmt.Sprintf(" if faultOn == %d { %s };", number, call),
		})
		head, name, tail := offset(fn.Pos()), offset(fn.Name.Pos()), offset(fn.End())
		body = text[head:name] + fmt.Sprintf("%sFault%d", fn.Name.Name, number) + text[name+len(fn.Name.Name):begin] +
			strings.Join(f.New, "\n") + text[end:tail]
		return guard, body, nil
	}
	return nil, "", errNoFunction
}

// naming gives parameters without a name one.
type naming struct {
	offset func(token.Pos) int
	edits  []edit
	count  int
}

func (n *naming) of(list *ast.FieldList) []string {
	var names []string
	for _, field := range list.List {
		dots := ""
		if _, ok := field.Type.(*ast.Ellipsis); ok {
			dots = "..."
		}
		if len(field.Names) == 0 {
			n.count++
			name := fmt.Sprintf("unnamed%d", n.count)
			at := n.offset(field.Type.Pos())
			n.edits = append(n.edits, edit{at, at, name + " "})
			names = append(names, name+dots)
		}
		for _, ident := range field.Names {
			name := ident.Name
			if name == "_" {
				n.count++
				name = fmt.Sprintf("unnamed%d", n.count)
				at := n.offset(ident.Pos())
				n.edits = append(n.edits, edit{at, at + 1, name})
			}
			names = append(names, name+dots)
		}
	}
	return names
}

// switchFile is the file that an instrumented package gets.
func switchFile(pkg string) string {
	return "package " + pkg + `

import (
	"os"
	"strconv"
)

var faultOn = func() int { n, _ := strconv.Atoi(os.Getenv("` + switchVariable + `")); return n }()
`
}
