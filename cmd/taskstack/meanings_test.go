package main

import (
	"net/http"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
)

// TestInvitationsNameTheRole that they give.
func TestInvitationsNameTheRole(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	b := s.makeBoard(s.people[projects.Owner].Actor, "board", projects.Private)
	w := s.walk(projects.SignedOut)
	for code, want := range map[string]string{b.InviteCode: "Can view", b.InviteAsAdminCode: "Can edit"} {
		doc, status := w.open(http.MethodGet, "/invite/"+code, "", nil)
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		if got := strings.TrimSpace(doc.Find(".inviteRole .tag").Text()); got != want {
			t.Errorf("the role is %q, want %q", got, want)
		}
	}
}
