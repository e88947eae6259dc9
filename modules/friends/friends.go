// Package friends knows who is a friend of whom.
//
// Table owned: friendship, one row per direction. It publishes no events yet
// and has no page of its own; requests and lists of friends join it here.
package friends

import (
	"context"

	"taskstack.org/platform/db"
	"taskstack.org/platform/module"
)

// Module is the friends module.
type Module struct{ repo repository }

// New wires the module.
func New(k module.Kit) *Module { return &Module{repo: repository{k.DB}} }

// Name is the folder's name.
func (m *Module) Name() string { return "friends" }

// AreFriends tells whether two people are friends of each other. Nobody is a
// friend of somebody who is not signed in (id 0).
func (m *Module) AreFriends(ctx context.Context, a, b int64) (bool, error) {
	if a == 0 || b == 0 {
		return false, nil
	}
	return m.repo.exists(ctx, a, b)
}

type repository struct{ db *db.DB }

func (r repository) exists(ctx context.Context, userID, friendID int64) (bool, error) {
	var n int64
	err := r.db.From(ctx).Table("friendship").Where("user_id = ? AND friend_id = ?", userID, friendID).Count(&n).Error
	return n > 0, err
}

var _ module.Module = (*Module)(nil)
