package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image/color"
	"testing"
)

// WebP of 60 × 40 pixels with a colour per corner, as Chromium writes them.
const (
	lossyWebP    = "UklGRsgCAABXRUJQVlA4WAoAAAAgAAAAOwAAJwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDgg2gAAABAIAJ0BKjwAKAA+aSqRRaQioZlUAEAGhLEAYhAgGv194/B2lAf2D8ZvUA/AC6AP6rlAH6geir/YARU/TTZOWR0RPpt13nKLF5AA/vDEC91f2VPAH91+8gP8gP/4+cAaCP5grPI73+HrYku+gq39aEJNlSamZA1HJoUHfFIf3wJMX85IOb400mNOffkB//GUh3WAW0P2S8HzsQK2N6be/vF//aQZKxkWb/1rNhpT5qZy0iWy12KtkIZ+1xd2Pefw/+qFhjMU2unSHno6+Gq4NVFcszi2EU4AAAAA"
	alphaWebP    = "UklGRu4CAABXRUJQVlA4WAoAAAAwAAAAOwAAJwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZBTFBIHQAAAAEPMP8REUJN20ZQGBRS+aO6d+4c0f8JqF/RGCAXAFZQOCDaAAAA8AgAnQEqPAAoAD5tLJFFpCKhmASsQAbEsQBjHuB8AOyOKv8M9yBhgX2D8ZvUA/AC6AP6rlAH6gekB/SQO3SUUDJDm+/hh2G1RXLx2NguSAAA/vCbQWbT6jzRkP3yA/5Af+PnAFw29wHVq1IZglQh8RzOj+gAeuBxREYjorvZb5f6wGbmSND0dmNW3V5u/ID/xlOO6wC7H2S8HzyMRp3UtyKAIyWJXu7/1rNhu2F49WZUqQCM0kwI6dri7s17Xe8c73b5BZ3jVXLTFCUcMUiE4JuYICUEZ6YAAAA=" // the last corner is transparent
	losslessWebP = "UklGRiYCAABXRUJQVlA4WAoAAAAgAAAAOwAAJwAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDhMOAAAAC87wAkAHyAQSN4fOo35FxAU/B/d/EdkD0AxJElSSe6JWHRrUAr7jOh/qKp3jDHGGJ8DALyq6m8C"
)

func webpFile(t *testing.T, text string) []byte {
	t.Helper()
	file, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestWebP(t *testing.T) {
	for name, tt := range map[string]struct{ file, format string }{"lossy": {lossyWebP, "jpeg"}, "transparent": {alphaWebP, "png"}, "lossless": {losslessWebP, "jpeg"}} {
		file := webpFile(t, tt.file)
		if w, h, err := Measure(file); err != nil || w != 60 || h != 40 {
			t.Errorf("%s: %d × %d, error %v", name, w, h, err)
		}
		img, format := coverOf(t, file, 30)
		if b := img.Bounds(); b.Dx() != 30 || b.Dy() != 20 || corners(img)[:3] != "rgb" || format != tt.format {
			t.Errorf("%s: %v, corners %s, a %s", name, b, corners(img), format)
		}
		if b := square(t, file, 20).Bounds(); b.Dx() != 20 {
			t.Errorf("%s: %v", name, b)
		}
	}
	img, _ := coverOf(t, webpFile(t, alphaWebP), 30)
	if _, _, _, a := img.At(25, 15).RGBA(); a != 0 {
		t.Errorf("the transparent corner has an opacity of %d", a)
	}
}

// TestWebPThatLies: the sizes of the file and of the picture inside differ, either of
// which the decoder would believe.
func TestWebPThatLies(t *testing.T) {
	for name, text := range map[string]string{"lossy": lossyWebP, "transparent": alphaWebP, "lossless": losslessWebP} {
		for _, width := range []uint32{59, 61, 16000} {
			file := webpFile(t, text)
			if string(file[12:16]) != "VP8X" {
				t.Fatalf("%s is no extended file", name)
			}
			binary.LittleEndian.PutUint16(file[24:], uint16(width-1))
			if _, err := Cover(t.Context(), file, 30); !errors.Is(err, ErrFormat) {
				t.Errorf("%s, %d pixels wide: %v", name, width, err)
			}
		}
		file := webpFile(t, text)
		for n := range file {
			_, _ = Cover(t.Context(), file[:n], 30) // cut anywhere: an error, no panic
		}
	}
	if _, err := Cover(t.Context(), []byte("RIFF\x24\x00\x00\x00WAVEfmt "), 30); !errors.Is(err, ErrFormat) {
		t.Errorf("sound: %v", err)
	}
}

// FuzzWebP: no file makes the decoder panic.
func FuzzWebP(f *testing.F) {
	for _, text := range []string{lossyWebP, alphaWebP, losslessWebP} {
		file, _ := base64.StdEncoding.DecodeString(text)
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		size, err := webpConfig(bytes.NewReader(file))
		if err == nil && size.Width*size.Height < 100_000 {
			_, _ = Cover(t.Context(), file, 30)
		}
	})
}

func TestWebPMemory(t *testing.T) {
	for text, want := range map[string]int64{lossyWebP: 2, alphaWebP: 8, losslessWebP: 8} {
		file := webpFile(t, text)
		size, err := webpConfig(bytes.NewReader(file))
		if got := webpBytes(file, size); err != nil || got != want {
			t.Errorf("%d bytes per pixel, want %d, error %v, %v", got, want, err, size.ColorModel == color.YCbCrModel)
		}
	}
}
