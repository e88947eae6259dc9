package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// tokenRouter notes in ran which bodies reached a handler.
func tokenRouter(t *testing.T, viewer *views.Viewer) (r *web.Router, ran *[]string) {
	t.Helper()
	r = testRouter(t, web.Options{Authenticate: func(*web.Context) (*views.Viewer, error) { return viewer, nil }})
	ran = &[]string{}
	note := func(c *web.Context) error {
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return err
		}
		*ran = append(*ran, string(body))
		return c.SeeOther("/")
	}
	r.POST("/x", note, web.WithJSON(), web.WithFile())
	r.POST("/login", note, web.WithoutToken())
	r.POST("/machine", note, web.WithoutToken(), web.WithAnyBody())
	r.POST("/own", note, web.OnStaleToken(func(c *web.Context) error {
		c.Status(web.StatusStaleToken)
		return nil
	}))
	return r, ran
}

const formType = "application/x-www-form-urlencoded"

func TestAPostNeedsTheTokenOfTheLogin(t *testing.T) {
	multipart := "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nright\r\n--b--\r\n"
	for _, tt := range []struct {
		name, path, contentType, header, body string
		status                                int
	}{
		{"form", "/x", formType, "", "token=right", 302},
		{"form with a file", "/x", "multipart/form-data; boundary=b", "", multipart, 302},
		{"JSON", "/x", "application/json", "", `{"token":"right","value":1}`, 302},
		{"header", "/x", formType, "right", "a=b", 302},
		{"header, body of another kind", "/x", "text/plain", "right", "anything", 415},
		{"none", "/x", formType, "", "a=b", 419},
		{"no body", "/x", "", "", "", 419},
		{"wrong", "/x", formType, "", "token=wrong", 419},
		{"empty", "/x", formType, "", "token=", 419},
		{"in the address", "/x?token=right", formType, "", "a=b", 419},
		{"wrong header", "/x", formType, "wrong", "token=right", 419},
		{"text of another kind", "/x", "text/plain", "", "token=right", 419},
		{"JSON where none is expected", "/own", "application/json", "", `{"token":"right"}`, 419},
		{"the same, with the right header", "/own", "application/json", "right", `{}`, 415},
		{"file where none is expected", "/own", "multipart/form-data; boundary=b", "right", multipart, 415},
		{"file where none is expected, in capitals", "/own", "Multipart/Form-Data; boundary=b", "right", multipart, 415},
		{"another multipart", "/x", "multipart/mixed; boundary=b", "right", multipart, 415},
		{"JSON without", "/x", "application/json", "", `{}`, 419},
		{"JSON, no text", "/x", "application/json", "", `{"token":5}`, 419},
		{"JSON, no object", "/x", "application/json", "", `["right"]`, 400},
		{"JSON, broken", "/x", "application/json", "", `{"token":"right"`, 400},
		{"form too large", "/x", formType, "", "a=" + strings.Repeat("b", 2<<20), 413},
		{"a route that needs none", "/login", formType, "", "a=b", 302},
		{"a program's form", "/machine", "multipart/form-data; boundary=b", "", multipart, 302},
		{"a program's text", "/machine", "text/plain", "", "anything", 302},
		{"a route with an answer of its own", "/own", formType, "", "token=wrong", 419},
		{"the same, with the right one", "/own", formType, "", "token=right", 302},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, ran := tokenRouter(t, &views.Viewer{ID: 1, Token: "right"})
			req := httptest.NewRequest(http.MethodPost, tt.path, strings.NewReader(tt.body))
			req.Header.Set("Content-Type", tt.contentType)
			if tt.header != "" {
				req.Header.Set("X-Token", tt.header)
			}
			status, body, _ := serve(t, r, req)
			if status != tt.status || (len(*ran) == 1) != (tt.status == 302) {
				t.Fatalf("%d, ran %q, want %d", status, *ran, tt.status)
			}
			if tt.path == "/own" && tt.status == 419 && body != "" {
				t.Errorf("the route's own answer is empty, not %q", body)
			}
		})
	}
}

func TestTheBodyIsLeftForTheHandler(t *testing.T) {
	r, ran := tokenRouter(t, &views.Viewer{ID: 1, Token: "right"})
	const body = `{"token":"right","setting":"x"}`
	req := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if serve(t, r, req); len(*ran) != 1 || (*ran)[0] != body {
		t.Fatalf("the handler read %q", *ran)
	}
}

func TestAProgramMaySendAnyBody(t *testing.T) {
	r, ran := tokenRouter(t, nil)
	for _, contentType := range []string{"multipart/form-data; boundary=b", formType, "", "application/json"} {
		req := httptest.NewRequest(http.MethodPost, "/machine", strings.NewReader("--b--"))
		req.Header.Set("Content-Type", contentType)
		if status, _, _ := serve(t, r, req); status != http.StatusFound {
			t.Errorf("%q: %d", contentType, status)
		}
	}
	if len(*ran) != 4 {
		t.Errorf("ran %d times", len(*ran))
	}
}

func TestAVisitorNeedsNoToken(t *testing.T) {
	r, ran := tokenRouter(t, nil)
	if status, _, _ := serve(t, r, httptest.NewRequest(http.MethodPost, "/x", nil)); status != 302 || len(*ran) != 1 {
		t.Fatalf("%d, ran %q", status, *ran)
	}
}
