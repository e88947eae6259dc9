package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/views"
)

// StatusStaleToken is what the contract answers for an outdated anti-CSRF
// token.
const StatusStaleToken = 419

// statusClientGone is logged, never sent: the client had left.
const statusClientGone = 499

// errorPage is the page of every error, template errors/error.
type errorPage struct {
	views.Shell
	Status int
	// Reference is shown and logged, so that a person who reports an internal
	// error can be found in the log.
	Reference string
	// RetryAfter is in seconds, 0 if it does not matter.
	RetryAfter int
	// Message says more than the number does, if there is more to say.
	Message string
	// Again is the form that was refused for its outdated token, to be sent
	// again with the right one; nil if there was none.
	Again *Again
}

// Again is what was typed into a form.
type Again struct {
	Action string
	Fields []AgainField
}

// AgainField is one field of a form.
type AgainField struct{ Name, Value string }

// maxAgain bounds the form that an error page returns, in bytes.
const maxAgain = 16 << 10

// again returns a form whose token was outdated, with the present token of
// the login: nothing that was typed is lost. A form with a password is not given
// back, since the password would be in the page.
func (c *Context) again() *Again {
	form := c.Request.PostForm
	if len(form) == 0 || isMultipart(c.mediaType()) {
		return nil
	}
	a := &Again{Action: c.Request.URL.RequestURI()}
	size := 0
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if strings.Contains(strings.ToLower(name), "password") {
			return nil
		}
		if name == "token" {
			continue
		}
		for _, value := range form[name] {
			size += len(name) + len(value)
			a.Fields = append(a.Fields, AgainField{name, value})
		}
	}
	if size > maxAgain {
		return nil
	}
	return a
}

// errMethod is answered 405; no service ever gives it.
var errMethod = errors.New("method not allowed")

// notFound leads from a path with slashes at its end to the one without.
func notFound(c *Context) error {
	path := c.Request.URL.Path
	trimmed := "/" + strings.Trim(path, "/")
	read := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	if read && strings.HasSuffix(path, "/") && trimmed != "/" {
		to := url.URL{Path: trimmed, RawQuery: c.Request.URL.RawQuery}
		c.Redirect(http.StatusPermanentRedirect, to.String())
		return nil
	}
	return errs.Of(errs.NotFound)
}

// methodNotAllowed also answers OPTIONS, on every path there is (contract,
// http.md section 1). The header Allow has been set before.
func methodNotAllowed(c *Context) error {
	if c.Request.Method != http.MethodOptions {
		return &errs.Error{Kind: errs.Invalid, Message: errs.Text("errors.method"), Cause: errMethod}
	}
	c.Header("Allow", c.Writer.Header().Get("Allow")+", "+http.MethodOptions)
	c.Status(http.StatusOK)
	return nil
}

func status(err error) int {
	switch {
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errMediaType):
		return http.StatusUnsupportedMediaType
	case isSlow(err):
		return http.StatusRequestTimeout
	case errors.Is(err, db.ErrFull):
		return http.StatusInsufficientStorage
	}
	switch errs.KindOf(err) {
	case errs.Invalid:
		return http.StatusBadRequest
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.RateLimited:
		return http.StatusTooManyRequests
	case errs.StaleToken:
		return StatusStaleToken
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	case errs.Internal:
	}
	return http.StatusInternalServerError
}

// answer turns an error into a page or JSON, and a line in the log.
func (r *Router) answer(c *Context, err error) {
	if clientGone(c, err) {
		r.opts.Log.DebugContext(c.Ctx(), "client gone", "error", err)
		c.Status(statusClientGone)
		return
	}
	err = db.Classify(err)
	e := errs.As(err)
	r.countBody(c, err)
	page := &errorPage{Status: status(err)}
	r.logRefusal(c, err, page)
	if e.RetryAfter > 0 {
		page.RetryAfter = int(math.Ceil(e.RetryAfter.Seconds()))
		c.Header("Retry-After", strconv.Itoa(page.RetryAfter))
	}
	if c.Writer.Written() {
		// Half an answer must not look like a whole one: the connection is cut.
		panic(http.ErrAbortHandler) //nolint:forbidigo // net/http's own way to do it
	}
	if c.WantsJSON() {
		r.answerJSON(c, e, page)
		return
	}
	if e.Kind == errs.Unauthenticated && c.Request.Method == http.MethodGet {
		c.Redirect(http.StatusFound, WithContinue("/login", c.Request.URL.RequestURI()))
		return
	}
	if e.Message.Key != "" || len(e.Fields) > 0 {
		page.Message = c.ErrorText(e)
	}
	if e.Kind == errs.StaleToken && c.viewer() != nil {
		page.Again = c.again()
	}
	c.leaveUncompressed()
	if err := c.Page(page.Status, "errors/error", page); err != nil {
		r.opts.Log.ErrorContext(c.Ctx(), "error page failed", "error", err)
		http.Error(c.Writer, http.StatusText(page.Status), page.Status)
	}
}

