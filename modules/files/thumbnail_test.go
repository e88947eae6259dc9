package files_test

import (
	"bytes"
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
		gif := "GIF89a\x01\x00\x01\x00\x00\x00\x00;"
		for name, content := range map[string]string{"a.png": string(large), "large.png": string(tooLarge) + strings.Repeat(" ", 1_000_000), "damaged.png": string(damaged), "a.gif": gif, "a.txt": "text"} {
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
		if res, _ := get(t, links["a.png"], "stranger", ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("for a stranger: %d", res.StatusCode)
		}
		// The sweep leaves it as long as its picture is there.
		deps := w.Deps
		deps.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
		if found, err := files.New(deps, w.Projects.Service).Sweep(t.Context()); err != nil || len(found.Orphans) != 0 {
			t.Errorf("%+v, error %v", found, err)
		}
		if err := w.Projects.Delete(t.Context(), w.Owner, w.Project.ID, nil); err != nil {
			t.Fatal(err)
		}
		if n := len(w.Objects(t)); n != 0 {
			t.Errorf("%d objects are left", n)
		}
	})
}
