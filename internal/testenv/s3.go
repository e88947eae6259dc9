package testenv

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// S3Server is a server of the S3 protocol that checks signatures, with one empty
// bucket.
type S3Server struct {
	// Endpoint is its address, http://127.0.0.1:port.
	Endpoint                             string
	Bucket, Region                       string
	AccessKeyID, SecretAccessKey, folder string
}

// S3 starts a server of its own for a test and ends it with the test. The program is
// versitygw, built from the module of our tools; it keeps objects as files.
func S3(t testing.TB) *S3Server {
	t.Helper()
	program, err := buildS3(t.Context())
	if err != nil {
		t.Fatalf("testenv: build the S3 server: %v", err)
	}
	port, err := freePort(t.Context())
	if err != nil {
		t.Fatalf("testenv: %v", err)
	}
	s := &S3Server{
		Endpoint: "http://127.0.0.1:" + strconv.Itoa(port), Bucket: "uploads", Region: "eu-central-1",
		AccessKeyID: "test", SecretAccessKey: randomHex(t, 16), folder: t.TempDir(),
	}
	objects, attributes := filepath.Join(s.folder, "objects"), filepath.Join(s.folder, "attributes")
	if err := os.MkdirAll(filepath.Join(objects, s.Bucket), 0o700); err != nil {
		t.Fatalf("testenv: %v", err)
	}
	if err := os.MkdirAll(attributes, 0o700); err != nil {
		t.Fatalf("testenv: %v", err)
	}
	var log bytes.Buffer
	// Not every file system of a temporary folder keeps extended attributes, so they
	// are files beside the objects.
	cmd := exec.Command(program, "--port", "127.0.0.1:"+strconv.Itoa(port), "--region", s.Region, "--quiet",
		"--access", s.AccessKeyID, "--secret", s.SecretAccessKey, "posix", "--sidecar", attributes, objects)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("testenv: start the S3 server: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // Reports the kill.
	})
	if err := awaitPort(t.Context(), "127.0.0.1:"+strconv.Itoa(port)); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("testenv: the S3 server does not answer: %v\n%s", err, tail(log.Bytes(), 2000))
	}
	return s
}

// Objects returns the names of the files in the bucket, also of unfinished ones.
func (s *S3Server) Objects(t testing.TB) []string {
	t.Helper()
	var names []string
	root := filepath.Join(s.folder, "objects", s.Bucket)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, err := filepath.Rel(root, path)
			names = append(names, name)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatalf("testenv: %v", err)
	}
	return names
}

// buildS3 returns the path of the server's program, which is built once for all
// test processes of this user.
func buildS3(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	dir := filepath.Join(os.TempDir(), "taskstack-test-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	building := flock.New(filepath.Join(dir, "building-s3"))
	if err := building.Lock(); err != nil {
		return "", err
	}
	defer func() { _ = building.Unlock() }()
	program := filepath.Join(dir, "versitygw")
	cmd := exec.CommandContext(ctx, "go", "build", "-C", filepath.Join(filepath.Dir(string(bytes.TrimSpace(out))), "tools"),
		"-o", program, "github.com/versity/versitygw/cmd/versitygw")
	// As `make tools` builds it, so that nothing is compiled twice.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, tail(said, 2000))
	}
	return program, nil
}

// awaitPort waits until something accepts connections at an address.
func awaitPort(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}
