package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/refused"
	"taskstack.org/platform/session"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

type noAssets struct{}

func (noAssets) URL(name string) (string, error) { return "/static/" + name, nil }

func (noAssets) Scripts(...string) ([]string, error) { return nil, nil }

// testRouter has a page of errors that prints what it is given, and no more.
func testRouter(t *testing.T, o web.Options) *web.Router {
	t.Helper()
	texts := fstest.MapFS{}
	for lang, hello := range map[string]string{"en": "no", "de": "nein"} {
		keys := map[string]string{"x.taken": hello + " {{.Name}}", "x.js.seen": map[string]string{"en": "seen", "de": "gesehen"}[lang]}
		for _, k := range []errs.Kind{errs.Invalid, errs.Forbidden, errs.NotFound, errs.Internal, errs.RateLimited, errs.TooLarge, errs.Conflict, errs.Unauthenticated} {
			keys["errors."+string(k)] = hello + " " + string(k)
		}
		data, err := json.Marshal(keys)
		if err != nil {
			t.Fatal(err)
		}
		texts["locales/"+lang+".json"] = &fstest.MapFile{Data: data}
	}
	catalogue, err := i18n.New(texts)
	if err != nil {
		t.Fatal(err)
	}
	o.Views = views.New()
	templates := fstest.MapFS{
		"errors/error.html": {Data: []byte(`{{.Status}} {{.Lang}} {{.Message}} ref={{.Reference}} viewer={{with .Viewer}}{{.Name}}{{end}}{{with .Again}} again={{.Action}} {{range .Fields}}{{.Name}}={{.Value}};{{end}}{{end}}`)},
		"x/page.html":       {Data: []byte(`{{.Text}}|{{.Theme}}|{{range .Flash}}{{.}}{{end}}`)},
		"x/texts.html":      {Data: []byte(`{{texts}}`)},
		"x/broken.html":     {Data: []byte(`begun {{.Nothing.There}}`)},
	}
	if err := o.Views.Load(templates, catalogue, noAssets{}); err != nil {
		t.Fatal(err)
	}
	if o.Sessions, err = session.New(strings.Repeat("s", 32), false); err != nil {
		t.Fatal(err)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Authenticate == nil {
		o.Authenticate = web.NoViewer
	}
	r, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type textPage struct {
	views.Shell
	Text string
}

func serve(t *testing.T, r *web.Router, req *http.Request) (status int, body string, header http.Header) {
	t.Helper()
	h, err := r.Handler()
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	res := rec.Result()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(data), res.Header
}

func get(path string, header ...string) *http.Request {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return req
}

func TestEveryKindOfErrorHasItsAnswer(t *testing.T) {
	for _, tt := range []struct {
		err        error
		page, json int
	}{
		{errs.Of(errs.Invalid), 400, 400},
		{errs.Field("name", "x.taken", "Name", "<b>"), 400, 422},
		{errs.Of(errs.Forbidden), 403, 403},
		{errs.Of(errs.NotFound), 404, 404},
		{errs.Of(errs.Conflict), 409, 409},
		{errs.Of(errs.TooLarge), 413, 413},
		{errs.Of(errs.StaleToken), 419, 419},
		{errs.Of(errs.RateLimited), 429, 429},
		{errs.Of(errs.Unavailable), 503, 503},
		{errors.New("driver says: table secret"), 500, 500},
	} {
		r := testRouter(t, web.Options{})
		r.GET("/x", func(*web.Context) error { return tt.err })
		status, body, header := serve(t, r, get("/x", "Accept-Language", "de", "Accept", "text/html"))
		if status != tt.page || !strings.HasPrefix(body, strconv.Itoa(tt.page)+" de ") {
			t.Errorf("%v: page %d %q", tt.err, status, body)
		}
		if strings.Contains(body, "secret") || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v: leaks or is cached: %q", tt.err, body)
		}
		status, body, _ = serve(t, r, get("/x", "Accept", "application/json"))
		var answer web.ErrorAnswer
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != tt.json || answer.Error != errs.KindOf(tt.err) {
			t.Errorf("%v: JSON %d %s (%v)", tt.err, status, body, err)
		}
		if strings.Contains(body, "secret") {
			t.Errorf("%v: leaks: %s", tt.err, body)
		}
	}
}

func TestErrorPagesAreNotCompressed(t *testing.T) {
	r := testRouter(t, web.Options{})
	long := strings.Repeat("long ", 1000)
	r.GET("/page", func(c *web.Context) error { return c.Page(http.StatusOK, "x/page", &textPage{Text: long}) })
	r.GET("/error", func(*web.Context) error { return errs.New(errs.Conflict, "x.taken", "Name", long) })
	for path, want := range map[string]string{"/page": "gzip", "/error": ""} {
		_, body, header := serve(t, r, get(path, "Accept-Encoding", "gzip"))
		if got := header.Get("Content-Encoding"); got != want {
			t.Errorf("%s: Content-Encoding %q, want %q", path, got, want)
		}
		if want == "" && !strings.Contains(body, long) {
			t.Errorf("%s does not have its text: %s", path, body)
		}
	}
}

func TestFieldsAreAnsweredInTheClientsLanguage(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.POST("/x", func(*web.Context) error { return errs.Field("name", "x.taken", "Name", "Ana") }, web.WithJSON())
	req := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader("{}"))
	req.Header.Set("Content-Type", "application/json")
	req.AddCookie(&http.Cookie{Name: "lang", Value: "de"})
	if status, body, _ := serve(t, r, req); status != 422 || !strings.Contains(body, `"name":"nein Ana"`) {
		t.Fatalf("%d %s", status, body)
	}
}

