package assets

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"slices"
	"strings"
)

// Root is where the files are served.
const Root = "/static/"

// folder is the bundle's folder in the file system given to New.
const folder = "dist"

// ErrNotBundled is returned by New when the bundle has not been made.
var ErrNotBundled = errors.New("the front end is not bundled: run make assets")

// Assets is the bundle in memory. It does not change after New.
type Assets struct {
	base    string              // ends with a slash
	hashed  map[string]string   // name below static/ → name in the bundle
	scripts map[string][]string // see Manifest
	files   map[string]*file    // name in the bundle → content
}

// file is one file as it is sent.
type file struct {
	contentType string
	immutable   bool
	plain       body
	brotli      body
	gzip        body
}

// body is one encoding of a file; without data it does not exist.
type body struct {
	data []byte
	etag string
}

// Option changes how New makes Assets.
type Option func(*Assets)

// BaseURL makes addresses point at a content delivery network or bucket that
// has the bundle: https://cdn.example.org/taskstack. Empty means this server.
func BaseURL(url string) Option {
	return func(a *Assets) {
		if url != "" {
			a.base = strings.TrimSuffix(url, "/") + "/"
		}
	}
}

// New reads the bundle from the folder dist of fsys, which is static.Files.
// An empty folder is ErrNotBundled.
func New(fsys fs.FS, options ...Option) (*Assets, error) {
	dist, err := fs.Sub(fsys, folder)
	if err != nil {
		return nil, fmt.Errorf("open the bundle: %w", err)
	}
	manifest, err := readManifest(dist)
	if err != nil {
		return nil, err
	}
	a := &Assets{base: Root, hashed: manifest.Files, scripts: manifest.Scripts, files: map[string]*file{}}
	for _, option := range options {
		option(a)
	}
	if err := a.load(dist); err != nil {
		return nil, err
	}
	return a, nil
}

func readManifest(dist fs.FS) (Manifest, error) {
	var m Manifest
	data, err := fs.ReadFile(dist, ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, ErrNotBundled
	}
	if err != nil {
		return m, fmt.Errorf("read the bundle: %w", err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("read the bundle's %s: %w", ManifestName, err)
	}
	return m, nil
}

func (a *Assets) load(dist fs.FS) error {
	immutable := make(map[string]bool, len(a.hashed))
	for _, files := range a.scripts {
		for _, name := range files {
			if _, err := fs.Stat(dist, name); err != nil {
				return fmt.Errorf("%s is in the bundle's %s only; run make assets: %w", name, ManifestName, err)
			}
		}
	}
	for name, hashed := range a.hashed {
		if _, err := fs.Stat(dist, hashed); err != nil {
			return fmt.Errorf("%s is in the bundle's %s only; run make assets: %w", name, ManifestName, err)
		}
		immutable[hashed] = name != hashed
	}
	return fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !servable(name) {
			return err
		}
		f, err := readFile(dist, name)
		if err != nil {
			return err
		}
		// Chunks are in no manifest, but scripts and styles always have a hash.
		f.immutable = immutable[name] || path.Ext(name) == ".js" || path.Ext(name) == ".css"
		a.files[name] = f
		return nil
	})
}

// servable leaves out what is about the bundle, and the compressed forms,
// which are read with their file.
func servable(name string) bool {
	base := path.Base(name)
	if name == ManifestName || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".md") {
		return false
	}
	ext := path.Ext(name)
	return ext != ".br" && ext != ".gz"
}

func readFile(dist fs.FS, name string) (*file, error) {
	f := &file{contentType: contentType(name)}
	for suffix, b := range map[string]*body{"": &f.plain, ".br": &f.brotli, ".gz": &f.gzip} {
		data, err := fs.ReadFile(dist, name+suffix)
		if suffix != "" && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the bundle: %w", err)
		}
		sum := sha256.Sum256(data)
		*b = body{data: data, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	}
	return f, nil
}

// contentType knows our own kinds, so that nothing depends on the machine's
// mime tables.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

// URL is the address of a file named by its path below static/, such as
// "css/app.css" or "img/logo.svg". A file that is not in the bundle is an error.
func (a *Assets) URL(name string) (string, error) {
	hashed, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("asset %q is not in the bundle", name)
	}
	return a.base + hashed, nil
}

// CDN says where the bundle is if it is not on this server: the beginning of all its
// addresses, and the address on this server of the script that loads from here what
// is missing there. Both are empty without a CDN.
func (a *Assets) CDN() (base, fallback string) {
	if a.base == Root {
		return "", ""
	}
	return a.base, Root + a.hashed[fallbackScript]
}

// fallbackScript is what loads from this server what a CDN does not deliver.
const fallbackScript = "js/fallback.js"

// Integrity is the hash by which a browser checks a file of a CDN, by the address
// that URL or Scripts returned. It is empty for files of this server.
//
// Source: Subresource Integrity, https://www.w3.org/TR/sri-2/
func (a *Assets) Integrity(url string) string {
	f := a.files[strings.TrimPrefix(url, a.base)]
	if a.base == Root || f == nil {
		return ""
	}
	sum := sha512.Sum384(f.plain.data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Scripts are the addresses of all files that scripts or groups of elements
// import at once, each once: what a page that starts with them may fetch beforehand.
// A name that was not built is an error.
func (a *Assets) Scripts(names ...string) ([]string, error) {
	var urls []string
	for _, name := range names {
		files, ok := a.scripts[name]
		if !ok {
			return nil, fmt.Errorf("script %q is not in the bundle", name)
		}
		for _, file := range files {
			if url := a.base + file; file != a.hashed[name] && !slices.Contains(urls, url) {
				urls = append(urls, url)
			}
		}
	}
	return urls, nil
}
