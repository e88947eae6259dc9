package files

import (
	"cmp"
	"context"
	"embed"
	"io/fs"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/module"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the files module.
type Module struct{ *Service }

// New wires files; doc.go says what the module owns.
func New(deps module.Deps, people People, p Projects) *Module {
	var links Linker
	if deps.Objects != nil {
		links, _ = deps.Objects.Storage.(Linker)
	}
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, objects: deps.Objects, links: links, people: people, projects: p, owners: map[Kind]OwnerModule{}, keepers: map[Kind]Keeper{}, uploads: newUploads(deps.Refused),
		publicURL: deps.PublicURL, log: deps.Log, now: deps.Now, refused: deps.Refused,
		quotas: newQuotas(deps),
		limits: Limits{Files: cmp.Or(deps.MaxFiles, DefaultFiles), Size: cmp.Or(deps.MaxFileSize, DefaultSize), Part: PartSize},
	}
	p.AddBoardPart(s.addLimits)
	return &Module{s}
}

// addLimits adds what pages need to refuse a file before it is sent.
func (s *Service) addLimits(_ context.Context, b *projects.Board) error {
	b.Data["fileLimits"] = s.limits
	return nil
}

// Owning is a module that owns the lists or cards of a kind.
type Owning interface{ FileOwner() (Kind, OwnerModule) }

// Connect finds the modules that own lists and cards. It panics with a sentence if
// one is missing.
func (m *Module) Connect(all []module.Module) {
	for _, each := range all {
		if o, ok := each.(Owning); ok {
			kind, owner := o.FileOwner()
			m.owners[kind] = owner
		}
	}
	for _, kind := range []Kind{OfList, OfCard} {
		if m.owners[kind] == nil {
			//nolint:forbidigo // a mistake of the program, found at its start, as with http.ServeMux
			panic("files: no module owns the files of " + string(kind) + ": one in internal/wiring must implement files.Owning")
		}
	}
}

// Name is the folder's name.
func (m *Module) Name() string { return "files" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds download and upload.
func (m *Module) Routes(r *web.Router) {
	r.GET(routePrefix+":key/:name/parts", m.sentParts, projects.Audience(projects.Write))
	r.GET(routePrefix+":key/:name", m.download, projects.Audience(projects.Read))
	r.POST(routePrefix+":kind/:id", m.upload, web.WithBody(m.limits.Size), projects.Audience(projects.Write))
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Locales = (*Module)(nil)
	_ module.Jobs    = (*Module)(nil)
	_ module.Host    = (*Module)(nil)
)
