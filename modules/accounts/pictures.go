package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
	"taskstack.org/platform/picture"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/storage"
)

// Widths of a picture, in pixels (contract, http.md section 10).
const (
	largePicture = 280
	smallPicture = 50
)

const (
	// picturePath is the path of uploaded pictures; the object's key follows.
	picturePath = "/avatars/"
	largeSuffix = ".png"
	smallSuffix = "-s.png"
	// orphanAge is how old an unused picture must be before the sweep deletes
	// it: much older than any upload lasts.
	orphanAge = 24 * time.Hour
	// sweepBatch is how many pictures one statement looks up.
	sweepBatch = 500
)

// pictureKey is the form of the keys of uploaded pictures, which differs from
// that of other modules' objects.
var pictureKey = regexp.MustCompile(`\A[0-9a-f]{32}(-s)?\.png\z`)

// pictures stores and deletes uploaded pictures, each in two sizes.
type pictures struct {
	db      *db.DB
	repo    repository
	objects *objects.Store
	limit   *ratelimit.Limiter
	refused *refused.Counter
}

// store makes both sizes of an uploaded file and stores them. It returns the key
// they share, which is empty without a file.
func (p *pictures) store(ctx context.Context, by Actor, file []byte) (key string, err error) {
	if file == nil {
		return "", nil
	}
	if err := take(p.limit, by.UserID); err != nil {
		return "", err
	}
	squares, err := picture.Squares(ctx, file, largePicture, smallPicture)
	switch {
	case errors.Is(err, picture.ErrBusy):
		p.refused.Add(ctx, "pictures_waiting")
		return "", &errs.Error{Kind: errs.Unavailable, RetryAfter: 5 * time.Second, Cause: err}
	case errors.Is(err, picture.ErrTooLarge):
		return "", errs.Field("newProfilePic", "accounts.profile.pictureTooLarge")
	case errors.Is(err, picture.ErrFormat):
		return "", errs.Field("newProfilePic", "accounts.profile.noPicture")
	case err != nil:
		return "", fmt.Errorf("make a picture: %w", err)
	}
	key = storage.NewKey()
	keys := keysOf(key)
	if err := p.objects.Reserve(ctx, "", objects.Reservation{Key: keys[0]}, objects.Reservation{Key: keys[1]}); err != nil {
		return "", err
	}
	for i := range keys {
		if err := p.objects.Put(ctx, keys[i], bytes.NewReader(squares[i]), int64(len(squares[i])), "image/png"); err != nil {
			p.objects.Discard(ctx, keys...)
			return "", fmt.Errorf("store a picture: %w", err)
		}
	}
	return key, nil
}

// keysOf returns the keys of both sizes of a picture.
func keysOf(key string) []string { return []string{key + largeSuffix, key + smallSuffix} }

// open opens an uploaded picture by the last part of its address; the caller
// closes it. Pictures are public to everyone who has the address. NotFound if
// there is none.
func (p *pictures) open(ctx context.Context, key string) (storage.Object, error) {
	if !pictureKey.MatchString(key) {
		return nil, errs.Of(errs.NotFound)
	}
	o, err := p.objects.Open(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, errs.Because(errs.NotFound, err)
	}
	return o, err
}

// export writes an uploaded picture to an archive.
func (p *pictures) export(ctx context.Context, url string, to Exporter) (err error) {
	key, ok := strings.CutPrefix(url, picturePath)
	if !ok {
		return nil
	}
	o, err := p.objects.Open(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return to.File("picture.png", o)
}

// delete deletes both sizes of an uploaded picture once the transaction has
// committed.
func (p *pictures) delete(ctx context.Context, largeURL string) error {
	key, ok := strings.CutPrefix(largeURL, picturePath)
	if !ok {
		return nil
	}
	return p.objects.Delete(ctx, keysOf(strings.TrimSuffix(key, largeSuffix))...)
}

// sweep deletes uploaded pictures older than a day that no person has, and
// returns how many: those that were stored before objects were accounted for, or that
// a restored database does not know.
func (p *pictures) sweep(ctx context.Context) (removed int, err error) {
	var batch []string
	flush := func() error {
		n, err := p.deleteOrphans(ctx, batch)
		removed += n
		batch = batch[:0]
		return err
	}
	oldest := p.db.Now(ctx).Add(-orphanAge)
	err = p.objects.List(ctx, "", func(o storage.Info) error {
		isLarge := pictureKey.MatchString(o.Key) && !strings.HasSuffix(o.Key, smallSuffix)
		if !isLarge || o.ModTime.After(oldest) {
			return nil
		}
		if batch = append(batch, picturePath+o.Key); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return removed, err
}

func (p *pictures) deleteOrphans(ctx context.Context, urls []string) (int, error) {
	if len(urls) == 0 {
		return 0, nil
	}
	used, err := p.repo.usedPictures(ctx, urls)
	if err != nil {
		return 0, err
	}
	orphans := slices.DeleteFunc(urls, func(url string) bool { return used[url] })
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		for _, url := range orphans {
			if err := p.delete(ctx, url); err != nil {
				return err
			}
		}
		return nil
	})
	return len(orphans), err
}
