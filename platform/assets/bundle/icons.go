package bundle

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/image/vector"
)

// appIcons are the pictures that an installed app has, drawn from logo.svg. A
// maskable one is cut to a circle or a drop by the system: its background goes to
// the edge and the drawing stays in the middle, as Apple's does.
var appIcons = []struct {
	name     string
	size     int // px
	maskable bool
}{
	{"img/icon-180.png", 180, true},
	{"img/icon-192.png", 192, false},
	{"img/icon-512.png", 512, false},
	{"img/icon-maskable-512.png", 512, true},
}

// maskableScale keeps the drawing in the circle of 80 % that is always seen.
const maskableScale = 0.78

// roundedRect is a rectangle of an SVG; the first one is the logo's background.
type roundedRect struct {
	X       float32 `xml:"x,attr"`
	Y       float32 `xml:"y,attr"`
	Width   float32 `xml:"width,attr"`
	Height  float32 `xml:"height,attr"`
	Radius  float32 `xml:"rx,attr"`
	Fill    string  `xml:"fill,attr"`
	Opacity string  `xml:"fill-opacity,attr"`
}

// logo is what of an SVG the icons are drawn from: rectangles in a square.
type logo struct {
	Rects []roundedRect `xml:"rect"`
}

// appIconCache holds the icons as they were drawn from the logo last.
type appIconCache struct {
	logo  []byte
	icons map[string][]byte // by name in appIcons
}

// add adds the icons, and draws them if the logo has changed.
func (c *appIconCache) add(source string, files map[string][]byte, manifest map[string]string) error {
	data, err := os.ReadFile(filepath.Join(source, "img", "logo.svg")) // our own sources
	if err != nil {
		return err
	}
	if c.icons == nil || !bytes.Equal(data, c.logo) {
		icons, err := drawAppIcons(data)
		if err != nil {
			return fmt.Errorf("logo.svg: %w", err)
		}
		c.logo, c.icons = data, icons
	}
	for name, icon := range c.icons {
		hashed := withHash(name, icon)
		files[hashed], manifest[name] = icon, hashed
	}
	return nil
}

func drawAppIcons(svg []byte) (map[string][]byte, error) {
	var drawn logo
	if err := xml.Unmarshal(svg, &drawn); err != nil {
		return nil, err
	}
	icons := make(map[string][]byte, len(appIcons))
	for _, icon := range appIcons {
		data, err := drawn.png(icon.size, icon.maskable)
		if err != nil {
			return nil, fmt.Errorf("as %s: %w", icon.name, err)
		}
		icons[icon.name] = data
	}
	return icons, nil
}

func (l logo) png(size int, maskable bool) ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for i, r := range l.Rects {
		ink, err := r.ink()
		if err != nil {
			return nil, err
		}
		side := l.Rects[0].Width
		scale := float32(size) / side
		if maskable && i == 0 {
			draw.Draw(img, img.Bounds(), image.NewUniform(ink), image.Point{}, draw.Src)
			continue
		}
		if maskable {
			scale *= maskableScale
			margin := side * (1/maskableScale - 1) / 2
			r.X, r.Y = r.X+margin, r.Y+margin
		}
		r.fill(img, scale, ink)
	}
	var buf bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&buf, img)
	return buf.Bytes(), err
}

// ink is the colour of a rectangle, written as #rgb or #rrggbb.
func (r roundedRect) ink() (color.NRGBA, error) {
	hex := r.Fill
	if len(hex) == 4 {
		hex = "#" + hex[1:2] + hex[1:2] + hex[2:3] + hex[2:3] + hex[3:] + hex[3:]
	}
	c := color.NRGBA{A: 255}
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return c, fmt.Errorf("colour %q: %w", r.Fill, err)
	}
	if r.Opacity == "" {
		return c, nil
	}
	opacity, err := strconv.ParseFloat(r.Opacity, 32)
	if err != nil {
		return c, fmt.Errorf("fill-opacity %q: %w", r.Opacity, err)
	}
	c.A = uint8(opacity*255 + 0.5)
	return c, nil
}

// fill draws the rectangle, enlarged, over what there is. A quarter of a circle
// is a cubic curve whose handles are 0.5523 radii long.
func (r roundedRect) fill(img draw.Image, scale float32, ink color.NRGBA) {
	const handle = 1 - 0.5523
	x, y, right, bottom, radius := r.X*scale, r.Y*scale, (r.X+r.Width)*scale, (r.Y+r.Height)*scale, r.Radius*scale
	h := radius * handle
	v := vector.NewRasterizer(img.Bounds().Dx(), img.Bounds().Dy())
	v.MoveTo(x+radius, y)
	v.LineTo(right-radius, y)
	v.CubeTo(right-h, y, right, y+h, right, y+radius)
	v.LineTo(right, bottom-radius)
	v.CubeTo(right, bottom-h, right-h, bottom, right-radius, bottom)
	v.LineTo(x+radius, bottom)
	v.CubeTo(x+h, bottom, x, bottom-h, x, bottom-radius)
	v.LineTo(x, y+radius)
	v.CubeTo(x, y+h, x+h, y, x+radius, y)
	v.ClosePath()
	v.Draw(img, img.Bounds(), image.NewUniform(ink), image.Point{})
}
