package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxListed bounds what List reads: the newest mails are the ones looked for.
const maxListed = 200

// maxMailBytes bounds what is read back of one mail.
const maxMailBytes = 4 << 20

// Outbox is the sender that delivers nothing: it writes each mail into a
// folder as one .eml file, which mail programs open, and lists and reads them
// for the page /dev/outbox.
type Outbox struct {
	root *os.Root
	from string
	now  func() time.Time
}

// Summary is a mail in a list.
type Summary struct {
	ID      string // for Read; safe in a URL
	To      string
	Subject string
	Date    time.Time
}

// Mail is a mail that was read back.
type Mail struct {
	From, To, Subject string
	Date              time.Time
	Text, HTML        string
}

// NewOutbox returns a sender that writes to dir, which is made if missing, in
// the name of the address from. Close releases the folder.
func NewOutbox(dir, from string, now func() time.Time) (*Outbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the outbox: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the outbox: %w", err)
	}
	return &Outbox{root: root, from: from, now: now}, nil
}

// Close releases the folder.
func (o *Outbox) Close() error { return o.root.Close() }

// Send writes the mail. The file appears under its name when it is complete.
func (o *Outbox) Send(_ context.Context, m Message) error {
	if m.ID == "" {
		m.ID = newID()
	}
	now := o.now().UTC()
	text, err := m.encode(o.from, now)
	if err != nil {
		return err
	}
	name := now.Format(idTime) + "-" + m.ID
	unfinished := "." + name
	err = o.root.WriteFile(unfinished, text, 0o600)
	if err == nil {
		err = o.root.Rename(unfinished, name+suffix)
	}
	if err != nil {
		return fmt.Errorf("write to the outbox: %w", err)
	}
	return nil
}

const (
	suffix = ".eml"
	// idTime sorts by name; nanoseconds keep the order of mails sent at once.
	idTime = "20060102T150405.000000000Z"
)

// validID is what Send makes; anything else is not found, so no id can name
// another file.
var validID = regexp.MustCompile(`^\d{8}T\d{6}\.\d{9}Z-[a-z0-9]{1,64}$`)

// List returns the newest mails, newest first.
func (o *Outbox) List(ctx context.Context) ([]Summary, error) {
	entries, err := fs.ReadDir(o.root.FS(), ".") // Sorted by name, so by time.
	if err != nil {
		return nil, fmt.Errorf("list the outbox: %w", err)
	}
	var all []Summary
	for _, e := range slices.Backward(entries) {
		id, ok := strings.CutSuffix(e.Name(), suffix)
		if !ok || !validID.MatchString(id) {
			continue
		}
		m, err := o.Read(ctx, id)
		if errors.Is(err, fs.ErrNotExist) {
			continue // Removed in between.
		}
		if err != nil {
			return nil, err
		}
		all = append(all, Summary{ID: id, To: m.To, Subject: m.Subject, Date: m.Date})
		if len(all) == maxListed {
			break
		}
	}
	return all, nil
}

// Read returns one mail. The error matches fs.ErrNotExist when there is none
// with that id.
func (o *Outbox) Read(_ context.Context, id string) (Mail, error) {
	if !validID.MatchString(id) {
		return Mail{}, fmt.Errorf("mail %q: %w", id, fs.ErrNotExist)
	}
	f, err := o.root.Open(id + suffix)
	if err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", id, err)
	}
	defer func() { _ = f.Close() }() // Only read.
	m, err := decode(io.LimitReader(f, maxMailBytes))
	if err != nil {
		return Mail{}, fmt.Errorf("mail %s: %w", id, err)
	}
	return m, nil
}

// decode reads what encode writes.
func decode(r io.Reader) (Mail, error) {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return Mail{}, err
	}
	words := new(mime.WordDecoder)
	var m Mail
	for name, into := range map[string]*string{"From": &m.From, "To": &m.To, "Subject": &m.Subject} {
		if *into, err = words.DecodeHeader(msg.Header.Get(name)); err != nil {
			return Mail{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	if m.Date, err = msg.Header.Date(); err != nil {
		return Mail{}, err
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return Mail{}, err
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		part, err := parts.NextPart() // Decodes quoted-printable.
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return Mail{}, err
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return Mail{}, err
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			return Mail{}, err
		}
		text := string(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")))
		switch kind {
		case "text/plain":
			m.Text = text
		case "text/html":
			m.HTML = text
		}
	}
}
