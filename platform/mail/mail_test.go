package mail_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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
	} {
		m := message()
		change(&m)
		if err := o.Send(t.Context(), m); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err := mail.NewQueue(o, quiet).Enqueue(t.Context(), m); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("%s, queued: %v", name, err)
		}
	}
}

// fake fails the first n attempts of each mail.
type fake struct {
	failures int
	err      error
	hang     bool

	mu   sync.Mutex
	ids  []string
	sent int
	at   []time.Time
}

func (f *fake) Send(ctx context.Context, m mail.Message) error {
	if f.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ids, f.at = append(f.ids, m.ID), append(f.at, time.Now())
	if f.failures > 0 {
		f.failures--
		return f.err
	}
	f.sent++
	return nil
}

// start runs a queue whose end the returned function awaits.
func start(t *testing.T, s mail.Sender) (*mail.Queue, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	q := mail.NewQueue(s, quiet)
	ended := make(chan error)
	go func() { ended <- q.Run(ctx) }()
	return q, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func enqueue(t *testing.T, q *mail.Queue, n int) {
	t.Helper()
	for range n {
		if err := q.Enqueue(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestQueueRetriesWithOneID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{failures: 3, err: errors.New("busy")}
		q, stop := start(t, f)
		enqueue(t, q, 1)
		time.Sleep(37 * time.Second) // Of the bubble's clock: 1 + 5 + 30.
		synctest.Wait()
		if f.sent != 1 || len(f.ids) != 4 || f.ids[0] == "" || f.ids[0] != f.ids[3] {
			t.Errorf("sent %d, ids %v", f.sent, f.ids)
		}
		if got := f.at[3].Sub(f.at[0]); got != 36*time.Second {
			t.Errorf("last attempt after %v", got)
		}
		stop()
	})
}

func TestQueueGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{failures: 1000, err: errors.New("busy")}
		q, stop := start(t, f)
		enqueue(t, q, 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(f.ids) != 6 {
			t.Errorf("%d attempts", len(f.ids))
		}
		f.ids, f.err = nil, mail.ErrInvalid
		enqueue(t, q, 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(f.ids) != 1 {
			t.Errorf("%d attempts of an invalid mail", len(f.ids))
		}
		stop()
	})
}

func TestQueueIsBoundedAndNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := mail.NewQueue(&fake{}, quiet)
		enqueue(t, q, 1000)
		if err := q.Enqueue(t.Context(), message()); !errors.Is(err, mail.ErrQueueFull) {
			t.Errorf("got %v", err)
		}
	})
}

func TestQueueDrainsWhenTheProgramEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{failures: 2, err: errors.New("busy")}
		q, stop := start(t, f)
		enqueue(t, q, 2)
		synctest.Wait() // Both have failed once and wait.
		enqueue(t, q, 30)
		stop()
		if f.sent != 32 {
			t.Errorf("sent %d of 32", f.sent)
		}
		if err := q.Enqueue(t.Context(), message()); !errors.Is(err, mail.ErrQueueStopped) {
			t.Errorf("got %v", err)
		}
	})
}

func TestQueueEndsAlthoughTheSenderHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, stop := start(t, &fake{hang: true})
		enqueue(t, q, 20)
		begin := time.Now()
		stop()
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
