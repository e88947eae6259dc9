package web

import (
	"net/http"

	"taskstack.org/platform/assets"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/views"
)

// texts serves the texts of scripts as a script of each language, which every
// page has before its others. With its version in the address a browser keeps it;
// a server that has other texts, as during an update, sends its own for once.
func (r *Router) texts() {
	for _, lang := range i18n.Languages() {
		r.public(views.TextsPath(lang), func(c *Context) error {
			lex := r.opts.Views.Catalogue().Lex(lang)
			assets.DropPageHeaders(c.Writer.Header())
			c.Header("Cache-Control", "no-store")
			if c.Query("v") == lex.Version {
				c.Header("Cache-Control", "public, max-age=31536000, immutable")
			}
			body := append([]byte("globalThis.taskstackTexts="), lex.JSON...)
			c.Data(http.StatusOK, "text/javascript; charset=utf-8", append(body, ';', '\n'))
			return nil
		})
	}
}
