package views_test

import (
	"encoding/json"
	"os"
	"testing"

	"taskstack.org/platform/views"
)

// The script of the page shows the same faces: components/face.test.mjs reads the
// same examples.
func TestFaces(t *testing.T) {
	var examples []struct {
		Name, Initials string
		Tint           int
	}
	data, err := os.ReadFile("testdata/faces.json")
	if err == nil {
		err = json.Unmarshal(data, &examples)
	}
	if err != nil || len(examples) == 0 {
		t.Fatalf("%d examples, %v", len(examples), err)
	}
	for _, e := range examples {
		if got := views.FaceOf(e.Name, ""); got.Initials != e.Initials || got.Tint != e.Tint {
			t.Errorf("%q: %+v, want %s %d", e.Name, got, e.Initials, e.Tint)
		}
	}
	for url, want := range map[string]string{
		"/static/default_avatar/a1s.png": "", "https://cdn.example.org/static/default_avatar/z4s.png": "", "/avatars/abc_s.jpg": "/avatars/abc_s.jpg",
	} {
		if got := views.FaceOf("ana", url).Pic; got != want {
			t.Errorf("picture %s: shown as %q, want %q", url, got, want)
		}
	}
}
