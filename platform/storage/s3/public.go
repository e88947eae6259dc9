package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"taskstack.org/platform/assets"
)

// Public is a bucket that everyone may read, for the bundle of the front end
// (assets.Bucket). That everyone may read it is a policy of the bucket: no object
// gets an ACL.
type Public struct {
	client *awss3.Client
	bucket string
}

// NewPublic returns the bucket of Options; those about uploads do not count.
func NewPublic(ctx context.Context, o Options) (*Public, error) {
	client, err := newClient(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Public{client, o.Bucket}, nil
}

// Names implements assets.Bucket.
func (p *Public) Names(ctx context.Context) (map[string]bool, error) {
	names := map[string]bool{}
	pages := awss3.NewListObjectsV2Paginator(p.client, &awss3.ListObjectsV2Input{Bucket: &p.bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the bucket %s: %w", p.bucket, err)
		}
		for _, o := range page.Contents {
			names[aws.ToString(o.Key)] = true
		}
	}
	return names, nil
}

// Read implements assets.Bucket.
func (p *Public) Read(ctx context.Context, name string) (data []byte, ok bool, err error) {
	out, err := p.client.GetObject(ctx, &awss3.GetObjectInput{Bucket: &p.bucket, Key: &name})
	if err != nil {
		if isMissing(err) {
			return nil, false, nil
		}
		return nil, false, fmt.Errorf("read %s: %w", name, err)
	}
	data, err = io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, false, fmt.Errorf("read %s: %w", name, err)
	}
	return data, true, nil
}

// Write implements assets.Bucket.
func (p *Public) Write(ctx context.Context, o assets.Object) error {
	in := &awss3.PutObjectInput{
		Bucket: &p.bucket, Key: &o.Name, Body: bytes.NewReader(o.Data), ContentLength: aws.Int64(int64(len(o.Data))),
		ContentType: &o.ContentType, CacheControl: &o.CacheControl,
	}
	if o.Encoding != "" {
		in.ContentEncoding = &o.Encoding
	}
	if _, err := p.client.PutObject(ctx, in); err != nil {
		return fmt.Errorf("write %s: %w", o.Name, err)
	}
	return nil
}

// Delete implements assets.Bucket.
func (p *Public) Delete(ctx context.Context, name string) error {
	if _, err := p.client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: &p.bucket, Key: &name}); err != nil {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	return nil
}

var _ assets.Bucket = (*Public)(nil)
