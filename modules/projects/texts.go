package projects

import (
	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Text is what people write about a project, a list or a card.
type Text struct{ Name, Desc string }

// Base is the text an editor started from, as far as its client says so; nil
// fields are unknown.
type Base struct{ Name, Desc *string }

// Cleaned returns a wanted text in the form that is stored: the name as one line,
// both without what cannot be seen. What the editor did not touch stays as it is.
func (b Base) Cleaned(wanted Text) Text {
	if b.Name == nil || *b.Name != wanted.Name {
		wanted.Name = text.Line(wanted.Name)
	}
	if b.Desc == nil || *b.Desc != wanted.Desc {
		wanted.Desc = text.Block(wanted.Desc)
	}
	return wanted
}

// Merge returns the text to store when an editor who started from the base wants
// something, and current is there by now. What they did not touch stays as it
// is; so two people may write a name and a description at once. What they
// touched and another member has changed meanwhile is a Conflict, with the
// current text. Without a base the last one to write wins.
//
// descKey is what the description is called in events.
func (b Base) Merge(current, wanted Text, descKey string) (Text, error) {
	fields := map[string]errs.Message{}
	merged := Text{
		Name: mergeOne(b.Name, current.Name, wanted.Name, func() { fields["name"] = errs.Text("projects.error.changedMeanwhile") }),
		Desc: mergeOne(b.Desc, current.Desc, wanted.Desc, func() { fields[descKey] = errs.Text("projects.error.changedMeanwhile") }),
	}
	if len(fields) == 0 {
		return merged, nil
	}
	return current, &errs.Error{
		Kind: errs.Conflict, Message: errs.Text("projects.error.changedMeanwhile"), Fields: fields,
		Current: map[string]any{"name": current.Name, descKey: current.Desc},
	}
}

func mergeOne(base *string, current, wanted string, conflict func()) string {
	switch {
	case base == nil:
		return wanted
	case *base == wanted:
		return current
	case *base != current && wanted != current:
		conflict()
	}
	return wanted
}

// TextKind says what a text belongs to.
type TextKind string

// The kinds of texts.
const (
	TextOfProject TextKind = "project"
	TextOfList    TextKind = "list"
	TextOfCard    TextKind = "card"
)

// TextReplaced is published in the transaction that replaces the name or the
// description of a project, list or card by another.
type TextReplaced struct {
	ProjectID int64
	Kind      TextKind
	ItemID    int64
	// Old is what was there before.
	Old Text
	By  accounts.Actor
}
