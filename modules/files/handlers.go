package files

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/web"
)

// routePrefix is where files are downloaded from, and how the column url
// begins.
const routePrefix = "/files/"

// inline are the types a browser may show in place: pictures that carry no
// script. Everything else is only ever downloaded.
func inline(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif":
		return true
	}
	return false
}

// download streams a file, or the part of it that is asked for.
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
	// A file of a private project must not outlive the right to see it.
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(c.Writer, c.Request, "", d.ModTime(), d)
	return nil
}

// contentDisposition writes the header of RFC 6266: a plain name for the oldest
// clients, and the real one encoded as RFC 8187 says (defect D30: quotes and
// line breaks in a name must not become part of the header).
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
