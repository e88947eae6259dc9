package friends

import (
	"context"
	"time"

	"taskstack.org/platform/db"
)

// repository holds every query on friendship and the tables of requests.
type repository struct{ db *db.DB }

// friendship is a row of the table friendship: one direction.
type friendship struct {
	ID       int64
	UserID   int64
	FriendID int64
}

// request is a row of the table friendship_request.
type request struct {
	ID       int64
	FromID   int64
	ToID     int64
	Datetime time.Time
}

// TableName is the contract's.
func (request) TableName() string { return "friendship_request" }

// typedAddress is a row of the table friendship_request_address; it goes with
// its request.
type typedAddress struct {
	RequestID int64
	Address   string
}

// TableName is for GORM.
func (typedAddress) TableName() string { return "friendship_request_address" }

// suppressedRequest is a row of the table friendship_request_unheard: ToID is
// nil for an address without an account.
type suppressedRequest struct {
	ID       int64
	FromID   int64
	ToID     *int64
	Address  *string
	Datetime time.Time
}

// TableName is for GORM.
func (suppressedRequest) TableName() string { return "friendship_request_unheard" }

func (r repository) exists(ctx context.Context, userID, friendID int64) (bool, error) {
	var n int64
	err := r.db.From(ctx).Table("friendship").Where("user_id = ? AND friend_id = ?", userID, friendID).Count(&n).Error
	return n > 0, db.Err(err)
}

func (r repository) friendIDs(ctx context.Context, userID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&friendship{}).Where("user_id = ?", userID).Pluck("friend_id", &ids).Error
	return ids, db.Err(err)
}

// befriend stores a friendship in both directions.
func (r repository) befriend(ctx context.Context, a, b int64) error {
	return db.Err(r.db.From(ctx).Create([]friendship{{UserID: a, FriendID: b}, {UserID: b, FriendID: a}}).Error)
}

// unfriend reports whether there was a friendship.
func (r repository) unfriend(ctx context.Context, a, b int64) (bool, error) {
	res := r.db.From(ctx).Where("user_id = ? AND friend_id = ? OR user_id = ? AND friend_id = ?", a, b, b, a).Delete(&friendship{})
	return res.RowsAffected > 0, db.Err(res.Error)
}

func (r repository) request(ctx context.Context, id int64) (request, error) {
	var row request
	err := r.db.From(ctx).Where("id = ?", id).Take(&row).Error
	return row, db.Err(err)
}

// between returns the requests of two people to each other.
func (r repository) between(ctx context.Context, a, b int64) ([]request, error) {
	var rows []request
	err := r.db.From(ctx).Where("from_id = ? AND to_id = ? OR from_id = ? AND to_id = ?", a, b, b, a).Find(&rows).Error
	return rows, db.Err(err)
}

// insertRequest stores a request. address is what the sender typed instead of a
// name, or nil.
func (r repository) insertRequest(ctx context.Context, row *request, address *string) error {
	if err := r.db.From(ctx).Create(row).Error; err != nil || address == nil {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Create(&typedAddress{RequestID: row.ID, Address: *address}).Error)
}

func (r repository) insertSuppressed(ctx context.Context, row *suppressedRequest) error {
	return db.Err(r.db.From(ctx).Create(row).Error)
}

// deleteRequest reports whether there was such a request.
func (r repository) deleteRequest(ctx context.Context, id int64) (bool, error) {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&request{})
	return res.RowsAffected > 0, db.Err(res.Error)
}

// deleteSuppressed reports whether there was such a row.
func (r repository) deleteSuppressed(ctx context.Context, id int64) (bool, error) {
	res := r.db.From(ctx).Where("id = ?", id).Delete(&suppressedRequest{})
	return res.RowsAffected > 0, db.Err(res.Error)
}

// deleteBetween deletes all requests of two people to each other.
func (r repository) deleteBetween(ctx context.Context, a, b int64) error {
	const pair = "from_id = ? AND to_id = ? OR from_id = ? AND to_id = ?"
	if err := r.db.From(ctx).Where(pair, a, b, b, a).Delete(&request{}).Error; err != nil {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Where(pair, a, b, b, a).Delete(&suppressedRequest{}).Error)
}

// deleteOf deletes all friendships and requests of a person.
func (r repository) deleteOf(ctx context.Context, userID int64) error {
	if err := r.db.From(ctx).Where("user_id = ? OR friend_id = ?", userID, userID).Delete(&friendship{}).Error; err != nil {
		return db.Err(err)
	}
	for _, table := range []any{&request{}, &suppressedRequest{}} {
		if err := r.db.From(ctx).Where("from_id = ? OR to_id = ?", userID, userID).Delete(table).Error; err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// countWaitingAfter is countWaiting for the requests that are younger than a time.
func (r repository) countWaitingAfter(ctx context.Context, userID int64, after time.Time) (int, error) {
	var n int64
	err := r.db.From(ctx).Model(&request{}).Where("to_id = ? AND datetime > ?", userID, after).Count(&n).Error
	return int(n), db.Err(err)
}

// countWaiting returns how many requests a person has received and not answered.
func (r repository) countWaiting(ctx context.Context, userID int64) (int, error) {
	var n int64
	err := r.db.From(ctx).Model(&request{}).Where("to_id = ?", userID).Count(&n).Error
	return int(n), db.Err(err)
}

// The kinds of connection.
const (
	kindFriend     = "friend"
	kindReceived   = "waiting"
	kindSent       = "sent"
	kindSuppressed = "unheard"
)

// connection is a friendship or a request between a person and another one, or an
// address without an account (OtherID 0).
type connection struct {
	Datetime *time.Time
	Kind     string
	ID       int64
	OtherID  int64
	Address  *string
}

// The requests come first: SQLite takes the columns' types from there.
const requestConnectionsSQL = `SELECT datetime, 'waiting' AS kind, id, from_id AS other_id, NULL AS address FROM friendship_request WHERE to_id = ?
UNION ALL SELECT datetime, 'sent', id, to_id, address FROM friendship_request
  LEFT JOIN friendship_request_address ON request_id = id WHERE from_id = ?
UNION ALL SELECT datetime, 'unheard', id, COALESCE(to_id, 0), address FROM friendship_request_unheard WHERE from_id = ?`

const friendConnectionsSQL = `
UNION ALL SELECT NULL, 'friend', id, friend_id, NULL FROM friendship WHERE user_id = ?`

const connectionsOrder = `
ORDER BY datetime DESC, id DESC`

// connections returns all friends and requests of a person in one statement, the
// newest requests first.
func (r repository) connections(ctx context.Context, userID int64) ([]connection, error) {
	var rows []connection
	err := r.db.From(ctx).Raw(requestConnectionsSQL+friendConnectionsSQL+connectionsOrder, userID, userID, userID, userID).Scan(&rows).Error
	return rows, db.Err(err)
}

// requestConnections returns the connections that are requests.
func (r repository) requestConnections(ctx context.Context, userID int64) ([]connection, error) {
	var rows []connection
	err := r.db.From(ctx).Raw(requestConnectionsSQL+connectionsOrder, userID, userID, userID).Scan(&rows).Error
	return rows, db.Err(err)
}
