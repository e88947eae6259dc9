// Package picture makes small square pictures of what people upload. It takes
// PNG and JPEG, looks at the announced size before it decodes anything, honours
// how a camera was held, and keeps nothing of the original but its pixels: no
// place, no camera, no comment.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Limits of Squares.
const (
	// MaxBytes is how large an uploaded file may be.
	MaxBytes = 8 << 20
	// MaxPixels is how many pixels a picture may have, whatever its file's
	// size: a few kilobytes of PNG can announce gigabytes. It admits what
	// telephones make by default.
	MaxPixels = 16_000_000
	// atOnce is how many pictures are decoded at the same time; each takes up
	// to some 200 MB while it lasts.
	atOnce = 2
)

var (
	// ErrFormat says that the file is neither PNG nor JPEG, or is damaged.
	ErrFormat = errors.New("not a PNG or JPEG picture")
	// ErrTooLarge says that file or picture are above the limits.
	ErrTooLarge = errors.New("picture is too large")
)

// decoding holds a place for each picture that is being decoded.
var decoding = make(chan struct{}, atOnce) // memory is the process's

// Squares cuts the middle square out of a picture and returns it as PNG, once
// per size: that many pixels wide, or as wide as the square is if it is
// smaller, since scaling up adds nothing. Errors match ErrFormat or ErrTooLarge.
func Squares(file []byte, sizes ...int) ([][]byte, error) {
	if len(file) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(file))
	}
	decoding <- struct{}{}
	defer func() { <-decoding }()
	img, turned, err := decode(file)
	if err != nil {
		return nil, err
	}
	square := middle(img.Bounds())
	all := make([][]byte, len(sizes))
	for i, size := range sizes {
		if all[i], err = encode(turn(scale(img, square, min(size, square.Dx())), turned)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// format is one kind of file, known by its first bytes. What a client says of
// it does not count.
type format struct {
	magic  string
	config func(r *bytes.Reader) (image.Config, error)
	decode func(r *bytes.Reader) (image.Image, error)
	turned func(file []byte) orientation
}

var formats = []format{ // a constant table
	{
		magic:  "\x89PNG\r\n\x1a\n",
		config: func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
		decode: func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		turned: func([]byte) orientation { return upright },
	},
	{
		magic:  "\xff\xd8\xff",
		config: func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
		decode: func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		turned: jpegOrientation,
	},
}

func decode(file []byte) (image.Image, orientation, error) {
	for _, f := range formats {
		if !bytes.HasPrefix(file, []byte(f.magic)) {
			continue
		}
		size, err := f.config(bytes.NewReader(file))
		if err != nil {
			return nil, upright, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		if size.Width < 1 || size.Height < 1 || size.Width > MaxPixels/size.Height {
			return nil, upright, fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, size.Width, size.Height)
		}
		img, err := f.decode(bytes.NewReader(file))
		if err != nil {
			return nil, upright, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		return img, f.turned(file), nil
	}
	return nil, upright, ErrFormat
}

// middle is the largest square in the middle of a rectangle.
func middle(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}

func scale(img image.Image, from image.Rectangle, size int) *image.NRGBA {
	to := image.NewNRGBA(image.Rect(0, 0, size, size))
	draw.CatmullRom.Scale(to, to.Bounds(), img, from, draw.Src, nil)
	return to
}

func encode(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&buf, img)
	return buf.Bytes(), err
}
