// Package doctor examines what a server needs around it: the database, the
// folders, mail, the public address and the machine. Each check is a function of
// its own that changes nothing and says in plain words what it found and what to
// do. The command `taskstack doctor` prints the findings.
package doctor

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Level is how bad a finding is.
type Level string

// The levels. A Problem is something that fails or will fail for users; a
// Warning may be intended.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Problem Level = "problem"
)

// Finding is the result of one question.
type Finding struct {
	// Subject is what was examined, such as "database".
	Subject string
	Level   Level
	// Says is what was found, in one sentence.
	Says string
	// Do is what an operator can do about it; empty with OK.
	Do string
}

// Check examines one subject. It returns what it found, good things too.
type Check func(ctx context.Context) []Finding

// patience bounds one check.
const patience = 15 * time.Second

// Examine runs the checks one after the other.
func Examine(ctx context.Context, checks ...Check) []Finding {
	var all []Finding
	for _, check := range checks {
		within, cancel := context.WithTimeout(ctx, patience)
		all = append(all, check(within)...)
		cancel()
	}
	return all
}

// Worst returns the worst level of findings, OK for none.
func Worst(findings []Finding) Level {
	worst := OK
	for _, f := range findings {
		if f.Level == Problem || f.Level == Warning && worst == OK {
			worst = f.Level
		}
	}
	return worst
}

// Write prints findings for people, a line each, and below it what to do.
func Write(w io.Writer, findings []Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%-8s %s: %s\n", f.Level, f.Subject, f.Says); err != nil {
			return err
		}
		if f.Do == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "         → %s\n", f.Do); err != nil {
			return err
		}
	}
	return nil
}

// about makes the findings of one subject.
type about string

func (a about) ok(format string, args ...any) Finding {
	return Finding{Subject: string(a), Level: OK, Says: fmt.Sprintf(format, args...)}
}

func (a about) warn(do, format string, args ...any) Finding {
	return Finding{Subject: string(a), Level: Warning, Says: fmt.Sprintf(format, args...), Do: do}
}

func (a about) problem(do, format string, args ...any) Finding {
	return Finding{Subject: string(a), Level: Problem, Says: fmt.Sprintf(format, args...), Do: do}
}
