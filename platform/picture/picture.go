// Package picture makes small pictures of what people upload, squares and covers. It takes
// PNG, JPEG and WebP, looks at the announced size before it decodes anything, honours
// how a camera was held, and keeps nothing of the original but its pixels: no
// place, no camera, no comment.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"
)

// Limits of Squares.
const (
	// MaxBytes is how large an uploaded file may be.
	MaxBytes = 8 << 20
	// maxPixels is how many pixels a picture may have, whatever its file's
	// size: a few kilobytes of PNG can announce gigabytes. It admits what
	// telephones make by default.
	maxPixels = 16_000_000
	// maxMemory is how many bytes decoding may take, of all pictures that are
	// decoded at the same time; scaling takes another 20 MB.
	maxMemory = 110 << 20
	// maxWaiting is how many pictures may wait to be decoded.
	maxWaiting = 8
)

var (
	// ErrFormat says that the file is neither PNG, JPEG nor WebP, or is damaged.
	ErrFormat = errors.New("not a PNG, JPEG or WebP picture")
	// ErrTooLarge says that file or picture are above the limits.
	ErrTooLarge = errors.New("picture is too large")
	// ErrBusy says that too many pictures are being made at this moment.
	ErrBusy = errors.New("too many pictures at a time")
)

// memory is what pictures that are being decoded take, and waiting how many
// wait for it.
var ( // memory is the process's
	memory  = semaphore.NewWeighted(maxMemory)
	waiting atomic.Int64
)

// reserve waits until there is memory for a picture. Errors: ErrTooLarge,
// ErrBusy, the context's.
func reserve(ctx context.Context, bytes int64) (release func(), err error) {
	if bytes > maxMemory {
		return nil, fmt.Errorf("%w: decoding takes %d bytes", ErrTooLarge, bytes)
	}
	if waiting.Add(1) > maxWaiting {
		waiting.Add(-1)
		return nil, ErrBusy
	}
	defer waiting.Add(-1)
	if err := memory.Acquire(ctx, bytes); err != nil {
		return nil, err
	}
	return func() {
		if bytes > maxMemory/4 {
			debug.FreeOSMemory() // or the next picture would be decoded beside this one's remains
		}
		memory.Release(bytes)
	}, nil
}

// Squares cuts the middle square out of a picture and returns it as PNG, once
// per size: that many pixels wide, or as wide as the square is if it is
// smaller, since scaling up adds nothing. Errors match ErrFormat, ErrTooLarge,
// ErrBusy or are the context's.
func Squares(ctx context.Context, file []byte, sizes ...int) ([][]byte, error) {
	if len(file) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(file))
	}
	f, cost, err := look(file)
	if err != nil {
		return nil, err
	}
	release, err := reserve(ctx, cost)
	if err != nil {
		return nil, err
	}
	defer release()
	return squares(f, file, sizes)
}

func squares(f format, file []byte, sizes []int) ([][]byte, error) {
	img, err := f.decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	turned, square := f.turned(file), middle(img.Bounds())
	all := make([][]byte, len(sizes))
	for i, size := range sizes {
		side := min(size, square.Dx())
		scaled := scale(img, square, side, side)
		if all[i], err = encode(turn(scaled, turned)); err != nil {
			return nil, err
		}
		if i+1 < len(sizes) && sizes[i+1] <= scaled.Bounds().Dx() {
			// The next is made from this one: reading all pixels takes seconds.
			img, square = scaled, scaled.Bounds()
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
	// bytes is how much decoding takes per pixel, at most.
	bytes func(file []byte, size image.Config) int64
}

var formats = []format{ // a constant table
	{
		magic:  "\x89PNG\r\n\x1a\n",
		config: func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
		decode: func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		turned: func([]byte) orientation { return upright },
		bytes:  pngBytes,
	},
	{
		magic:  "\xff\xd8\xff",
		config: func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
		decode: func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		turned: jpegOrientation,
		bytes:  func(file []byte, _ image.Config) int64 { return jpegBytes(file) },
	},
	{
		magic:  "RIFF",
		config: webpConfig,
		decode: func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
		turned: func([]byte) orientation { return upright },
		bytes:  webpBytes,
	},
}

// look finds a file's format and how many bytes decoding it takes, without
// decoding anything.
func look(file []byte) (f format, cost int64, err error) {
	f, size, err := formatOf(file)
	if err != nil {
		return f, 0, err
	}
	return f, int64(size.Width) * int64(size.Height) * f.bytes(file, size), nil
}

// middle is the largest square in the middle of a rectangle.
func middle(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}

// scale makes a picture of the given size of a part of another one.
func scale(img image.Image, from image.Rectangle, width, height int) *image.NRGBA {
	// Twice as large is enough for the filter.
	if n := min(from.Dx()/width, from.Dy()/height) / 2; n > 1 {
		small := shrunk(img, from, n)
		img, from = small, small.Bounds()
	}
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(to, to.Bounds(), img, from, draw.Src, nil)
	return to
}

func encode(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&buf, img)
	return buf.Bytes(), err
}
