package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"taskstack.org/platform/config"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/storage/s3"
)

// openStorage opens the configured storage of uploaded files. The caller closes it.
func openStorage(ctx context.Context, cfg *config.Config) (storage.Storage, io.Closer, error) {
	return openStorageOf(ctx, cfg, cfg.Storage)
}

// openStorageOf opens a kind of storage, whichever is the one in use.
func openStorageOf(ctx context.Context, cfg *config.Config, kind string) (storage.Storage, io.Closer, error) {
	if kind == config.StorageDir {
		dir, err := storage.NewDir(cfg.UploadsDir())
		return dir, dir, err
	}
	bucket, err := s3.New(ctx, s3.Options{
		Bucket: cfg.S3.Bucket, Region: cfg.AWS.Region, Endpoint: cfg.S3.Endpoint, SpoolDir: cfg.DataDir,
		AccessKeyID: cfg.AWS.AccessKeyID, SecretAccessKey: cfg.AWS.SecretAccessKey, SessionToken: cfg.AWS.SessionToken,
		Encryption: cfg.S3.Encryption, KMSKeyID: cfg.S3.KMSKey, StorageClass: cfg.S3.StorageClass,
	})
	if err != nil {
		return nil, nil, err
	}
	if cfg.S3.Delivery == config.DeliverProxy {
		return proxied{bucket}, io.NopCloser(nil), nil
	}
	return bucket, io.NopCloser(nil), nil
}

// proxied is a storage without links to the bucket.
type proxied struct{ storage.Storage }

// moveFiles copies all uploaded files into the other kind of storage. The server may
// go on meanwhile: a file never changes under its key, and what is uploaded later is
// copied when the command is run again.
func moveFiles(ctx context.Context, in invocation, log *slog.Logger, kind string) (err error) {
	if kind != config.StorageDir && kind != config.StorageS3 {
		return fmt.Errorf("%w: --files-to is %s or %s", errUsage, config.StorageDir, config.StorageS3)
	}
	if kind == in.cfg.Storage {
		return fmt.Errorf("the files are in %s already: TASKSTACK_STORAGE is what they are copied from", kind)
	}
	if in.cfg.S3.Bucket == "" {
		return errors.New("TASKSTACK_S3_BUCKET: is needed; name the bucket for uploads")
	}
	from, closeFrom, err := openStorage(ctx, in.cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFrom.Close()) }()
	to, closeTo, err := openStorageOf(ctx, in.cfg, kind)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeTo.Close()) }()
	sum, err := storage.Copy(ctx, from, to, func(done storage.Copied) {
		if done.Files%1000 == 0 {
			log.InfoContext(ctx, "copying files", "compared", done.Files, "copied", done.New)
		}
	})
	if err != nil {
		return fmt.Errorf("%w\n%d files are there and equal; run the command again to go on", err, sum.Files)
	}
	_, err = fmt.Fprintf(in.out, "%d files (%d MB) are in %s and equal, %d of them copied now.\nSet TASKSTACK_STORAGE=%s and restart the server, then run the command again for what was uploaded meanwhile. The old files were not changed.\n",
		sum.Files, sum.Bytes>>20, kind, sum.New, kind)
	return err
}
