package profiles

import (
	"context"

	"taskstack.org/modules/accounts"
)

// pictureChanged is the payload of picture_changed.
type pictureChanged struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	PicURL      string `json:"picUrl"`
	LargePicURL string `json:"largePicUrl"`
}

// deliverPicture sends a new picture or display name to a person's own pages and those of their friends;
// a rename may change the picture, too. Boards get it as an event of their own.
func (m *Module) deliverPicture(ctx context.Context, p accounts.Person) error {
	friends, err := m.friends.Of(ctx, p.ID)
	if err != nil {
		return err
	}
	ids := []int64{p.ID}
	for _, f := range friends {
		ids = append(ids, f.ID)
	}
	return m.accounts.Deliver(ctx, "picture_changed", pictureChanged{
		ID: p.ID, Name: p.Name, DisplayName: p.DisplayName, PicURL: p.PicURL, LargePicURL: p.LargePicURL,
	}, ids...)
}
