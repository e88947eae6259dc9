// Package s3 is the storage in a bucket of Amazon S3 or of a server that speaks
// its protocol. The bucket stays private: no object gets an ACL.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"taskstack.org/platform/storage"
)

// Options say which bucket of which account files are kept in.
type Options struct {
	Bucket, Region string
	// The keys; empty where the machine's role gives access.
	AccessKeyID, SecretAccessKey, SessionToken string
	// Endpoint replaces Amazon's address. The bucket is then part of the path
	// instead of the host's name, which most other servers need.
	Endpoint string
	// Encryption is the x-amz-server-side-encryption of new objects, AES256 or
	// aws:kms; empty leaves it to the bucket. KMSKeyID chooses the key of aws:kms.
	Encryption, KMSKeyID string
	// StorageClass of new objects, such as STANDARD_IA; empty leaves it to the bucket.
	StorageClass string
	// SpoolDir is where an upload is collected before it is sent.
	SpoolDir string
	// Silence is how long a connection may stand still; 0 means 30 s.
	Silence time.Duration
}

// Storage is a storage.Storage in a bucket.
type Storage struct {
	client  *awss3.Client
	presign *awss3.PresignClient
	o       Options
}

// attempts is how often a request is sent in all when the server fails, with
// the pauses of the SDK between them.
const attempts = 4

// New returns the storage; the bucket is first asked when it is used.
func New(ctx context.Context, o Options) (*Storage, error) {
	client, err := newClient(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Storage{client: client, presign: awss3.NewPresignClient(client), o: o}, nil
}

func newClient(ctx context.Context, o Options) (*awss3.Client, error) {
	load := []func(*awsconfig.LoadOptions) error{
		awsconfig.WithRegion(o.Region),
		awsconfig.WithRetryMaxAttempts(attempts),
		awsconfig.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(impatient(o.Silence))),
	}
	if o.AccessKeyID != "" {
		load = append(load, awsconfig.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(o.AccessKeyID, o.SecretAccessKey, o.SessionToken)))
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("set up S3: %w", err)
	}
	return awss3.NewFromConfig(cfg, func(c *awss3.Options) {
		// Objects of other programs have no checksum; that is no news.
		c.DisableLogOutputChecksumValidationSkipped = true
		if o.Endpoint != "" {
			c.BaseEndpoint, c.UsePathStyle = aws.String(o.Endpoint), true
		}
	}), nil
}

// Put implements storage.Storage.
func (s *Storage) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := storage.CheckKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	body, err := spool(ctx, r, size, s.o.SpoolDir)
	if err == nil {
		err = errors.Join(s.put(ctx, key, body, size, contentType), body.Close())
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

func (s *Storage) put(ctx context.Context, key string, body io.ReadSeeker, size int64, contentType string) error {
	in := &awss3.PutObjectInput{
		Bucket: &s.o.Bucket, Key: &key, Body: body, ContentLength: &size,
		ServerSideEncryption: types.ServerSideEncryption(s.o.Encryption),
		StorageClass:         types.StorageClass(s.o.StorageClass),
	}
	if contentType != "" {
		in.ContentType = &contentType
	}
	if s.o.KMSKeyID != "" {
		in.SSEKMSKeyId = &s.o.KMSKeyID
	}
	_, err := s.client.PutObject(ctx, in)
	return err
}

// Delete implements storage.Storage. It goes on after a failure and reports all.
func (s *Storage) Delete(ctx context.Context, keys ...string) error {
	var failed []error
	for _, key := range keys {
		err := storage.CheckKey(key)
		if err == nil {
			// One at a time: DeleteObjects is missing in some servers, and what is
			// deleted at once is the few files of one card.
			_, err = s.client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: &s.o.Bucket, Key: &key})
		}
		if err != nil && !isMissing(err) {
			failed = append(failed, fmt.Errorf("delete %s: %w", key, err))
		}
	}
	return errors.Join(failed...)
}

// List implements storage.Storage.
func (s *Storage) List(ctx context.Context, prefix string, fn func(storage.Info) error) error {
	pages := awss3.NewListObjectsV2Paginator(s.client, &awss3.ListObjectsV2Input{Bucket: &s.o.Bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the bucket %s: %w", s.o.Bucket, err)
		}
		for _, o := range page.Contents {
			// The bucket may hold objects of others.
			if storage.CheckKey(aws.ToString(o.Key)) != nil {
				continue
			}
			if err := fn(storage.Info{Key: *o.Key, Size: aws.ToInt64(o.Size), ModTime: aws.ToTime(o.LastModified)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkKey is the object that Check writes; not in the form of a file's key, so
// that no list shows it.
const checkKey = "taskstack-check"

// Check implements storage.Storage by writing and removing an object.
func (s *Storage) Check(ctx context.Context) error {
	content := "check"
	err := s.put(ctx, checkKey, strings.NewReader(content), int64(len(content)), "text/plain")
	if err == nil {
		_, err = s.client.DeleteObject(ctx, &awss3.DeleteObjectInput{Bucket: &s.o.Bucket, Key: aws.String(checkKey)})
	}
	if err != nil {
		return fmt.Errorf("bucket %s cannot be written to: %w", s.o.Bucket, err)
	}
	return nil
}

// Link returns an address that a browser can read the object at for the time
// given, with the headers given, without asking this server again.
func (s *Storage) Link(ctx context.Context, key, contentType, disposition string, valid time.Duration) (string, error) {
	if err := storage.CheckKey(key); err != nil {
		return "", err
	}
	signed, err := s.presign.PresignGetObject(ctx, &awss3.GetObjectInput{
		Bucket: &s.o.Bucket, Key: &key,
		ResponseContentType: &contentType, ResponseContentDisposition: &disposition,
		ResponseCacheControl: aws.String("private, no-store"),
	}, awss3.WithPresignExpires(valid))
	if err != nil {
		return "", fmt.Errorf("sign a link to %s: %w", key, err)
	}
	return signed.URL, nil
}

// isMissing reports whether an error says that the object does not exist.
func isMissing(err error) bool {
	var missing *types.NoSuchKey
	return errors.As(err, &missing)
}
