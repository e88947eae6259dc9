package bundle

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/evanw/esbuild/pkg/api"
)

// cssByFolder resolves @import "./folder/*.css" to every file there, sorted by
// name.
func cssByFolder() api.Plugin {
	return api.Plugin{Name: "cssByFolder", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `/\*\.css$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: filepath.Join(a.ResolveDir, a.Path), Namespace: "cssByFolder"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "cssByFolder"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			found, err := filepath.Glob(a.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			var css strings.Builder
			for _, file := range found { // Glob sorts
				if err := layered(file); err != nil {
					return api.OnLoadResult{}, err
				}
				fmt.Fprintf(&css, "@import %q;\n", "./"+filepath.Base(file))
			}
			text := css.String()
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderCSS, ResolveDir: filepath.Dir(a.Path)}, nil
		})
	}}
}

var cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// layered refuses a file that is not within a cascade layer: outside, it would
// win over everything.
func layered(file string) error {
	data, err := os.ReadFile(file) // our own sources
	if err != nil {
		return err
	}
	text := strings.TrimSpace(cssComment.ReplaceAllString(string(data), ""))
	if text != "" && !strings.HasPrefix(text, "@layer ") {
		return fmt.Errorf("%s: put everything into a @layer block, as the other files do", file)
	}
	return nil
}

// elementFiles provides the module "elements:files", which finds an element's
// class by its tag, and for each group a module with all its classes: the first
// tag of a group loads the group. One file per element would be dozens of
// requests for a page, and compress worse. The groups are what pages load
// together:
//
//   - "page", which comes with every page: all folders that are in no other group;
//   - "live", for pages of signed-in people: folders that use the connection;
//   - "board": folders whose scripts import the board's;
//   - elements whose first comment says @later, such as dialogs that are seldom
//     opened, are a group of their folder, "home-later", or "board-later".
//
// A group imports those that pages have when they load it, so that the scripts
// that groups share are one file and not one for each combination of groups.
func elementFiles(dir string) api.Plugin {
	return api.Plugin{Name: "elementFiles", Setup: func(build api.PluginBuild) {
		// Read once per build, not once per group.
		find := func() ([]elementFile, error) { return findElements(dir) }
		read := sync.OnceValues(find)
		build.OnStart(func() (api.OnStartResult, error) {
			read = sync.OnceValues(find)
			return api.OnStartResult{}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: `^elements:`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(a.Path, "elements:"), Namespace: "elements"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "elements"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			files, err := read()
			if err != nil {
				return api.OnLoadResult{}, err
			}
			everyPage, err := importedByApp(dir)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text := tagsModule(files)
			if group, ok := strings.CutPrefix(a.Path, "group/"); ok {
				text = groupModule(files, group, everyPage)
			}
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS, ResolveDir: dir}, nil
		})
	}}
}

// onBoardScripts provides the module "#onBoard", which runs the files
// js/⟨module⟩/onBoard.js: what each module adds to the board. The board's own
// script imports it, so it comes with every board page and nothing lists it.
func onBoardScripts(dir string) api.Plugin {
	return api.Plugin{Name: "onBoardScripts", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^#onBoard$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: a.Path, Namespace: "onBoard", SideEffects: api.SideEffectsTrue}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "onBoard"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			found, err := filepath.Glob(filepath.Join(dir, "*", "onBoard.js"))
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text, err := onBoardModule(found)
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS, ResolveDir: dir}, err
		})
	}}
}

var defaultExport = regexp.MustCompile(`(?m)^export default\b|\bas default\b`)

func onBoardModule(files []string) (string, error) {
	var js strings.Builder
	js.WriteString("import { extensions } from \"./board/extensions.js\";\n")
	for i, file := range files { // Glob sorts
		data, err := os.ReadFile(file) // our own sources
		if err != nil {
			return "", err
		}
		if !defaultExport.Match(data) {
			return "", fmt.Errorf("%s: write `export default function onBoard(board) {…}`, which registers what the module adds (js/board/extensions.js)", file)
		}
		module := filepath.Base(filepath.Dir(file))
		fmt.Fprintf(&js, "import onBoard%d from %q;\nextensions.register(%q, onBoard%d);\n", i, "./"+module+"/onBoard.js", module, i)
	}
	return js.String(), nil
}

// tagsModule imports the group "page" at once and the others when one of their
// tags appears.
func tagsModule(files []elementFile) string {
	var names, tags strings.Builder
	for _, f := range files {
		group := elementsPrefix + f.group()
		if f.group() == pageGroup {
			fmt.Fprintf(&names, "import { %s } from %q;\n", f.name(), group)
			fmt.Fprintf(&tags, "  %q: () => Promise.resolve({ default: %s }),\n", f.tag, f.name())
			continue
		}
		fmt.Fprintf(&tags, "  %q: () => import(%q).then((group) => ({ default: group.%s })),\n", f.tag, group, f.name())
	}
	return names.String() + "export const files = {\n" + tags.String() + "};\n"
}

// groupModule exports the classes of a group, and imports the group below: what
// the script of every page imports is below all.
func groupModule(files []elementFile, group string, everyPage []string) string {
	var js strings.Builder
	base := ""
	for _, f := range files {
		if f.group() == group {
			base = f.base()
			fmt.Fprintf(&js, "export { default as %s } from %q;\n", f.name(), "./"+f.path)
		}
	}
	if base != "" {
		fmt.Fprintf(&js, "import %q;\n", elementsPrefix+base)
	}
	if group == pageGroup {
		for _, file := range everyPage {
			fmt.Fprintf(&js, "import %q;\n", file)
		}
	}
	return js.String()
}

type elementFile struct {
	tag, path string
	// place is the group of what is not @later in the folder.
	place string
	later bool
}

func (f elementFile) folder() string { return path.Dir(f.path) }

func (f elementFile) group() string {
	switch {
	case !f.later:
		return f.place
	case f.place == boardGroup:
		return boardGroup + "-later"
	default:
		return f.folder() + "-later"
	}
}

// base is the group that a page has when it loads the file's; "" for none.
func (f elementFile) base() string {
	switch {
	case f.later:
		return f.place
	case f.place == boardGroup:
		return liveGroup
	case f.place == liveGroup:
		return pageGroup
	default:
		return ""
	}
}

// name is the export of the class in the group's module: a file may be named
// like a word of the language ("delete"), or like one of another folder.
func (f elementFile) name() string {
	return f.folder() + "_" + strings.TrimSuffix(path.Base(f.path), ".js")
}

// elementsPrefix and a group are the name of the group's module.
const elementsPrefix = "elements:group/"

const (
	pageGroup  = "page"
	liveGroup  = "live"
	boardGroup = "board"
)

var (
	defaultClass   = regexp.MustCompile(`(?m)^export default class\b`)
	saysLater      = regexp.MustCompile(`\A/\*\*[^/]*@later\s*\*/`)
	importsBoard   = regexp.MustCompile(`(?m)^(?:import|\}).* from '\.\./board/`)
	importsSocket  = regexp.MustCompile(`(?m)^(?:import|\}).* from '\.\./lib/socket\.js'`)
	relativeImport = regexp.MustCompile(`(?m)^(?:import|\}).* from '(\./[^']+)'`)
)

