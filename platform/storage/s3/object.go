package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"taskstack.org/platform/storage"
)

// smallSize is up to where an object is read whole when it is opened: avatars,
// thumbnails and most documents then cost one request, whatever is sought.
const smallSize = 64 << 10

// Open implements storage.Storage. A large object is read from one response as
// long as it is read in order; a Seek begins another, which fails if the object
// was replaced or deleted meanwhile.
func (s *Storage) Open(ctx context.Context, key string) (storage.Object, error) {
	if err := storage.CheckKey(key); err != nil {
		return nil, err
	}
	got, err := s.client.GetObject(ctx, &awss3.GetObjectInput{Bucket: &s.o.Bucket, Key: &key})
	if isMissing(err) {
		return nil, fmt.Errorf("%w: %s", storage.ErrNotFound, key)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	size, modified := aws.ToInt64(got.ContentLength), aws.ToTime(got.LastModified)
	if size > smallSize {
		return &object{ctx: ctx, s: s, key: key, etag: aws.ToString(got.ETag), size: size, modified: modified, body: got.Body}, nil
	}
	content, err := io.ReadAll(got.Body)
	if err := errors.Join(err, got.Body.Close()); err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	return small{Reader: bytes.NewReader(content), modified: modified}, nil
}

// small is an object that is in memory.
type small struct {
	*bytes.Reader
	modified time.Time
}

func (small) Close() error         { return nil }
func (o small) ModTime() time.Time { return o.modified }

// object is an open object that is read from the bucket.
type object struct {
	ctx       context.Context // of Open: io.Reader has no other way.
	s         *Storage
	key, etag string
	size      int64
	modified  time.Time

	offset   int64 // of the next Read
	body     io.ReadCloser
	position int64 // of body
}

func (o *object) Size() int64        { return o.size }
func (o *object) ModTime() time.Time { return o.modified }

// Seek implements io.Seeker. Nothing is requested before the next Read.
func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.offset
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start of an object")
	}
	o.offset = offset
	return offset, nil
}

// Read implements io.Reader.
func (o *object) Read(p []byte) (int, error) {
	if o.offset >= o.size {
		return 0, io.EOF
	}
	if err := o.seekBody(); err != nil {
		return 0, err
	}
	n, err := o.body.Read(p)
	o.offset += int64(n)
	o.position = o.offset
	if errors.Is(err, io.EOF) && o.offset < o.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// seekBody makes body one that begins at offset.
func (o *object) seekBody() error {
	if o.body != nil && o.position == o.offset {
		return nil
	}
	if err := o.Close(); err != nil {
		return err
	}
	got, err := o.s.client.GetObject(o.ctx, &awss3.GetObjectInput{
		Bucket: &o.s.o.Bucket, Key: &o.key, IfMatch: &o.etag, Range: aws.String(fmt.Sprintf("bytes=%d-", o.offset)),
	})
	if err != nil {
		return fmt.Errorf("read %s from byte %d: %w", o.key, o.offset, err)
	}
	o.body, o.position = got.Body, o.offset
	return nil
}

// Close ends the response that is being read.
func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	err := o.body.Close()
	o.body = nil
	return err
}
