package main

import (
	"time"

	"taskstack.org/modules/projects"
)

var _ = actsOf(func(l *leaver, p projects.Project) {
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"notification", map[string]any{"user_id": id, "kind": "projects.added", "project_id": p.ID, "at": at}},
		row{"notification", map[string]any{"user_id": l.ben.UserID, "kind": "projects.added", "project_id": l.shared.ID, "by_id": id, "at": at}},
	)
})
