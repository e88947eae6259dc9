package config

import (
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
)

// Operator is who runs this server, for imprint, privacy and contact. What is
// empty is left out there.
type Operator struct {
	Name    string
	Address []string // lines
	Email   string
	Phone   string
	// Details are further lines of the imprint: who represents, register, VAT.
	Details []string
	// LogDays is how long the operator keeps the server's log; 0 says nothing.
	LogDays int
	// Contact, Feedback and Help are the addresses of the contact page.
	Contact, Feedback, Help string
}

// Complete reports whether people can learn who is responsible.
func (o Operator) Complete() bool { return o.Name != "" && len(o.Address) > 0 && o.Email != "" }

// maxLogDays is ten years, beyond which a number is a slip.
const maxLogDays = 3650

// operatorVariables are the settings of Operator.
func operatorVariables() []variable {
	mailbox := func(name string) func(*Config) string {
		return func(c *Config) string { return name + "@" + c.MailDomain() }
	}
	return []variable{
		{name: "TASKSTACK_OPERATOR_NAME", set: func(c *Config, v string) error { c.Operator.Name = v; return nil }},
		{name: "TASKSTACK_OPERATOR_ADDRESS", set: func(c *Config, v string) error { c.Operator.Address = lines(v); return nil }},
		{name: "TASKSTACK_OPERATOR_EMAIL", set: func(c *Config, v string) error { return address(&c.Operator.Email, v) }},
		{name: "TASKSTACK_OPERATOR_PHONE", set: func(c *Config, v string) error { c.Operator.Phone = v; return nil }},
		{name: "TASKSTACK_OPERATOR_DETAILS", set: func(c *Config, v string) error { c.Operator.Details = lines(v); return nil }},
		{name: "TASKSTACK_CONTACT_EMAIL", derive: mailbox("contact"), set: func(c *Config, v string) error { return address(&c.Operator.Contact, v) }},
		{name: "TASKSTACK_FEEDBACK_EMAIL", derive: mailbox("feedback"), set: func(c *Config, v string) error { return address(&c.Operator.Feedback, v) }},
		{name: "TASKSTACK_HELP_EMAIL", derive: mailbox("help"), set: func(c *Config, v string) error { return address(&c.Operator.Help, v) }},
		{name: "TASKSTACK_LOG_DAYS", set: setLogDays},
	}
}

// lines splits at semicolons, since a setting is one line and an address has
// commas.
func lines(value string) []string {
	var all []string
	for line := range strings.SplitSeq(value, ";") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func address(into *string, value string) error {
	parsed, err := mail.ParseAddress(value)
	if err != nil || parsed.Name != "" {
		return fmt.Errorf("%q is not an e-mail address; write it like help@example.org", value)
	}
	*into = parsed.Address
	return nil
}

func setLogDays(c *Config, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > maxLogDays {
		return errors.New("is not a number of days from 1 to " + strconv.Itoa(maxLogDays) + "; write how long you keep the log, or leave it out")
	}
	c.Operator.LogDays = n
	return nil
}
