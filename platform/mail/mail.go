// Package mail sends mails: one recipient, a text and an HTML form.
//
// A Sender delivers one mail at once: Outbox writes it into a folder, SMTP and
// SES hand it to a mail service. A Queue decouples it from requests: it
// keeps mails in a table, sends them after the commit and tries again what
// failed. The texts are the callers'.
//
// Tables owned: mail_job.
package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// ErrInvalid is the error of a message that no sender will ever accept; trying
// again is useless.
var ErrInvalid = errors.New("mail cannot be sent as it is")

// ErrRefused is the error of a mail that the service has refused for good;
// trying again is useless.
var ErrRefused = errors.New("mail was refused")

// Message is one mail. Nothing in it can add headers or recipients: what is
// not an address or one line of text is refused.
type Message struct {
	// ID makes the Message-ID, so that a mail sent twice is recognised as one;
	// 1–64 of a–z, 0–9. newID makes one; empty: chosen when it is sent.
	ID      string
	To      string // one address, with or without a name
	Subject string // one line
	Text    string
	HTML    string
	// Expires is when what the mail says is no longer true, such as a code in
	// it: from then on it is not sent any more. Zero for never.
	Expires time.Time
	// Unsubscribe is the address at which the recipient ends mails of this kind, with
	// one click in the mail program (RFC 8058): it has to take a POST without a login.
	// Empty for mails that someone has asked for.
	Unsubscribe string
}

// Sender delivers a mail, or hands it to a service that will. Safe for
// concurrent use. Errors that match ErrInvalid or ErrRefused are final.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// What fits into the columns of mail_job, in characters.
const (
	maxRecipient = 320
	maxSubject   = 255
	maxAddress   = 512
)

// newID returns a random Message.ID.
func newID() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // It never fails: crypto/rand ends the process instead.
	return hex.EncodeToString(b)
}

// Validate returns an error that matches ErrInvalid when m cannot be sent.
func (m Message) Validate() error {
	// The parser would accept some line breaks as folding.
	if strings.ContainsFunc(m.To, unicode.IsControl) {
		return fmt.Errorf("%w: control character in the recipient", ErrInvalid)
	}
	if _, err := mail.ParseAddress(m.To); err != nil {
		return fmt.Errorf("%w: recipient: %w", ErrInvalid, err)
	}
	if utf8.RuneCountInString(m.To) > maxRecipient || utf8.RuneCountInString(m.Subject) > maxSubject {
		return fmt.Errorf("%w: recipient or subject is too long", ErrInvalid)
	}
	if m.Subject == "" || strings.ContainsFunc(m.Subject, unicode.IsControl) {
		return fmt.Errorf("%w: the subject is not one line of text", ErrInvalid)
	}
	if m.Text == "" || m.HTML == "" {
		return fmt.Errorf("%w: text or HTML form is missing", ErrInvalid)
	}
	if err := m.validateUnsubscribe(); err != nil {
		return err
	}
	if strings.Trim(m.ID, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || len(m.ID) > 64 {
		return fmt.Errorf("%w: id", ErrInvalid)
	}
	return nil
}

// validateUnsubscribe refuses what is not one web address: it becomes a header.
func (m Message) validateUnsubscribe() error {
	if m.Unsubscribe == "" {
		return nil
	}
	u, err := url.Parse(m.Unsubscribe)
	notPlain := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>",`, r) }
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(m.Unsubscribe) > maxAddress || strings.ContainsFunc(m.Unsubscribe, notPlain) {
		return fmt.Errorf("%w: address to unsubscribe", ErrInvalid)
	}
	return nil
}

// encode writes m as RFC 5322 text.
func (m Message) encode(from string, now time.Time) ([]byte, error) {
	msg, err := m.build(from, now)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := msg.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("encode mail: %w", err)
	}
	return out.Bytes(), nil
}

// build makes a multipart/alternative mail with HTML last as the preferred
// form.
func (m Message) build(from string, now time.Time) (*gomail.Msg, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("sender address %q: %w", from, err)
	}
	if m.ID == "" {
		m.ID = newID()
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(sender)
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("%w: recipient: %w", ErrInvalid, err)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(now)
	// Not the library's own: that one discloses the machine's name.
	msg.SetMessageIDWithValue(m.ID + "@" + domain(sender.Address))
	// Keeps out-of-office replies away (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Unsubscribe != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// domain is what follows the last @ of an address.
func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
