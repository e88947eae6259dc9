package cards

import (
	"testing"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// MakeCard appends a card to a list, for tests, and returns its id.
func MakeCard(t testing.TB, s *Service, by accounts.Actor, projectID, listID int64, name string) int64 {
	t.Helper()
	id, _, err := s.Create(t.Context(), projects.By(by, projectID), listID, Draft{Name: name})
	if err != nil {
		t.Fatalf("make card %s: %v", name, err)
	}
	return id
}
