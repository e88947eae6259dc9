package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// listen serves a router by a real server, as the program does.
func listen(t *testing.T, r *web.Router, refusals *refused.Counter) *httptest.Server {
	t.Helper()
	h, err := r.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(web.Guard(refusals, h))
	server.Config.MaxHeaderBytes = web.MaxHeaderBytes
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func dial(t *testing.T, server *httptest.Server) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// exchange sends bytes and returns the status of the answer, 0 if there is none.
func exchange(t *testing.T, conn net.Conn, request string) int {
	t.Helper()
	go func() { _, _ = io.WriteString(conn, request) }() // a refused request is not read whole
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, res.Body) // the status is what counts
	_ = res.Body.Close()
	return res.StatusCode
}

func TestTheHeadOfARequestIsBounded(t *testing.T) {
	refusals := refused.New(slog.New(slog.DiscardHandler), time.Now)
	r := testRouter(t, web.Options{})
	var seen http.Header
	r.GET("/x", func(c *web.Context) error {
		seen = c.Request.Header.Clone()
		return c.JSON(200, c.Lang())
	})
	server := listen(t, r, refusals)
	many := func(n, size int) string {
		var all strings.Builder
		for i := range n {
			fmt.Fprintf(&all, "X-%d: %s\r\n", i, strings.Repeat("v", size))
		}
		return all.String()
	}
	for _, tt := range []struct {
		name, uri, headers string
		status             int
	}{
		{"nothing", "/x", "", 200},
		{"an address of 4096 bytes", "/x?" + strings.Repeat("q", 4093), "", 200},
		{"one of 4097", "/x?" + strings.Repeat("q", 4094), "", 414},
		{"a path of 900 KB", "/" + strings.Repeat("q", 900_000), "", 431},
		{"a header of 8192 bytes", "/x", "Cookie: " + strings.Repeat("c", 8192) + "\r\n", 200},
		{"one of 8193", "/x", "Cookie: " + strings.Repeat("c", 8193) + "\r\n", 431},
		{"two that make 8193", "/x", "Cookie: " + strings.Repeat("c", 8000) + "\r\nCookie: " + strings.Repeat("c", 193) + "\r\n", 431},
		{"31 KB of headers", "/x", many(31, 1000), 200},
		{"40 KB of headers", "/x", many(40, 1000), 431},
		{"150 headers of 8 KB", "/x", many(150, 8000), 431},
		{"an origin that is cut would be another", "/x", "Origin: " + strings.Repeat("o", 8193) + "\r\n", 431},
	} {
		if got := exchange(t, dial(t, server), "GET "+tt.uri+" HTTP/1.1\r\nHost: x\r\n"+tt.headers+"\r\n"); got != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.status)
		}
	}
	totals := refusals.Totals()
	if totals["request_uri"] != 1 || totals["request_header"] != 3 {
		t.Errorf("counted %v", totals)
	}
	for name, max := range map[string]int{
		"Accept": 1024, "Accept-Encoding": 256, "Content-Type": 256, "If-Match": 1024, "If-None-Match": 1024, "If-Range": 256, "Range": 128,
	} {
		for size, kept := range map[int]bool{max: true, max + 1: false} {
			if got := exchange(t, dial(t, server), "GET /x HTTP/1.1\r\nHost: x\r\n"+name+": "+strings.Repeat("a", size)+"\r\n\r\n"); got != 200 {
				t.Errorf("%s of %d bytes: %d", name, size, got)
			}
			if got := seen.Get(name) != ""; got != kept {
				t.Errorf("%s of %d bytes reaches its parser: %v", name, size, got)
			}
		}
	}
	exchange(t, dial(t, server), "GET /x HTTP/1.1\r\nHost: x\r\nUser-Agent: "+strings.Repeat("a", 8000)+"\r\n\r\n")
	if got := len(seen.Get("User-Agent")); got != 512 {
		t.Errorf("%d bytes of a user agent are kept", got)
	}
}

