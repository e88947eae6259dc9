package accounts

import (
	"context"
	"errors"
	"strings"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// repository holds every query on user and login. Names and addresses compare
// ignoring case by collation; what comes back is compared once more, because
// MySQL's collation also ignores accents and trailing blanks.
type repository struct{ db *db.DB }

func (r repository) insertUser(ctx context.Context, u *user) error {
	return db.Err(r.db.From(ctx).Create(u).Error)
}

// userByNameOrEmail finds somebody by name or by verified address; where both
// exist, the name wins. Unverified people are found by name.
func (r repository) userByNameOrEmail(ctx context.Context, text string) (user, error) {
	var found []user
	if err := r.db.From(ctx).Where("name = ? OR email = ?", text, text).Limit(2).Find(&found).Error; err != nil {
		return user{}, err
	}
	for _, u := range found {
		if strings.EqualFold(u.Name, text) {
			return u, nil
		}
	}
	for _, u := range found {
		if u.Email != nil && strings.EqualFold(*u.Email, text) {
			return u, nil
		}
	}
	return user{}, errs.Of(errs.NotFound)
}

func (r repository) userByID(ctx context.Context, id int64) (user, error) {
	var u user
	err := r.db.From(ctx).Where("id = ?", id).Take(&u).Error
	return u, db.Err(err)
}

// userByCase finds whoever an e-mail verification belongs to. Inside a
// transaction the row is locked.
func (r repository) userByCase(ctx context.Context, caseID string, lock bool) (user, error) {
	q := r.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var u user
	err := q.Where("email_verification_case_id = ?", caseID).Take(&u).Error
	return u, db.Err(err)
}

// taken tells whether a name is used, and whether an address is: verified, or
// by a sign-up that waits. An address that an account wants to change to is not
// theirs yet.
func (r repository) taken(ctx context.Context, name, email string) (nameTaken, emailTaken bool, err error) {
	var found []user
	err = r.db.From(ctx).Select("name", "email", "email_pending_verification", "sign_up_complete").
		Where("name = ? OR email = ? OR email_pending_verification = ?", name, email, email).Find(&found).Error
	for _, u := range found {
		nameTaken = nameTaken || strings.EqualFold(u.Name, name)
		emailTaken = emailTaken || u.holds(email)
	}
	return nameTaken, emailTaken, err
}

// holds tells whether an address is the person's: verified, or that of a sign-up
// that waits for its verification.
func (u user) holds(email string) bool {
	if u.Email != nil && strings.EqualFold(*u.Email, email) {
		return true
	}
	return !u.SignUpComplete && u.EmailPendingVerification != nil && strings.EqualFold(*u.EmailPendingVerification, email)
}

// releaseAddress ends the address changes of others that wait for an address
// which another account asks for now: none of them has shown that it is
// theirs.
func (r repository) releaseAddress(ctx context.Context, except int64, email string) error {
	return r.db.From(ctx).Model(&user{}).Where("sign_up_complete = ? AND email_pending_verification = ? AND id <> ?", true, email, except).
		Updates(noPendingEmail()).Error
}

// completeVerification makes the waiting address the address. Conflict means
// that somebody else has it by now.
func (r repository) completeVerification(ctx context.Context, u user) error {
	err := r.db.From(ctx).Model(&user{}).Where("id = ?", u.ID).Updates(map[string]any{
		"email": u.EmailPendingVerification, "email_pending_verification": nil, "email_verification_case_id": nil,
		"email_verification_code": nil, "email_verification_sent_at": nil, "sign_up_complete": true,
	}).Error
	return db.Err(err)
}

func (r repository) setVerificationSent(ctx context.Context, userID int64, at time.Time) error {
	return r.db.From(ctx).Model(&user{}).Where("id = ?", userID).Update("email_verification_sent_at", at).Error
}

// updateAtLogin stores what a log-in may change about a person.
func (r repository) updateAtLogin(ctx context.Context, u user) error {
	return r.db.From(ctx).Model(&user{}).Where("id = ?", u.ID).
		Updates(map[string]any{"stay_logged_in": u.StayLoggedIn, "password_hash": u.PasswordHash}).Error
}

// people are the verified people with these ids. With lock their rows are held
// until the transaction ends, taken in the order of ids so that two who want
// the same rows do not wait for each other.
func (r repository) people(ctx context.Context, ids []int64, lock bool) ([]user, error) {
	q := r.db.From(ctx).Select("id", "name", "avatar_url", "small_avatar_url", "block_all_friendship_requests").
		Where("id IN ? AND sign_up_complete = ?", ids, true)
	if lock {
		q = db.ForUpdate(q.Order("id"))
	}
	var found []user
	err := q.Find(&found).Error
	return found, err
}

// namesAmong are the user names that are among names, ignoring case.
func (r repository) namesAmong(ctx context.Context, names []string) ([]string, error) {
	var found []string
	err := r.db.From(ctx).Model(&user{}).Where("name IN ?", names).Order("name").Pluck("name", &found).Error
	return found, err
}

// deleteUnverified deletes accounts that were made before a time and never
// verified, with their logins.
func (r repository) deleteUnverified(ctx context.Context, before time.Time) (int64, error) {
	res := r.db.From(ctx).Where("sign_up_complete = ? AND created_at < ?", false, before).Delete(&user{})
	return res.RowsAffected, res.Error
}

func (r repository) insertLogin(ctx context.Context, l *login) error {
	return db.Err(r.db.From(ctx).Create(l).Error)
}

// deleteLogin tells whether there was such a login.
func (r repository) deleteLogin(ctx context.Context, id string) (bool, error) {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&login{})
	return res.RowsAffected > 0, res.Error
}

// endedLogins are the ids of at most limit logins whose time had run out.
func (r repository) endedLogins(ctx context.Context, now time.Time, limit int) ([]string, error) {
	var ids []string
	err := r.db.From(ctx).Model(&login{}).Where("ends_at <= ?", now).Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

func (r repository) deleteLogins(ctx context.Context, ids []string) error {
	return r.db.From(ctx).Where("id IN ?", ids).Delete(&login{}).Error
}

// seen notes that these logins were in use, and puts off the end of those that
// last as long as they are used.
func (r repository) seen(ctx context.Context, ids []string, persistent bool, now time.Time) error {
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
	SmallAvatarURL string
	SignUpComplete bool
}

const identitySQL = "SELECT l.id AS login_id, l.last_seen_at, l.ends_at, l.persistent, l.token, u.id AS user_id, u.name, " +
	"u.small_avatar_url, u.sign_up_complete FROM login l JOIN `user` u ON u.id = l.user_id " +
	"WHERE l.id = ? AND NOT EXISTS (SELECT 1 FROM suspension s WHERE s.user_id = l.user_id)"

// identity reads a login and its person in one statement.
func (r repository) identity(ctx context.Context, loginID string) (identity, error) {
	var found []identity
	if err := r.db.From(ctx).Raw(identitySQL, loginID).Scan(&found).Error; err != nil {
		return identity{}, err
	}
	if len(found) == 0 {
		return identity{}, errs.Of(errs.NotFound)
	}
	return found[0], nil
}

// isNotFound is for callers to whom nothing found is an answer.
func isNotFound(err error) bool { return errors.Is(err, errs.Of(errs.NotFound)) }
