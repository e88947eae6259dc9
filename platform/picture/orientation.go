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

// sideways reports whether width and height of the stored picture are swapped.
func (o orientation) sideways() bool { return o >= 5 && o <= 8 }

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

// turn puts a picture upright.
func turn(img *image.NRGBA, o orientation) *image.NRGBA {
	if o <= upright {
		return img
	}
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	last := image.Pt(width-1, height-1)
	if o.sideways() {
		width, height = height, width
	}
	turned := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			fromX, fromY := source(o, x, y, last)
			turned.SetNRGBA(x, y, img.NRGBAAt(fromX, fromY))
		}
	}
	return turned
}

// source is where the pixel comes from that is at x, y once upright, in a stored
// picture whose last column and row are those of last (EXIF 2.3, tag Orientation).
func source(o orientation, x, y int, last image.Point) (fromX, fromY int) {
	switch o {
	case upright:
		return x, y
	case 2:
		return last.X - x, y
	case 3:
		return last.X - x, last.Y - y
	case 4:
		return x, last.Y - y
	case 5:
		return y, x
	case 6:
		return y, last.Y - x
	case 7:
		return last.X - y, last.Y - x
	case 8:
		return last.X - y, x
	}
	return x, y
}
