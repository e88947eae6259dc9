package files_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
)

// webP60x40 is a WebP as Chromium writes it.
const webP60x40 = "UklGRsgCAABXRUJQVlA4WAoAAAAgAAAAOwAAJwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDgg2gAAABAIAJ0BKjwAKAA+aSqRRaQioZlUAEAGhLEAYhAgGv194/B2lAf2D8ZvUA/AC6AP6rlAH6geir/YARU/TTZOWR0RPpt13nKLF5AA/vDEC91f2VPAH91+8gP8gP/4+cAaCP5grPI73+HrYku+gq39aEJNlSamZA1HJoUHfFIf3wJMX85IOb400mNOffkB//GUh3WAW0P2S8HzsQK2N6be/vF//aQZKxkWb/1rNhpT5qZy0iWy12KtkIZ+1xd2Pefw/+qFhjMU2unSHno6+Gq4NVFcszi2EU4AAAAA"

// TestThumbnails: of a picture 112 pixels wide, made once, for those who may see it;
// of a file that is none, or too large, there is none.
func TestThumbnails(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		s := server(t, w, w.Files)
		large, err := pngFile(600, 400)
		if err != nil {
			t.Fatal(err)
		}
		tooLarge, err := pngFile(4001, 4000)
		if err != nil {
			t.Fatal(err)
		}
		damaged := append(slices.Clone(large[:len(large)/2]), make([]byte, 1_000_000)...)
		webP, err := base64.StdEncoding.DecodeString(webP60x40)
		if err != nil {
			t.Fatal(err)
		}
		gif := "GIF89a\x01\x00\x01\x00\x00\x00\x00;"
		for name, content := range map[string]string{"a.png": string(large), "large.png": string(tooLarge) + strings.Repeat(" ", 1_000_000), "damaged.png": string(damaged), "a.gif": gif, "a.txt": "text", "a.webp": string(webP)} {
			if a := upload(t, s, "owner", fmt.Sprintf("/files/lists/%d", list), content, "name", name); a.Status != http.StatusOK {
				t.Fatalf("%s: %+v", name, a)
			}
		}
		of, err := w.Files.Of(t.Context(), files.OfList, []int64{list})
		if err != nil {
			t.Fatal(err)
		}
		links := map[string]string{}
		for _, f := range of[list] {
			links[f.Name] = s.URL + strings.TrimPrefix(f.URL, boardtest.PublicURL) + "?thumbnail=1"
		}
		objects := len(w.Objects(t))
		for range 2 {
			res, body := get(t, links["a.png"], "reader", "")
			size, err := png.DecodeConfig(bytes.NewReader([]byte(body)))
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/png" || err != nil || size.Width != 112 || size.Height != 112 {
				t.Fatalf("%d %v, %+v, error %v", res.StatusCode, res.Header, size, err)
			}
			if n := len(w.Objects(t)); n != objects+1 {
				t.Fatalf("%d objects, were %d", n, objects)
			}
		}
		for name, status := range map[string]int{"large.png": 204, "damaged.png": 204, "a.txt": 204, "a.gif": 200} {
			if res, body := get(t, links[name], "reader", ""); res.StatusCode != status || status == 200 && body != gif {
				t.Errorf("%s: %d", name, res.StatusCode)
			}
		}
		res, body := get(t, links["a.webp"], "reader", "")
		if size, err := png.DecodeConfig(strings.NewReader(body)); res.StatusCode != http.StatusOK || err != nil || size.Width != 40 || size.Height != 40 {
			t.Errorf("WebP: %d, %+v, error %v", res.StatusCode, size, err)
		}
		if res, _ := get(t, links["a.png"], "stranger", ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("for a stranger: %d", res.StatusCode)
		}
		// The sweep leaves it as long as its picture is there.
		deps := w.Deps
		deps.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
		if found, err := files.New(deps, w.Accounts, w.Projects.Service).Sweep(t.Context()); err != nil || len(found.Orphans) != 0 {
			t.Errorf("%+v, error %v", found, err)
		}
		if err := w.DeletePermanently(t.Context(), w.Owner, w.Project.ID); err != nil {
			t.Fatal(err)
		}
		if n := len(w.Objects(t)); n != 0 {
			t.Errorf("%d objects are left", n)
		}
	})
}
