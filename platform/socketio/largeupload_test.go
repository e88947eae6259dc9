package socketio_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"taskstack.org/platform/socketio"
)

// TestLargeUploadByPolling checks that the greatest event of the contract, eight
// files of 10 MiB, arrives complete from a client 2.x by polling, where all
// attachments are one body.
func TestLargeUploadByPolling(t *testing.T) {
	srv, err := socketio.New(socketio.Options{Limits: socketio.Limits{
		MaxPayload: 90 << 20, MaxText: 2 << 20, BytesPerSecond: 16 << 20, ByteBurst: 180 << 20,
	}})
	if err != nil {
		t.Fatal(err)
	}
	type upload struct {
		Files map[string]socketio.Binary `json:"files"`
	}
	socketio.On(srv.Of("/"), "upload", func(_ context.Context, _ *socketio.Socket, in upload) (any, error) {
		total := 0
		for name, content := range in.Files {
			if want := bytes.Repeat([]byte{name[len(name)-1] - '0'}, 10<<20); !bytes.Equal(content, want) {
				return "wrong content of " + name, nil
			}
			total += len(content)
		}
		return total, nil
	})
	server := httptest.NewServer(srv)
	defer server.Close()
	defer func() { _ = srv.Close(context.WithoutCancel(t.Context())) }()
	cmd := exec.CommandContext(t.Context(), "node", "largeUpload.mjs")
	cmd.Dir = "clienttest"
	cmd.Env = append(os.Environ(), "SOCKETIO_URL="+server.URL)
	out, err := cmd.CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != "83886080" {
		t.Errorf("%v %s, closed: %v", err, got, srv.Stats().Closed)
	}
}
