package projects

import (
	"context"
	"time"

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

const anySQL = `SELECT project.*, COALESCE(link.user_role, '') AS user_role
FROM project LEFT JOIN project_collaborator_link link ON link.project_id = project.id AND link.user_id = ?
WHERE `

// accessSQL finds no project that is deleted: for everything but its restoration and
// its end there is none.
const accessSQL = anySQL + "project.deleted_at IS NULL AND "

// byID returns a project with a user's link to it. lock locks it until the
// transaction ends, which makes all changes of a project wait for each other.
func (r repository) byID(ctx context.Context, userID, id int64, lock bool) (accessRow, error) {
	return r.lockedByID(ctx, accessSQL, userID, id, lock)
}

// anyByID is byID for a project that may be deleted.
func (r repository) anyByID(ctx context.Context, userID, id int64, lock bool) (accessRow, error) {
	return r.lockedByID(ctx, anySQL, userID, id, lock)
}

func (r repository) lockedByID(ctx context.Context, query string, userID, id int64, lock bool) (accessRow, error) {
	query += "project.id = ?"
	if lock && r.db.Dialect() == db.MySQL {
		query += " FOR UPDATE"
	}
	return r.one(r.db.From(ctx).Raw(query, userID, id))
}

func (r repository) byIDs(ctx context.Context, ids []int64) (map[int64]Project, error) {
	var all []Project
	err := r.db.From(ctx).Where("id IN ? AND deleted_at IS NULL", db.Distinct(ids)).Find(&all).Error
	found := make(map[int64]Project, len(all))
	for _, p := range all {
		found[p.ID] = p
	}
	return found, db.Err(err)
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
WHERE project.owner_name = ? AND project.name = ? AND project.deleted_at IS NULL ORDER BY link.id`, owner, name).Scan(&rows).Error
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

// byCode finds a project by either of its invitation codes.
func (r repository) byCode(ctx context.Context, code string) (accessRow, error) {
	return r.one(r.db.From(ctx).Raw(accessSQL+"(project.invite_code = ? OR project.invite_as_admin_code = ?)", 0, code, code))
}

func (r repository) one(q *gorm.DB) (accessRow, error) {
	var row accessRow
	res := q.Scan(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		res.Error = gorm.ErrRecordNotFound
	}
	return row, db.Err(res.Error)
}

// ofUser returns all projects that a user owns or is a collaborator of, by owner
// and name.
func (r repository) ofUser(ctx context.Context, userID int64) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw(`SELECT project.* FROM project WHERE owner_id = ? AND deleted_at IS NULL
UNION SELECT project.* FROM project JOIN project_collaborator_link link ON link.project_id = project.id WHERE link.user_id = ? AND project.deleted_at IS NULL
ORDER BY owner_name, name`, userID, userID).Scan(&all).Error
	return all, db.Err(err)
}

// ofHome returns all projects that a user owns or is a collaborator of, and those of
// also, with the user's links to them, by owner and name. One may come twice.
func (r repository) ofHome(ctx context.Context, userID int64, also []int64) ([]accessRow, error) {
	var rows []accessRow
	err := r.db.From(ctx).Raw(`SELECT project.*, COALESCE(link.user_role, '') AS user_role FROM (
SELECT id FROM project WHERE owner_id = ?
UNION SELECT project_id FROM project_collaborator_link WHERE user_id = ?
UNION SELECT id FROM project WHERE id IN ?) some
JOIN project ON project.id = some.id AND project.deleted_at IS NULL
LEFT JOIN project_collaborator_link link ON link.project_id = project.id AND link.user_id = ?
ORDER BY project.owner_name, project.name`,
		userID, userID, append([]int64{0}, also...), userID).Scan(&rows).Error // a list in SQL cannot be empty
	return rows, db.Err(err)
}

// owned returns the projects of an owner by name, with a user's links to them.
func (r repository) owned(ctx context.Context, userID, ownerID int64) ([]accessRow, error) {
	var rows []accessRow
	err := r.db.From(ctx).Raw(accessSQL+"project.owner_id = ? ORDER BY project.name", userID, ownerID).Scan(&rows).Error
	return rows, db.Err(err)
}

// lockAll returns projects with a user's links to them, and locks them until the
// transaction ends, in the order of ids.
func (r repository) lockAll(ctx context.Context, userID int64, ids []int64) ([]accessRow, error) {
	query := accessSQL + "project.id IN ? ORDER BY project.id"
	if r.db.Dialect() == db.MySQL {
		query += " FOR UPDATE"
	}
	var rows []accessRow
	err := r.db.From(ctx).Raw(query, userID, ids).Scan(&rows).Error
	return rows, db.Err(err)
}

// idsOf, idsOwnedBy and idsJoinedBy return ids in ascending order, in which
// several projects must be locked; those of deleted projects, too.
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

// idsForFriendsOf returns the projects that some people show to their friends.
func (r repository) idsForFriendsOf(ctx context.Context, ownerIDs ...int64) ([]int64, error) {
	return r.ids(ctx, "SELECT id FROM project WHERE owner_id IN ? AND visibility = ? ORDER BY id", ownerIDs, FriendsOnly)
}

func (r repository) ids(ctx context.Context, query string, args ...any) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw(query, args...).Scan(&ids).Error
	return ids, db.Err(err)
}

// ownedNamed returns a user's own projects whose names or titles contain a text. The index
// on owners leads to them, however many others have; only they are looked
// through.
func (r repository) ownedNamed(ctx context.Context, userID int64, text string, limit int) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw(`SELECT * FROM project WHERE owner_id = ? AND deleted_at IS NULL AND (name LIKE ? ESCAPE '!' OR title LIKE ? ESCAPE '!')
ORDER BY owner_name, name LIMIT ?`, userID, db.Contains(text), db.Contains(text), limit).Scan(&all).Error
	return all, db.Err(err)
}

// joinedNamed is ownedNamed for the projects of other owners, found by the
// index on members.
func (r repository) joinedNamed(ctx context.Context, userID int64, text string, limit int) ([]Project, error) {
	var all []Project
	err := r.db.From(ctx).Raw(`SELECT project.* FROM project JOIN project_collaborator_link link ON link.project_id = project.id
WHERE link.user_id = ? AND project.deleted_at IS NULL AND (project.name LIKE ? ESCAPE '!' OR project.title LIKE ? ESCAPE '!')
ORDER BY project.owner_name, project.name LIMIT ?`, userID, db.Contains(text), db.Contains(text), limit).Scan(&all).Error
	return all, db.Err(err)
}

// readable returns up to limit projects that a user owns or is a collaborator of,
// that belong to one of some owners and are not private, and the project also, with
// the user's links to them. The order is that of Readable; one may come twice.
func (r repository) readable(ctx context.Context, userID int64, ownerIDs []int64, also int64, limit int) ([]accessRow, error) {
	var rows []accessRow
	err := r.db.From(ctx).Raw(`SELECT project.*, COALESCE(link.user_role, '') AS user_role FROM (
SELECT id, 0 AS part FROM project WHERE id = ?
UNION SELECT id, 1 FROM project WHERE owner_id = ? AND id <> ?
UNION SELECT project_id, 1 FROM project_collaborator_link WHERE user_id = ? AND project_id <> ?
UNION SELECT id, 2 FROM project WHERE owner_id IN ? AND visibility <> ? AND id <> ?) some
JOIN project ON project.id = some.id AND project.deleted_at IS NULL
LEFT JOIN project_collaborator_link link ON link.project_id = project.id AND link.user_id = ?
ORDER BY some.part, project.id DESC LIMIT ?`,
		also, userID, also, userID, also, ownerIDs, Private, also, userID, limit).Scan(&rows).Error
	return rows, db.Err(err)
}

func (r repository) create(ctx context.Context, p *Project) error {
	return db.Err(r.db.From(ctx).Create(p).Error)
}

// edit changes what must stay unique per owner: Conflict if it is not.
func (r repository) edit(ctx context.Context, p Project) error {
	return r.exec(ctx, "UPDATE project SET title = ?, name = ?, project_desc = ? WHERE id = ?", p.Title, p.Name, p.ProjectDesc, p.ID)
}

func (r repository) setVisibility(ctx context.Context, id int64, v Visibility) error {
	return r.exec(ctx, "UPDATE project SET visibility = ? WHERE id = ?", v, id)
}

func (r repository) setColour(ctx context.Context, id int64, c Colour) error {
	return r.exec(ctx, "UPDATE project SET colour = ? WHERE id = ?", c, id)
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

func (r repository) letAdminsInvite(ctx context.Context, id int64, on bool) error {
	return r.exec(ctx, "UPDATE project SET admins_invite = ? WHERE id = ?", on, id)
}

// delete deletes a project, its links and its log. No other row may refer to it.
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
	// AddedBy is who made the user a collaborator; nil for those who joined by a
	// link. AddedAt is nil for rows older than the column.
	AddedBy *int64
	AddedAt *time.Time
}

// TableName is the contract's.
func (collaborator) TableName() string { return "project_collaborator_link" }

// collaborators are the links of several projects, in the order they joined.
func (r repository) collaborators(ctx context.Context, projectIDs ...int64) ([]collaborator, error) {
	var all []collaborator
	err := r.db.From(ctx).Where("project_id IN ?", projectIDs).Order("id").Find(&all).Error
	return all, db.Err(err)
}

// findCollaborator returns NotFound for a user who has no link to the project.
func (r repository) findCollaborator(ctx context.Context, projectID, userID int64) error {
	return db.Err(r.db.From(ctx).Where("project_id = ? AND user_id = ?", projectID, userID).Take(&collaborator{}).Error)
}

func (r repository) setRole(ctx context.Context, projectID, userID int64, role Role) error {
	return r.exec(ctx, "UPDATE project_collaborator_link SET user_role = ? WHERE project_id = ? AND user_id = ?", role, projectID, userID)
}

// removeCollaborator returns NotFound if there is no such link.
func (r repository) removeCollaborator(ctx context.Context, projectID, userID int64) error {
	res := r.db.From(ctx).Exec("DELETE FROM project_collaborator_link WHERE project_id = ? AND user_id = ?", projectID, userID)
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.Of(errs.NotFound)
	}
	return db.Err(res.Error)
}

// addCollaborator adds a link; addedBy is nil for a person who joins by themselves.
func (r repository) addCollaborator(ctx context.Context, projectID, userID int64, role Role, addedBy *int64) error {
	now := r.db.Now(ctx)
	return db.Err(r.db.From(ctx).Create(&collaborator{ProjectID: projectID, UserID: userID, UserRole: role, AddedBy: addedBy, AddedAt: &now}).Error)
}

// forgetAdder removes a person from the links that the person made.
func (r repository) forgetAdder(ctx context.Context, userID int64) error {
	return r.exec(ctx, "UPDATE project_collaborator_link SET added_by = NULL WHERE added_by = ?", userID)
}

// firstCollaborator is one of a project's first collaborators, with the number of
// all.
type firstCollaborator struct {
	ProjectID, UserID int64
	N                 int
}

// firstCollaborators returns up to limit collaborators of each project, in the
// order they joined.
func (r repository) firstCollaborators(ctx context.Context, projectIDs []int64, limit int) (map[int64][]firstCollaborator, error) {
	var rows []firstCollaborator
	err := r.db.From(ctx).Raw(`SELECT project_id, user_id, n FROM (SELECT project_id, user_id,
ROW_NUMBER() OVER (PARTITION BY project_id ORDER BY id) AS place, COUNT(*) OVER (PARTITION BY project_id) AS n
FROM project_collaborator_link WHERE project_id IN ?) AS numbered WHERE place <= ? ORDER BY project_id, place`, projectIDs, limit).Scan(&rows).Error
	first := map[int64][]firstCollaborator{}
	for _, row := range rows {
		first[row.ProjectID] = append(first[row.ProjectID], row)
	}
	return first, db.Err(err)
}

// countJoined returns how many projects of other owners a person is a member of.
func (r repository) countJoined(ctx context.Context, userID int64) (n int, err error) {
	err = r.db.From(ctx).Raw(`SELECT COUNT(*) FROM project_collaborator_link link JOIN project ON project.id = link.project_id
WHERE link.user_id = ? AND project.deleted_at IS NULL`, userID).Scan(&n).Error
	return n, db.Err(err)
}

// count returns how many projects there are.
func (r repository) count(ctx context.Context) (int64, error) {
	var n int64
	err := r.db.From(ctx).Model(&Project{}).Where("deleted_at IS NULL").Count(&n).Error
	return n, db.Err(err)
}
