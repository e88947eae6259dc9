package picture

import (
	"encoding/binary"
	"image"
	"image/color"
)

// pngBytes is how many bytes per pixel decoding a PNG takes: twice as many with
// 16 bits per channel, and half as many again if it is interlaced, since each
// pass is a picture of its own.
func pngBytes(file []byte, size image.Config) int64 {
	const interlaceMethod = 28 // its place in the file
	perPixel := int64(4)
	switch size.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		perPixel = 8
	case color.Gray16Model:
		perPixel = 2
	case color.GrayModel:
		perPixel = 1
	}
	if len(file) > interlaceMethod && file[interlaceMethod] != 0 {
		perPixel += (perPixel + 1) / 2
	}
	return perPixel
}

// JPEG's frame markers.
const (
	baselineFrame    = 0xc0
	progressiveFrame = 0xc2
)

// jpegBytes is how many bytes per pixel decoding a JPEG takes: one per sample,
// four more if it is progressive, since all coefficients are kept, and another
// four where the result is converted (three full channels may be RGB, four are
// CMYK). A frame that is not found counts as the worst.
func jpegBytes(file []byte) int64 {
	const worst = 4*5 + 4
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xff { // fill byte
			rest = rest[1:]
			continue
		}
		if marker == startOfScan || length < 2 || length+2 > len(rest) {
			break
		}
		if marker >= baselineFrame && marker <= progressiveFrame {
			return frameBytes(rest[4:2+length], marker == progressiveFrame)
		}
		rest = rest[2+length:]
	}
	return worst
}

// frameBytes reads the sampling of each channel from a frame's header. Rounded
// up to whole bytes per pixel.
func frameBytes(frame []byte, progressive bool) int64 {
	const header, perChannel = 6, 3
	if len(frame) < header || len(frame) < header+perChannel*int(frame[5]) {
		return 4*5 + 4
	}
	samples, widest, highest, channels := int64(0), int64(1), int64(1), int64(frame[5])
	for i := range channels {
		h, v := int64(frame[header+perChannel*i+1]>>4), int64(frame[header+perChannel*i+1]&15)
		samples += h * v
		widest, highest = max(widest, h), max(highest, v)
	}
	full := widest * highest
	if channels == 1 {
		samples, full = 1, 1
	}
	converted := channels > 1 && samples == channels*full || channels == 4
	if progressive {
		samples *= 5
	}
	perPixel := (samples + full - 1) / full
	if converted {
		perPixel += 4
	}
	return perPixel
}
