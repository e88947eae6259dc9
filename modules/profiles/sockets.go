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
// picture; another name may bring one, too. Boards hear it in their own order.
func (m *Module) Sockets(rt *realtime.Server) {
	tell := func(ctx context.Context, p accounts.Person) {
		payload := pictureChanged{ID: p.ID, PicURL: p.PicURL, LargePicURL: p.LargePicURL}
		rt.ToUser(p.ID, "picture_changed", payload)
		friends, err := m.friends.Of(ctx, p.ID)
		if err != nil {
			m.kit.Log.WarnContext(ctx, "friends not told of a new picture", "error", err)
		}
		for _, f := range friends {
			rt.ToUser(f.ID, "picture_changed", payload)
		}
	}
	events.After(m.kit.Bus, func(ctx context.Context, e accounts.PictureChanged) { tell(ctx, e.Person) })
	events.After(m.kit.Bus, func(ctx context.Context, e accounts.Renamed) { tell(ctx, e.Person) })
}