func TestABodyThatNeverEndsIsCut(t *testing.T) {
	for name, tt := range map[string]struct {
		head   string
		status int
	}{
		"a handler waits for it":   {"POST /x HTTP/1.1\r\nContent-Length: 1000\r\n", 408},
		"no handler wants it":      {"POST /nothing HTTP/1.1\r\nContent-Length: 1000\r\n", 404},
		"in pieces without an end": {"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", 408},
		"of a request to read":     {"GET /page HTTP/1.1\r\nContent-Length: 1000\r\n", 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each waits for as long as a busy machine may need to answer
			r := testRouter(t, web.Options{Timeout: 3 * time.Second})
			r.GET("/page", func(c *web.Context) error { return c.Page(200, "x/page", &textPage{}) })
			r.POST("/x", func(c *web.Context) error {
				if _, err := c.Form(); err != nil {
					return err
				}
				return c.SeeOther("/")
			})
			conn := dial(t, listen(t, r, nil))
			if got := exchange(t, conn, tt.head+"Host: x\r\nContent-Type: "+formType+"\r\n\r\n"); got != tt.status {
				t.Errorf("%d, want %d", got, tt.status)
			}
			// The connection has no further use: the server closes it.
			if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
				t.Errorf("%d bytes more, %v", n, err)
			}
		})
	}
}

func TestABodyMayTakeItsTimeWhileItArrives(t *testing.T) {
	t.Parallel()
	r := testRouter(t, web.Options{Timeout: 3 * time.Second})
	read := make(chan string, 1)
	r.POST("/x", func(c *web.Context) error {
		form, err := c.Form()
		if err != nil {
			return err
		}
		read <- form.Get("a")
		return c.SeeOther("/")
	})
	server := listen(t, r, nil)
	in, out := io.Pipe()
	go func() {
		_, _ = io.WriteString(out, "a=")
		for range 35 { // longer than the server's timeout; 4 KiB a second are enough
			time.Sleep(100 * time.Millisecond) // a slow line is what is tested
			_, _ = io.WriteString(out, strings.Repeat("b", 1024))
		}
		_ = out.Close()
	}()
	res, err := noRedirects(server).Post(server.URL+"/x", formType, in) // it ends with the server
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 302 {
		t.Fatalf("%d", res.StatusCode)
	}
	if got := <-read; res.StatusCode != 302 || len(got) != 35*1024 {
		t.Errorf("%d, %d bytes", res.StatusCode, len(got))
	}
}