func TestAPanicIsAnInternalErrorAndTheServerGoesOn(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.GET("/x", func(*web.Context) error { panic("boom") }) //nolint:forbidigo // what is tested
	r.GET("/fine", func(c *web.Context) error { return c.Page(200, "x/page", &textPage{Text: "fine"}) })
	if status, body, _ := serve(t, r, get("/x")); status != 500 || strings.Contains(body, "boom") || strings.Contains(body, "ref= ") {
		t.Fatalf("%d %s", status, body)
	}
	if status, _, _ := serve(t, r, get("/fine")); status != 200 {
		t.Fatal(status)
	}
}

func TestAPageThatFailsToRenderSendsNothingOfItself(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.GET("/x", func(c *web.Context) error { return c.Page(200, "x/broken", &textPage{}) })
	if status, body, _ := serve(t, r, get("/x")); status != 500 || strings.Contains(body, "begun") {
		t.Fatalf("%d %s", status, body)
	}
}

func TestMethodsAndPaths(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.GET("/page", func(c *web.Context) error { return c.Page(200, "x/page", &textPage{Text: "text"}) })
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/page", 200},
		{"HEAD", "/page", 200},
		{"POST", "/page", 405},
		{"GET", "/page/", 308},
		{"GET", "/PAGE", 404},
		{"OPTIONS", "/page", 200},
		{"OPTIONS", "/nothing", 404},
		{"GET", "/nothing", 404},
	} {
		req := httptest.NewRequest(tt.method, tt.path, nil)
		if status, _, _ := serve(t, r, req); status != tt.status {
			t.Errorf("%s %s: %d, want %d", tt.method, tt.path, status, tt.status)
		}
	}
}

func TestOptionsNameWhatIsAllowed(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.GET("/page", func(*web.Context) error { return nil })
	_, body, header := serve(t, r, httptest.NewRequest(http.MethodOptions, "/page", nil))
	if allow := header.Get("Allow"); body != "" || !strings.Contains(allow, "GET") || !strings.Contains(allow, "HEAD") || !strings.Contains(allow, "OPTIONS") {
		t.Errorf("Allow %q, body %q", allow, body)
	}
}

