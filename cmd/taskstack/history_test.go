package main

import (
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
)

func TestHistoryInAnExport(t *testing.T) {
	l := newLeaver(t, testenv.MigratedSQLite(t))
	if got := l.archive(l.ana)["projects/shared/history.json"]; !strings.Contains(got, "historyCardCreated_event") {
		t.Errorf("history.json: %q", got)
	}
}
