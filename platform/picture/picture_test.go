package picture

import (
	"bytes"
	"context"
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
	all, err := Squares(t.Context(), file, size)
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
	all, err := Squares(t.Context(), asPNG(t, quarters(600, 400)), 280, 50)
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

func TestAPictureIsTurnedUpright(t *testing.T) {
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
	all, err := Squares(t.Context(), asJPEG(t, quarters(90, 90), binary.LittleEndian, 6), 50)
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
		"eight megabytes":       {make([]byte, 8<<20), ErrFormat},
		"one byte more":         {append(bytes.Clone(good), make([]byte, 8<<20+1-len(good))...), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Squares(t.Context(), tt.file, 50); !errors.Is(err, tt.want) {
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

// announced is a PNG that announces a size, depth and interlacing.
func announced(width, height uint32, depth, colour, interlace byte) []byte {
	header := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, depth, colour, 0, 0, interlace)
	file := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	file = append(file, header...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(header))
}

// frame is a JPEG that announces a size and the sampling of its channels.
func frame(marker byte, width, height uint16, sampling ...byte) []byte {
	f := []byte{8}
	f = binary.BigEndian.AppendUint16(f, height)
	f = binary.BigEndian.AppendUint16(f, width)
	f = append(f, byte(len(sampling)))
	for i, s := range sampling {
		f = append(f, byte(i+1), s, 0)
	}
	file := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 'x', 'y', 0xff, marker}, uint16(len(f)+2))
	return append(append(file, f...), 0xff, 0xda, 0, 2)
}

func TestMemoryIsKnownBeforeDecoding(t *testing.T) {
	const baseline, progressive = 0xc0, 0xc2
	for name, tt := range map[string]struct {
		file     []byte
		tooLarge bool
	}{
		"PNG of 16 megapixels":                {announced(4000, 4000, 8, 6, 0), false},
		"the same, interlaced":                {announced(4000, 4000, 8, 6, 1), false},
		"with 16 bits":                        {announced(4000, 4000, 16, 6, 0), true},
		"with 16 bits, without alpha":         {announced(4000, 4000, 16, 2, 0), true},
		"with 16 bits, 14 megapixels":         {announced(4000, 3500, 16, 6, 0), false},
		"with 16 bits, interlaced, 14":        {announced(4000, 3500, 16, 6, 1), true},
		"grey with 16 bits":                   {announced(4000, 4000, 16, 0, 0), false},
		"JPEG of 16 megapixels":               {frame(baseline, 4000, 4000, 0x22, 0x11, 0x11), false},
		"the same, all channels full":         {frame(baseline, 4000, 4000, 0x11, 0x11, 0x11), false},
		"the same, progressive, all full":     {frame(progressive, 4000, 4000, 0x11, 0x11, 0x11), true},
		"progressive as cameras make it":      {frame(progressive, 4000, 3000, 0x22, 0x11, 0x11), false},
		"progressive CMYK":                    {frame(progressive, 4000, 3000, 0x11, 0x11, 0x11, 0x11), true},
		"progressive and grey":                {frame(progressive, 4000, 4000, 0x22), false},
		"all full, hidden in larger sampling": {frame(progressive, 4000, 4000, 0x22, 0x22, 0x22), true},
	} {
		_, err := Squares(t.Context(), tt.file, 50)
		if want := map[bool]error{true: ErrTooLarge, false: ErrFormat}[tt.tooLarge]; !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want) // what fits has no pixels to decode
		}
	}
}

func TestPicturesWaitForMemory(t *testing.T) {
	release, err := reserve(t.Context(), 110<<20)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 20)
	file := asPNG(t, quarters(10, 10))
	for range 9 {
		go func() { _, err := Squares(ctx, file, 10); results <- err }()
	}
	if err := <-results; !errors.Is(err, ErrBusy) {
		t.Errorf("the ninth who waits: %v", err)
	}
	cancel()
	for range 8 {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("who left: %v", err)
		}
	}
	release()
	if _, err := Squares(t.Context(), file, 10); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
