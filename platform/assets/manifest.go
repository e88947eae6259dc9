package assets

// ManifestName is the file in the bundle that names all others.
const ManifestName = "manifest.json"

// Manifest maps the files of static/ to those of the bundle.
type Manifest struct {
	// Files maps a name below static/ ("css/app.css") to the hashed one below
	// the bundle ("css/app.K3ZQ7W2A.css").
	Files map[string]string `json:"files"`
	// Scripts maps a script, or a group of elements ("elements:group/board"), to
	// the files of the bundle that it imports at once, itself included.
	Scripts map[string][]string `json:"scripts"`
}