// A reader of the log must not be able to join a project with it.
func TestTheLogHasNoCodes(t *testing.T) {
	var log bytes.Buffer
	r := testRouter(t, web.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	r.GET("/invite/:code", func(c *web.Context) error { return c.SeeOther("/") })
	r.GET("/verify-email/:case", func(*web.Context) error { return errs.Of(errs.NotFound) })
	for _, path := range []string{"/invite/secret-1?code=secret-2", "/verify-email/secret-3?code=secret-4"} {
		serve(t, r, get(path))
	}
	if text := log.String(); strings.Contains(text, "secret") || !strings.Contains(text, "/invite/…") {
		t.Errorf("log: %s", text)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	r := testRouter(t, web.Options{PublicURL: "https://taskstack.example", AllowedOrigins: []string{"https://partner.example"}})
	ran := 0
	r.POST("/x", func(c *web.Context) error { ran++; return c.SeeOther("/") })
	for _, tt := range []struct {
		header, value string
		status        int
	}{
		{"Origin", "https://evil.example", 403},
		{"Sec-Fetch-Site", "cross-site", 403},
		{"Sec-Fetch-Site", "same-site", 403},
		{"Origin", "null", 403},
		{"Sec-Fetch-Site", "same-origin", 302},
		{"Origin", "https://taskstack.example", 302},
		{"Origin", "https://partner.example", 302},
	} {
		before := ran
		req := httptest.NewRequest(http.MethodPost, "/x", nil)
		req.Header.Set(tt.header, tt.value)
		if status, _, _ := serve(t, r, req); status != tt.status || (ran > before) != (tt.status == 302) {
			t.Errorf("%s %s: %d, ran %v", tt.header, tt.value, status, ran > before)
		}
	}
}

func TestTooManyRequests(t *testing.T) {
	now := time.Unix(0, 0)
	refusals := refused.New(slog.New(slog.DiscardHandler), time.Now)
	r := testRouter(t, web.Options{Requests: ratelimit.New(10*time.Second, 2, func() time.Time { return now }), Refused: refusals})
	r.GET("/x", func(c *web.Context) error { return c.SeeOther("/") })
	for range 2 {
		if status, _, _ := serve(t, r, get("/x")); status != 302 {
			t.Fatal(status)
		}
	}
	status, _, header := serve(t, r, get("/x"))
	if status != 429 || header.Get("Retry-After") != "10" {
		t.Fatalf("%d, Retry-After %q", status, header.Get("Retry-After"))
	}
	if n := refusals.Totals()["requests_address"]; n != 1 {
		t.Errorf("%d refusals counted", n)
	}
}

func TestABodyThatIsTooLarge(t *testing.T) {
	refusals := refused.New(slog.New(slog.DiscardHandler), time.Now)
	r := testRouter(t, web.Options{Refused: refusals})
	r.POST("/x", func(c *web.Context) error {
		if _, err := c.Form(); err != nil {
			return err
		}
		return c.SeeOther("/")
	})
	for size, want := range map[int]int{1000: 302, 2 << 20: 413} {
		req := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader("a="+strings.Repeat("b", size)))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if status, _, _ := serve(t, r, req); status != want {
			t.Errorf("%d bytes: %d, want %d", size, status, want)
		}
	}
	if n := refusals.Totals()["request_body"]; n != 1 {
		t.Errorf("%d refusals counted", n)
	}
}

func TestSecurityHeaders(t *testing.T) {
	r := testRouter(t, web.Options{PublicURL: "https://taskstack.example"})
	_, _, header := serve(t, r, get("/nothing"))
	csp := header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy lacks %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("policy allows inline code: %s", csp)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000", "Referrer-Policy": "same-origin"} {
		if header.Get(name) != want {
			t.Errorf("%s: %q", name, header.Get(name))
		}
	}
}

