package mail_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/mail"
)

var quiet = slog.New(slog.DiscardHandler)

func message() mail.Message {
	return mail.Message{
		To: "Zoë <zoe@example.org>", Subject: "Bestätige deine Adresse – bitte",
		Text: "Grüße\n.\nFrom here\n" + strings.Repeat("long ", 300) + "\n", HTML: "<p>Grüße = 100 %</p>\n",
	}
}

func newOutbox(t *testing.T) (*mail.Outbox, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data", "outbox")
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	o, err := mail.NewOutbox(dir, "Taskstack <no-reply@tasks.example.org>", func() time.Time {
		now = now.Add(time.Second)
		return now
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o, dir
}

func TestOutboxKeepsWhatWasSent(t *testing.T) {
	o, dir := newOutbox(t)
	sent := message()
	for _, subject := range []string{"older", sent.Subject} {
		m := sent
		m.Subject = subject
		if err := o.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	all, err := o.List(t.Context())
	if err != nil || len(all) != 2 || all[0].Subject != sent.Subject || all[1].Subject != "older" {
		t.Fatalf("%+v, %v", all, err)
	}
	m, err := o.Read(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if m.Text != sent.Text || m.HTML != sent.HTML || m.To != "Zoë <zoe@example.org>" && m.To != `"Zoë" <zoe@example.org>` ||
		!strings.Contains(m.From, "no-reply@tasks.example.org") || !m.Date.Equal(all[0].Date) || m.Date.Year() != 2026 {
		t.Errorf("got %+v", m)
	}

	raw, err := os.ReadFile(filepath.Join(dir, all[0].ID+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"multipart/alternative", "@tasks.example.org>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s is missing in\n%s", want, raw)
		}
	}
	if bytes.Index(raw, []byte("text/plain")) > bytes.Index(raw, []byte("text/html")) {
		t.Error("HTML is not the last, preferred form")
	}
	info, err := os.Stat(filepath.Join(dir, all[0].ID+".eml"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestOutboxShowsNothingElse(t *testing.T) {
	o, dir := newOutbox(t)
	if err := os.WriteFile(filepath.Join(dir, "..", "secret.eml"), []byte("Subject: x\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"note.eml", ".20261124T093001.000000000Z-ab", "x.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := o.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
	for _, id := range []string{"../secret", "..%2Fsecret", "", ".", "note", "/etc/passwd", "20261124T093001.000000000Z-a/../../secret", "20261124T093001.000000000Z-ab\x00"} {
		if _, err := o.Read(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestNothingCanAddHeaders(t *testing.T) {
	o, _ := newOutbox(t)
	for name, change := range map[string]func(*mail.Message){
		"line break in recipient": func(m *mail.Message) { m.To = "a@example.org\r\nBcc: b@example.org" },
		"folded recipient":        func(m *mail.Message) { m.To = "a\r\n <a@example.org>" },
		"two recipients":          func(m *mail.Message) { m.To = "a@example.org, b@example.org" },
		"no address":              func(m *mail.Message) { m.To = "@" },
		"line break in subject":   func(m *mail.Message) { m.Subject = "x\nBcc: b@example.org" },
		"carriage return":         func(m *mail.Message) { m.Subject = "x\rBcc: b@example.org" },
		"unicode control":         func(m *mail.Message) { m.Subject = "x\u0085Bcc: b@example.org" },
		"id":                      func(m *mail.Message) { m.ID = "../x" },
		"no text":                 func(m *mail.Message) { m.Text = "" },
		"subject too long":        func(m *mail.Message) { m.Subject = strings.Repeat("ä", 256) },
		"header to unsubscribe":   func(m *mail.Message) { m.Unsubscribe = "https://x.example/\r\nBcc: b@example.org" },
		"two to unsubscribe":      func(m *mail.Message) { m.Unsubscribe = "https://x.example/>, <mailto:b@example.org" },
		"no web address":          func(m *mail.Message) { m.Unsubscribe = "mailto:b@example.org" },
		"half an address":         func(m *mail.Message) { m.Unsubscribe = "/unsubscribe" },
		"recipient too long":      func(m *mail.Message) { m.To = strings.Repeat("a", 310) + "@example.org" },
	} {
		m := message()
		change(&m)
		if err := o.Send(t.Context(), m); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err := mail.NewQueue(nil, o, quiet).Enqueue(t.Context(), m); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("%s, queued: %v", name, err)
		}
	}
}

// Mail programs show a button to unsubscribe for these two headers (RFC 8058).
func TestOneClickToUnsubscribe(t *testing.T) {
	o, dir := newOutbox(t)
	const address = "https://tasks.example.org/notifications/unsubscribe?person=1234567&signature=abcdefghijklmnopqrstuv"
	for _, unsubscribe := range []string{address, ""} {
		m := message()
		m.ID, m.Unsubscribe = "m"+map[bool]string{true: "0", false: "1"}[unsubscribe == ""], unsubscribe
		if err := o.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		list, post := m.Header.Get("List-Unsubscribe"), m.Header.Get("List-Unsubscribe-Post")
		want := [2]string{"<" + address + ">", "List-Unsubscribe=One-Click"}
		if strings.Contains(file, "m0") {
			want = [2]string{}
		}
		if got := [2]string{strings.TrimSpace(list), post}; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
