package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is the value of EXIF's tag 0x0112: how the stored picture has to
// be turned to be upright. Values outside 1–8 count as upright.
type orientation int

const upright orientation = 1

// JPEG markers.
const (
	startOfScan = 0xda
	app1        = 0xe1
)

// jpegOrientation looks through a JPEG's segments for EXIF's. What it cannot
// read counts as upright: the picture is shown, perhaps lying on its side.
func jpegOrientation(file []byte) orientation {
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == startOfScan || length < 2 || length+2 > len(rest) {
			break
		}
		if tiff, ok := bytes.CutPrefix(rest[4:2+length], []byte("Exif\x00\x00")); ok && marker == app1 {
			return tiffOrientation(tiff)
		}
		rest = rest[2+length:]
	}
	return upright
}

// tiffOrientation reads the tag from the first directory of a TIFF structure.
func tiffOrientation(tiff []byte) orientation {
	const header, entrySize, orientationTag = 8, 12, 0x0112
	if len(tiff) < header {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for n := order.Uint16(tiff[at:]); n > 0 && len(entries) >= entrySize; n-- {
		if order.Uint16(entries) == orientationTag {
			if o := orientation(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return upright
		}
		entries = entries[entrySize:]
	}
	return upright
}

// turn puts a square picture upright.
func turn(img *image.NRGBA, o orientation) *image.NRGBA {
	if o <= upright {
		return img
	}
	last := img.Bounds().Dx() - 1
	turned := image.NewNRGBA(img.Bounds())
	for y := range last + 1 {
		for x := range last + 1 {
			fromX, fromY := source(o, x, y, last)
			turned.SetNRGBA(x, y, img.NRGBAAt(fromX, fromY))
		}
	}
	return turned
}

// source is where the pixel comes from that is at x, y once upright, in a
// square whose last row and column are number last (EXIF 2.3, tag Orientation).
func source(o orientation, x, y, last int) (fromX, fromY int) {
	switch o {
	case upright:
		return x, y
	case 2:
		return last - x, y
	case 3:
		return last - x, last - y
	case 4:
		return x, last - y
	case 5:
		return y, x
	case 6:
		return y, last - x
	case 7:
		return last - y, last - x
	case 8:
		return last - y, x
	}
	return x, y
}
