package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
)

// coverQuality is the JPEG quality of covers.
const coverQuality = 80

// Measure returns the width and height of a picture, upright, from the beginning of its
// file: everything before the pixels. Errors match ErrFormat, or ErrTooLarge for a
// picture of which Cover makes none.
func Measure(head []byte) (width, height int, err error) {
	f, size, err := formatOf(head)
	if err != nil {
		return 0, 0, err
	}
	if f.turned(head).sideways() {
		return size.Height, size.Width, nil
	}
	return size.Width, size.Height, nil
}

// CoverHeight returns how high the cover of a picture is that is shown as wide as given:
// three quarters of the width at most. static/js/files/cover.js computes the same.
func CoverHeight(width, height int) int { return min(height, max(width*3/4, 1)) }

// Cover makes a picture at most width pixels wide, upright, at most three quarters as
// high as wide: of a higher one the middle. It is a JPEG, or a PNG if it is transparent
// somewhere. Errors are those of Squares.
func Cover(ctx context.Context, file []byte, width int) ([]byte, error) {
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
	img, err := f.decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	o := f.turned(file)
	from := coverPart(img.Bounds(), o)
	w, h := from.Dx(), from.Dy()
	if upright := uprightWidth(from, o); upright > width {
		w, h = max(w*width/upright, 1), max(h*width/upright, 1)
	}
	return encodeCover(turn(scale(img, from, w, h), o))
}

// coverPart is the part of a stored picture that its cover shows.
func coverPart(r image.Rectangle, o orientation) image.Rectangle {
	if o.sideways() {
		w := CoverHeight(r.Dy(), r.Dx())
		left := r.Min.X + (r.Dx()-w)/2
		return image.Rect(left, r.Min.Y, left+w, r.Max.Y)
	}
	h := CoverHeight(r.Dx(), r.Dy())
	top := r.Min.Y + (r.Dy()-h)/2
	return image.Rect(r.Min.X, top, r.Max.X, top+h)
}

func uprightWidth(r image.Rectangle, o orientation) int {
	if o.sideways() {
		return r.Dy()
	}
	return r.Dx()
}

func encodeCover(img *image.NRGBA) ([]byte, error) {
	if !img.Opaque() {
		return encode(img)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: coverQuality})
	return b.Bytes(), err
}

// shrunk returns a part of a picture with each square of n × n pixels as their average.
// Scaling by a large factor at once would take memory for each row of the source.
func shrunk(img image.Image, from image.Rectangle, n int) *image.NRGBA {
	to := image.NewNRGBA(image.Rect(0, 0, from.Dx()/n, from.Dy()/n))
	at := pixelsOf(img)
	for y := range to.Bounds().Dy() {
		for x := range to.Bounds().Dx() {
			to.SetNRGBA(x, y, average(at, from.Min.X+x*n, from.Min.Y+y*n, n))
		}
	}
	return to
}

// average is that of a square of pixels, each counted by its opacity.
func average(at func(x, y int) color.RGBA64, left, top, n int) color.NRGBA {
	var r, g, b, a uint64
	for y := top; y < top+n; y++ {
		for x := left; x < left+n; x++ {
			c := at(x, y)
			r, g, b, a = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A)
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	part := func(sum uint64) uint8 { return uint8(min(sum*0xff/a, 0xff)) }
	return color.NRGBA{part(r), part(g), part(b), uint8(a / uint64(n*n) >> 8)}
}

func pixelsOf(img image.Image) func(x, y int) color.RGBA64 {
	if fast, ok := img.(image.RGBA64Image); ok {
		return fast.RGBA64At
	}
	return func(x, y int) color.RGBA64 {
		r, g, b, a := img.At(x, y).RGBA()
		return color.RGBA64{uint16(r), uint16(g), uint16(b), uint16(a)}
	}
}

// formatOf finds the format of a file of which perhaps only the beginning is given, and
// the size that it announces, without its orientation.
func formatOf(file []byte) (f format, size image.Config, err error) {
	for _, f := range formats {
		if !bytes.HasPrefix(file, []byte(f.magic)) {
			continue
		}
		size, err := f.config(bytes.NewReader(file))
		if err != nil {
			return f, size, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		if size.Width < 1 || size.Height < 1 || size.Width > maxPixels/size.Height {
			return f, size, fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, size.Width, size.Height)
		}
		return f, size, nil
	}
	return f, size, ErrFormat
}
