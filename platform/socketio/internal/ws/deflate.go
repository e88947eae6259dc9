package ws

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
)

// deflateTail is what a sender removes from the end of a compressed message, RFC 7692 7.2.1,
// followed by an empty final block that ends the stream for the reader.
const deflateTail = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"

func inflate(p []byte, limit int) ([]byte, error) {
	fr := flate.NewReader(io.MultiReader(bytes.NewReader(p), strings.NewReader(deflateTail)))
	out, err := io.ReadAll(io.LimitReader(fr, int64(limit)+1))
	if err != nil {
		return nil, ErrDeflate
	}
	if len(out) > limit {
		return nil, ErrTooLarge
	}
	return out, nil
}

// DeflatedText returns a text message as a compressed frame, with RSV1 set.
func DeflatedText(payload []byte) []byte {
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.BestSpeed)
	if err == nil {
		_, err = w.Write(payload)
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil { // a bytes.Buffer takes everything
		return append(AppendHeader(nil, OpText, len(payload)), payload...)
	}
	data := bytes.TrimSuffix(buf.Bytes(), []byte(deflateTail[:4]))
	out := AppendHeader(make([]byte, 0, len(data)+MaxHeader), OpText, len(data))
	out[0] |= 0x40
	return append(out, data...)
}
