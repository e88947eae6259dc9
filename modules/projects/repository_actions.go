package projects

import (
	"context"
	"encoding/json"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/realtime"
)

// addAction writes an action that is being carried out; Conflict if it was
// before.
func (r repository) addAction(ctx context.Context, a *action, rev int64) error {
	answer, err := json.Marshal(a.answer)
	if err != nil {
		return err
	}
	return db.Err(r.db.From(ctx).Exec(`INSERT INTO project_action (project_id, user_id, action_id, rev, answer, created_at)
VALUES (?, ?, ?, ?, ?, ?)`, a.projectID, a.userID, a.id, rev, string(answer), r.db.Now(ctx)).Error)
}

// actionAnswer is what an action was answered when it was carried out.
func (r repository) actionAnswer(ctx context.Context, a *action) (realtime.OK, bool, error) {
	var rows []struct {
		Rev    int64
		Answer string
	}
	err := r.db.From(ctx).Raw("SELECT rev, answer FROM project_action WHERE project_id = ? AND user_id = ? AND action_id = ?",
		a.projectID, a.userID, a.id).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, false, db.Err(err)
	}
	answer := realtime.OK{}
	if err := json.Unmarshal([]byte(rows[0].Answer), &answer); err != nil {
		return nil, false, err
	}
	answer["rev"] = rows[0].Rev
	return answer, true, nil
}

// forgetActions deletes actions from before a time.
func (r repository) forgetActions(ctx context.Context, before time.Time) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM project_action WHERE created_at < ?", before).Error)
}
