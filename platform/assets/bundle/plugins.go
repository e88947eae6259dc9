package bundle

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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
// class by its tag, and for each folder a module with all classes in it: the
// first tag of a folder brings the folder. One file per element would be dozens
// of requests for a page, and compress worse. Elements whose first comment says
// @later, such as windows that are seldom opened, are a second module of their
// folder.
func elementFiles(dir string) api.Plugin {
	return api.Plugin{Name: "elementFiles", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^elements:`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(a.Path, "elements:"), Namespace: "elements"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "elements"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			files, err := findElements(dir)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text := tagsModule(files)
			if group, ok := strings.CutPrefix(a.Path, "group/"); ok {
				text = groupModule(files, group)
			}
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS, ResolveDir: dir}, nil
		})
	}}
}

func tagsModule(files []elementFile) string {
	var js strings.Builder
	js.WriteString("export const files = {\n")
	for _, f := range files {
		fmt.Fprintf(&js, "  %q: () => import(%q).then((group) => ({ default: group.%s })),\n", f.tag, "elements:group/"+f.group(), f.name())
	}
	js.WriteString("};\n")
	return js.String()
}

func groupModule(files []elementFile, group string) string {
	var js strings.Builder
	for _, f := range files {
		if f.group() == group {
			fmt.Fprintf(&js, "export { default as %s } from %q;\n", f.name(), "./"+f.path)
		}
	}
	return js.String()
}

type elementFile struct {
	tag, path string
	later     bool
}

// group is the folder, or what of it comes later.
func (f elementFile) group() string {
	folder := path.Dir(f.path)
	if f.later {
		return folder + "-later"
	}
	return folder
}

// name is what the folder's module calls the class: a file may be named like a
// word of the language ("delete").
func (f elementFile) name() string { return "element_" + strings.TrimSuffix(path.Base(f.path), ".js") }

var (
	defaultClass = regexp.MustCompile(`(?m)^export default class\b`)
	saysLater    = regexp.MustCompile(`\A/\*\*[^/]*@later\s*\*/`)
)

// findElements are the files js/⟨folder⟩/⟨name⟩.js with a default-exported
// class, and their tags.
func findElements(dir string) ([]elementFile, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", "*.js"))
	if err != nil {
		return nil, err
	}
	var elements []elementFile
	for _, file := range found {
		data, err := os.ReadFile(file) // our own sources
		if err != nil {
			return nil, err
		}
		if !defaultClass.Match(data) {
			continue
		}
		folder, name := filepath.Base(filepath.Dir(file)), strings.TrimSuffix(filepath.Base(file), ".js")
		elements = append(elements, elementFile{tag: tagOf(folder, name), path: folder + "/" + name + ".js", later: saysLater.Match(data)})
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
