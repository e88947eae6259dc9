package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"taskstack.org/platform/assets"
)

// Options of Build.
type Options struct {
	// Source is the folder static/.
	Source string
	// Out is where the bundle goes; what a former bundle left there is removed.
	Out string
	// Development keeps names, adds source maps and leaves out the compressed
	// forms, so that a build takes a fraction of a second.
	Development bool
}

// File is one file of the finished bundle. Sizes are in bytes; 0 if there is
// no such form.
type File struct {
	Name                string
	Plain, Gzip, Brotli int
}

// kept are the files in the output folder that belong to the repository.
var kept = map[string]bool{"README.md": true, ".gitignore": true}

// Builder makes the same bundle again and again, as sources change. It keeps what
// has not changed since the former bundle. One goroutine may use it.
type Builder struct {
	options Options
	esbuild api.BuildContext
	avatars map[string][]byte // drawn once
	icons   appIconCache
	written map[string][]byte // the files of the former bundle
}

// NewBuilder returns a Builder.
func NewBuilder(o Options) *Builder {
	return &Builder{options: o, avatars: map[string][]byte{}}
}

// Build makes the bundle once.
func Build(o Options) ([]File, error) {
	b := NewBuilder(o)
	defer b.Close()
	return b.Build()
}

// Close frees what the builder keeps.
func (b *Builder) Close() {
	if b.esbuild != nil {
		b.esbuild.Dispose()
	}
}

// Build makes the bundle and returns what is in it. What is wrong in a script or
// style is one error with a line per finding; the former bundle then stays.
func (b *Builder) Build() ([]File, error) {
	if err := b.prepare(); err != nil {
		return nil, err
	}
	o := b.options
	files, manifest, scripts, err := b.compile()
	if err != nil {
		return nil, err
	}
	if err := addImages(o.Source, files, manifest); err != nil {
		return nil, err
	}
	if err := b.icons.add(o.Source, files, manifest); err != nil {
		return nil, err
	}
	if len(b.avatars) == 0 {
		if err := addAvatars(b.avatars); err != nil {
			return nil, err
		}
	}
	maps.Copy(files, b.avatars)
	data, err := json.MarshalIndent(assets.Manifest{Files: manifest, Scripts: scripts}, "", "  ")
	if err != nil {
		return nil, err
	}
	return b.write(files, data)
}

// prepare sets up esbuild, before the first build.
func (b *Builder) prepare() error {
	if b.esbuild != nil {
		return nil
	}
	o := &b.options
	for _, folder := range []*string{&o.Source, &o.Out} {
		absolute, err := filepath.Abs(*folder)
		if err != nil {
			return err
		}
		*folder = absolute
	}
	context, err := api.Context(esbuildOptions(*o))
	if err != nil {
		return findings(err.Errors)
	}
	b.esbuild = context
	return nil
}

// entries are what pages name: the script and styles of every page, the styles of
// pages other than boards, and the script for what a CDN does not deliver.
func entries() []string {
	return []string{"js/app.js", "js/fallback.js", "css/app.css", "css/pages.css"}
}

func entryFiles(source string) []string {
	var files []string
	for _, name := range entries() {
		files = append(files, filepath.Join(source, filepath.FromSlash(name)))
	}
	return append(files, laterStyles(source)...)
}

// laterDir holds styles that scripts load when they need them, each a file of its own.
const laterDir = "css/later/"

func laterStyles(source string) []string {
	files, _ := filepath.Glob(filepath.Join(source, filepath.FromSlash(laterDir), "*.css")) // fails for a bad pattern only
	return files
}

func esbuildOptions(o Options) api.BuildOptions {
	sourceMap := api.SourceMapNone
	var define map[string]string
	if o.Development {
		sourceMap = api.SourceMapLinked
		define = map[string]string{"globalThis.reportsUnknownEvents": "true"} // js/board/extensions.js
	}
	return api.BuildOptions{
		EntryPoints:       entryFiles(o.Source),
		Outbase:           o.Source,
		Outdir:            o.Out,
		EntryNames:        "[dir]/[name].[hash]",
		ChunkNames:        "js/[name].[hash]",
		AssetNames:        "media/[name].[hash]",
		Bundle:            true,
		Splitting:         true,
		Format:            api.FormatESModule,
		Platform:          api.PlatformBrowser,
		MinifyWhitespace:  !o.Development,
		MinifyIdentifiers: !o.Development,
		MinifySyntax:      !o.Development,
		Sourcemap:         sourceMap,
		Define:            define,
		LegalComments:     api.LegalCommentsNone,
		Metafile:          true,
		Write:             false,
		LogLevel:          api.LogLevelSilent,
		// Browsers that update themselves, as they were in mid-2024: light-dark(),
		// popovers, nesting, :has() and the v flag need no rewriting there.
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "125"},
			{Name: api.EngineEdge, Version: "125"},
			{Name: api.EngineFirefox, Version: "128"},
			{Name: api.EngineSafari, Version: "17.5"},
		},
		Loader: map[string]api.Loader{
			".woff2": api.LoaderFile, ".png": api.LoaderFile, ".svg": api.LoaderDataURL,
		},
		Plugins: []api.Plugin{cssByFolder(), elementFiles(filepath.Join(o.Source, "js")), onBoardScripts(filepath.Join(o.Source, "js"))},
	}
}

