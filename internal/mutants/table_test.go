package main

import (
	"strings"
	"testing"
)

// TestTablesFitTheTree fails when a row's old text is no longer in its file: give
// the row the text that is there now, or delete the row.
func TestTablesFitTheTree(t *testing.T) {
	const root = "../.."
	faults, err := readTables(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) == 0 {
		t.Fatal("no tables are found")
	}
	for _, f := range faults {
		if _, err := f.changed(root); err != nil {
			t.Errorf("%s: %s is stale: %v", f.Where, f.Name, err)
		}
	}
}

func TestFind(t *testing.T) {
	const text = "one\n\ttwo\n\t\tthree\none\n"
	for _, c := range []struct {
		f    fault
		want string // the text that is found, or what the error says
	}{
		{fault{File: "x", Old: []string{"two", "three"}}, "two\n\t\tthree"},
		{fault{File: "x", Old: []string{"one"}}, "more than once"},
		{fault{File: "x", Old: []string{"one"}, After: "three"}, "one"},
		{fault{File: "x", Old: []string{"four"}}, "has no"},
		{fault{File: "x", Old: []string{"one"}, After: "four"}, "has no"},
	} {
		begin, end, err := c.f.find(text)
		got := text[begin:end]
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
}

func TestInstrument(t *testing.T) {
	const text = `package p

const limit = 3

type box[T any] struct{ n int }

func (b *box[T]) add(_ int, more ...string) (n int, err error) { return b.n + len(more), nil }

func (box[T]) silent(string) {
	println("one")
}

func pick[K comparable](a, b K) bool { return a == b }
`
	result, outside, err := instrument(text, map[int]*fault{
		1: {File: "x", Old: []string{"b.n + len"}, New: []string{"b.n - len"}},
		2: {File: "x", Old: []string{"a == b"}, New: []string{"a != b"}},
		3: {File: "x", Old: []string{"limit = 3"}, New: []string{"limit = 4"}},
		4: {File: "x", Old: []string{`println("one")`}},
		5: {File: "x", Old: []string{"len(more), nil"}, New: []string{"1, nil"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(outside) != 1 || outside[0] != 3 {
		t.Errorf("outside of functions: %v", outside)
	}
	for _, want := range []string{
		"func (b *box[T]) add(unnamed1 int, more ...string) (n int, err error) { if faultOn == 1 { return b.addFault1(unnamed1, more...) }; if faultOn == 5 { return b.addFault5(unnamed1, more...) }; return b.n + len(more), nil }",
		"func (b *box[T]) addFault1(_ int, more ...string) (n int, err error) { return b.n - len(more), nil }",
		"func (unnamed1 box[T]) silent(unnamed2 string) { if faultOn == 4 { unnamed1.silentFault4(unnamed2); return };\n",
		"{ if faultOn == 2 { return pickFault2[K](a, b) }; return a == b }",
	} {
		if !strings.Contains(result.Text, want) {
			t.Errorf("there is no %s in\n%s", want, result.Text)
		}
	}
}
