package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/views"
)

// Context is one request and its answer.
type Context struct {
	*gin.Context
	router *Router
}

// Ctx is the request's context, to be handed to services.
func (c *Context) Ctx() context.Context { return c.Request.Context() }

// SetCtx replaces the request's context, for middleware that adds to it.
func (c *Context) SetCtx(ctx context.Context) { c.Request = c.Request.WithContext(ctx) }

// ClientIP is the client's address, found as ClientAddr says.
func (c *Context) ClientIP() string { return c.router.address(c.Request) }

// Lang is the language of the answer.
func (c *Context) Lang() string {
	cookie, err := c.Cookie("lang")
	if err != nil {
		cookie = ""
	}
	return i18n.Choose(cookie, c.GetHeader("Accept-Language"))
}

// T is a text in the language of the answer.
func (c *Context) T(key string, params ...any) string {
	return c.router.opts.Views.Catalogue().T(c.Lang(), key, params...)
}

// FieldTexts is the messages of an Invalid or Conflict error, one per field,
// in the language of the answer; ok is false for every other error.
func (c *Context) FieldTexts(err error) (texts map[string]string, ok bool) {
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return nil, false
	}
	return c.router.opts.Views.Catalogue().FieldTexts(c.Lang(), e), true
}

// ErrorText is what a person reads about an error, in the answer's language.
func (c *Context) ErrorText(err error) string {
	return c.router.opts.Views.Catalogue().ErrorText(c.Lang(), errs.As(err))
}

// Page answers with a page, named by its template's path without suffix.
func (c *Context) Page(status int, name string, page views.Page) error {
	shell, err := c.shell(page)
	if err != nil {
		return err
	}
	page.SetShell(shell)
	// Pages show what this viewer may see now; no cache may keep them.
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Header("Content-Language", shell.Lang)
	c.Header("Vary", "Cookie, Accept-Language, Accept")
	return c.router.opts.Views.Render(statusWriter{c.Writer, status}, shell.Lang, name, page)
}

func (c *Context) shell(page views.Page) (views.Shell, error) {
	lang := c.Lang()
	s := views.Shell{
		Lang: lang, Path: c.Request.URL.RequestURI(), NavItems: c.router.nav, Dev: c.router.opts.Development,
		Theme: c.theme(), Now: time.Now().UTC(),
	}
	for _, of := range c.router.banners {
		s.Banners = append(s.Banners, of(lang)...)
	}
	s.Viewer = c.viewer()
	s.Badge, s.ShowsBadge = c.badge(page, s.Viewer)
	if c.GetHeader("X-Requested-With") != "" {
		return s, nil // A script reads the page for its parts: no one would see the message.
	}
	var err error
	s.Flash, err = c.router.opts.Sessions.Flashes(c.Context)
	return s, err
}

// badge returns the number of the viewer's notifications, and whether the page
// shows it. A failing query is only logged: the page is worth more than its badge.
func (c *Context) badge(page views.Page, viewer *views.Viewer) (count int, shows bool) {
	if viewer == nil || c.router.countBadge == nil {
		return 0, false
	}
	if _, asks := page.(views.BadgeAsker); asks {
		return 0, true
	}
	if p, ok := page.(views.BadgeKnower); ok {
		if n, known := p.KnownBadge(); known {
			return n, true
		}
	}
	n, err := c.router.countBadge(c.Ctx(), viewer.ID)
	if err != nil {
		c.router.opts.Log.WarnContext(c.Ctx(), "badge not counted", "error", err)
	}
	return n, true
}

// viewer is the person who sends the request, nil if signed out.
func (c *Context) viewer() *views.Viewer {
	return viewerFrom(c.Ctx())
}

// Token is the anti-CSRF token of the login, as in the page's head; "" for visitors.
func (c *Context) Token() string {
	if v := c.viewer(); v != nil {
		return v.Token
	}
	return ""
}

