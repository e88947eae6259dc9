package auth

import (
	"context"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// repository holds the queries of this package, by file.
type repository struct {
	loginQueries
	factorQueries
	eventQueries
	suspensionQueries
}

func newRepository(d *db.DB) repository {
	return repository{loginQueries{d}, factorQueries{d}, eventQueries{d}, suspensionQueries{d}}
}

// loginQueries are the queries on logins.
type loginQueries struct{ db *db.DB }

func (r loginQueries) insertLogin(ctx context.Context, l *login) error {
	return db.Err(r.db.From(ctx).Create(l).Error)
}

// deleteLogin reports whether there was such a login.
func (r loginQueries) deleteLogin(ctx context.Context, id string) (bool, error) {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&login{})
	return res.RowsAffected > 0, res.Error
}

// endedLogins returns the ids and people of at most limit logins after their end.
func (r loginQueries) endedLogins(ctx context.Context, now time.Time, limit int) ([]login, error) {
	var ended []login
	err := r.db.From(ctx).Select("id", "user_id").Where("ends_at <= ?", now).Limit(limit).Find(&ended).Error
	return ended, err
}

func (r loginQueries) deleteLogins(ctx context.Context, ids []string) error {
	return r.db.From(ctx).Where("id IN ?", ids).Delete(&login{}).Error
}

// seen stores that these logins were used, and postpones the end of those that
// last as long as they are used.
func (r loginQueries) seen(ctx context.Context, ids []string, persistent bool, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	set := map[string]any{"last_seen_at": now}
	if !persistent {
		set["ends_at"] = now.Add(browserLogin)
	}
	return r.db.From(ctx).Model(&login{}).Where("id IN ? AND persistent = ?", ids, persistent).Updates(set).Error
}

// identity is a login with its person.
type identity struct {
	LoginID        string
	LastSeenAt     time.Time
	EndsAt         time.Time
	Persistent     bool
	Token          string
	UserID         int64
	Name           string
	DisplayName    string
	SmallAvatarURL string
	SignUpComplete bool
}

const identitySQL = "SELECT l.id AS login_id, l.last_seen_at, l.ends_at, l.persistent, l.token, u.id AS user_id, u.name, u.display_name, " +
	"u.small_avatar_url, u.sign_up_complete FROM login l JOIN `user` u ON u.id = l.user_id " +
	"WHERE l.id = ? AND NOT EXISTS (SELECT 1 FROM suspension s WHERE s.user_id = l.user_id AND (s.until IS NULL OR s.until > ?))"

// identity reads a login and its person in one statement.
func (r loginQueries) identity(ctx context.Context, loginID string, now time.Time) (identity, error) {
	var found []identity
	if err := r.db.From(ctx).Raw(identitySQL, loginID, now).Scan(&found).Error; err != nil {
		return identity{}, err
	}
	if len(found) == 0 {
		return identity{}, errs.Of(errs.NotFound)
	}
	return found[0], nil
}

// loginIDs returns the logins of a person, all but one.
func (r loginQueries) loginIDs(ctx context.Context, userID int64, except string) ([]string, error) {
	var ids []string
	err := r.db.From(ctx).Model(&login{}).Where("user_id = ? AND id <> ?", userID, except).Order("id").Pluck("id", &ids).Error
	return ids, err
}

// logins returns the logins of a person that have not ended, the last used first.
func (r loginQueries) logins(ctx context.Context, userID int64, now time.Time) ([]login, error) {
	var found []login
	err := r.db.From(ctx).Where("user_id = ? AND ends_at > ?", userID, now).Order("last_seen_at DESC, id").Find(&found).Error
	return found, err
}

func (r loginQueries) login(ctx context.Context, id string) (login, error) {
	var l login
	err := r.db.From(ctx).Where("id = ?", id).Take(&l).Error
	return l, db.Err(err)
}

// setPersistent stores whether a login outlives its browser, and when it ends.
func (r loginQueries) setPersistent(ctx context.Context, id string, persistent bool, ends time.Time) error {
	return r.db.From(ctx).Model(&login{}).Where("id = ?", id).
		Updates(map[string]any{"persistent": persistent, "ends_at": ends}).Error
}

// countActive returns how many people have used a login since a time.
func (r loginQueries) countActive(ctx context.Context, since time.Time) (int64, error) {
	var n int64
	err := r.db.From(ctx).Model(&login{}).Distinct("user_id").Where("last_seen_at >= ?", since).Count(&n).Error
	return n, err
}
