package bundle

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The default avatars of contract/http.md, section 10: a picture per first
// letter, in four variants and two sizes.
const (
	avatarVariants = 4
	avatarLarge    = 280 // px, name ends in x
	avatarSmall    = 50  // px, name ends in s
	// shades of a letter's edge between ink and background.
	avatarShades = 16
)

// addAvatars draws default_avatar/⟨a–z⟩⟨1–4⟩⟨x|s⟩.png.
func addAvatars(files map[string][]byte) error {
	parsed, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return fmt.Errorf("avatar font: %w", err)
	}
	for suffix, size := range map[string]int{"x": avatarLarge, "s": avatarSmall} {
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(size) * 0.5, DPI: 72})
		if err != nil {
			return fmt.Errorf("avatar font: %w", err)
		}
		for letter := 'a'; letter <= 'z'; letter++ {
			for variant := 1; variant <= avatarVariants; variant++ {
				data, err := avatar(face, letter, variant, size)
				if err != nil {
					return fmt.Errorf("avatar %c%d: %w", letter, variant, err)
				}
				files[fmt.Sprintf("default_avatar/%c%d%s.png", letter, variant, suffix)] = data
			}
		}
		if err := face.Close(); err != nil {
			return err
		}
	}
	return nil
}

func avatar(face font.Face, letter rune, variant, size int) ([]byte, error) {
	background, ink := avatarColours(letter, variant)
	img := image.NewPaletted(image.Rect(0, 0, size, size), shades(background, ink))
	draw.Draw(img, img.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	text := string(unicode.ToUpper(letter))
	bounds, _ := font.BoundString(face, text)
	// Centred by what is inked, not by the font's line.
	dot := fixed.Point26_6{
		X: fixed.I(size)/2 - (bounds.Min.X+bounds.Max.X)/2,
		Y: fixed.I(size)/2 - (bounds.Min.Y+bounds.Max.Y)/2,
	}
	drawer := font.Drawer{Dst: img, Src: image.NewUniform(ink), Face: face, Dot: dot}
	drawer.DrawString(text)
	var buf bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&buf, img)
	return buf.Bytes(), err
}

// avatarColours are a soft background and a dark ink of the same hue. The four
// variants of a letter lie far apart on the wheel, neighbouring letters a step.
func avatarColours(letter rune, variant int) (background, ink color.RGBA) {
	hue := math.Mod(205+float64(letter-'a')*360/26*7+float64(variant-1)*90, 360)
	return oklch(0.87, 0.075, hue), oklch(0.4, 0.085, hue)
}

func shades(from, to color.RGBA) color.Palette {
	p := make(color.Palette, 0, avatarShades+1)
	mix := func(a, b uint8, i int) uint8 {
		return uint8((int(a)*(avatarShades-i) + int(b)*i) / avatarShades) // between two bytes
	}
	for i := range avatarShades + 1 {
		p = append(p, color.RGBA{R: mix(from.R, to.R, i), G: mix(from.G, to.G, i), B: mix(from.B, to.B, i), A: 255})
	}
	return p
}

// oklch converts a colour of the style sheet's kind to sRGB (Björn Ottosson,
// "A perceptual color space for image processing", 2020). What lies outside is
// cut off.
func oklch(lightness, chroma, hue float64) color.RGBA {
	sin, cos := math.Sincos(hue * math.Pi / 180)
	a, b := chroma*cos, chroma*sin
	l := math.Pow(lightness+0.3963377774*a+0.2158037573*b, 3)
	m := math.Pow(lightness-0.1055613458*a-0.0638541728*b, 3)
	s := math.Pow(lightness-0.0894841775*a-1.2914855480*b, 3)
	return color.RGBA{
		R: gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		G: gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		B: gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		A: 255,
	}
}

func gamma(linear float64) uint8 {
	c := 12.92 * linear
	if linear > 0.0031308 {
		c = 1.055*math.Pow(linear, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * min(max(c, 0), 1)))
}
