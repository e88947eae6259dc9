package s3

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
)

// HeadOf returns type, encoding and caching of an object, for tests.
func HeadOf(ctx context.Context, p *Public, name string) (string, error) {
	out, err := p.client.HeadObject(ctx, &awss3.HeadObjectInput{Bucket: &p.bucket, Key: &name})
	if err != nil {
		return "", err
	}
	return strings.Join([]string{aws.ToString(out.ContentType), aws.ToString(out.ContentEncoding), aws.ToString(out.CacheControl)}, " "), nil
}
