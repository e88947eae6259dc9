package main

import (
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/notifications"
	"taskstack.org/modules/projects"
)

var _ = actsOf(func(l *leaver, p projects.Project) {
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"notification", map[string]any{"user_id": id, "kind": "projects.added", "project_id": p.ID, "at": at}},
		row{"notification", map[string]any{"user_id": l.ben.UserID, "kind": "projects.added", "project_id": l.shared.ID, "by_id": id, "at": at}},
		row{"notification_choice", map[string]any{"user_id": id, "kind": "projects.added", "choice": "off"}},
		row{"notification_muted_project", map[string]any{"user_id": id, "project_id": p.ID}},
		row{"push_choice", map[string]any{"user_id": id, "kind": "cards.assigned", "wanted": false}},
		row{"push_subscription", map[string]any{
			"user_id": id, "login_id": "l", "endpoint_hash": "h", "endpoint": "e", "browser_key": "k", "browser_auth": "a", "lang": "", "created_at": at,
		}},
		row{"notification_person", map[string]any{"user_id": id, "time_zone": "Europe/Berlin"}},
	)
})

// TestNotificationsLeaveBySMTP: what a person was told waits in the database until it
// is due, goes through a conversation with a mail server in the person's language, and
// the mail ends all others by one request of a mail program, which has no login.
func TestNotificationsLeaveBySMTP(t *testing.T) {
	got := make(chan string, 4)
	a := testApp(t, listenSMTP(t, got)...)
	owner, ben := accounts.MakeUser(t, a.db, "olive"), accounts.MakeUser(t, a.db, "ben")
	m := feature[*notifications.Module](t, a)
	mustBeNil(t, m.SaveSettings(t.Context(), ben, notifications.Input{
		Mails: true, Lang: "de", Choices: map[string]notifications.Choice{"friends.requested": notifications.ChoiceAtOnce},
	}))
	_, err := a.modules.Friends.Send(t.Context(), owner, "ben")
	mustBeNil(t, err)
	mustBeNil(t, a.db.InTx(t.Context(), func(ctx context.Context) error {
		return a.db.From(ctx).Exec("UPDATE notification SET mail_at = ? WHERE mail_at IS NOT NULL", time.Now().UTC().Add(-time.Second)).Error
	}))
	stop := a.serve(t)
	letter := readMail(t, <-got)
	stop()
	if letter.subject != "[Taskstack] olive möchte mit dir befreundet sein" || letter.header.Get("To") != "<ben@example.org>" {
		t.Errorf("to %s: %s", letter.header.Get("To"), letter.subject)
	}
	if post := letter.header.Get("List-Unsubscribe-Post"); post != "List-Unsubscribe=One-Click" {
		t.Errorf("List-Unsubscribe-Post: %q", post)
	}
	link := strings.Trim(letter.header.Get("List-Unsubscribe"), "<> ")
	if !strings.Contains(letter.body, link) || !strings.HasPrefix(link, "http://tasks.example.org/notifications/unsubscribe?") {
		t.Fatalf("%q in\n%s", link, letter.body)
	}
	address, err := url.Parse(link)
	mustBeNil(t, err)
	for _, tc := range []struct {
		method, uri string
		status      int
		mails       bool
	}{
		{http.MethodGet, address.RequestURI(), http.StatusOK, true}, // programs that check links follow them
		{http.MethodPost, address.Path, http.StatusNotFound, true},
		{http.MethodPost, strings.Replace(address.RequestURI(), "person=", "person=1", 1), http.StatusNotFound, true},
		{http.MethodGet, address.Path, http.StatusNotFound, true},
		{http.MethodPost, address.RequestURI(), http.StatusOK, false},
		{http.MethodPost, address.RequestURI(), http.StatusOK, false},
	} {
		body := "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
		req := httptest.NewRequest(tc.method, tc.uri, strings.NewReader(body))
		req.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		rec := httptest.NewRecorder()
		a.handler.ServeHTTP(rec, req)
		s, err := m.Settings(t.Context(), ben)
		if err != nil || rec.Code != tc.status || s.Mails != tc.mails {
			t.Errorf("%s %s: %d, mails %v, %v", tc.method, tc.uri, rec.Code, s.Mails, err)
		}
	}
}

// letter is a mail as its recipient reads it.
type letter struct {
	header        mail.Header
	subject, body string
}

var textPart = regexp.MustCompile(`(?s)Content-Type: text/plain.*?\r\n\r\n(.*?)\r\n--`)

func readMail(t *testing.T, raw string) letter {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	mustBeNil(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	mustBeNil(t, err)
	body, err := io.ReadAll(m.Body)
	mustBeNil(t, err)
	part := textPart.FindStringSubmatch(string(body))
	if part == nil {
		t.Fatalf("no text in %s", body)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(part[1])))
	mustBeNil(t, err)
	return letter{m.Header, subject, strings.ReplaceAll(string(text), "\r\n", "\n")}
}
