package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

func coverOf(t *testing.T, file []byte, width int) (image.Image, string) {
	t.Helper()
	made, err := Cover(t.Context(), file, width)
	if err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(bytes.NewReader(made))
	if err != nil {
		t.Fatal(err)
	}
	return img, format
}

func TestCoverKeepsShapeUpToThreeQuarters(t *testing.T) {
	for name, tt := range map[string]struct {
		from, want image.Point
		corners    string
	}{
		"wide":                  {image.Pt(1200, 400), image.Pt(544, 181), "rgbw"},
		"as high as allowed":    {image.Pt(800, 600), image.Pt(544, 408), "rgbw"},
		"a tower":               {image.Pt(600, 3000), image.Pt(544, 408), "rgbw"},
		"small":                 {image.Pt(40, 20), image.Pt(40, 20), "rgbw"},
		"one row":               {image.Pt(1000, 1), image.Pt(544, 1), ""},
		"one column":            {image.Pt(1, 1000), image.Pt(1, 1), ""},
		"a little wider":        {image.Pt(545, 200), image.Pt(544, 199), "rgbw"},
		"shrunk before scaling": {image.Pt(4000, 2000), image.Pt(544, 272), "rgbw"},
	} {
		t.Run(name, func(t *testing.T) {
			img, format := coverOf(t, asPNG(t, quarters(tt.from.X, tt.from.Y)), 544)
			if img.Bounds().Size() != tt.want || format != "jpeg" {
				t.Errorf("%v, a %s, want %v", img.Bounds().Size(), format, tt.want)
			}
			if tt.corners != "" && corners(img) != tt.corners {
				t.Errorf("corners %s", corners(img))
			}
		})
	}
}

// TestCoverIsTurnedUpright: what is stored on its side is as wide as it is shown.
func TestCoverIsTurnedUpright(t *testing.T) {
	for o, want := range map[int]string{1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb"} {
		stored := image.Pt(1000, 500)
		if o >= 5 {
			stored = image.Pt(500, 1000)
		}
		file := asJPEG(t, quarters(stored.X, stored.Y), binary.BigEndian, o)
		img, _ := coverOf(t, file, 100)
		if img.Bounds().Size() != image.Pt(100, 50) || corners(img) != want {
			t.Errorf("orientation %d: %v, corners %s, want %s", o, img.Bounds().Size(), corners(img), want)
		}
		if w, h, err := Measure(file[:1000]); err != nil || w != 1000 || h != 500 {
			t.Errorf("orientation %d is %d × %d, error %v", o, w, h, err)
		}
	}
}

func TestTransparentCoverIsPNG(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3000, 1000))
	for y := range 1000 {
		for x := range 1000 {
			img.SetNRGBA(x, y, color.NRGBA{255, 0, 0, 128})
		}
	}
	made, format := coverOf(t, asPNG(t, img), 300)
	if format != "png" {
		t.Fatal(format)
	}
	if got := color.NRGBAModel.Convert(made.At(50, 50)); got != (color.NRGBA{255, 0, 0, 128}) {
		t.Errorf("half transparent red became %v", got)
	}
	if _, _, _, a := made.At(200, 50).RGBA(); a != 0 {
		t.Errorf("what is transparent has an opacity of %d", a)
	}
}

func TestMeasureRefuses(t *testing.T) {
	good := asPNG(t, quarters(60, 40))
	if w, h, err := Measure(good[:40]); err != nil || w != 60 || h != 40 {
		t.Errorf("the beginning of a PNG: %d × %d, error %v", w, h, err)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, quarters(30, 20), nil); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		head []byte
		want error
	}{
		"text":               {[]byte("text"), ErrFormat},
		"too little":         {photo.Bytes()[:20], ErrFormat},
		"too many pixels":    {bomb(40_000, 40_000), ErrTooLarge},
		"no rows":            {bomb(10, 0), ErrFormat},
		"nothing whatsoever": {nil, ErrFormat},
	} {
		if _, _, err := Measure(tt.head); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	for name, file := range map[string][]byte{"too many pixels": bomb(40_000, 40_000), "a file of nine megabytes": append(bytes.Clone(good), make([]byte, 9<<20)...)} {
		if _, err := Cover(t.Context(), file, 100); !errors.Is(err, ErrTooLarge) {
			t.Errorf("a cover of %s: %v", name, err)
		}
	}
}
