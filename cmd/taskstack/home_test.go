package main

import (
	"time"

	"taskstack.org/modules/projects"
)

var _ = actsOf(func(l *leaver, p projects.Project) {
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"project_star", map[string]any{"user_id": id, "project_id": p.ID}},
		row{"notification_read", map[string]any{"user_id": id, "until": at}},
	)
})
