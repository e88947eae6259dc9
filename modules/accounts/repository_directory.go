package accounts

import (
	"context"
	"strings"
	"time"

	"taskstack.org/platform/db"
)

// directoryColumns are those of the directory.
const directoryColumns = "u.id, u.name, u.display_name, u.email, u.email_pending_verification, u.email_verification_case_id, " +
	"u.small_avatar_url, u.avatar_url, u.sign_up_complete, u.created_at"

// directory returns the accounts of a query. A text is looked for in each column by
// the index of that column, and only the first of each are put together.
func (r repository) directory(ctx context.Context, q DirectoryQuery) ([]User, error) {
	where, args := directoryFilter(q)
	order := " ORDER BY u.name"
	if q.Newest {
		order = " ORDER BY u.created_at DESC, u.id DESC"
	}
	end := order + " LIMIT ?"
	var found []User
	if q.Text == "" {
		err := r.db.From(ctx).Raw("SELECT "+directoryColumns+" FROM `user` u WHERE "+where+end, append(args, q.Limit)...).Scan(&found).Error
		return found, db.Err(err)
	}
	var parts []string
	var all []any
	for _, column := range []string{"name", "display_name", "email", "email_pending_verification"} {
		condition, bounds := r.db.BeginsWith("u."+column, q.Text)
		parts = append(parts, "SELECT id FROM (SELECT u.id FROM `user` u WHERE "+condition+" AND "+where+end+") by_"+column)
		all = append(append(append(all, bounds...), args...), q.Limit)
	}
	query := "SELECT " + directoryColumns + " FROM (" + strings.Join(parts, " UNION ") + ") found JOIN `user` u ON u.id = found.id" + end
	err := r.db.From(ctx).Raw(query, append(all, q.Limit)...).Scan(&found).Error
	return found, db.Err(err)
}

// directoryFilter is what holds for each account of a query, beside its text.
func directoryFilter(q DirectoryQuery) (where string, args []any) {
	where = "1 = 1"
	if q.Verified != nil {
		where, args = where+" AND u.sign_up_complete = ?", append(args, *q.Verified)
	}
	if q.Among != nil {
		where, args = where+" AND u.id IN ?", append(args, q.Among)
	}
	switch {
	case q.After == nil:
	case q.Newest:
		where += " AND u.created_at <= ? AND (u.created_at < ? OR u.id < ?)"
		args = append(args, q.After.CreatedAt, q.After.CreatedAt, q.After.ID)
	default:
		where, args = where+" AND u.name > ?", append(args, q.After.Name)
	}
	return where, args
}

// countVerified returns how many verified accounts were made since a time.
func (r repository) countVerified(ctx context.Context, since time.Time) (int64, error) {
	var n int64
	err := r.db.From(ctx).Model(&User{}).Where("sign_up_complete = ? AND created_at >= ?", true, since).Count(&n).Error
	return n, err
}
