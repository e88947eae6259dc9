package notifications

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// pushKey is the row of push_key.
type pushKey struct {
	ID         int64
	PrivateKey string
	PublicKey  string
}

// TableName is for GORM.
func (pushKey) TableName() string { return "push_key" }

// subscription is a row of push_subscription: a browser in which a person is notified.
type subscription struct {
	ID           int64
	UserID       int64
	LoginID      string
	EndpointHash string
	Endpoint     string
	BrowserKey   string
	BrowserAuth  string
	Lang         string
	CreatedAt    time.Time
}

// TableName is for GORM.
func (subscription) TableName() string { return "push_subscription" }

// pushJob is a row of push_job: a message for a browser.
type pushJob struct {
	ID             int64
	SubscriptionID int64
	Topic          string
	Payload        string
	Attempts       int
	DueAt          time.Time
	EndsAt         time.Time
}

// TableName is for GORM.
func (pushJob) TableName() string { return "push_job" }

// pushChoice is a row of push_choice: whether browsers tell a person of a kind.
type pushChoice struct {
	UserID int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind   string `gorm:"primaryKey"`
	Wanted bool
}

// TableName is for GORM.
func (pushChoice) TableName() string { return "push_choice" }

// keys returns the row of push_key. NotFound if there is none.
func (r repository) keys(ctx context.Context) (k pushKey, err error) {
	return k, db.Err(r.db.From(ctx).Take(&k).Error)
}

// insertKeys stores the keys, unless another server was faster.
func (r repository) insertKeys(ctx context.Context, k pushKey) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&k).Error)
}

// replaceSubscription stores a browser, in place of what was known by its address.
func (r repository) replaceSubscription(ctx context.Context, s subscription) error {
	if err := r.db.From(ctx).Where("endpoint_hash = ?", s.EndpointHash).Delete(&subscription{}).Error; err != nil {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Create(&s).Error)
}

// deleteSubscription deletes a browser of a person.
func (r repository) deleteSubscription(ctx context.Context, userID int64, hash string) error {
	return db.Err(r.db.From(ctx).Where("user_id = ? AND endpoint_hash = ?", userID, hash).Delete(&subscription{}).Error)
}

func (r repository) deleteSubscriptionByID(ctx context.Context, id int64) error {
	return db.Err(r.db.From(ctx).Where("id = ?", id).Delete(&subscription{}).Error)
}

// deleteSubscriptionsOf deletes the browsers of a login.
func (r repository) deleteSubscriptionsOf(ctx context.Context, loginID string) error {
	return db.Err(r.db.From(ctx).Where("login_id = ?", loginID).Delete(&subscription{}).Error)
}

// deleteOldestSubscriptions deletes all but the newest browsers of a person.
func (r repository) deleteOldestSubscriptions(ctx context.Context, userID int64, keep int) error {
	all, err := r.subscriptions(ctx, userID)
	if err != nil || len(all) <= keep {
		return err
	}
	ids := make([]int64, 0, len(all))
	for _, s := range all[keep:] {
		ids = append(ids, s.ID)
	}
	return db.Err(r.db.From(ctx).Where("id IN ?", ids).Delete(&subscription{}).Error)
}

// subscriptions returns the browsers of a person, the newest first.
func (r repository) subscriptions(ctx context.Context, userID int64) (all []subscription, err error) {
	return all, db.Err(r.db.From(ctx).Where("user_id = ?", userID).Order("id DESC").Find(&all).Error)
}

// subscribers returns those of people who have a browser.
func (r repository) subscribers(ctx context.Context, userIDs []int64) (map[int64]bool, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&subscription{}).Where("user_id IN ?", userIDs).Distinct().Pluck("user_id", &ids).Error
	all := make(map[int64]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all, db.Err(err)
}

// pushChoicesFor returns what people have chosen for a kind, by their ids.
func (r repository) pushChoicesFor(ctx context.Context, kind string, userIDs []int64) (map[int64]bool, error) {
	var rows []pushChoice
	err := r.db.From(ctx).Where("kind = ? AND user_id IN ?", kind, userIDs).Find(&rows).Error
	all := make(map[int64]bool, len(rows))
	for _, row := range rows {
		all[row.UserID] = row.Wanted
	}
	return all, db.Err(err)
}

// pushChoicesOf returns what a person has chosen, by kind.
func (r repository) pushChoicesOf(ctx context.Context, userID int64) (map[string]bool, error) {
	var rows []pushChoice
	err := r.db.From(ctx).Where("user_id = ?", userID).Find(&rows).Error
	all := make(map[string]bool, len(rows))
	for _, row := range rows {
		all[row.Kind] = row.Wanted
	}
	return all, db.Err(err)
}

