package files

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/storage"
	"taskstack.org/platform/web"
)

// routePrefix is the path of downloads and the prefix of the column url.
const routePrefix = "/files/"

// binaryType is the type of all files that browsers do not show.
const binaryType = "application/octet-stream"

// linkValid is how long a link to the storage works: long enough for a browser to
// follow it, and a download that has begun goes on.
const linkValid = time.Minute

// The content security policies of files. Browsers apply that of a PDF to the page that
// their viewer is made of, which a sandbox, and any limit of styles, objects or scripts,
// keeps from working; nothing but a PDF is ever sent as one.
const (
	filePolicy = "default-src 'none'; sandbox"
	pdfPolicy  = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

// inline reports whether a browser may show a type in place: images that cannot
// contain scripts. All other types are downloaded.
func inline(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif":
		return true
	}
	return false
}

// viewable reports whether the viewer of our pages may show a type, besides those
// that are inline: PDF, sound and film, none of which can do anything with the site.
func viewable(contentType string) bool {
	switch contentType {
	case "application/pdf", "application/ogg",
		"audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/ogg", "audio/wav", "audio/flac", "audio/webm",
		"video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-m4v", "video/3gpp":
		return true
	}
	return false
}

// download streams a file or the requested range of it, or sends the browser to the
// storage. With ?view=1 it always streams, and PDF, sound and film are shown in place;
// with ?thumbnail=1 it streams the thumbnail of a picture, with ?cover=⟨version⟩ the one
// for its card, and with ?preview=1 that one or a small picture itself.
func (m *Module) download(c *web.Context) error {
	d, err := m.Find(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Param("key"))
	if errs.KindOf(err) == errs.Forbidden {
		return errs.Because(errs.NotFound, err)
	}
	if err != nil {
		return err
	}
	// A cached file of a private project would outlive the permission to read it.
	c.Writer.Header().Set("Cache-Control", "private, no-store")
	if c.Query("thumbnail") == "1" {
		return m.small(c, d, m.Thumbnail)
	}
	if c.Query("cover") != "" {
		return m.small(c, d, m.Cover)
	}
	if c.Query("preview") == "1" {
		return m.small(c, d, m.Preview)
	}
	view := c.Query("view") == "1"
	shown := inline(d.ContentType) || view && viewable(d.ContentType)
	// What is shown in a page comes from here: its policy allows no other origin.
	if m.links == nil || shown || view {
		return m.serve(c, d, shown)
	}
	link, err := m.links.Link(c.Ctx(), d.StorageKey, binaryType, contentDisposition("attachment", d.Name), linkValid)
	if err != nil {
		return err
	}
	http.Redirect(c.Writer, c.Request, link, http.StatusSeeOther)
	return nil
}

// serve streams a file from the storage.
func (m *Module) serve(c *web.Context, d Download, shown bool) (err error) {
	o, err := m.Open(c.Ctx(), d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	disposition, contentType := "attachment", binaryType
	if shown {
		disposition, contentType = "inline", d.ContentType
	}
	// The content under a storage key never changes: a download that was cut off goes on
	// with this content or begins again.
	c.Writer.Header().Set("Etag", `"`+d.StorageKey+`"`)
	write(c, o, contentType, contentDisposition(disposition, d.Name))
	return nil
}

// small streams a small picture of an attached one. A file without one is no error, which
// browsers would write to the console.
func (m *Module) small(c *web.Context, d Download, open func(context.Context, Download) (storage.Object, string, error)) (err error) {
	o, contentType, err := open(c.Ctx(), d)
	if errs.KindOf(err) == errs.NotFound {
		c.Writer.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	write(c, o, contentType, contentDisposition("inline", d.Name))
	return nil
}

// write sends an object with the headers that keep it from doing anything.
func write(c *web.Context, o storage.Object, contentType, disposition string) {
	h := c.Writer.Header()
	policy := filePolicy
	if contentType == "application/pdf" {
		policy = pdfPolicy
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", disposition)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(c.Writer, c.Request, "", o.ModTime(), o)
}

// upload attaches the request's body as one file of a list or card:
// POST /files/cards/7?name=plan.pdf&actionId=…, with &replace=1 for an
// existing name. The response is that of an event's acknowledgement.
//
// A file of an item is posted to the place that gets the item, and the response is that
// of its Keeper.
//
// A large file comes in parts, with &size= of the whole file: each as the body of a
// request with &part=, a number from 0, and at the end &parts=1 without a body, or
// &parts=0 to delete what has come.
func (m *Module) upload(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	length := c.Request.ContentLength
	if length < 0 {
		return errs.Of(errs.Invalid)
	}
	u, err := m.uploadOf(c, c.Param("kind"), c.Param("id"), length)
	if err != nil {
		return err
	}
	body := c.Body()
	u.Body, u.InParts = body, c.Query("parts") == "1"
	answer := projects.Reply{}
	switch number := c.Query("part"); {
	case number != "":
		err = m.uploadPart(c, by, u, number)
	case c.Query("parts") == "0":
		err = m.ForgetParts(c.Ctx(), by, u)
	default:
		answer, err = m.Upload(c.Ctx(), by, u)
	}
	if length <= m.limits.Size {
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

// uploadPart stores the body as a part of a file.
func (m *Module) uploadPart(c *web.Context, by accounts.Actor, u Upload, text string) error {
	number, err := strconv.Atoi(text)
	if err != nil || c.Request.ContentLength != m.limits.sizeOf(u, number) {
		return errs.Of(errs.Invalid)
	}
	return m.UploadPart(c.Ctx(), by, u, number)
}

// sentParts says which parts of a file have come: GET /files/cards/7/parts, with the
// query of the parts themselves.
func (m *Module) sentParts(c *web.Context) error {
	by := accounts.ActorFrom(c.Ctx())
	if !by.SignedIn() {
		return errs.Of(errs.Unauthenticated)
	}
	u, err := m.uploadOf(c, c.Param("key"), c.Param("name"), 0)
	if err != nil {
		return err
	}
	numbers, err := m.Parts(c.Ctx(), by, u)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, projects.Reply{"ok": true, "parts": numbers})
}

// uploadOf reads an upload from the path and the query; length is the size of a file
// that does not come in parts. Errors: NotFound, Invalid.
func (s *Service) uploadOf(c *web.Context, kind, id string, length int64) (Upload, error) {
	owner, err := s.ownerOf(kind, id)
	if err != nil {
		return Upload{}, err
	}
	u := Upload{Owner: owner, Name: c.Query("name"), Size: length, Replaces: c.Query("replace") == "1", IdempotencyKey: c.Query("actionId")}
	text := c.Query("size")
	if text == "" {
		return u, nil
	}
	u.Size, err = strconv.ParseInt(text, 10, 64)
	if err != nil || u.Size < 1 || u.IdempotencyKey == "" {
		return Upload{}, errs.Of(errs.Invalid)
	}
	return u, nil
}

// ownerOf parses the owner in a path. Errors: NotFound.
func (s *Service) ownerOf(kind, id string) (Owner, error) {
	k := Kind(kind)
	_, kept := s.keepers[k]
	n, err := strconv.ParseInt(id, 10, 64)
	if !kept && !k.ofBoard() || err != nil || n <= 0 {
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
