package cards

import (
	"context"
	"net/url"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/picture"
)

// coverAmong returns the name of the file that is the card's cover, as long as it is
// attached and a picture that can be shown; "" for none.
func (c Card) coverAmong(attached []files.View) string {
	if c.ImgURL == nil {
		return ""
	}
	for _, f := range attached {
		if f.Path == *c.ImgURL && f.Picture.Width > 0 {
			return f.Name
		}
	}
	return ""
}

// CoverPicture is the cover of a card as templates show it: where it is loaded from, its
// size, so that nothing moves when it comes, and what it shows.
type CoverPicture struct {
	Src           string
	Width, Height int
	Text          string
}

// CoverPicture returns the cover of a card; nil for none. static/js/cards/cover.js makes
// the same of the same data.
func (v View) CoverPicture() *CoverPicture {
	i := slices.IndexFunc(v.Files, func(f files.View) bool { return f.Name == v.Cover })
	if v.Cover == "" || i < 0 {
		return nil
	}
	f := v.Files[i]
	return &CoverPicture{
		Src: f.Path + "/" + url.PathEscape(f.Name) + "?cover=" + f.Picture.Version, Width: f.Picture.Width,
		Height: picture.CoverHeight(f.Picture.Width, f.Picture.Height), Text: f.Picture.Text,
	}
}

// SetCover shows a picture among a card's files on the card; "" shows none.
//
// Errors: those of projects.Record, NotFound for a card that is not on the board and for
// a file that it does not have, Invalid with the field file for a file that cannot be
// shown, Unavailable while too many pictures are being made.
func (s *Service) SetCover(ctx context.Context, r projects.Request, id int64, name string) (rev int64, err error) {
	if name != "" {
		if err := s.prepareCover(ctx, r, id, name); err != nil {
			return 0, err
		}
	}
	return s.boards.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		c, err := s.OnBoard(ctx, in.ID, id)
		if err != nil {
			return nil, err
		}
		all, err := s.files.Of(ctx, files.OfCard, []int64{id})
		if err != nil {
			return nil, err
		}
		attached := all[id]
		if name == c.coverAmong(attached) {
			return nil, nil
		}
		c.ImgURL = nil
		if i := slices.IndexFunc(attached, func(f files.View) bool { return f.Name == name }); i >= 0 {
			c.ImgURL = &attached[i].Path
		}
		if name != c.coverAmong(attached) {
			return nil, errs.Of(errs.NotFound) // removed or replaced meanwhile
		}
		if err := s.repo.setCover(ctx, id, c.ImgURL, in.Rev+1); err != nil {
			return nil, err
		}
		return []projects.Event{coverChanged(id, name, attached)}, s.bus.Publish(ctx, coverHappened(in, c, name, r.By))
	})
}

// prepareCover makes the picture, for those who may change the board.
func (s *Service) prepareCover(ctx context.Context, r projects.Request, id int64, name string) error {
	if _, err := s.boards.Require(ctx, r.By, r.ProjectID, projects.Write); err != nil {
		return err
	}
	if _, err := s.OnBoard(ctx, r.ProjectID, id); err != nil {
		return err
	}
	return s.files.PrepareCover(ctx, id, name)
}

// coveredCard are the details of a change of a cover in the history.
type coveredCard struct {
	File string `json:"file"`
}

func coverHappened(in *projects.Change, c Placed, name string, by accounts.Actor) projects.Happened {
	return projects.Happened{
		ProjectID: in.ID, Rev: in.NextRev(), Kind: "cards.cover", ID: c.ID, Name: c.Name, Subject: projects.CardSubject, Details: coveredCard{name}, By: by,
	}
}

// dropCover forgets the cover of a card if its file was removed.
func (s *Service) dropCover(ctx context.Context, c Card, applied files.Applied, rev int64) error {
	if c.ImgURL == nil || !slices.Contains(applied.RemovedPaths, *c.ImgURL) {
		return nil
	}
	return s.repo.setCover(ctx, c.ID, nil, rev)
}