// compile runs esbuild, which parses only what has changed. The result maps names
// in the bundle to contents, names below static/ to names in the bundle, and
// scripts to what they import.
func (b *Builder) compile() (files map[string][]byte, manifest map[string]string, scripts map[string][]string, err error) {
	o, result := b.options, b.esbuild.Rebuild()
	if err := findings(append(result.Errors, result.Warnings...)); err != nil {
		return nil, nil, nil, err
	}
	files = make(map[string][]byte, len(result.OutputFiles))
	for _, out := range result.OutputFiles {
		name, err := filepath.Rel(o.Out, out.Path)
		if err != nil {
			return nil, nil, nil, err
		}
		files[filepath.ToSlash(name)] = out.Contents
	}
	outputs, err := readOutputs(o, result.Metafile)
	if err != nil {
		return nil, nil, nil, err
	}
	manifest, err = named(outputs)
	return files, manifest, imported(outputs), err
}

func findings(messages []api.Message) error {
	var all []error
	for _, m := range messages {
		where := ""
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d:%d: ", m.Location.File, m.Location.Line, m.Location.Column)
		}
		all = append(all, errors.New(where+m.Text))
	}
	return errors.Join(all...)
}

// output is what esbuild says about one file it has made.
type output struct {
	EntryPoint string              `json:"entryPoint"`
	Inputs     map[string]struct{} `json:"inputs"`
	Imports    []struct {
		Path string `json:"path"`
		Kind string `json:"kind"`
	} `json:"imports"`
}

// readOutputs reads esbuild's account of what it has made, by name in the bundle.
func readOutputs(o Options, metafile string) (map[string]output, error) {
	var meta struct {
		Outputs map[string]output `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, fmt.Errorf("read esbuild's metafile: %w", err)
	}
	out := filepath.Base(o.Out) + "/"
	inBundle := func(file string) string {
		_, name, _ := strings.Cut(filepath.ToSlash(file), out)
		return name
	}
	outputs := make(map[string]output, len(meta.Outputs))
	for file, facts := range meta.Outputs {
		name := inBundle(file)
		if name == "" {
			return nil, fmt.Errorf("esbuild wrote %s outside %s", file, o.Out)
		}
		for i := range facts.Imports {
			facts.Imports[i].Path = inBundle(facts.Imports[i].Path)
		}
		outputs[name] = facts
	}
	return outputs, nil
}

// named finds what became of the entry points and of the media files.
func named(outputs map[string]output) (map[string]string, error) {
	names := map[string]string{}
	for hashed, facts := range outputs {
		if strings.HasPrefix(hashed, laterDir) && facts.EntryPoint != "" {
			names[laterDir+path.Base(facts.EntryPoint)] = hashed
			continue
		}
		if strings.HasPrefix(hashed, "media/") {
			for input := range facts.Inputs {
				names["media/"+path.Base(input)] = hashed
			}
			continue
		}
		for _, entry := range entries() {
			if path.Dir(hashed) == path.Dir(entry) && strings.HasSuffix(facts.EntryPoint, "/"+entry) {
				names[entry] = hashed
			}
		}
	}
	for _, entry := range entries() {
		if names[entry] == "" {
			return nil, fmt.Errorf("esbuild made nothing of %s", entry)
		}
	}
	return names, nil
}

// imported lists what app.js and each group of elements import at once,
// directly and by what they import.
func imported(outputs map[string]output) map[string][]string {
	scripts := map[string][]string{}
	for name, facts := range outputs {
		entry := facts.EntryPoint
		if strings.HasSuffix(entry, "/js/app.js") {
			entry = "js/app.js"
		}
		if entry == "js/app.js" || strings.HasPrefix(entry, elementsPrefix) {
			scripts[entry] = withImports(outputs, name, nil)
		}
	}
	return scripts
}

func withImports(outputs map[string]output, name string, known []string) []string {
	if slices.Contains(known, name) {
		return known
	}
	known = append(known, name)
	for _, i := range outputs[name].Imports {
		if i.Kind == "import-statement" {
			known = withImports(outputs, i.Path, known)
		}
	}
	return known
}

// write puts the new bundle there first, then the manifest, then removes what
// is left of the old one: a server that reads meanwhile finds a whole bundle.
func (b *Builder) write(files map[string][]byte, manifest []byte) ([]File, error) {
	out := b.options.Out
	report, forms, err := compress(files, b.options.Development)
	if err != nil {
		return nil, err
	}
	for name, data := range forms {
		file := filepath.Join(out, filepath.FromSlash(name))
		if _, err := os.Stat(file); err == nil && bytes.Equal(b.written[name], data) {
			continue
		}
		if err := writeFile(file, data); err != nil {
			return nil, err
		}
	}
	b.written = forms
	if err := writeFile(filepath.Join(out, assets.ManifestName), manifest); err != nil {
		return nil, err
	}
	return report, removeOld(out, forms)
}

func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:security // public files
		return err
	}
	return os.WriteFile(name, data, 0o644) //nolint:security // public files
}

func removeOld(out string, current map[string][]byte) error {
	return filepath.WalkDir(out, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(out, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if _, ok := current[name]; ok || kept[name] || name == assets.ManifestName {
			return nil
		}
		return os.Remove(file) // our own output folder
	})
}
