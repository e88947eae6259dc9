package projects

import (
	"context"

	"gorm.io/gorm"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// repository holds every query on project, project_collaborator_link and
// project_event.
type repository struct{ db *db.DB }

// accessRow is a project with the asking person's link to it.
type accessRow struct {
	Project
	UserRole string
}

const accessSQL = `SELECT project.*, COALESCE(link.user_role, '') AS user_role
FROM project LEFT JOIN project_collaborator_link link ON link.project_id = project.id AND link.user_id = ?
WHERE `

// byID is a project as a person sees it; lock holds it until the transaction
// ends, which makes all changes of one project wait for each other.
func (r repository) byID(ctx context.Context, userID, id int64, lock bool) (accessRow, error) {
	query := accessSQL + "project.id = ?"
	if lock && r.db.Dialect() == db.MySQL {
		query += " FOR UPDATE"
	}
	return r.one(r.db.From(ctx).Raw(query, userID, id))
}

// byPath finds a project by owner and name, ignoring case.
func (r repository) byPath(ctx context.Context, userID int64, owner, name string) (accessRow, error) {
	return r.one(r.db.From(ctx).Raw(accessSQL+"project.owner_name = ? AND project.name = ?", userID, owner, name))
}

// boardByPath is byPath together with the links of all collaborators, in the
// order they joined.
func (r repository) boardByPath(ctx context.Context, userID int64, owner, name string) (accessRow, []collaborator, error) {
	var rows []struct {
		Project
		LinkID, UserID int64
		UserRole       string
	}
	err := r.db.From(ctx).Raw(`SELECT project.*, COALESCE(link.id, 0) AS link_id, COALESCE(link.user_id, 0) AS user_id,
COALESCE(link.user_role, '') AS user_role
FROM project LEFT JOIN project_collaborator_link link ON link.project_id = project.id
WHERE project.owner_name = ? AND project.name = ? ORDER BY link.id`, owner, name).Scan(&rows).Error
	if err == nil && len(rows) == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return accessRow{}, nil, db.Err(err)
	}
	in, links := accessRow{Project: rows[0].Project}, make([]collaborator, 0, len(rows))
	for _, row := range rows {
		if row.LinkID == 0 {
			continue
		}
		links = append(links, collaborator{ID: row.LinkID, ProjectID: row.ID, UserID: row.UserID, UserRole: Role(row.UserRole)})
		if row.UserID == userID {
			in.UserRole = row.UserRole
		}
	}
	return in, links, nil
}

// byCode finds a project by either of its invitation codes that is not
// switched off.
func (r repository) byCode(ctx context.Context, userID int64, code string) (accessRow, error) {
	return r.one(r.db.From(ctx).Raw(accessSQL+"(project.invite_code = ? AND NOT invite_off OR project.invite_as_admin_code = ? AND NOT invite_as_admin_off)", userID, code, code))
}

func (r repository) one(q *gorm.DB) (accessRow, error) {
	var row accessRow
	res := q.Scan(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		res.Error = gorm.ErrRecordNotFound
	}
	return row, db.Err(res.Error)
}

// ofUser are all projects somebody owns or works in, by owner and name.
func (r repository) ofUser(ctx context.Context, userID int64) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw(`SELECT project.* FROM project WHERE owner_id = ?
UNION SELECT project.* FROM project JOIN project_collaborator_link link ON link.project_id = project.id WHERE link.user_id = ?
ORDER BY owner_name, name`, userID, userID).Scan(&all).Error
	return all, db.Err(err)
}

// owned are the projects of an owner by name, as a person sees them.
func (r repository) owned(ctx context.Context, userID, ownerID int64) ([]accessRow, error) {
	var rows []accessRow
	err := r.db.From(ctx).Raw(accessSQL+"project.owner_id = ? ORDER BY project.name", userID, ownerID).Scan(&rows).Error
	return rows, db.Err(err)
}

// lockAll are some projects as a person sees them, held until the transaction
// ends and taken in the order of ids.
func (r repository) lockAll(ctx context.Context, userID int64, ids []int64) ([]accessRow, error) {
	query := accessSQL + "project.id IN ? ORDER BY project.id"
	if r.db.Dialect() == db.MySQL {
		query += " FOR UPDATE"
	}
	var rows []accessRow
	err := r.db.From(ctx).Raw(query, userID, ids).Scan(&rows).Error
	return rows, db.Err(err)
}

// idsOf, idsOwnedBy and idsJoinedBy are in ascending order, in which several
// projects are to be locked.
func (r repository) idsOf(ctx context.Context, userID int64) ([]int64, error) {
	return r.ids(ctx, `SELECT id FROM project WHERE owner_id = ?
UNION SELECT project_id FROM project_collaborator_link WHERE user_id = ? ORDER BY id`, userID, userID)
}

func (r repository) idsOwnedBy(ctx context.Context, userID int64) ([]int64, error) {
	return r.ids(ctx, "SELECT id FROM project WHERE owner_id = ? ORDER BY id", userID)
}

func (r repository) idsJoinedBy(ctx context.Context, userID int64) ([]int64, error) {
	return r.ids(ctx, "SELECT project_id FROM project_collaborator_link WHERE user_id = ? ORDER BY project_id", userID)
}

// idsForFriendsOf are the projects that somebody shows to their friends.
func (r repository) idsForFriendsOf(ctx context.Context, ownerID int64) ([]int64, error) {
	return r.ids(ctx, "SELECT id FROM project WHERE owner_id = ? AND visibility = ? ORDER BY id", ownerID, FriendsOnly)
}

