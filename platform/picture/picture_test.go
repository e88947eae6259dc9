package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// quarters is a picture with a colour per corner: red, green, blue, white, by
// row. The middle square of a wide one has all four.
func quarters(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	corner := []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, corner[2*(2*y/height)+2*x/width])
		}
	}
	return img
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// asJPEG is a JPEG as a camera writes it: EXIF says how it was held, and more.
func asJPEG(t *testing.T, img image.Image, order binary.AppendByteOrder, o int) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, entry := range [][2]int{{0x0100, 7}, {0x0112, o}} {
		tiff = order.AppendUint16(tiff, uint16(entry[0]))
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, uint16(entry[1]))
		tiff = order.AppendUint16(tiff, 0)
	}
	tiff = append(tiff, "taken at home"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(segment)+2))
	return append(append(head, segment...), buf.Bytes()[2:]...)
}

func square(t *testing.T, file []byte, size int) image.Image {
	t.Helper()
	all, err := Squares(file, size)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(all[0]))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// corners names the colours in the four corners, by row.
func corners(img image.Image) string {
	names, b := "", img.Bounds()
	for _, at := range []image.Point{{b.Dx() / 8, b.Dy() / 8}, {b.Dx() * 7 / 8, b.Dy() / 8}, {b.Dx() / 8, b.Dy() * 7 / 8}, {b.Dx() * 7 / 8, b.Dy() * 7 / 8}} {
		r, g, b, _ := img.At(at.X, at.Y).RGBA()
		switch {
		case r > 0xc000 && g > 0xc000:
			names += "w"
		case r > 0xc000:
			names += "r"
		case g > 0xc000:
			names += "g"
		case b > 0xc000:
			names += "b"
		}
	}
	return names
}

func TestTheMiddleSquareInEverySize(t *testing.T) {
	all, err := Squares(asPNG(t, quarters(600, 400)), 280, 50)
	if err != nil {
		t.Fatal(err)
	}
	for i, size := range []int{280, 50} {
		img, err := png.Decode(bytes.NewReader(all[i]))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != size || b.Dy() != size || corners(img) != "rgbw" {
			t.Errorf("%v, corners %s", b, corners(img))
		}
	}
	if b := square(t, asPNG(t, quarters(40, 90)), 280).Bounds(); b.Dx() != 40 || b.Dy() != 40 {
		t.Errorf("a small picture was scaled up: %v", b)
	}
}

func TestAPictureStandsUpright(t *testing.T) {
	// What is stored as r g / b w, seen as each orientation says.
	want := map[int]string{0: "rgbw", 1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw", 300: "rgbw"}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for o, corner := range want {
			file := asJPEG(t, quarters(120, 80), order, o)
			if got := corners(square(t, file, 40)); got != corner {
				t.Errorf("%v, orientation %d: %s, want %s", order, o, got, corner)
			}
		}
	}
}

func TestNothingButPixelsIsKept(t *testing.T) {
	all, err := Squares(asJPEG(t, quarters(90, 90), binary.LittleEndian, 6), 50)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(all[0], []byte("taken at home")) || bytes.Contains(all[0], []byte("Exif")) {
		t.Error("the new picture carries the old one's EXIF data")
	}
}

// bomb is a PNG of a few bytes that announces a size.
func bomb(width, height uint32) []byte {
	header := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, 8, 6, 0, 0, 0)
	file := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	file = append(file, header...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(header))
}

func TestWhatIsRefused(t *testing.T) {
	good := asPNG(t, quarters(60, 60))
	var animated bytes.Buffer
	if err := gif.Encode(&animated, quarters(10, 10), nil); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":               {nil, ErrFormat},
		"text":                  {[]byte("null"), ErrFormat},
		"a page":                {[]byte("<svg onload=alert(1)>"), ErrFormat},
		"another format":        {animated.Bytes(), ErrFormat},
		"only a beginning":      {good[:len(good)/2], ErrFormat},
		"a JPEG's first bytes":  {[]byte("\xff\xd8\xff\xe1"), ErrFormat},
		"too many pixels":       {bomb(40_000, 40_000), ErrTooLarge},
		"product overflows":     {bomb(1<<31-1, 1<<31-1), ErrFormat},
		"one endless row":       {bomb(1<<31-1, 1), ErrTooLarge},
		"no rows":               {bomb(10, 0), ErrFormat},
		"announces, gives none": {bomb(100, 100), ErrFormat},
		"too many bytes":        {append(bytes.Clone(good), make([]byte, MaxBytes)...), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Squares(tt.file, 50); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// FuzzOrientation: no file makes the reader leave its bytes.
func FuzzOrientation(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x1aExif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x01\x12\x00\x03"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) < 2 {
			return
		}
		if o := jpegOrientation(file); o < 1 || o > 8 {
			t.Error(fmt.Sprint("orientation ", o))
		}
	})
}
