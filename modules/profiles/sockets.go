package profiles

import (
	"context"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/events"
	"taskstack.org/platform/realtime"
)

// pictureChanged is what open pages are told of somebody's new picture.
type pictureChanged struct {
	ID          int64  `json:"id"`
	PicURL      string `json:"picUrl"`
	LargePicURL string `json:"largePicUrl"`
}

// Sockets tells a person's own pages and those of their friends of a new
// picture. Boards show it when they are loaded next.
func (m *Module) Sockets(rt *realtime.Server) {
	events.After(m.kit.Bus, func(ctx context.Context, e accounts.PictureChanged) {
		payload := pictureChanged{ID: e.UserID, PicURL: e.Person.PicURL, LargePicURL: e.Person.LargePicURL}
		rt.ToUser(e.UserID, "picture_changed", payload)
		friends, err := m.friends.Of(ctx, e.UserID)
		if err != nil {
			m.kit.Log.WarnContext(ctx, "friends not told of a new picture", "error", err)
		}
		for _, f := range friends {
			rt.ToUser(f.ID, "picture_changed", payload)
		}
	})
}
