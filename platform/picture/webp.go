package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"

	"golang.org/x/image/webp"
)

// errFrame says that a WebP's picture is not of the size that the file announces, or
// that it has none, such as an animation.
var errFrame = errors.New("webp: no picture of the announced size")

// webpConfig returns the size of a WebP. The decoder trusts that the announced size and
// that of the picture inside are the same.
func webpConfig(r *bytes.Reader) (image.Config, error) {
	announced, err := webp.DecodeConfig(r)
	if err != nil {
		return announced, err
	}
	inside, err := webpFrame(r)
	if err == nil && (inside.Width != announced.Width || inside.Height != announced.Height) {
		err = errFrame
	}
	if announced.ColorModel == color.NYCbCrAModel {
		inside.ColorModel = announced.ColorModel
	}
	return inside, err
}

// webpFrame looks for the picture among the chunks of a WebP, and returns its size.
func webpFrame(r *bytes.Reader) (image.Config, error) {
	const riffHeader, chunkHeader, frameHeader = 12, 8, 10
	for at := int64(riffHeader); ; {
		var chunk [chunkHeader + frameHeader]byte
		if _, err := r.ReadAt(chunk[:], at); err != nil {
			return image.Config{}, errFrame
		}
		data := chunk[chunkHeader:]
		switch string(chunk[:4]) {
		case "VP8 ": // lossy: three bytes, a start code, 14 bits each
			return image.Config{
				ColorModel: color.YCbCrModel,
				Width:      int(binary.LittleEndian.Uint16(data[6:]) & 0x3fff), Height: int(binary.LittleEndian.Uint16(data[8:]) & 0x3fff),
			}, nil
		case "VP8L": // lossless: a signature, 14 bits each, less one
			bits := binary.LittleEndian.Uint32(data[1:])
			return image.Config{ColorModel: color.NRGBAModel, Width: int(bits&0x3fff) + 1, Height: int(bits>>14&0x3fff) + 1}, nil
		}
		length := int64(binary.LittleEndian.Uint32(chunk[4:]))
		at += chunkHeader + length + length&1
	}
}

// webpBytes is how many bytes per pixel decoding a WebP takes: one and a half if it is
// lossy; twice four, for the pixels and what they are made of, if it is lossless or its
// opacity is.
func webpBytes(_ []byte, size image.Config) int64 {
	if size.ColorModel == color.YCbCrModel {
		return 2
	}
	return 8
}
