package web

import "net/http"

// manifestPath is where the web app manifest is: pages link to it, and it makes
// the site installable. It is on this origin, since a manifest from a content
// delivery network could not name a start page here.
const manifestPath = "/app.webmanifest"

// appManifest is a web app manifest (https://www.w3.org/TR/appmanifest/).
type appManifest struct {
	ID              string    `json:"id"`
	Name            string    `json:"name"`
	ShortName       string    `json:"short_name"`
	Description     string    `json:"description"`
	Lang            string    `json:"lang"`
	StartURL        string    `json:"start_url"`
	Scope           string    `json:"scope"`
	Display         string    `json:"display"`
	BackgroundColor string    `json:"background_color"`
	ThemeColor      string    `json:"theme_color"`
	Icons           []appIcon `json:"icons"`
}

type appIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// appIcons are the icons of the bundle, by name below static/.
var appIcons = []appIcon{
	{"img/favicon.svg", "any", "image/svg+xml", "any"},
	{"img/icon-192.png", "192x192", "image/png", "any"},
	{"img/icon-512.png", "512x512", "image/png", "any"},
	{"img/icon-maskable-512.png", "512x512", "image/png", "maskable"},
}

// manifest serves the manifest in the visitor's language.
func (r *Router) manifest() {
	r.public(manifestPath, func(c *Context) error {
		m := appManifest{
			ID: "/", Name: "Taskstack", ShortName: "Taskstack", Description: c.T("ui.description"), Lang: c.Lang(),
			StartURL: "/", Scope: "/", Display: "standalone",
			BackgroundColor: "#fbfaf7", ThemeColor: "#fbfaf7", // --color-surface, light: a manifest has one of each
		}
		for _, icon := range appIcons {
			var err error
			if icon.Src, err = r.opts.Views.AssetURL(icon.Src); err != nil {
				return err
			}
			m.Icons = append(m.Icons, icon)
		}
		c.Header("Content-Type", "application/manifest+json")
		c.Header("Cache-Control", "max-age=3600")
		c.Header("Vary", "Cookie, Accept-Language")
		c.Context.PureJSON(http.StatusOK, m)
		return nil
	})
}
