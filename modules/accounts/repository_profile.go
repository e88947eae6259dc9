package accounts

import (
	"context"
	"strings"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// lockUser finds somebody and holds the row until the transaction ends.
func (r repository) lockUser(ctx context.Context, id int64) (user, error) {
	var u user
	err := db.ForUpdate(r.db.From(ctx)).Where("id = ?", id).Take(&u).Error
	return u, db.Err(err)
}

func (r repository) update(ctx context.Context, id int64, columns map[string]any) error {
	return db.Err(r.db.From(ctx).Model(&user{}).Where("id = ?", id).Updates(columns).Error)
}

func (r repository) updateProfile(ctx context.Context, u user) error {
	return r.update(ctx, u.ID, map[string]any{
		"profile_desc": u.ProfileDesc, "avatar_url": u.AvatarURL, "small_avatar_url": u.SmallAvatarURL,
	})
}

// set turns a switch, named by its column, on or off.
func (r repository) set(ctx context.Context, id int64, column string, on bool) error {
	return r.update(ctx, id, map[string]any{column: on})
}

// rename changes a name; the database carries it to the owner's projects.
// Conflict means that somebody else has it.
func (r repository) rename(ctx context.Context, u user) error {
	return r.update(ctx, u.ID, map[string]any{"name": u.Name, "avatar_url": u.AvatarURL, "small_avatar_url": u.SmallAvatarURL})
}

// setPendingEmail lets an address wait for its code. Conflict means that it
// waits for somebody else.
func (r repository) setPendingEmail(ctx context.Context, u user) error {
	return r.update(ctx, u.ID, map[string]any{
		"email_pending_verification": u.EmailPendingVerification, "email_verification_case_id": u.EmailVerificationCaseID,
		"email_verification_code": u.EmailVerificationCode, "email_verification_sent_at": u.EmailVerificationSentAt,
	})
}

// noPendingEmail are the columns of an address that waits, emptied.
func noPendingEmail() map[string]any {
	return map[string]any{
		"email_pending_verification": nil, "email_verification_case_id": nil, "email_verification_code": nil,
		"email_verification_sent_at": nil,
	}
}

func (r repository) clearPendingEmail(ctx context.Context, id int64) error {
	return r.update(ctx, id, noPendingEmail())
}

// clearStaleEmails forgets addresses of verified people that wait since before
// a time.
func (r repository) clearStaleEmails(ctx context.Context, before time.Time) error {
	return r.db.From(ctx).Model(&user{}).Where("sign_up_complete = ? AND email_pending_verification IS NOT NULL AND (email_verification_sent_at IS NULL OR email_verification_sent_at < ?)", true, before).
		Updates(noPendingEmail()).Error
}

func (r repository) setPassword(ctx context.Context, id int64, hash string) error {
	return r.update(ctx, id, map[string]any{"password_hash": hash})
}

// nameOfOther tells whether somebody else has a name.
func (r repository) nameOfOther(ctx context.Context, id int64, name string) (bool, error) {
	var found []user
	err := r.db.From(ctx).Select("name").Where("name = ? AND id <> ?", name, id).Find(&found).Error
	for _, u := range found {
		if strings.EqualFold(u.Name, name) {
			return true, err
		}
	}
	return false, err
}

// emailOfOther reports whether another account has an address, verified or by a
// sign-up that waits.
func (r repository) emailOfOther(ctx context.Context, id int64, email string) (bool, error) {
	var found []user
	err := r.db.From(ctx).Select("email", "email_pending_verification", "sign_up_complete").
		Where("(email = ? OR email_pending_verification = ?) AND id <> ?", email, email, id).Find(&found).Error
	for _, u := range found {
		if u.holds(email) {
			return true, err
		}
	}
	return false, err
}

// deleteUser deletes a person's row. NotFound if it is gone.
func (r repository) deleteUser(ctx context.Context, id int64) error {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&user{})
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.Of(errs.NotFound)
	}
	return db.Err(res.Error)
}

// setPersistent says whether a login outlives its browser, and when it ends.
func (r repository) setPersistent(ctx context.Context, id string, persistent bool, ends time.Time) error {
	return r.db.From(ctx).Model(&login{}).Where("id = ?", id).
		Updates(map[string]any{"persistent": persistent, "ends_at": ends}).Error
}

// usedPictures are those of the addresses that somebody's large picture has.
func (r repository) usedPictures(ctx context.Context, urls []string) (map[string]bool, error) {
	var found []string
	err := r.db.From(ctx).Model(&user{}).Where("avatar_url IN ?", urls).Pluck("avatar_url", &found).Error
	used := make(map[string]bool, len(found))
	for _, url := range found {
		used[url] = true
	}
	return used, err
}

func (r repository) privateAmong(ctx context.Context, ids []int64) ([]int64, error) {
	var found []int64
	err := r.db.From(ctx).Model(&user{}).Where("id IN ? AND private = ?", ids, true).Pluck("id", &found).Error
	return found, err
}
