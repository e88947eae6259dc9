package files

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/web"
)

// routePrefix is the path of downloads and the prefix of the column url.
const routePrefix = "/files/"

// inline reports whether a browser may show a type in place: images that cannot
// contain scripts. All other types are downloaded.
func inline(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif":
		return true
	}
	return false
}

// download streams a file or the requested range of it.
func (m *Module) download(c *web.Context) (err error) {
	d, err := m.Open(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("key"))
	if errs.KindOf(err) == errs.Forbidden {
		return errs.Because(errs.NotFound, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	h := c.Writer.Header()
	disposition, contentType := "attachment", "application/octet-stream"
	if inline(d.ContentType) {
		disposition, contentType = "inline", d.ContentType
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", contentDisposition(disposition, d.Name))
	// A cached file of a private project would outlive the permission to read it.
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(c.Writer, c.Request, "", d.ModTime(), d)
	return nil
}

// upload attaches the request's body as one file of a list or card:
// POST /files/cards/7?name=plan.pdf&actionId=…, with &replace=1 for an
// existing name. The response is that of an event's acknowledgement.
func (m *Module) upload(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	owner, err := ownerOf(c.Param("kind"), c.Param("id"))
	if err != nil {
		return err
	}
	r := c.Request
	if r.ContentLength < 0 {
		return errs.Of(errs.Invalid)
	}
	body := c.Body()
	answer, err := m.Upload(c.Ctx(), by, Upload{
		Owner: owner, Name: c.Query("name"), Size: r.ContentLength, Body: body,
		Replaces: c.Query("replace") == "1", IdempotencyKey: c.Query("actionId"),
	})
	if r.ContentLength <= MaxSize {
		// The body of a refused or repeated upload is unread, and some browsers read
		// no response before they have sent all of it.
		_, _ = io.Copy(io.Discard, body)
	}
	if errors.Is(err, storage.ErrSize) {
		return errs.Because(errs.Invalid, err)
	}
	if err != nil {
		return err
	}
	answer["ok"] = true
	return c.JSON(http.StatusOK, answer)
}

// ownerOf parses the owner in a path. Errors: NotFound.
func ownerOf(kind, id string) (Owner, error) {
	kinds := map[string]Kind{"lists": OfList, "cards": OfCard}
	k, known := kinds[kind]
	n, err := strconv.ParseInt(id, 10, 64)
	if !known || err != nil || n <= 0 {
		return Owner{}, errs.Of(errs.NotFound)
	}
	return Owner{Kind: k, ID: n}, nil
}

// contentDisposition returns the header of RFC 6266: an ASCII name for old clients
// and the real name encoded as in RFC 8187 (defect D30: quotes and line breaks in a
// name must not become part of the header).
func contentDisposition(disposition, name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	encoded := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	return disposition + `; filename="` + plain + `"; filename*=UTF-8''` + encoded
}