func TestAFlashIsShownOnce(t *testing.T) {
	r := testRouter(t, web.Options{})
	r.POST("/x", func(c *web.Context) error {
		if err := c.Flash("done"); err != nil {
			return err
		}
		return c.SeeOther("/page")
	})
	r.GET("/page", func(c *web.Context) error { return c.Page(200, "x/page", &textPage{}) })
	_, _, header := serve(t, r, httptest.NewRequest(http.MethodPost, "/x", nil))
	cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
	// Another tab's script reads the page for its parts: the message stays.
	_, body, header := serve(t, r, get("/page", "Cookie", cookie, "X-Requested-With", "fetch"))
	if strings.Contains(body, "done") || header.Get("Set-Cookie") != "" {
		t.Fatalf("page for a script: %q, cookie %q", body, header.Get("Set-Cookie"))
	}
	_, body, header = serve(t, r, get("/page", "Cookie", cookie))
	if !strings.HasSuffix(body, "done") {
		t.Fatalf("first page: %q", body)
	}
	cookie, _, _ = strings.Cut(header.Get("Set-Cookie"), ";")
	if _, body, _ = serve(t, r, get("/page", "Cookie", cookie)); strings.Contains(body, "done") {
		t.Fatalf("second page: %q", body)
	}
}

func TestLocalPath(t *testing.T) {
	for path, want := range map[string]string{
		"/chat": "/chat", "/ana/board?card=4#x": "/ana/board?card=4#x", "": "/", "chat": "/", "//evil.example": "/",
		"/\\evil.example": "/", "https://evil.example": "/", "javascript:alert(1)": "/", "/a\nb": "/", "/\t/evil.example": "/",
	} {
		if got := web.LocalPath(path); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", path, got, want)
		}
	}
}

// FuzzLocalPath: wherever it sends a browser, it stays on this site.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "//x", "/\\x", "/%2f/x", "/x?y=//z", "https://x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := web.LocalPath(path)
		base, err := http.NewRequest(http.MethodGet, "https://taskstack.example/login", nil)
		if err != nil {
			t.Fatal(err)
		}
		to, err := base.URL.Parse(got)
		if err != nil || to.Host != "taskstack.example" || to.Scheme != "https" {
			t.Fatalf("%q leads to %v (%v)", path, to, err)
		}
	})
}

