package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
)

//go:embed letter
var letterFiles embed.FS

// The layout of every mail: light and dark, without a picture or a style sheet
// from elsewhere. The plain form says the same in the same order.
var (
	letterHTML = htmltemplate.Must(htmltemplate.ParseFS(letterFiles, "letter/letter.html")) // Parsed once, never changed.
	letterText = texttemplate.Must(texttemplate.ParseFS(letterFiles, "letter/letter.txt"))  // As above.
)

// Letter is what a mail says, in the receiver's language, before it has a form.
// Empty parts are left out.
type Letter struct {
	Lang    string // of the texts, such as "en"
	Product string // the heading
	Subject string
	// Greeting is the first line, Text the paragraphs after it.
	Greeting string
	Text     []string
	// Facts are short lines that belong together: when, where, by what. Advice
	// is what to do about them.
	Facts  []string
	Advice string
	// Link is an absolute address. With Button it is a button first, and
	// ButtonFails introduces the address below it for those whose mail program
	// shows no button.
	Link, Button, ButtonFails string
	// Code is shown large, introduced by CodeIs.
	Code, CodeIs string
	// Why says why the receiver gets this mail.
	Why string
	// Links are further addresses at the end, such as that of the settings.
	Links []Link
	// Unsubscribe is that of the Message.
	Unsubscribe string
}

// Link is an absolute address with its text.
type Link struct{ Text, Address string }

// To makes the mail to one address.
func (l Letter) To(address string) (Message, error) {
	var html, text strings.Builder
	if err := letterHTML.Execute(&html, l); err != nil {
		return Message{}, fmt.Errorf("HTML form of a mail: %w", err)
	}
	if err := letterText.Execute(&text, l); err != nil {
		return Message{}, fmt.Errorf("text form of a mail: %w", err)
	}
	return Message{To: address, Subject: l.Subject, Text: text.String(), HTML: html.String(), Unsubscribe: l.Unsubscribe}, nil
}
