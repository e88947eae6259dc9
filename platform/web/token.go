package web

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"taskstack.org/platform/errs"
)

// tokenHeader carries the anti-CSRF token of a script's request.
const tokenHeader = "X-Token"

// PostOption says how a POST route treats the anti-CSRF token.
type PostOption func(*postRoute)

type postRoute struct {
	unchecked bool
	json      bool
	file      bool
	stale     Handler
	signedOut Handler
	anyBody   bool
	// whileReadOnly is true for routes that the guard lets pass.
	whileReadOnly bool
	maxBody       int64 // of a body that is a file; 0 for none
}

// WithJSON lets a route take a JSON body as well as a form.
func WithJSON() PostOption { return func(p *postRoute) { p.json = true } }

// WithFile lets signed-in people send a form with a file, multipart/form-data,
// to a route. All other routes refuse it without reading it.
func WithFile() PostOption { return func(p *postRoute) { p.file = true } }

// WithAnyBody is for routes that other programs call and that do not read the body,
// whatever its type is.
func WithAnyBody() PostOption { return func(p *postRoute) { p.anyBody = true } }

// WhileReadOnly is for routes that work while the site is read-only for maintenance,
// such as the log-in.
func WhileReadOnly() PostOption { return func(p *postRoute) { p.whileReadOnly = true } }

// errMediaType is answered 415; no service ever gives it.
var errMediaType = errors.New("unsupported media type")

// checkType lets only bodies pass that the route expects, and sets how large
// they may be.
func (p postRoute) checkType(c *Context) error {
	switch mediaType := c.mediaType(); {
	case p.anyBody:
		return nil
	case mediaType == "" || mediaType == "application/x-www-form-urlencoded":
		return nil
	case mediaType == "application/json" && p.json:
		return nil
	case isMultipart(mediaType) && p.file:
		return c.allowFile(maxMultipart)
	case mediaType == "application/octet-stream" && p.maxBody > 0:
		return c.allowFile(p.maxBody)
	}
	if err := c.CheckToken(c.GetHeader(tokenHeader)); err != nil && !p.unchecked {
		return err // a token in such a body is as good as none
	}
	return &errs.Error{Kind: errs.Invalid, Message: errs.Text("errors.method"), Cause: errMediaType}
}

// allowFile lets a signed-in person's request have a body of up to max bytes.
func (c *Context) allowFile(max int64) error {
	if c.viewer() == nil {
		return errs.Of(errs.Unauthenticated)
	}
	if b, ok := c.Request.Body.(*body); ok {
		b.limit = max
	}
	return nil
}

// OnSignedOut answers a file of a person who is not signed in, in a way of the
// route's own; without it that is Unauthenticated.
func OnSignedOut(answer Handler) PostOption { return func(p *postRoute) { p.signedOut = answer } }

// WithoutToken is for forms that people fill in before they are signed in, and
// that prove by themselves who sends them, such as the log-in: they may have
// been opened before a login in another tab.
func WithoutToken() PostOption { return func(p *postRoute) { p.unchecked = true } }

// OnStaleToken answers an outdated token in a way of the route's own, which
// should have the status StatusStaleToken. Nothing is done otherwise.
func OnStaleToken(answer Handler) PostOption { return func(p *postRoute) { p.stale = answer } }

// WithBody lets signed-in people send a file of up to max bytes as the body
// itself, application/octet-stream.
func WithBody(max int64) PostOption { return func(p *postRoute) { p.maxBody = max } }

// checked lets h run only if the request carries the token of the viewer's
// login (contract, defect H10).
func checked(h Handler, p postRoute) Handler {
	return func(c *Context) error {
		if err := p.checkType(c); err != nil {
			if p.signedOut != nil && errs.KindOf(err) == errs.Unauthenticated {
				return p.signedOut(c)
			}
			return p.refuse(c, err)
		}
		if isMultipart(c.mediaType()) && !p.anyBody {
			leave, err := c.router.uploads.enter(c.Ctx(), strconv.FormatInt(c.viewer().ID, 10), uploadsPerPerson)
			if err != nil {
				return err
			}
			defer leave()
		}
		if p.unchecked {
			return h(c)
		}
		if err := c.checkSentToken(); err != nil {
			return p.refuse(c, err)
		}
		return h(c)
	}
}

// refuse answers an outdated token in the route's own way, if it has one.
func (p postRoute) refuse(c *Context, err error) error {
	if p.stale != nil && errs.KindOf(err) == errs.StaleToken {
		return p.stale(c)
	}
	return err
}

// checkSentToken compares what the request carries with the token of the
// viewer's login. Without a viewer there is nothing to protect.
func (c *Context) checkSentToken() error {
	if c.viewer() == nil {
		return nil
	}
	token, err := c.sentToken()
	if err != nil {
		return err
	}
	return c.CheckToken(token)
}

// sentToken is the token of a request: the header, or else the key "token" of
// a JSON body or the field "token" of a form.
func (c *Context) sentToken() (string, error) {
	if token := c.GetHeader(tokenHeader); token != "" {
		return token, nil
	}
	if strings.HasPrefix(c.ContentType(), "application/json") {
		return c.tokenInJSON()
	}
	form, err := c.Form()
	return form.Get("token"), err
}

// tokenInJSON reads the body and leaves it to be read again. A token that is no
// text is as good as none; a body that is no object is Invalid.
func (c *Context) tokenInJSON() (string, error) {
	data, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return "", bodyError(err)
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(data))
	var body struct {
		Token any `json:"token"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return "", errs.Because(errs.Invalid, err)
	}
	token, _ := body.Token.(string)
	return token, nil
}

// CheckToken compares a token with that of the viewer's login: StaleToken if
// they differ. POST routes do so by themselves, see WithoutToken.
func (c *Context) CheckToken(token string) error {
	v := c.viewer()
	if v != nil && subtle.ConstantTimeCompare([]byte(token), []byte(v.Token)) != 1 {
		return errs.Of(errs.StaleToken)
	}
	return nil
}