// replacePushChoices stores what a person has chosen, in place of what was before.
func (r repository) replacePushChoices(ctx context.Context, userID int64, all map[string]bool) error {
	err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&pushChoice{}).Error
	if err != nil || len(all) == 0 {
		return db.Err(err)
	}
	var rows []pushChoice
	for kind, wanted := range all {
		rows = append(rows, pushChoice{userID, kind, wanted})
	}
	return db.Err(r.db.From(ctx).Create(&rows).Error)
}

// setPush makes the unread rows of a subject due in browsers, for people none of whose browsers has
// told of it since a time.
func (r repository) setPush(ctx context.Context, row notification, at, since time.Time, to []int64) error {
	args := []any{at, since, row.Subject, row.Kind, to}
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET push_at = ? WHERE push_at IS NULL AND (pushed_at IS NULL OR pushed_at <= ?) AND "+unreadOf, args...).Error)
}

// markPushed notes when browsers told of rows.
func (r repository) markPushed(ctx context.Context, ids []int64, at time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET pushed_at = ? WHERE id IN ?", at, ids).Error)
}

// clearPush ends what browsers would tell a person of.
func (r repository) clearPush(ctx context.Context, userID int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET push_at = NULL WHERE user_id = ? AND push_at IS NOT NULL", userID).Error)
}

const duePushersSQL = "SELECT user_id FROM notification WHERE push_at <= ? AND read_at IS NULL GROUP BY user_id ORDER BY MIN(push_at), user_id LIMIT ?"

// duePushers returns people with notifications that are due in browsers.
func (r repository) duePushers(ctx context.Context, now time.Time, limit int) (ids []int64, err error) {
	return ids, db.Err(r.db.From(ctx).Raw(duePushersSQL, now, limit).Scan(&ids).Error)
}

// duePushes returns the rows of a person that browsers are due to tell of, newest first,
// and takes them: no other push tells of them.
func (r repository) duePushes(ctx context.Context, userID int64, now time.Time) (all []notification, err error) {
	err = r.db.From(ctx).Where("user_id = ? AND push_at <= ? AND read_at IS NULL", userID, now).Order("at DESC, id DESC").Find(&all).Error
	if err != nil || len(all) == 0 {
		return nil, db.Err(err)
	}
	err = r.db.From(ctx).Exec("UPDATE notification SET push_at = NULL WHERE id IN ?", rowIDs(all)).Error
	return all, db.Err(err)
}

// postponePush makes rows due in browsers at another time.
func (r repository) postponePush(ctx context.Context, ids []int64, at time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE notification SET push_at = ? WHERE id IN ?", at, ids).Error)
}

func (r repository) insertPushJobs(ctx context.Context, jobs []pushJob) error {
	return db.Err(r.db.From(ctx).Create(&jobs).Error)
}

// duePushJob is a message with the browser that it is for.
type duePushJob struct {
	ID, SubscriptionID                int64
	Topic, Payload                    string
	Attempts                          int
	EndsAt                            time.Time
	Endpoint, BrowserKey, BrowserAuth string
}

// takePushJobs returns messages that are due, and makes them due again after a wait: a
// server that stops meanwhile loses none.
func (r repository) takePushJobs(ctx context.Context, now, again time.Time, limit int) (all []duePushJob, err error) {
	err = r.db.From(ctx).Raw(`SELECT j.id, j.subscription_id, j.topic, j.payload, j.attempts, j.ends_at, s.endpoint, s.browser_key, s.browser_auth
FROM push_job j JOIN push_subscription s ON s.id = j.subscription_id WHERE j.due_at <= ? ORDER BY j.due_at, j.id LIMIT ?`, now, limit).Scan(&all).Error
	if err != nil || len(all) == 0 {
		return nil, db.Err(err)
	}
	ids := make([]int64, len(all))
	for i, j := range all {
		ids[i] = j.ID
	}
	return all, db.Err(r.db.From(ctx).Exec("UPDATE push_job SET due_at = ?, attempts = attempts + 1 WHERE id IN ?", again, ids).Error)
}

func (r repository) deletePushJob(ctx context.Context, id int64) error {
	return db.Err(r.db.From(ctx).Where("id = ?", id).Delete(&pushJob{}).Error)
}

func (r repository) retryPushJob(ctx context.Context, id int64, at time.Time) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE push_job SET due_at = ? WHERE id = ?", at, id).Error)
}
