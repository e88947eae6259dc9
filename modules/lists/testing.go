package lists

import (
	"testing"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
)

// MakeList creates a list in front of a board's others, for tests, and returns its
// id.
func MakeList(t testing.TB, s *Service, by accounts.Actor, projectID int64, name string) int64 {
	t.Helper()
	id, _, err := s.Create(t.Context(), projects.By(by, projectID), Draft{Name: name})
	if err != nil {
		t.Fatalf("make list %s: %v", name, err)
	}
	return id
}
