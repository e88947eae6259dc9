package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"taskstack.org/platform/assets"
	"taskstack.org/platform/storage/s3"
	"taskstack.org/static"
)

// staticCommand publishes the bundle of the front end.
func staticCommand(ctx context.Context, in invocation) error {
	if len(in.args) == 0 || in.args[0] != "push" {
		return fmt.Errorf("%w: push is what static does", errUsage)
	}
	in.args = in.args[1:]
	if _, err := in.parse(flag.NewFlagSet("", flag.ContinueOnError), 0); err != nil {
		return err
	}
	cfg := in.cfg
	if cfg.StaticBucket == "" {
		return errors.New("TASKSTACK_STATIC_BUCKET: is needed; name the bucket that everyone may read")
	}
	bundle, err := assets.New(static.Files)
	if err != nil {
		return err
	}
	bucket, err := s3.NewPublic(ctx, s3.Options{
		Bucket: cfg.StaticBucket, Region: cfg.AWS.Region, Endpoint: cfg.S3.Endpoint,
		AccessKeyID: cfg.AWS.AccessKeyID, SecretAccessKey: cfg.AWS.SecretAccessKey, SessionToken: cfg.AWS.SessionToken,
	})
	if err != nil {
		return err
	}
	p, err := bundle.Publish(ctx, bucket, version, time.Now())
	if err != nil {
		return fmt.Errorf("%w\nRun the command again to go on; servers do not use what is missing before they are started", err)
	}
	_, err = fmt.Fprintf(in.out, "%d files written, %d were there, %d old ones deleted.\n", p.Written, p.Kept, p.Deleted)
	if err == nil && cfg.StaticURL == "" {
		_, err = fmt.Fprintln(in.out, "TASKSTACK_STATIC_URL is not set: servers go on delivering these files themselves.")
	}
	return err
}