func TestClientAddr(t *testing.T) {
	for _, tt := range []struct {
		trusted               []string
		peer, forwarded, real string
		want                  string
	}{
		{nil, "1.2.3.4:5", "9.9.9.9", "", "1.2.3.4"},
		{nil, "1.2.3.4:5", "", "9.9.9.9", "1.2.3.4"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "9.9.9.9", "8.8.8.8", "9.9.9.9"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "", "8.8.8.8", "8.8.8.8"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "", "nonsense", "10.0.0.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "6.6.6.6, 9.9.9.9, 10.0.0.2", "", "9.9.9.9"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "forged nonsense", "", "10.0.0.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "forged nonsense", "9.9.9.9", "10.0.0.1"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", "10.0.0.3,10.0.0.2", "", "10.0.0.3"},
		{[]string{"10.0.0.0/8"}, "10.0.0.1:5", strings.Repeat("9.9.9.9,", 100) + strings.Repeat("10.0.0.2,", 15) + "10.0.0.2", "", "10.0.0.2"},
		{[]string{"10.0.0.0/8"}, "[::ffff:10.0.0.1]:5", "9.9.9.9", "", "9.9.9.9"},
		{[]string{"10.0.0.1"}, "10.0.0.1:5", "", "", "10.0.0.1"},
		{[]string{"::1"}, "[::1]:5", "2001:db8::7", "", "2001:db8::7"},
	} {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.RemoteAddr = tt.peer
		if tt.forwarded != "" {
			req.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		if tt.real != "" {
			req.Header.Set("X-Real-IP", tt.real)
		}
		if got := web.ClientAddr(tt.trusted)(req); got != tt.want {
			t.Errorf("%v: got %s", tt, got)
		}
	}
}

func TestPagesUseTheSameAddress(t *testing.T) {
	r := testRouter(t, web.Options{TrustedProxies: []string{"10.0.0.0/8"}})
	r.GET("/x", func(c *web.Context) error { return c.SeeOther("/" + c.ClientIP()) })
	for _, tt := range []struct{ peer, forwarded, real, want string }{
		{"10.0.0.1:5", "6.6.6.6, 9.9.9.9", "8.8.8.8", "/9.9.9.9"},
		{"10.0.0.1:5", "", "8.8.8.8", "/8.8.8.8"},
		{"7.7.7.7:5", "9.9.9.9", "8.8.8.8", "/7.7.7.7"},
	} {
		req := get("/x", "X-Forwarded-For", tt.forwarded, "X-Real-IP", tt.real)
		req.RemoteAddr = tt.peer
		if _, _, header := serve(t, r, req); header.Get("Location") != tt.want {
			t.Errorf("%+v: %s", tt, header.Get("Location"))
		}
	}
}

func TestReadiness(t *testing.T) {
	r := testRouter(t, web.Options{})
	var broken error
	r.AddReadyCheck("database", func(context.Context) error { return broken })
	if status, body, _ := serve(t, r, get("/readyz")); status != 200 || !strings.Contains(body, `"database":"ok"`) {
		t.Fatalf("%d %s", status, body)
	}
	broken = errors.New("dial 10.1.2.3 with password")
	if status, body, _ := serve(t, r, get("/readyz")); status != 503 || strings.Contains(body, "10.1.2.3") {
		t.Fatalf("%d %s", status, body)
	}
	if status, _, _ := serve(t, r, get("/healthz")); status != 200 {
		t.Fatalf("alive, but %d", status)
	}
	r.AddDegradedCheck("redis", func(context.Context) error { return broken })
	if status, body, _ := serve(t, r, get("/readyz")); status != 503 || !strings.Contains(body, `"redis":"degraded"`) {
		t.Fatalf("%d %s", status, body)
	}
}

func TestADegradedServerKeepsItsTraffic(t *testing.T) {
	r := testRouter(t, web.Options{})
	broken := errors.New("dial 10.1.2.3")
	r.AddDegradedCheck("redis", func(context.Context) error { return broken })
	if status, body, _ := serve(t, r, get("/readyz")); status != 200 || strings.TrimSpace(body) != `{"checks":{"redis":"degraded"}}` {
		t.Fatalf("%d %s", status, body)
	}
	broken = nil
	if status, body, _ := serve(t, r, get("/readyz")); status != 200 || strings.TrimSpace(body) != `{"checks":{"redis":"ok"}}` {
		t.Fatalf("%d %s", status, body)
	}
}

func TestMetricsAreForTheTokenOrTheMachine(t *testing.T) {
	for _, tt := range []struct {
		token, peer string
		header      []string
		status      int
	}{
		{"", "127.0.0.1:4", nil, 200},
		{"", "[::1]:4", nil, 200},
		{"", "[::ffff:127.0.0.1]:4", nil, 200},
		{"", "127.0.0.1:4", []string{"X-Forwarded-For", "9.9.9.9"}, 404},
		{"", "127.0.0.1:4", []string{"Forwarded", "for=9.9.9.9"}, 404},
		{"", "127.0.0.1:4", []string{"X-Real-IP", "9.9.9.9"}, 404},
		{"", "9.9.9.9:4", nil, 404},
		{"", "9.9.9.9:4", []string{"Authorization", "Bearer "}, 404},
		{"token", "127.0.0.1:4", nil, 404},
		{"token", "127.0.0.1:4", []string{"Authorization", "Bearer "}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "Bearer wrong"}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "Bearer toke"}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "Bearer tokens"}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "Bearer TOKEN"}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "token"}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "Basic token"}, 404},
		{"token", "9.9.9.9:4", []string{"Authorization", "Bearer token"}, 200},
		{"token", "127.0.0.1:4", []string{"Authorization", "Bearer token"}, 200},
	} {
		r := testRouter(t, web.Options{})
		r.Metrics(prometheus.NewRegistry(), tt.token)
		req := get("/metrics", tt.header...)
		req.RemoteAddr = tt.peer
		if status, _, _ := serve(t, r, req); status != tt.status {
			t.Errorf("token %q, %s %v: %d, want %d", tt.token, tt.peer, tt.header, status, tt.status)
		}
	}
}

