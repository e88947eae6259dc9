package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"taskstack.org/platform/storage"
)

// spooled is an upload that has arrived whole.
type spooled interface {
	io.ReadSeeker
	io.Closer
}

// memorySize is up to where an upload is collected in memory.
const memorySize = 64 << 10

// spool collects size bytes of r, in memory or in a file of dir that has no name,
// so that a crash leaves nothing. Sending begins afterwards: a server of S3 cuts a
// connection on which nothing comes for some seconds, which a slow client would
// cause, and a request that failed can only be sent again from the start.
// Errors match storage.ErrSize, or are r's own.
func spool(ctx context.Context, r io.Reader, size int64, dir string) (spooled, error) {
	// One byte more than announced shows that there is more.
	r = io.LimitReader(storage.UntilDone(ctx, r), size+1)
	if size <= memorySize {
		content, err := io.ReadAll(r)
		if err == nil && int64(len(content)) != size {
			err = fmt.Errorf("%w: %d bytes", storage.ErrSize, size)
		}
		return inMemory{bytes.NewReader(content)}, err
	}
	f, err := os.CreateTemp(dir, "upload-")
	if err != nil {
		return nil, fmt.Errorf("spool an upload: %w", err)
	}
	if err := errors.Join(os.Remove(f.Name()), fill(f, r, size)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// fill copies r to f and goes back to the start.
func fill(f *os.File, r io.Reader, size int64) error {
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = fmt.Errorf("%w: %d bytes", storage.ErrSize, size)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	return err
}

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }
