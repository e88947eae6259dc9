package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/storage"
)

// TestMoveFiles: an operator fills a bucket from the data folder, goes on after it was
// cut off, finds out what is damaged, and comes back.
func TestMoveFiles(t *testing.T) {
	bucket := testenv.S3(t)
	data := t.TempDir()
	for name, value := range map[string]string{
		"TASKSTACK_DATA_DIR": data, "TASKSTACK_BCRYPT_COST": "4", "TASKSTACK_ADDR": "127.0.0.1:1",
		"TASKSTACK_S3_BUCKET": bucket.Bucket, "TASKSTACK_S3_ENDPOINT": bucket.Endpoint, "AWS_DEFAULT_REGION": bucket.Region,
		"AWS_ACCESS_KEY_ID": bucket.AccessKeyID, "AWS_SECRET_ACCESS_KEY": bucket.SecretAccessKey,
	} {
		t.Setenv(name, value)
	}
	want := func(code int, says string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		if got := run(t.Context(), args, &out, &out); got != code || !strings.Contains(out.String(), says) {
			t.Fatalf("%v: code %d, want %d and %q\n%s", args, got, code, says, out.String())
		}
	}
	dir, err := storage.NewDir(filepath.Join(data, "uploads"))
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{storage.NewKey(), storage.NewKey(), storage.NewKey() + "-s.png"}
	for i, content := range []string{"small", strings.Repeat("large", 100_000), ""} {
		if err := dir.Put(t.Context(), keys[i], strings.NewReader(content), int64(len(content)), ""); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = dir.Close() })

	want(2, "--files-to", "move", "--files-to", "tape")
	want(1, "already", "move", "--files-to", "dir")
	want(0, "3 files (0 MB) are in s3 and equal, 3 of them copied now", "move", "--files-to", "s3")
	want(0, "3 files (0 MB) are in s3 and equal, 0 of them copied now", "move", "--files-to", "s3")
	want(0, "files can be stored", "doctor")
	// The server now keeps its files in the bucket, and the folder has lost one and
	// has another with wrong content of the right size.
	t.Setenv("TASKSTACK_STORAGE", "s3")
	want(0, "files can be stored", "doctor")
	want(1, "already", "move", "--files-to", "s3")
	if err := os.Remove(filepath.Join(data, "uploads", keys[0][:2], keys[0])); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "uploads", keys[1][:2], keys[1]), bytes.Repeat([]byte("x"), 500_000), 0o600); err != nil {
		t.Fatal(err)
	}
	want(0, "3 files (0 MB) are in dir and equal, 1 of them copied now", "move", "--files-to", "dir")
	if content, err := os.ReadFile(filepath.Join(data, "uploads", keys[1][:2], keys[1])); err != nil || string(content[:5]) != "large" {
		t.Errorf("a file that was damaged reads %.10q, %v", content, err)
	}
	t.Setenv("TASKSTACK_S3_BUCKET", "other")
	want(1, "other", "move", "--files-to", "dir")
	want(1, "no file can be stored", "doctor")
}
