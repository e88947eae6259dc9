package ws

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFramesInPieces checks that the messages do not depend on how a stream of
// frames is split.
func TestFramesInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var want []string
		for range rapid.IntRange(1, 6).Draw(t, "messages") {
			text := []byte(strings.Repeat(rapid.StringN(0, 50, -1).Draw(t, "text"), rapid.IntRange(1, 30).Draw(t, "times")))
			want = append(want, string(text))
			cuts := rapid.IntRange(0, 3).Draw(t, "fragments")
			op := byte(OpText)
			for range cuts {
				n := rapid.IntRange(0, len(text)).Draw(t, "cut")
				stream = append(stream, clientFrame(op, text[:n], rapid.Uint32().Draw(t, "key"))...)
				text, op = text[n:], OpContinuation
			}
			stream = append(stream, clientFrame(0x80|op, text, rapid.Uint32().Draw(t, "key"))...)
		}
		r := Reader{Limit: 1 << 20}
		var got []string
		for len(stream) > 0 {
			n := rapid.IntRange(1, min(len(stream), 300)).Draw(t, "piece")
			piece := bytes.Clone(stream[:n])
			stream = stream[n:]
			err := r.Feed(piece, func(_ byte, p []byte) error {
				got = append(got, string(p))
				return nil
			}, func(byte, []byte) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Fatalf("got %q, want %q", got, want)
		}
		if len(r.message) != 0 || r.inFrame || r.have != 0 {
			t.Fatal("the reader still holds data")
		}
	})
}

func clientFrame(first byte, payload []byte, key uint32) []byte {
	out := AppendHeader(nil, 0, len(payload))
	out[0] = first
	out[1] |= 0x80
	k := [4]byte{byte(key >> 24), byte(key >> 16), byte(key >> 8), byte(key)}
	out = append(out, k[:]...)
	for i, b := range payload {
		out = append(out, b^k[i%4])
	}
	return out
}

func TestReaderMemory(t *testing.T) {
	r := Reader{Limit: 1 << 30}
	announced := []byte{0x82, 0x80 | 127, 0, 0, 0, 0, 0x3f, 0xff, 0xff, 0xff, 1, 2, 3, 4}
	nothing := func(byte, []byte) error { return nil }
	if err := r.Feed(append(announced, make([]byte, 1000)...), nothing, nothing); err != nil {
		t.Fatal(err)
	}
	if cap(r.message) > 4096 {
		t.Errorf("a frame that announces a gigabyte and sends 1000 bytes holds %d", cap(r.message))
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{0x81, 0x82, 1, 2, 3, 4, 5, 6}, uint8(3))
	f.Add([]byte{0x82, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}, uint8(1))
	f.Add([]byte{0x01, 0x81, 1, 2, 3, 4, 5, 0x80, 0x81, 1, 2, 3, 4, 5}, uint8(5))
	f.Add([]byte{0xC1, 0x87, 0, 0, 0, 0, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}, uint8(200))
	f.Fuzz(func(t *testing.T, stream []byte, piece uint8) {
		run := func(size int) (out []string, failed bool) {
			r := Reader{Limit: 1 << 16, Deflate: true}
			collect := func(op byte, p []byte) error {
				out = append(out, fmt.Sprint(op, string(p)))
				return nil
			}
			for rest := bytes.Clone(stream); len(rest) > 0; {
				n := min(size, len(rest))
				if err := r.Feed(rest[:n], collect, collect); err != nil {
					return out, true
				}
				rest = rest[n:]
			}
			return out, false
		}
		whole, failed := run(len(stream) + 1)
		pieces, failedToo := run(int(piece) + 1)
		if failed != failedToo || fmt.Sprint(whole) != fmt.Sprint(pieces) {
			t.Fatalf("at once %q %v, in pieces %q %v", whole, failed, pieces, failedToo)
		}
	})
}
