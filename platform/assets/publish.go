package assets

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Object is a file of the bundle as a bucket has it.
type Object struct {
	Name         string
	ContentType  string
	Encoding     string // gzip or empty
	CacheControl string
	Data         []byte
}

// Bucket is what Publish needs of where the bundle is published.
type Bucket interface {
	// Names returns the names of all objects.
	Names(ctx context.Context) (map[string]bool, error)
	// Read returns an object; ok is false if there is none.
	Read(ctx context.Context, name string) (data []byte, ok bool, err error)
	Write(ctx context.Context, o Object) error
	Delete(ctx context.Context, name string) error
}

// releasesName is the object that says which files releases use.
const releasesName = "releases.json"

// keptReleases is how many releases keep their files: the one that is published,
// and the one before it, whose pages are still open and whose servers may still run.
const keptReleases = 2

// release is a published bundle.
type release struct {
	Version     string    `json:"version"`
	PublishedAt time.Time `json:"publishedAt"`
	Files       []string  `json:"files"`
}

// Published says what Publish has done, in numbers of files.
type Published struct{ Written, Kept, Deleted int }

// Publish writes the files of the bundle that carry a hash in their names to a
// bucket. What is there is not written again. Files that neither this release nor the
// one before it uses are deleted, the other objects of the bucket stay. A run that
// is interrupted is completed by the next one.
func (a *Assets) Publish(ctx context.Context, bucket Bucket, version string, now time.Time) (p Published, err error) {
	there, err := bucket.Names(ctx)
	if err != nil {
		return p, err
	}
	old, err := readReleases(ctx, bucket)
	if err != nil {
		return p, err
	}
	next := release{Version: version, PublishedAt: now.UTC()}
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		f := a.files[name]
		if !f.immutable {
			continue
		}
		next.Files = append(next.Files, name)
		if there[name] {
			p.Kept++
			continue
		}
		if err := bucket.Write(ctx, f.object(name)); err != nil {
			return p, err
		}
		p.Written++
	}
	// The list names every file before it is deleted, and after it was written.
	all := append([]release{next}, slices.DeleteFunc(old, func(r release) bool { return slices.Equal(r.Files, next.Files) })...)
	kept, gone := all[:min(len(all), keptReleases)], all[min(len(all), keptReleases):]
	if err := writeReleases(ctx, bucket, all); err != nil {
		return p, err
	}
	for _, name := range unused(kept, gone) {
		if !there[name] {
			continue
		}
		if err := bucket.Delete(ctx, name); err != nil {
			return p, err
		}
		p.Deleted++
	}
	if len(gone) == 0 {
		return p, nil
	}
	return p, writeReleases(ctx, bucket, kept)
}

// unused returns the files of the releases gone that none of those kept has.
func unused(kept, gone []release) []string {
	needed, names := map[string]bool{}, map[string]bool{}
	for _, r := range kept {
		for _, name := range r.Files {
			needed[name] = true
		}
	}
	for _, r := range gone {
		for _, name := range r.Files {
			if !needed[name] {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// object returns a file as buckets send it: there is one form, and every browser
// reads gzip.
func (f *file) object(name string) Object {
	o := Object{Name: name, ContentType: f.contentType, CacheControl: foreverCaching, Data: f.plain.data}
	if f.gzip.data != nil {
		o.Encoding, o.Data = "gzip", f.gzip.data
	}
	return o
}

func readReleases(ctx context.Context, bucket Bucket) ([]release, error) {
	data, ok, err := bucket.Read(ctx, releasesName)
	if !ok || err != nil {
		return nil, err
	}
	var all []release
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("read %s of the bucket: %w; delete the object to publish without it", releasesName, err)
	}
	return all, nil
}

func writeReleases(ctx context.Context, bucket Bucket, all []release) error {
	data, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("write %s: %w", releasesName, err)
	}
	return bucket.Write(ctx, Object{Name: releasesName, ContentType: "application/json", CacheControl: "no-store", Data: data})
}