// clientGone reports whether the client has left, which is no error of ours and
// cannot be answered.
func clientGone(c *Context, err error) bool {
	var gone *disconnectedError
	if errors.As(err, &gone) {
		return !isSlow(err) || c.Writer.Written()
	}
	return errors.Is(err, context.Canceled) && c.Ctx().Err() != nil
}

// logRefusal writes why a request was not served. Failures are ours, and their
// number in the log is bounded.
func (r *Router) logRefusal(c *Context, err error, page *errorPage) {
	if page.Status == http.StatusInternalServerError {
		page.Reference = rand.Text()[:8]
		r.errors.Log(c.Ctx(), slog.LevelError, "internal", "request failed", slog.Any("error", err), slog.String("ref", page.Reference))
		return
	}
	if errors.Is(err, db.ErrAway) || errors.Is(err, db.ErrFull) {
		r.errors.Log(c.Ctx(), slog.LevelError, "unavailable", "request cannot be served", slog.Any("error", err))
		return
	}
	level := level(page.Status)
	if c.viewer() == nil { // mistakes of unauthenticated clients are no concern of the operator
		level = slog.LevelDebug
	}
	r.opts.Log.LogAttrs(c.Ctx(), level, "request refused", slog.String("error", err.Error()))
}

// countBody counts a request whose body was larger, slower or of another type
// than it may be.
func (r *Router) countBody(c *Context, err error) {
	var tooLarge *http.MaxBytesError
	limit := ""
	switch {
	case errors.As(err, &tooLarge):
		limit = "request_body"
	case isSlow(err):
		limit = "slow_body"
	case errors.Is(err, errMediaType):
		limit = "body_type"
	case errors.Is(err, errFields):
		limit = "form_fields"
	default:
		return
	}
	r.opts.Refused.Add(c.Ctx(), limit, slog.String("address", c.ClientIP()))
}

// refuseCheaply answers what an attack gets: without a session, a viewer or a
// page of its own. The page is made once per language.
func (r *Router) refuseCheaply(g *gin.Context, e *errs.Error) {
	g.Abort()
	c := &Context{Context: g, router: r}
	status := status(e)
	c.Header("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	c.Header("Cache-Control", "no-store")
	if c.WantsJSON() {
		_ = c.JSON(status, Describe(r.opts.Views, c.Lang(), e, ""))
		return
	}
	page, err := r.plainErrorPage(c.Lang(), status)
	if err != nil {
		r.errors.Log(c.Ctx(), slog.LevelError, "error page", "error page failed", slog.Any("error", err))
		page = []byte(http.StatusText(status))
	}
	c.leaveUncompressed()
	c.Data(status, "text/html; charset=utf-8", page)
}

// leaveUncompressed sends an error page as it is. Compressing one takes longer
// than making it, and the client that provokes errors chooses how often.
func (c *Context) leaveUncompressed() { c.Header(gzhttp.HeaderNoCompression, "1") }

// plainErrorPage is the error page of a status as everyone sees it.
func (r *Router) plainErrorPage(lang string, status int) ([]byte, error) {
	key := lang + strconv.Itoa(status)
	if page, ok := r.plain.Load(key); ok {
		return page.([]byte), nil //nolint:errcheck // only this function stores
	}
	page := &errorPage{Status: status}
	page.SetShell(views.Shell{Lang: lang, Path: "/"})
	var buf bytes.Buffer
	if err := r.opts.Views.Render(&buf, lang, "errors/error", page); err != nil {
		return nil, err
	}
	r.plain.Store(key, buf.Bytes())
	return buf.Bytes(), nil
}

func (r *Router) answerJSON(c *Context, e *errs.Error, page *errorPage) {
	answer := Describe(c.router.opts.Views, c.Lang(), e, page.Reference)
	if page.Status == http.StatusBadRequest && len(e.Fields) > 0 && !e.Malformed {
		page.Status = http.StatusUnprocessableEntity
	}
	_ = c.JSON(page.Status, answer)
}

// ErrorAnswer is an error as JSON, in HTTP answers and in socket
// acknowledgements alike.
type ErrorAnswer struct {
	Error      errs.Kind         `json:"error"`
	Message    string            `json:"message"`
	Fields     map[string]string `json:"fields,omitempty"`
	Current    map[string]any    `json:"current,omitempty"`
	RetryAfter int               `json:"retryAfter,omitempty"`
	Ref        string            `json:"ref,omitempty"`
}

// Describe is an error for a client, in its language.
func Describe(v *views.Views, lang string, e *errs.Error, ref string) ErrorAnswer {
	a := ErrorAnswer{Error: e.Kind, Message: v.Catalogue().ErrorText(lang, e), Current: e.Current, Ref: ref}
	if len(e.Fields) > 0 {
		a.Fields = v.Catalogue().FieldTexts(lang, e)
	}
	if e.RetryAfter > 0 {
		a.RetryAfter = int(math.Ceil(e.RetryAfter.Seconds()))
	}
	return a
}

// level is how loud the log is about an answer: what any client may cause by a
// wrong address or form is for debugging only.
func level(status int) slog.Level {
	switch status {
	case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusRequestTimeout, http.StatusUnauthorized, http.StatusNotFound, http.StatusMethodNotAllowed, StatusStaleToken:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}