func (r repository) ids(ctx context.Context, query string, args ...any) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw(query, args...).Scan(&ids).Error
	return ids, db.Err(err)
}

// ownedNamed are somebody's own projects whose names contain a text. The index
// on owners leads to them, however many others have; only they are looked
// through.
func (r repository) ownedNamed(ctx context.Context, userID int64, text string, limit int) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw(`SELECT * FROM project WHERE owner_id = ? AND name LIKE ? ESCAPE '!'
ORDER BY owner_name, name LIMIT ?`, userID, db.Contains(text), limit).Scan(&all).Error
	return all, db.Err(err)
}

// joinedNamed is ownedNamed for the projects somebody works in, found by the
// index on members.
func (r repository) joinedNamed(ctx context.Context, userID int64, text string, limit int) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw(`SELECT project.* FROM project JOIN project_collaborator_link link ON link.project_id = project.id
WHERE link.user_id = ? AND project.name LIKE ? ESCAPE '!'
ORDER BY project.owner_name, project.name LIMIT ?`, userID, db.Contains(text), limit).Scan(&all).Error
	return all, db.Err(err)
}

func (r repository) create(ctx context.Context, p *Project) error {
	return db.Err(r.db.From(ctx).Create(p).Error)
}

// edit changes what must stay unique per owner: Conflict if it is not.
func (r repository) edit(ctx context.Context, id int64, name, desc string) error {
	return r.exec(ctx, "UPDATE project SET name = ?, project_desc = ? WHERE id = ?", name, desc, id)
}

func (r repository) setVisibility(ctx context.Context, id int64, v Visibility) error {
	return r.exec(ctx, "UPDATE project SET visibility = ? WHERE id = ?", v, id)
}

// setOwner changes what must stay unique per owner: Conflict if it is not.
func (r repository) setOwner(ctx context.Context, id, ownerID int64, ownerName string) error {
	return r.exec(ctx, "UPDATE project SET owner_id = ?, owner_name = ? WHERE id = ?", ownerID, ownerName, id)
}

// linkColumns are the columns of a role's invitation link.
var linkColumns = map[Role]struct{ code, off string }{
	RoleAdmin:      {"invite_as_admin_code", "invite_as_admin_off"},
	RoleAccessOnly: {"invite_code", "invite_off"},
}

func (r repository) setCode(ctx context.Context, id int64, role Role, code string) error {
	return r.exec(ctx, "UPDATE project SET "+linkColumns[role].code+" = ? WHERE id = ?", code, id)
}

func (r repository) switchLink(ctx context.Context, id int64, role Role, on bool) error {
	return r.exec(ctx, "UPDATE project SET "+linkColumns[role].off+" = ? WHERE id = ?", !on, id)
}

// delete deletes a project, its links and its log; nothing else may point at
// it any more.
func (r repository) delete(ctx context.Context, id int64) error {
	if err := r.exec(ctx, "DELETE FROM project_collaborator_link WHERE project_id = ?", id); err != nil {
		return err
	}
	return r.exec(ctx, "DELETE FROM project WHERE id = ?", id)
}

func (r repository) exec(ctx context.Context, query string, args ...any) error {
	return db.Err(r.db.From(ctx).Exec(query, args...).Error)
}

// collaborator is a row of project_collaborator_link.
type collaborator struct {
	ID        int64 `gorm:"primaryKey"`
	ProjectID int64
	UserID    int64
	UserRole  Role
}

// TableName is the contract's.
func (collaborator) TableName() string { return "project_collaborator_link" }

// collaborators are the links of several projects, in the order they joined.
func (r repository) collaborators(ctx context.Context, projectIDs ...int64) ([]collaborator, error) {
	var all []collaborator
	err := r.db.From(ctx).Where("project_id IN ?", projectIDs).Order("id").Find(&all).Error
	return all, db.Err(err)
}

// findCollaborator is NotFound for somebody who has no link to the project.
func (r repository) findCollaborator(ctx context.Context, projectID, userID int64) error {
	return db.Err(r.db.From(ctx).Where("project_id = ? AND user_id = ?", projectID, userID).Take(&collaborator{}).Error)
}

func (r repository) setRole(ctx context.Context, projectID, userID int64, role Role) error {
	return r.exec(ctx, "UPDATE project_collaborator_link SET user_role = ? WHERE project_id = ? AND user_id = ?", role, projectID, userID)
}

// removeCollaborator is NotFound if there is no such link.
func (r repository) removeCollaborator(ctx context.Context, projectID, userID int64) error {
	res := r.db.From(ctx).Exec("DELETE FROM project_collaborator_link WHERE project_id = ? AND user_id = ?", projectID, userID)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.Of(errs.NotFound)
	}
	return db.Err(res.Error)
}

func (r repository) addCollaborator(ctx context.Context, projectID, userID int64, role Role) error {
	return db.Err(r.db.From(ctx).Create(&collaborator{ProjectID: projectID, UserID: userID, UserRole: role}).Error)
}

// collaboratorCounts is how many collaborators each project has.
func (r repository) collaboratorCounts(ctx context.Context, projectIDs []int64) (map[int64]int, error) {
	var rows []struct {
		ProjectID int64
		N         int
	}
	err := r.db.From(ctx).Raw(`SELECT project_id, COUNT(*) AS n FROM project_collaborator_link
WHERE project_id IN ? GROUP BY project_id`, projectIDs).Scan(&rows).Error
	counts := make(map[int64]int, len(rows))
	for _, row := range rows {
		counts[row.ProjectID] = row.N
	}
	return counts, db.Err(err)
}