func noRedirects(server *httptest.Server) *http.Client {
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

func TestAClientThatDoesNotReadIsCut(t *testing.T) {
	r := testRouter(t, web.Options{Timeout: 50 * time.Millisecond})
	ended := make(chan error, 1)
	r.GET("/x", func(c *web.Context) error {
		c.Header("Content-Type", "application/octet-stream")
		chunk := make([]byte, 1<<20)
		for {
			if _, err := c.Writer.Write(chunk); err != nil {
				ended <- err
				return err
			}
		}
	})
	conn := dial(t, listen(t, r, nil))
	if _, err := io.WriteString(conn, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil { // the test's own limit is the bound
		t.Error("no error")
	}
}

func TestAClientThatLeavesIsNoError(t *testing.T) {
	var out bytes.Buffer
	r := testRouter(t, web.Options{Log: slog.New(slog.NewTextHandler(&out, nil)), Timeout: time.Minute})
	left := make(chan struct{})
	r.POST("/x", func(c *web.Context) error {
		defer close(left)
		_, err := c.Form()
		return err
	})
	server := listen(t, r, nil)
	conn := dial(t, server)
	if _, err := io.WriteString(conn, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: "+formType+"\r\nContent-Length: 100\r\n\r\na=b"); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	<-left
	server.Close()
	if strings.Contains(out.String(), "level=ERROR") || strings.Contains(out.String(), "level=WARN") {
		t.Errorf("the log:\n%s", out.String())
	}
}

func multipartForm(t *testing.T, size int) (contentType string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	part, err := w.CreateFormFile("file", "f")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}

func TestAFormWithAFileLeavesNothingOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var viewer *views.Viewer
	r := testRouter(t, web.Options{Authenticate: func(*web.Context) (*views.Viewer, error) { return viewer, nil }})
	during := -1
	size := int64(-1)
	upload := func(c *web.Context) error {
		if _, err := c.Form(); err != nil {
			return err
		}
		during, size = files(t, dir), c.Request.MultipartForm.File["file"][0].Size
		return c.SeeOther("/")
	}
	r.POST("/file", upload, web.WithFile())
	r.POST("/login", upload, web.WithoutToken())
	server := listen(t, r, nil)
	post := func(path string, size int) int {
		contentType, body := multipartForm(t, size)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("X-Token", "right")
		res, err := noRedirects(server).Do(req)
		if err != nil {
			return 0 // cut while it was sent
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if got := post("/login", 11<<20); got != 415 && got != 0 {
		t.Errorf("a file for the log-in: %d", got)
	}
	if got := post("/file", 1000); got != 401 {
		t.Errorf("a file of a stranger: %d", got)
	}
	viewer = &views.Viewer{ID: 1, Token: "right"}
	if got := post("/file", 11<<20); got != 302 || size != 11<<20 {
		t.Errorf("a file of 11 MB: %d, %d bytes", got, size)
	}
	if got := post("/file", 12<<20); got != 413 && got != 0 {
		t.Errorf("a file above 12 MB: %d", got)
	}
	if n := files(t, dir); during != 0 || n != 0 {
		t.Errorf("%d files while it was handled, %d afterwards", during, n)
	}
}

func files(t *testing.T, dir string) int {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestAFormHasBoundedFields(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.POST("/x", func(c *web.Context) error {
		if _, err := c.Form(); err != nil {
			return err
		}
		return c.SeeOther("/")
	})
	for body, want := range map[string]int{
		strings.Repeat("a&", 999) + "a":            302,
		strings.Repeat("a&", 1000) + "a":           400,
		"a=" + strings.Repeat("b", 64<<10-2):       302,
		"a=" + strings.Repeat("b", 64<<10-2) + "b": 413,
	} {
		req := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(body))
		req.Header.Set("Content-Type", formType)
		if status, _, _ := serve(t, r, req); status != want {
			t.Errorf("%d bytes %.9s…: %d, want %d", len(body), body, status, want)
		}
	}
}

func TestNothingIsParsedOfARefusedRequest(t *testing.T) {
	asked := 0
	r := testRouter(t, web.Options{
		Requests:     ratelimit.New(time.Hour, 1, time.Now),
		Authenticate: func(*web.Context) (*views.Viewer, error) { asked++; return nil, nil },
	})
	r.POST("/x", func(c *web.Context) error { return c.SeeOther("/") })
	post := func(address string) (int, http.Header) {
		req := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader("a=b"))
		req.Header.Set("Content-Type", formType)
		req.Header.Set("Cookie", "session=forged")
		req.RemoteAddr = address
		status, _, header := serve(t, r, req)
		return status, header
	}
	if status, _ := post("[2001:db8:1:2::1]:4"); status != 302 {
		t.Fatal(status)
	}
	before := asked
	status, header := post("[2001:db8:1:2:ffff::1]:4") // the same /64
	if status != 429 || header.Get("Retry-After") != "3600" || asked != before || header.Get("Set-Cookie") != "" {
		t.Errorf("%d, Retry-After %q, asked for a viewer %d times", status, header.Get("Retry-After"), asked-before)
	}
	if status, _ := post("[2001:db8:1:3::1]:4"); status != 302 {
		t.Errorf("another network: %d", status)
	}
}

func TestTheLogOfAVisitorIsBounded(t *testing.T) {
	var out bytes.Buffer
	r := testRouter(t, web.Options{
		Log: slog.New(slog.NewTextHandler(&out, nil)), VisitorLines: ratelimit.New(time.Hour, 10, time.Now),
		Requests: ratelimit.New(time.Hour, 400, time.Now), Refused: refused.New(slog.New(slog.NewTextHandler(&out, nil)), time.Now),
	})
	for range 500 {
		req := get("/"+strings.Repeat("q", 3000), "User-Agent", strings.Repeat("u", 500))
		serve(t, r, req)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 11 || out.Len() > 10_000 {
		t.Errorf("%d lines, %d bytes:\n%s", lines, out.Len(), out.String())
	}
	for n, want := range map[int]string{255: strings.Repeat("p", 255) + " ", 300: strings.Repeat("p", 255) + "… "} {
		out.Reset()
		req := get("/" + strings.Repeat("p", n))
		req.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", n-200)
		serve(t, r, req)
		if !strings.Contains(out.String(), "path=/"+want) {
			t.Errorf("a path of %d: %s", n+1, out.String())
		}
	}
}

func TestHeavyPagesHavePlaces(t *testing.T) {
	refusals := refused.New(slog.New(slog.DiscardHandler), time.Now)
	r := testRouter(t, web.Options{Refused: refusals})
	begun, finish := make(chan struct{}, 100), make(chan struct{})
	r.GET("/heavy", r.Heavy(func(c *web.Context) error {
		begun <- struct{}{}
		<-finish
		return c.SeeOther("/")
	}))
	h, err := r.Handler()
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int, 100)
	ask := func(ctx context.Context, address string) {
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/heavy", nil)
		req.RemoteAddr = address
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if rec.Code == 503 && rec.Header().Get("Retry-After") != "2" {
			t.Errorf("Retry-After %q", rec.Header().Get("Retry-After"))
		}
		statuses <- rec.Code
	}
	// Two of an address are made at a time, 64 wait, one more is refused.
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		go ask(ctx, "192.0.2.1:1")
		<-begun
	}
	for range 65 {
		go ask(ctx, "192.0.2.1:1")
	}
	if got := <-statuses; got != 503 {
		t.Errorf("the 67th: %d", got)
	}
	// Another address has places of its own.
	go ask(t.Context(), "192.0.2.2:1")
	<-begun
	if n := refusals.Totals()["heavy_pages"]; n != 1 {
		t.Errorf("%d refusals", n)
	}
	cancel() // those who wait leave
	for range 64 {
		if got := <-statuses; got == 503 || got == 302 {
			t.Errorf("who left: %d", got)
		}
	}
	close(finish)
	for range 3 {
		if got := <-statuses; got != 302 {
			t.Errorf("who had a place: %d", got)
		}
	}
	// All places are free again.
	for range 10 {
		ask(t.Context(), "192.0.2.1:1")
		if got := <-statuses; got != 302 {
			t.Fatalf("afterwards: %d", got)
		}
	}
}

func TestUnreadPagesAreBounded(t *testing.T) {
	refusals := refused.New(slog.New(slog.DiscardHandler), time.Now)
	r := testRouter(t, web.Options{Refused: refusals, Timeout: time.Minute})
	made := make(chan struct{}, 100)
	texts := map[string]string{"/heavy": incompressible(6 << 20), "/repeats": strings.Repeat("t", 6<<20), "/short": "short"}
	for path, text := range texts {
		r.GET(path, r.Heavy(func(c *web.Context) error {
			defer func() { made <- struct{}{} }()
			return c.Page(200, "x/page", &textPage{Text: text})
		}))
	}
	server := listen(t, r, nil)
	const request = "GET /heavy HTTP/1.1\r\nHost: x\r\n\r\n"
	// What waits is compressed, also for who takes no compression: these count for little.
	for range 8 {
		conn := dial(t, server)
		if _, err := io.WriteString(conn, "GET /repeats HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		<-made
		defer func() { readPage(t, conn, texts["/repeats"]) }()
	}
	unread := make([]net.Conn, 2)
	for i := range unread {
		unread[i] = dial(t, server)
		if _, err := io.WriteString(unread[i], request); err != nil {
			t.Fatal(err)
		}
		<-made
	}
	if got := exchange(t, dial(t, server), request); got != 503 {
		t.Errorf("the third page while two are unread: %d", got)
	}
	if n := refusals.Totals()["unread_pages"]; n != 1 {
		t.Errorf("%d refusals", n)
	}
	for _, conn := range unread {
		readPage(t, conn, texts["/heavy"])
	}
	short := dial(t, server)
	if _, err := io.WriteString(short, "GET /short HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	readPage(t, short, texts["/short"])
	for exchange(t, dial(t, server), request) != 200 { // what was read counts no longer
		if t.Context().Err() != nil {
			t.Fatal(t.Context().Err())
		}
	}
}

// readPage reads an answer and looks for a text in it.
func readPage(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer res.Body.Close()
	if page, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(page), text) {
		t.Errorf("%d bytes, %v", len(page), err)
	}
}

// incompressible is text of n bytes that repeats nothing.
func incompressible(n int) string {
	random := make([]byte, n/4*3)
	_, _ = rand.NewChaCha8([32]byte{}).Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}

func TestUploadsHavePlaces(t *testing.T) {
	r := testRouter(t, web.Options{Authenticate: func(*web.Context) (*views.Viewer, error) { return &views.Viewer{ID: 1, Token: "right"}, nil }})
	begun, finish := make(chan struct{}, 10), make(chan struct{})
	r.POST("/file", func(c *web.Context) error {
		begun <- struct{}{}
		<-finish
		return c.SeeOther("/")
	}, web.WithFile())
	h, err := r.Handler()
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int, 10)
	ctx, cancel := context.WithCancel(t.Context())
	post := func() {
		contentType, body := multipartForm(t, 10)
		req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/file", body)
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("X-Token", "right")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		statuses <- rec.Code
	}
	for range 2 {
		go post()
		<-begun
	}
	go post() // waits, until it leaves
	cancel()
	if got := <-statuses; got == 302 {
		t.Error("a third form was handled beside two")
	}
	close(finish)
	for range 2 {
		if got := <-statuses; got != 302 {
			t.Error(got)
		}
	}
}