// importedByApp are the files that app.js imports.
func importedByApp(dir string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "app.js")) // our own sources
	var files []string
	for _, found := range relativeImport.FindAllSubmatch(data, -1) {
		files = append(files, string(found[1]))
	}
	return files, err
}

// findElements are the files js/⟨folder⟩/⟨name⟩.js with a default-exported
// class, and their tags.
func findElements(dir string) ([]elementFile, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", "*.js"))
	if err != nil {
		return nil, err
	}
	var elements []elementFile
	places := map[string]string{boardGroup: boardGroup}
	for _, file := range found {
		data, err := os.ReadFile(file) // our own sources
		if err != nil {
			return nil, err
		}
		folder, name := filepath.Base(filepath.Dir(file)), strings.TrimSuffix(filepath.Base(file), ".js")
		switch {
		case importsBoard.Match(data):
			places[folder] = boardGroup
		case importsSocket.Match(data) && places[folder] == "":
			places[folder] = liveGroup
		}
		if defaultClass.Match(data) {
			elements = append(elements, elementFile{tag: tagOf(folder, name), path: folder + "/" + name + ".js", later: saysLater.Match(data)})
		}
	}
	for i := range elements {
		elements[i].place = cmp.Or(places[elements[i].folder()], pageGroup)
	}
	slices.SortFunc(elements, func(a, b elementFile) int { return strings.Compare(a.tag, b.tag) })
	return elements, nil
}

// tagOf is the tag of a file: cards/quickAdd is cards-quick-add.
func tagOf(folder, name string) string {
	if folder == "components" {
		folder = "ui"
	}
	var tag strings.Builder
	tag.WriteString(folder + "-")
	for _, r := range name {
		if unicode.IsUpper(r) {
			tag.WriteByte('-')
			r = unicode.ToLower(r)
		}
		tag.WriteRune(r)
	}
	return tag.String()
}
