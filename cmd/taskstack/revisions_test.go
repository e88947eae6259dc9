package main

import (
	"testing"

	"taskstack.org/internal/testenv"
)

func TestEarlierTextsInAnExport(t *testing.T) {
	l := newLeaver(t, testenv.MigratedSQLite(t))
	if l.archive(l.ana)["projects/shared/earlierTexts.json"] == "" {
		t.Error("no earlierTexts.json")
	}
}
