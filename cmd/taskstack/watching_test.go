package main

import (
	"time"

	"taskstack.org/modules/projects"
)

var _ = actsOf(func(l *leaver, p projects.Project) {
	at, id := time.Now().UTC().Truncate(time.Second), l.ana.UserID
	l.write(
		row{"watch", map[string]any{"user_id": id, "subject": "card", "item_id": 1, "project_id": p.ID, "created_at": at}},
		row{"watch", map[string]any{"user_id": l.ben.UserID, "subject": "card", "item_id": 1, "project_id": p.ID, "created_at": at}},
	)
})
