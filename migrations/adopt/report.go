package adopt

import (
	"fmt"
	"strings"
)

// maxExamples is how many rows of a kind are named in a report.
const maxExamples = 5

// Report is what taking over does, or has done.
type Report struct {
	Tables []TableCount
	// Changes are the cleanings, in the order in which they are met.
	Changes []*Change
	// Undecided are faults of the data that a person has to correct first.
	Undecided []string
}

// TableCount says how many rows a table had and how many are kept.
type TableCount struct {
	Name      string
	Had, Kept int
}

// Change is one kind of cleaning.
type Change struct {
	What     string
	Rows     int
	Examples []string
}

func (r *Report) change(what, format string, args ...any) {
	for _, c := range r.Changes {
		if c.What == what {
			c.add(format, args...)
			return
		}
	}
	c := &Change{What: what}
	c.add(format, args...)
	r.Changes = append(r.Changes, c)
}

func (c *Change) add(format string, args ...any) {
	if c.Rows++; len(c.Examples) < maxExamples {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
}

func (r *Report) undecided(format string, args ...any) {
	r.Undecided = append(r.Undecided, fmt.Sprintf(format, args...))
}

// Lines returns the changes, a line each.
func (r *Report) Lines() []string {
	lines := make([]string, len(r.Changes))
	for i, c := range r.Changes {
		lines[i] = fmt.Sprintf("%s: %d (%s)", c.What, c.Rows, strings.Join(c.Examples, "; "))
		if c.Rows > len(c.Examples) {
			lines[i] = strings.TrimSuffix(lines[i], ")") + "; …)"
		}
	}
	return lines
}

// UndecidedError says what a person has to decide before a database can be taken
// over.
type UndecidedError struct{ Report *Report }

// Error lists the questions, a line each.
func (e *UndecidedError) Error() string {
	return "the database cannot be taken over yet, nothing was changed; correct this with the old application or in SQL, then run it again:\n  " +
		strings.Join(e.Report.Undecided, "\n  ")
}
