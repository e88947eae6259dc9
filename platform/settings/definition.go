package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/text"
)

// Kind is the type of a setting.
type Kind string

// The kinds.
const (
	// Choice is one of Options.
	Choice Kind = "choice"
	// Number is a whole number from Least to Most.
	Number Kind = "number"
	// Text is at most Most characters, in one line.
	Text Kind = "text"
	// List is at most Most words, separated by space or lines, each of which Item takes.
	List Kind = "list"
	// Moment is a time in UTC to the minute, as browsers write it; empty for none.
	Moment Kind = "moment"
)

// momentForm is how a Moment is written.
const momentForm = "2006-01-02T15:04"

// maxItem is how long a word of a List may be, in bytes.
const maxItem = 253

// Option is a value of a Choice with the key of what it is called.
type Option struct{ Value, Title string }

// Definition is a setting as its module declares it.
type Definition struct {
	// Name begins with the module's name, "auth.signUp". At most 64 characters.
	Name string
	// Group is the key of the heading that settings share; Title and Hint are the keys
	// of what the setting is called and what it does.
	Group, Title, Hint string
	Kind               Kind
	Options            []Option
	Least, Most        int64
	// Item reports whether a word of a List is right. Words are in lower case.
	Item    func(word string) bool
	Default string
	// Variable is the environment variable that sets it and wins; empty for none.
	Variable string
	// Order is the place among all settings: the smallest first.
	Order int
}

// Problem is what is wrong with a value.
type Problem string

// The problems.
const (
	NoOption   Problem = "option"
	NoNumber   Problem = "number"
	TooLong    Problem = "tooLong"
	TooMany    Problem = "tooMany"
	WrongItem  Problem = "item"
	NoMoment   Problem = "moment"
	Characters Problem = "characters"
)

// WrongError is returned for a value that a setting cannot have.
type WrongError struct {
	Definition
	Problem Problem
}

// Error says which setting and what is wrong.
func (e *WrongError) Error() string { return fmt.Sprintf("setting %s: %s", e.Name, e.Problem) }

// Clean returns a value in the form that is stored. problem is empty if it is right.
func (d Definition) Clean(typed string) (value string, problem Problem) {
	if !utf8.ValidString(typed) || strings.ContainsRune(typed, 0) {
		return "", Characters
	}
	switch d.Kind {
	case Choice:
		if !slices.ContainsFunc(d.Options, func(o Option) bool { return o.Value == typed }) {
			return "", NoOption
		}
		return typed, ""
	case Number:
		n, err := strconv.ParseInt(strings.TrimSpace(typed), 10, 64)
		if err != nil || n < d.Least || n > d.Most {
			return "", NoNumber
		}
		return strconv.FormatInt(n, 10), ""
	case Text:
		typed = strings.TrimSpace(text.Line(typed))
		if int64(utf8.RuneCountInString(typed)) > d.Most {
			return "", TooLong
		}
		return typed, ""
	case List:
		return d.cleanList(typed)
	case Moment:
		return cleanMoment(strings.TrimSpace(typed))
	}
	return "", NoOption
}

// cleanList returns the words of a list in lower case, each once, one a line.
func (d Definition) cleanList(typed string) (value string, problem Problem) {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(typed, ",", " ")))
	slices.Sort(words)
	words = slices.Compact(words)
	if int64(len(words)) > d.Most {
		return "", TooMany
	}
	for _, w := range words {
		if len(w) > maxItem || d.Item != nil && !d.Item(w) {
			return "", WrongItem
		}
	}
	return strings.Join(words, "\n"), ""
}

func cleanMoment(typed string) (value string, problem Problem) {
	if typed == "" {
		return "", ""
	}
	at, err := time.Parse(momentForm, typed)
	if err != nil || at.Year() < 2000 || at.Year() > 9998 {
		return "", NoMoment
	}
	return at.Format(momentForm), ""
}

func numberOf(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
