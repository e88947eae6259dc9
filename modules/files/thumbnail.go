package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/picture"
	"taskstack.org/platform/storage"
)

// variant is a small picture that is made of an attached one.
type variant struct {
	// suffix follows the storage key of the picture in that of the variant.
	suffix string
	make   func(ctx context.Context, file []byte) ([]byte, error)
}

var ( // constant
	// thumbnail is for the rows of attachments: a square, twice as wide as its place.
	thumbnail = variant{"-t.png", func(ctx context.Context, file []byte) ([]byte, error) {
		squares, err := picture.Squares(ctx, file, 112)
		if err != nil {
			return nil, err
		}
		return squares[0], nil
	}}
	// cover is for cards, twice as wide as they are.
	cover = variant{"-c", func(ctx context.Context, file []byte) ([]byte, error) { return picture.Cover(ctx, file, 544) }}
)

const (
	// variantTime bounds the making of one.
	variantTime = 10 * time.Second
	// smallPicture is up to what size in bytes a picture of which there is no thumbnail
	// is shown itself.
	smallPicture = 1_000_000
)

// hasThumbnail reports whether thumbnails are made of a type.
func hasThumbnail(contentType string) bool {
	return contentType == "image/png" || contentType == "image/jpeg" || contentType == "image/webp"
}

// Thumbnail opens the thumbnail of a picture, which the caller closes. It is made when
// it is asked for the first time, without what the picture says of place and camera.
// A small picture of which none can be made is returned itself, with its type.
//
// Errors: NotFound for another file, and for a picture that is too large or damaged;
// Unavailable while too many are being made.
func (s *Service) Thumbnail(ctx context.Context, d Download) (o storage.Object, contentType string, err error) {
	return s.derivedOrItself(ctx, d, thumbnail)
}

// Preview opens what shows a picture among other things, as wide as a cover, which the
// caller closes. Results are those of Thumbnail.
func (s *Service) Preview(ctx context.Context, d Download) (o storage.Object, contentType string, err error) {
	return s.derivedOrItself(ctx, d, cover)
}

// derivedOrItself opens a variant of a picture, or a small picture of which there is none.
func (s *Service) derivedOrItself(ctx context.Context, d Download, v variant) (o storage.Object, contentType string, err error) {
	o, contentType, err = s.derived(ctx, d, v)
	if errs.KindOf(err) != errs.NotFound || !inline(d.ContentType) {
		return o, contentType, err
	}
	source, err := s.Open(ctx, d)
	if err != nil {
		return nil, "", err
	}
	if source.Size() > smallPicture {
		return nil, "", errors.Join(errs.Of(errs.NotFound), source.Close())
	}
	return source, d.ContentType, nil
}

// Cover opens the picture that stands for an attached one on its card, which the caller
// closes. Errors: NotFound if none can be made; Unavailable while too many are being made.
func (s *Service) Cover(ctx context.Context, d Download) (o storage.Object, contentType string, err error) {
	return s.derived(ctx, d, cover)
}

// derived opens a variant of a picture, which is made and kept if there is none yet.
// Errors: NotFound if none can be made; Unavailable while too many are being made.
func (s *Service) derived(ctx context.Context, d Download, v variant) (storage.Object, string, error) {
	if !hasThumbnail(d.ContentType) {
		return nil, "", errs.Of(errs.NotFound)
	}
	o, err := s.objects.Open(ctx, d.StorageKey+v.suffix)
	if err == nil {
		return typed(o)
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return nil, "", err
	}
	source, err := s.Open(ctx, d)
	if err != nil {
		return nil, "", err
	}
	made, err := makeVariant(ctx, source, v)
	if err := errors.Join(err, source.Close()); err != nil {
		return nil, "", refusalOf(err)
	}
	s.keepVariant(ctx, d.StorageKey, v, made)
	return typed(inMemory{bytes.NewReader(made), s.now()})
}

// typed returns a variant with its content type, which its first bytes say.
func typed(o storage.Object) (storage.Object, string, error) {
	first := make([]byte, min(o.Size(), sniffed))
	_, err := io.ReadFull(o, first)
	if err == nil {
		_, err = o.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, "", errors.Join(err, o.Close())
	}
	return o, http.DetectContentType(first), nil
}

// refusalOf returns the kind of error of a picture that was not made.
func refusalOf(err error) error {
	if errors.Is(err, picture.ErrFormat) || errors.Is(err, picture.ErrTooLarge) {
		return errs.Because(errs.NotFound, err)
	}
	return unavailable(err)
}

func unavailable(err error) error {
	if errors.Is(err, picture.ErrBusy) || errors.Is(err, context.DeadlineExceeded) {
		return &errs.Error{Kind: errs.Unavailable, RetryAfter: 5 * time.Second, Cause: err}
	}
	return err
}

func makeVariant(ctx context.Context, source storage.Object, v variant) ([]byte, error) {
	if source.Size() > picture.MaxBytes {
		return nil, picture.ErrTooLarge
	}
	ctx, cancel := context.WithTimeout(ctx, variantTime)
	defer cancel()
	content := make([]byte, source.Size())
	if _, err := io.ReadFull(source, content); err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	return v.make(ctx, content)
}

// keepVariant stores a variant, unless its picture was deleted meanwhile. An error is
// only logged: it is made again.
func (s *Service) keepVariant(ctx context.Context, source string, v variant, content []byte) {
	key := source + v.suffix
	err := s.objects.Reserve(ctx, "", objects.Reservation{Key: key})
	if err == nil {
		err = s.objects.Put(ctx, key, bytes.NewReader(content), int64(len(content)), http.DetectContentType(content))
	}
	if err == nil {
		err = s.db.InTx(ctx, func(ctx context.Context) error {
			used, err := s.repo.lockKey(ctx, source)
			if err != nil {
				return err
			}
			if !used {
				return s.objects.Delete(ctx, key)
			}
			return s.objects.Use(ctx, key)
		})
	}
	if err != nil {
		s.log.WarnContext(ctx, "a small picture was not kept", "key", key, "error", err)
	}
}

// inMemory is an object that was just made.
type inMemory struct {
	*bytes.Reader
	made time.Time
}

func (inMemory) Close() error         { return nil }
func (o inMemory) ModTime() time.Time { return o.made }
