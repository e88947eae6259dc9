package files

import (
	"embed"
	"io/fs"

	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the files module.
type Module struct{ *Service }

// New wires files; doc.go says what the module owns.
func New(k module.Kit, p Projects) *Module {
	return &Module{&Service{
		db: k.DB, repo: repository{k.DB}, storage: k.Storage, projects: p, owners: map[Kind]owners{}, uploads: newUploads(k.Refused),
		publicURL: k.PublicURL, log: k.Log, now: k.Now, refused: k.Refused, ofProject: map[Kind]OfProject{},
		quota: Quota{Project: k.ProjectQuota, Total: k.TotalQuota},
	}}
}

// Name is the folder's name.
func (m *Module) Name() string { return "files" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds download and upload.
func (m *Module) Routes(r *web.Router) {
	r.GET(routePrefix+":key/:name", m.download)
	r.POST(routePrefix+":kind/:id", m.upload, web.WithBody(MaxSize))
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
)
