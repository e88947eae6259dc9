package projects

import (
	"context"
	"strconv"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// remove marks a project as deleted. Its name is free from now on: it gets one that no
// project can be given.
func (r repository) remove(ctx context.Context, p Project, at time.Time, byAdmin bool) error {
	// MySQL assigns from left to right.
	return r.exec(ctx, "UPDATE project SET deleted_at = ?, deleted_by_admin = ?, deleted_name = name, name = ? WHERE id = ?",
		at, byAdmin, "~"+strconv.FormatInt(p.ID, 10), p.ID)
}

// restore writes a project that is deleted no more. Conflict if the name is taken.
func (r repository) restore(ctx context.Context, p Project) error {
	return r.exec(ctx, "UPDATE project SET deleted_at = NULL, deleted_name = '', deleted_by_admin = ?, name = ? WHERE id = ?", false, p.Name, p.ID)
}

// deletedOf returns what a person has deleted of their own, the last deleted first.
func (r repository) deletedOf(ctx context.Context, ownerID int64) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Where("owner_id = ? AND deleted_at IS NOT NULL AND deleted_by_admin = ?", ownerID, false).
		Order("deleted_at DESC, id DESC").Find(&all).Error
	return all, db.Err(err)
}

// deletedBefore returns the ids above one of projects that were deleted before a time.
func (r repository) deletedBefore(ctx context.Context, at time.Time, after int64, limit int) ([]int64, error) {
	return r.ids(ctx, "SELECT id FROM project WHERE deleted_at <= ? AND id > ? ORDER BY id LIMIT ?", at, after, limit)
}

// opened is a row of project_opened: an administrator of the site who may read a
// project until a time.
type opened struct {
	ProjectID int64 `gorm:"primaryKey;autoIncrement:false"`
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Until     time.Time
}

// TableName is for GORM.
func (opened) TableName() string { return "project_opened" }

func (r repository) open(ctx context.Context, o opened) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&o).Error)
}

// isOpen reports whether a project is open to a person who is no member of it.
func (r repository) isOpen(ctx context.Context, projectID, userID int64, now time.Time) (bool, error) {
	var n int64
	err := r.db.From(ctx).Model(&opened{}).Where("project_id = ? AND user_id = ? AND until > ?", projectID, userID, now).Count(&n).Error
	return n > 0, db.Err(err)
}

// endOpened deletes the rows that allow nothing any more.
func (r repository) endOpened(ctx context.Context, now time.Time) error {
	return r.exec(ctx, "DELETE FROM project_opened WHERE until <= ?", now)
}

// endOpenedTo deletes what is open to a person.
func (r repository) endOpenedTo(ctx context.Context, userID int64) error {
	return r.exec(ctx, "DELETE FROM project_opened WHERE user_id = ?", userID)
}

// adminQuery selects projects for administrators of the site, the newest first.
type adminQuery struct {
	// Text is the beginning of an owner's user name, or of the title or name of a
	// public project; empty for all.
	Text string
	// OwnerID and ID select beside it; 0 for none.
	OwnerID, ID int64
	Visibility  Visibility
	Deleted     bool
	// Before is the id that the page follows; 0 for the first one.
	Before int64
	Limit  int
}

// where is what holds for each project of a query, beside its text.
func (q adminQuery) where() (where string, args []any) {
	where = "p.deleted_at IS NULL"
	if q.Deleted {
		where = "p.deleted_at IS NOT NULL"
	}
	if q.Visibility != "" {
		where, args = where+" AND p.visibility = ?", append(args, q.Visibility)
	}
	if q.Before > 0 {
		where, args = where+" AND p.id < ?", append(args, q.Before)
	}
	return where, args
}

// administered returns the projects of a query. A text is looked for by an index of
// each column, and only the first of each are put together.
func (r repository) administered(ctx context.Context, q adminQuery) ([]Project, error) {
	where, args := q.where()
	end := " ORDER BY p.id DESC LIMIT ?"
	var all []Project
	if q.Text == "" && q.OwnerID == 0 && q.ID == 0 {
		err := r.db.From(ctx).Raw("SELECT p.* FROM project p WHERE "+where+end, append(args, q.Limit)...).Scan(&all).Error
		return all, db.Err(err)
	}
	var parts string
	var bound []any
	add := func(condition string, values ...any) {
		if parts != "" {
			parts += " UNION "
		}
		parts += "SELECT id FROM (SELECT p.id FROM project p WHERE " + condition + " AND " + where + end + ") part" + strconv.Itoa(len(bound))
		bound = append(append(append(bound, values...), args...), q.Limit)
	}
	if q.ID > 0 {
		add("p.id = ?", q.ID)
	}
	if q.OwnerID > 0 {
		add("p.owner_id = ?", q.OwnerID)
	}
	if q.Text != "" {
		condition, values := r.db.BeginsWith("p.owner_name", q.Text)
		add(condition, values...)
		for _, column := range []string{"title", "name"} {
			condition, values := r.db.BeginsWith("p."+column, q.Text)
			add("p.visibility = ? AND "+condition, append([]any{Public}, values...)...)
		}
	}
	err := r.db.From(ctx).Raw("SELECT p.* FROM ("+parts+") found JOIN project p ON p.id = found.id ORDER BY p.id DESC LIMIT ?", append(bound, q.Limit)...).Scan(&all).Error
	return all, db.Err(err)
}

// countCollaborators returns how many collaborators projects have.
func (r repository) countCollaborators(ctx context.Context, ids []int64) (map[int64]int, error) {
	var rows []struct {
		ProjectID int64
		N         int
	}
	err := r.db.From(ctx).Raw("SELECT project_id, COUNT(*) AS n FROM project_collaborator_link WHERE project_id IN ? GROUP BY project_id", ids).Scan(&rows).Error
	counts := make(map[int64]int, len(rows))
	for _, row := range rows {
		counts[row.ProjectID] = row.N
	}
	return counts, db.Err(err)
}

// anyByIDs is byIDs with those that are deleted.
func (r repository) anyByIDs(ctx context.Context, ids []int64) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Where("id IN ?", db.Distinct(ids)).Find(&all).Error
	return all, db.Err(err)
}