func TestDevelopmentPagesAreForTheMachineItself(t *testing.T) {
	for _, tt := range []struct {
		development bool
		peer, host  string
		header      []string
		status      int
	}{
		{true, "127.0.0.1:4", "127.0.0.1:5000", nil, 302},
		{true, "[::1]:4", "localhost:5000", nil, 302},
		{true, "[::1]:4", "[::1]", nil, 302},
		{false, "127.0.0.1:4", "127.0.0.1:5000", nil, 404},
		{true, "192.0.2.1:4", "127.0.0.1:5000", nil, 404},
		{true, "127.0.0.1:4", "tasks.example", nil, 404},
		{true, "127.0.0.1:4", "127.0.0.1", []string{"X-Forwarded-For", "127.0.0.1"}, 404},
		{true, "127.0.0.1:4", "127.0.0.1", []string{"Forwarded", "for=127.0.0.1"}, 404},
		{true, "127.0.0.1:4", "127.0.0.1", []string{"X-Real-IP", "127.0.0.1"}, 404},
		{true, "127.0.0.1:4", "127.0.0.1", []string{"X-Forwarded-Proto", "https"}, 404},
	} {
		// A trusted proxy changes nothing: what it passes on is not from here.
		r := testRouter(t, web.Options{Development: tt.development, TrustedProxies: []string{"127.0.0.0/8"}})
		r.GET("/dev/x", r.LocalDevelopment(func(c *web.Context) error { return c.SeeOther("/") }))
		req := get("/dev/x", tt.header...)
		req.RemoteAddr, req.Host = tt.peer, tt.host
		if status, _, _ := serve(t, r, req); status != tt.status {
			t.Errorf("%+v: %d", tt, status)
		}
	}
}

func TestACostlyCheckRunsOnceInAWhile(t *testing.T) {
	ran, result := 0, errors.New("no disk")
	check := web.AtMostEvery(time.Hour, func(context.Context) error { ran++; return result })
	for range 3 {
		if err := check(t.Context()); !errors.Is(err, result) {
			t.Error(err)
		}
	}
	if ran != 1 {
		t.Errorf("ran %d times", ran)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	check = web.AtMostEvery(0, func(ctx context.Context) error { return ctx.Err() })
	if err := check(gone); err != nil {
		t.Errorf("the check ended with the request that asked: %v", err)
	}
}

func TestCheckOriginComparesTheScheme(t *testing.T) {
	check := web.CheckOrigin([]string{"https://tasks.example", "http://partner.example:8080"})
	for origin, want := range map[string]bool{
		"https://tasks.example": true, "HTTPS://TASKS.EXAMPLE": true, "https://host.example": true, "http://partner.example:8080": true,
		"http://tasks.example": false, "http://host.example": false, "https://partner.example:8080": false, "http://partner.example": false,
		"https://tasks.example.evil": false, "https://host.example:444": false, "null": false, "": false, "//host.example": false,
	} {
		req := get("/", "Origin", origin)
		req.Host = "host.example"
		if got := check(req); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
}

func TestAFormOfTheSameHostWithoutTLSIsForeign(t *testing.T) {
	r := testRouter(t, web.Options{PublicURL: "https://tasks.example"})
	r.POST("/x", func(c *web.Context) error { return c.SeeOther("/") })
	for _, tt := range []struct {
		header []string
		status int
	}{
		{[]string{"Origin", "https://tasks.example"}, 302},
		{[]string{"Origin", "http://tasks.example"}, 403},
		{[]string{"Origin", "http://tasks.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Origin", "http://tasks.example", "Sec-Fetch-Site", "same-origin"}, 302}, // the browser has compared it
		{nil, 302},
	} {
		req := httptest.NewRequest(http.MethodPost, "/x", nil)
		req.Host = "tasks.example"
		for i := 0; i+1 < len(tt.header); i += 2 {
			req.Header.Set(tt.header[i], tt.header[i+1])
		}
		if status, _, _ := serve(t, r, req); status != tt.status {
			t.Errorf("%v: %d, want %d", tt.header, status, tt.status)
		}
	}
}
