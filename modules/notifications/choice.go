package notifications

import (
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// Choice is how a person is told of a kind of notifications: each includes those
// before it.
type Choice string

// The choices. Off is none for kinds that are always shown.
const (
	ChoiceOff    Choice = "off"
	ChoiceApp    Choice = "app"
	ChoiceDigest Choice = "digest"
	ChoiceAtOnce Choice = "atOnce"
)

// ofTiming are the choices that are the defaults of kinds.
var ofTiming = map[module.MailTiming]Choice{ // read-only
	module.MailNever: ChoiceApp, module.MailDigest: ChoiceDigest, module.MailAtOnce: ChoiceAtOnce,
}

// choicesFor returns what a person may choose for a kind.
func choicesFor(kind module.NotificationKind) []Choice {
	all := []Choice{ChoiceApp, ChoiceDigest, ChoiceAtOnce}
	if !kind.AlwaysShown {
		all = append([]Choice{ChoiceOff}, all...)
	}
	return all
}

// defaultOf returns the choice of people who have chosen nothing for a kind.
func defaultOf(kind module.NotificationKind) Choice {
	if c, ok := ofTiming[kind.Mail]; ok {
		return c
	}
	return ChoiceApp
}

// byMail reports whether mails tell of it.
func (c Choice) byMail() bool { return c == ChoiceDigest || c == ChoiceAtOnce }

// Text returns the key of what the settings call a choice.
func (c Choice) Text() string {
	switch c {
	case ChoiceOff:
		return "notifications.choice.off"
	case ChoiceDigest:
		return "notifications.choice.digest"
	case ChoiceAtOnce:
		return "notifications.choice.atOnce"
	case ChoiceApp:
	}
	return "notifications.choice.app"
}

// checkChoice returns Invalid for what a person may not choose for a kind.
func checkChoice(kind module.NotificationKind, c Choice) error {
	for _, each := range choicesFor(kind) {
		if c == each {
			return nil
		}
	}
	return errs.Malformed(kindField+kind.Name, "notifications.error.choice")
}
