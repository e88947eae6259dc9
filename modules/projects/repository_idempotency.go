package projects

import (
	"context"
	"encoding/json"
	"time"

	"taskstack.org/platform/db"
)

// addResult stores the reply of a request with an idempotency key. Conflict if
// there is one.
func (r repository) addResult(ctx context.Context, req Request, reply Reply, rev int64) error {
	if reply == nil {
		reply = Reply{}
	}
	text, err := json.Marshal(reply)
	if err != nil {
		return err
	}
	return db.Err(r.db.From(ctx).Exec(`INSERT INTO project_action (project_id, user_id, action_id, rev, answer, created_at)
VALUES (?, ?, ?, ?, ?, ?)`, req.ProjectID, req.By.UserID, req.once.key, rev, string(text), r.db.Now(ctx)).Error)
}

// storedReply returns the reply of a request that was carried out before.
func (r repository) storedReply(ctx context.Context, req Request) (Reply, bool, error) {
	var rows []struct {
		Rev    int64
		Answer string
	}
	err := r.db.From(ctx).Raw("SELECT rev, answer FROM project_action WHERE project_id = ? AND user_id = ? AND action_id = ?",
		req.ProjectID, req.By.UserID, req.once.key).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, false, db.Err(err)
	}
	reply := Reply{}
	if err := json.Unmarshal([]byte(rows[0].Answer), &reply); err != nil {
		return nil, false, err
	}
	reply["rev"] = rows[0].Rev
	return reply, true, nil
}

// madeBy returns the project that a request with an idempotency key has made, if it
// still has its name.
func (r repository) madeBy(ctx context.Context, ownerID int64, name, key string) (p Project, found bool, err error) {
	var rows []Project
	err = r.db.From(ctx).Raw(`SELECT project.* FROM project JOIN project_action ON project_action.project_id = project.id
WHERE project.owner_id = ? AND project.name = ? AND project_action.user_id = ? AND project_action.action_id = ?`, ownerID, name, ownerID, key).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return Project{}, false, db.Err(err)
	}
	return rows[0], true, nil
}

// deleteResults deletes the results stored before a time.
func (r repository) deleteResults(ctx context.Context, before time.Time) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM project_action WHERE created_at < ?", before).Error)
}
