package accounts

import (
	"context"
	"strings"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// repository holds the queries on names, profiles and switches; Credentials
// holds those on passwords and addresses.
type repository struct{ db *db.DB }

func updateUser(ctx context.Context, d *db.DB, id int64, columns map[string]any) error {
	return db.Err(d.From(ctx).Model(&User{}).Where("id = ?", id).Updates(columns).Error)
}

// people returns the verified people with these ids. With lock their rows are
// locked until the transaction ends, in the order of ids, so that two
// transactions that want the same rows do not deadlock.
func (r repository) people(ctx context.Context, ids []int64, lock bool) ([]User, error) {
	q := r.db.From(ctx).Select("id", "name", "display_name", "avatar_url", "small_avatar_url", "block_all_friendship_requests").
		Where("id IN ? AND sign_up_complete = ?", ids, true)
	if lock {
		q = db.ForUpdate(q.Order("id"))
	}
	var found []User
	err := q.Find(&found).Error
	return found, err
}

// mailbox returns the address of a verified person and the language of mails.
func (r repository) mailbox(ctx context.Context, id int64) (User, error) {
	var u User
	err := r.db.From(ctx).Select("email", "lang").Where("id = ? AND sign_up_complete = ?", id, true).Take(&u).Error
	return u, db.Err(err)
}

// namesAmong returns the user names that are among names, ignoring case.
func (r repository) namesAmong(ctx context.Context, names []string) ([]string, error) {
	var found []string
	err := r.db.From(ctx).Model(&User{}).Where("name IN ?", names).Order("name").Pluck("name", &found).Error
	return found, err
}

func (r repository) updateProfile(ctx context.Context, u User) error {
	return updateUser(ctx, r.db, u.ID, map[string]any{
		"display_name": u.DisplayName, "profile_desc": u.ProfileDesc, "avatar_url": u.AvatarURL, "small_avatar_url": u.SmallAvatarURL,
	})
}

// set turns a switch, named by its column, on or off.
func (r repository) set(ctx context.Context, id int64, column string, on bool) error {
	return updateUser(ctx, r.db, id, map[string]any{column: on})
}

// rename changes a name; foreign keys carry it to the person's projects. Conflict
// if another person has it.
func (r repository) rename(ctx context.Context, u User) error {
	return updateUser(ctx, r.db, u.ID, map[string]any{"name": u.Name, "avatar_url": u.AvatarURL, "small_avatar_url": u.SmallAvatarURL})
}

// nameOfOther reports whether another person has a name.
func (r repository) nameOfOther(ctx context.Context, id int64, name string) (bool, error) {
	var found []User
	err := r.db.From(ctx).Select("name").Where("name = ? AND id <> ?", name, id).Find(&found).Error
	for _, u := range found {
		if strings.EqualFold(u.Name, name) {
			return true, err
		}
	}
	return false, err
}

// deleteUser deletes a person's row. NotFound if there is none.
func (r repository) deleteUser(ctx context.Context, id int64) error {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&User{})
	if res.Error == nil && res.RowsAffected == 0 {
		return errs.Of(errs.NotFound)
	}
	return db.Err(res.Error)
}

// usedPictures returns those of the addresses that are a person's large picture.
func (r repository) usedPictures(ctx context.Context, urls []string) (map[string]bool, error) {
	var found []string
	err := r.db.From(ctx).Model(&User{}).Where("avatar_url IN ?", urls).Pluck("avatar_url", &found).Error
	used := make(map[string]bool, len(found))
	for _, url := range found {
		used[url] = true
	}
	return used, err
}

func (r repository) privateAmong(ctx context.Context, ids []int64) ([]int64, error) {
	var found []int64
	err := r.db.From(ctx).Model(&User{}).Where("id IN ? AND private = ?", ids, true).Pluck("id", &found).Error
	return found, err
}
