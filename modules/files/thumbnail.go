package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/picture"
	"taskstack.org/platform/storage"
)

const (
	// thumbnailSuffix follows the storage key of a picture in that of its thumbnail.
	thumbnailSuffix = "-t.png"
	// thumbnailWidth is the width of a thumbnail in pixels: twice that of its place in
	// a row of the attachments.
	thumbnailWidth = 112
	// thumbnailTime bounds the making of one.
	thumbnailTime = 10 * time.Second
	// smallPicture is up to what size in bytes a picture of which there is no thumbnail
	// is shown itself.
	smallPicture = 1_000_000
)

// hasThumbnail reports whether thumbnails are made of a type.
func hasThumbnail(contentType string) bool {
	return contentType == "image/png" || contentType == "image/jpeg"
}

// Thumbnail opens the thumbnail of a picture, which the caller closes. It is made when
// it is asked for the first time, without what the picture says of place and camera.
// A small picture of which none can be made is returned itself, with its type.
//
// Errors: NotFound for another file, and for a picture that is too large or damaged;
// Unavailable while too many are being made.
func (s *Service) Thumbnail(ctx context.Context, d Download) (o storage.Object, contentType string, err error) {
	if !inline(d.ContentType) {
		return nil, "", errs.Of(errs.NotFound)
	}
	if hasThumbnail(d.ContentType) {
		o, err := s.objects.Open(ctx, d.StorageKey+thumbnailSuffix)
		if !errors.Is(err, storage.ErrNotFound) {
			return o, "image/png", err
		}
	}
	source, err := s.Open(ctx, d)
	if err != nil {
		return nil, "", err
	}
	if hasThumbnail(d.ContentType) && source.Size() <= picture.MaxBytes {
		made, err := makeThumbnail(ctx, source)
		if err == nil {
			s.keepThumbnail(ctx, d.StorageKey, made)
			return inMemory{bytes.NewReader(made), s.now()}, "image/png", source.Close()
		}
		if !errors.Is(err, picture.ErrFormat) && !errors.Is(err, picture.ErrTooLarge) {
			return nil, "", errors.Join(unavailable(err), source.Close())
		}
	}
	if source.Size() > smallPicture {
		return nil, "", errors.Join(errs.Of(errs.NotFound), source.Close())
	}
	_, err = source.Seek(0, io.SeekStart)
	return source, d.ContentType, err
}

func unavailable(err error) error {
	if errors.Is(err, picture.ErrBusy) || errors.Is(err, context.DeadlineExceeded) {
		return &errs.Error{Kind: errs.Unavailable, RetryAfter: 5 * time.Second, Cause: err}
	}
	return err
}

func makeThumbnail(ctx context.Context, source io.Reader) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, thumbnailTime)
	defer cancel()
	content, err := io.ReadAll(source)
	if err != nil {
		return nil, fmt.Errorf("read a picture: %w", err)
	}
	squares, err := picture.Squares(ctx, content, thumbnailWidth)
	if err != nil {
		return nil, err
	}
	return squares[0], nil
}

// keepThumbnail stores a thumbnail, unless its picture was deleted meanwhile. An error
// is only logged: the thumbnail is made again.
func (s *Service) keepThumbnail(ctx context.Context, source string, content []byte) {
	key := source + thumbnailSuffix
	err := s.objects.Reserve(ctx, "", objects.Reservation{Key: key})
	if err == nil {
		err = s.objects.Put(ctx, key, bytes.NewReader(content), int64(len(content)), "image/png")
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
		s.log.WarnContext(ctx, "a thumbnail was not kept", "key", key, "error", err)
	}
}

// inMemory is an object that was just made.
type inMemory struct {
	*bytes.Reader
	made time.Time
}

func (inMemory) Close() error         { return nil }
func (o inMemory) ModTime() time.Time { return o.made }
