package main

import (
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/invites"
	"taskstack.org/modules/projects"
)

var inviteLink = regexp.MustCompile(`http://tasks\.example\.org(/invite/[\w-]+)`)

// TestInvitationsLeaveBySMTP: an invitation waits in the database until the program
// runs, goes through a conversation with a mail server, and its link shows the
// project to someone without an account, in the language of the mail.
func TestInvitationsLeaveBySMTP(t *testing.T) {
	got := make(chan string, 2)
	a := testApp(t, listenSMTP(t, got)...)
	owner := accounts.MakeUser(t, a.db, "olive")
	p, err := feature[*projects.Module](t, a).Create(t.Context(), owner, projects.Draft{Title: "Größenwahn 🚀 <b>"})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := feature[*invites.Module](t, a).Send(t.Context(), projects.By(owner, p.ID), []string{"ben@example.org", "Ben@example.org"}, projects.RoleAdmin, "de")
	if err != nil || sent != 1 {
		t.Fatalf("%d were invited, %v", sent, err)
	}
	stop := a.serve(t)
	m, err := mail.ReadMessage(strings.NewReader(<-got))
	stop()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got); n != 0 {
		t.Errorf("%d mails more", n)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || m.Header.Get("To") != "<ben@example.org>" || !strings.Contains(subject, "Größenwahn 🚀 <b>") || !strings.Contains(subject, "lädt dich") {
		t.Errorf("to %s: %s, %v", m.Header.Get("To"), subject, err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	link := inviteLink.FindStringSubmatch(strings.ReplaceAll(string(body), "=\r\n", ""))
	if link == nil {
		t.Fatalf("no link in %s", body)
	}
	req := httptest.NewRequest(http.MethodGet, link[1], http.NoBody)
	req.Header.Set("Accept-Language", "de")
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, req)
	if page := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(page, "Größenwahn 🚀 &lt;b&gt;") || !strings.Contains(page, `lang="de"`) {
		t.Errorf("the link leads to %d", rec.Code)
	}
}

var _ = actsOf(func(l *leaver, p projects.Project) {
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"invite", map[string]any{"project_id": p.ID, "email": "a@example.org", "role": "admin", "code": "a", "lang": "en", "from_id": id, "sent_at": at, "expires_at": at}},
		row{"invite", map[string]any{"project_id": p.ID, "email": "b@example.org", "role": "admin", "code": "b", "lang": "en", "from_id": l.ben.UserID, "to_id": id, "used_by": id, "sent_at": at, "expires_at": at}},
	)
})