func (c *Context) theme() string {
	if theme, err := c.Cookie("theme"); err == nil && (theme == "light" || theme == "dark") {
		return theme
	}
	return ""
}

// Flash keeps a text for the next page.
func (c *Context) Flash(text string) error { return c.router.opts.Sessions.AddFlash(c.Context, text) }

// JSON answers with a JSON value.
func (c *Context) JSON(status int, v any) error {
	c.Header("Cache-Control", "no-store")
	c.Context.PureJSON(status, v)
	return nil
}

// EncodedJSON is JSON for what is encoded already.
func (c *Context) EncodedJSON(status int, data []byte) error {
	c.Header("Cache-Control", "no-store")
	c.Context.Data(status, "application/json; charset=utf-8", data)
	return nil
}

// SeeOther sends the visitor to a path of this site after a form. It is 302 as
// the contract has it, with a relative Location.
func (c *Context) SeeOther(path string) error {
	c.Redirect(http.StatusFound, path)
	return nil
}

// Continue is the query parameter "continue" if it is a path of this site,
// else "/" (contract, http.md section 4 and defect H01).
func (c *Context) Continue() string { return LocalPath(c.Query("continue")) }

// LocalPath returns path if a browser that is sent there stays on this site,
// else "/".
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\") {
		return "/"
	}
	for _, r := range path {
		if r < ' ' || r == 0x7f {
			return "/"
		}
	}
	if u, err := url.Parse(path); err != nil || u.Host != "" || u.Scheme != "" {
		return "/"
	}
	return path
}

// WithContinue adds a continue parameter to a path, unless it is only the home
// page.
func WithContinue(path, to string) string {
	if to == "" || to == "/" {
		return path
	}
	return path + "?continue=" + url.QueryEscape(to)
}

// Form is the posted form, of either encoding. Too large a body is TooLarge,
// an unreadable one Invalid. Files in it are in memory and never on the disk.
func (c *Context) Form() (url.Values, error) {
	if c.Request.PostForm != nil {
		return c.Request.PostForm, nil
	}
	var err error
	if isMultipart(c.mediaType()) {
		// As much memory as the body may have: none of it becomes a file.
		err = c.Request.ParseMultipartForm(maxMultipart)
	} else {
		err = c.parseForm()
	}
	if err != nil {
		return nil, bodyError(err)
	}
	return c.Request.PostForm, nil
}

// parseForm reads a form whose fields are counted before they are parsed.
func (c *Context) parseForm() error {
	if c.Request.Body != nil {
		data, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return err
		}
		if bytes.Count(data, []byte("&")) >= maxFields {
			return errFields
		}
		c.Request.Body = io.NopCloser(bytes.NewReader(data))
	}
	return c.Request.ParseForm()
}

var errFields = errors.New("the form has too many fields")

// mediaType is the type of the body, in small letters and without parameters.
func (c *Context) mediaType() string { return strings.ToLower(c.ContentType()) }

func isMultipart(mediaType string) bool { return mediaType == "multipart/form-data" }

// Body reads the body of a route that takes a file. What goes wrong with it is
// TooLarge, or Invalid if the client has left.
func (c *Context) Body() io.Reader { return bodyReader{c.Request.Body} }

type bodyReader struct{ r io.Reader }

func (b bodyReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = bodyError(err)
	}
	return n, err
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errs.Because(errs.TooLarge, err)
	}
	return errs.Because(errs.Invalid, err)
}

// WantsJSON reports whether the client prefers JSON to a page.
func (c *Context) WantsJSON() bool {
	if strings.HasPrefix(c.ContentType(), "application/json") {
		return true
	}
	return c.NegotiateFormat("text/html", "application/json") == "application/json"
}

// statusWriter sends the status with the first byte, so that a page that fails
// to render leaves the answer open for the error page.
type statusWriter struct {
	gin.ResponseWriter
	status int
}

func (w statusWriter) Write(p []byte) (int, error) {
	w.WriteHeader(w.status)
	return w.ResponseWriter.Write(p)
}
