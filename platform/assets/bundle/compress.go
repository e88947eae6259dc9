package bundle

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/andybalholm/brotli"
)

// worthCompressing is in bytes; below, headers are most of an answer.
const worthCompressing = 512

// compress adds the compressed forms of what is text, or none.
func compress(files map[string][]byte, none bool) ([]File, map[string][]byte, error) {
	forms := maps.Clone(files)
	var report []File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data := files[name]
		f := File{Name: name, Plain: len(data)}
		switch path.Ext(name) {
		case ".js", ".css", ".svg", ".map", ".webmanifest":
			if none || len(data) < worthCompressing {
				break
			}
			zipped, brotlied, err := compressed(data)
			if err != nil {
				return nil, nil, fmt.Errorf("compress %s: %w", name, err)
			}
			forms[name+".gz"], forms[name+".br"] = zipped, brotlied
			f.Gzip, f.Brotli = len(zipped), len(brotlied)
		}
		report = append(report, f)
	}
	return report, forms, nil
}

func compressed(data []byte) (zipped, brotlied []byte, err error) {
	var gz, br bytes.Buffer
	z, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{z, b} {
		if _, err := w.Write(data); err != nil {
			return nil, nil, err
		}
		if err := w.Close(); err != nil {
			return nil, nil, err
		}
	}
	return gz.Bytes(), br.Bytes(), nil
}
