package files

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/picture"
	"taskstack.org/platform/text"
)

// maxDescription is the maximum length of the description of a picture in characters.
const maxDescription = 512

// measuredBytes is how much of a picture is read for its width and height: what comes
// before the pixels, with the thumbnails that cameras add.
const measuredBytes = 256 << 10

// Picture is what clients get of an attachment beside its name and URL.
type Picture struct {
	// Width and Height are those of the picture, upright, in pixels; 0 if it is none
	// or they are not known.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Version changes with the content, under the same URL.
	Version string `json:"version,omitempty"`
	// Text says what the picture shows.
	Text string `json:"text,omitempty"`
}

// Pictures are the pictures among the files of a list or card, by file name. 2.x clients
// do not know them.
type Pictures map[string]Picture

// PicturesOf returns what is known of files; nil if nothing is.
func PicturesOf(all []View) Pictures {
	var known Pictures
	for _, f := range all {
		if f.Picture == (Picture{}) {
			continue
		}
		if known == nil {
			known = Pictures{}
		}
		known[f.Name] = f.Picture
	}
	return known
}

// Descriptions returns what the pictures among files show, by file name; nil if none of
// them has a description.
func Descriptions(all []View) map[string]string {
	var texts map[string]string
	for _, f := range all {
		if f.Picture.Text == "" {
			continue
		}
		if texts == nil {
			texts = map[string]string{}
		}
		texts[f.Name] = f.Picture.Text
	}
	return texts
}

// picture returns what clients get of a row.
func (a attachment) picture() Picture {
	p := Picture{Text: a.Description}
	if a.StorageKey != nil && a.Width != nil && a.Height != nil {
		p.Width, p.Height, p.Version = *a.Width, *a.Height, versionOf(*a.StorageKey)
	}
	return p
}

// versionOf is short, and differs for the contents that one file had.
func versionOf(storageKey string) string { return storageKey[:min(len(storageKey), 8)] }

// measure returns the width and height of the picture that is stored under a key; nil
// if it is none that can be read, which is no error.
func (s *Service) measure(ctx context.Context, key, contentType string) (width, height *int) {
	if !hasThumbnail(contentType) {
		return nil, nil
	}
	o, err := s.objects.Open(ctx, key)
	if err != nil {
		s.log.WarnContext(ctx, "a picture was not measured", "key", key, "error", err)
		return nil, nil
	}
	head := make([]byte, min(o.Size(), measuredBytes))
	_, err = io.ReadFull(o, head)
	if err := errors.Join(err, o.Close()); err != nil {
		s.log.WarnContext(ctx, "a picture was not measured", "key", key, "error", err)
		return nil, nil
	}
	w, h, err := picture.Measure(head)
	if err != nil {
		s.log.DebugContext(ctx, "a picture has no size", slog.String("key", key), slog.Any("error", err))
		return nil, nil
	}
	return &w, &h
}

// PrepareCover makes the picture that stands for a file on its card, unless it is made
// already. It is called before the transaction that shows it, since it takes seconds.
//
// Errors: NotFound for a file that the card does not have, Invalid with the field file
// for one of which no cover can be made, Unavailable while too many are being made.
func (s *Service) PrepareCover(ctx context.Context, cardID int64, name string) error {
	a, err := s.named(ctx, Owner{Kind: OfCard, ID: cardID}, name)
	if err != nil {
		return err
	}
	if a.StorageKey == nil || a.ContentType == nil {
		return errs.Field("file", "files.error.noCover", "Name", name)
	}
	o, _, err := s.derived(ctx, Download{Name: a.Name, ContentType: *a.ContentType, StorageKey: *a.StorageKey}, cover)
	if errs.KindOf(err) == errs.NotFound {
		return errs.Field("file", "files.error.noCover", "Name", name)
	}
	if err != nil {
		return err
	}
	if err := o.Close(); err != nil || a.Width != nil {
		return err
	}
	// A file from before pictures were measured.
	width, height := s.measure(ctx, *a.StorageKey, *a.ContentType)
	if width == nil {
		return errs.Field("file", "files.error.noCover", "Name", name)
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.resize(ctx, OfCard, a.ID, *a.StorageKey, *width, *height)
	})
}

// named returns the file of a list or card with a name. Errors: NotFound.
func (s *Service) named(ctx context.Context, owner Owner, name string) (attachment, error) {
	rows, err := s.repo.of(ctx, owner.Kind, []int64{owner.ID})
	if err != nil {
		return attachment{}, err
	}
	for _, a := range rows {
		if a.Name == name {
			return a, nil
		}
	}
	return attachment{}, errs.Of(errs.NotFound)
}

// Describe says what a picture of a list or card shows; "" for nothing.
//
// Errors: those of projects.Record, Invalid with the field text, NotFound for a list or
// card that is not on the board and for a file that it does not have.
func (s *Service) Describe(ctx context.Context, r projects.Request, owner Owner, name, description string) (rev int64, err error) {
	description = strings.TrimSpace(text.Line(description))
	switch text.ProblemOfLine(description, maxDescription) {
	case text.NoProblem, text.Invisible:
	case text.TooLong, text.Unstorable:
		return 0, errs.Field("text", "files.error.description", "Max", maxDescription)
	}
	return s.projects.Record(ctx, r, projects.Write, func(ctx context.Context, in *projects.Change) ([]projects.Event, error) {
		location, err := s.locate(ctx, owner)
		if err != nil {
			return nil, err
		}
		if location.ProjectID != in.ID || location.Removed {
			return nil, errs.Of(errs.NotFound)
		}
		a, err := s.named(ctx, owner, name)
		if err != nil || a.Description == description {
			return nil, err
		}
		if err := s.repo.describe(ctx, owner.Kind, a.ID, description); err != nil {
			return nil, err
		}
		all, err := s.Of(ctx, owner.Kind, []int64{owner.ID})
		return []projects.Event{picturesChanged(owner, all[owner.ID])}, err
	})
}
