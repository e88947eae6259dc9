package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var testLimits = func() Limits {
	var l Limits
	l.setDefaults(trustedDefault)
	return l
}()

// TestPayloadsSurviveBothGenerations: what is encoded for a client decodes to
// the same packets.
func TestPayloadsSurviveBothGenerations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eio := rapid.SampledFrom([]uint8{3, 4}).Draw(t, "eio")
		b64 := rapid.Bool().Draw(t, "b64") || eio == 4
		var batch []*message
		var want []string
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			text := rapid.String().Draw(t, "text")
			e := encodedArgs{args: []json.RawMessage{appendString(nil, text)}}
			for range rapid.IntRange(0, 3).Draw(t, "attachments") {
				e.bins = append(e.bins, rapid.SliceOf(rapid.Byte()).Draw(t, "bin"))
			}
			m := eventMessage("/ns", "ev", noAck, e, "")
			batch = append(batch, m)
			want = append(want, string(m.payload))
			for _, bin := range m.bins {
				want = append(want, "bin "+string(bin))
			}
		}
		body, isBinary := encodePayload(eio, b64, batch)
		var got []string
		text := func(p []byte) error { got = append(got, string(p)); return nil }
		binary := func(p []byte) error { got = append(got, "bin "+string(p)); return nil }
		var err error
		switch {
		case eio == 4:
			err = decodePayload4(body, text, binary)
		case isBinary:
			err = decodeBinaryPayload3(body, text, binary)
		default:
			err = decodePayload3(body, text, binary)
		}
		if err != nil || len(got) != len(want) {
			t.Fatalf("%v: %q, want %q", err, got, want)
		}
		for i := range want {
			if sameJSON(want[i], got[i]) || want[i] == got[i] {
				continue
			}
			t.Fatalf("packet %d: %q, want %q", i, got[i], want[i])
		}
	})
}

// sameJSON compares packets whose JSON may be escaped differently.
func sameJSON(a, b string) bool {
	pa, errA := parsePacket([]byte(a[1:]), &testLimits)
	pb, errB := parsePacket([]byte(b[1:]), &testLimits)
	if errA != nil || errB != nil {
		return false
	}
	var va, vb any
	if json.Unmarshal(pa.data, &va) != nil || json.Unmarshal(pb.data, &vb) != nil {
		return false
	}
	return fmt.Sprint(pa.kind, pa.ns, pa.ack, pa.missing, va) == fmt.Sprint(pb.kind, pb.ns, pb.ack, pb.missing, vb)
}

func TestEventsSurviveEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z_é"\\]{1,20}`).Draw(t, "name")
		text := rapid.String().Draw(t, "text")
		ack := rapid.Int64Range(-1, maxAckID).Draw(t, "ack")
		bin := rapid.SliceOf(rapid.Byte()).Draw(t, "bin")
		ns := rapid.SampledFrom([]string{"/", "/project"}).Draw(t, "ns")
		type nested struct {
			Text string            `json:"text"`
			Bin  map[string]Binary `json:"bin"`
		}
		e, err := encodeArgs([]any{nested{text, map[string]Binary{"x": bin}}, Binary(bin), ID(7)})
		if err != nil {
			t.Fatal(err)
		}
		m := eventMessage(ns, name, ack, e, "")
		p, err := parsePacket(m.payload[1:], &testLimits)
		if err != nil || p.ns != ns || p.ack != ack || p.missing != 2 {
			t.Fatalf("%v %+v", err, p)
		}
		p.attachments = m.bins
		ev, err := eventOf(&p)
		if err != nil || ev.Name != name || len(ev.Args) != 3 {
			t.Fatalf("%v %+v", err, ev)
		}
		var got nested
		var second Binary
		if err := errors.Join(ev.Decode(0, &got), ev.Decode(1, &second)); err != nil {
			t.Fatal(err)
		}
		if got.Text != strings.ToValidUTF8(text, "\ufffd") || !bytes.Equal(got.Bin["x"], bin) || !bytes.Equal(second, bin) {
			t.Fatalf("%+v %v", got, second)
		}
	})
}

// TestFramesInAnyPieces: however a stream of frames is cut, the same messages
// come out.
func TestFramesInAnyPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var want []string
		for range rapid.IntRange(1, 6).Draw(t, "messages") {
			text := []byte(strings.Repeat(rapid.StringN(0, 50, -1).Draw(t, "text"), rapid.IntRange(1, 30).Draw(t, "times")))
			want = append(want, string(text))
			cuts := rapid.IntRange(0, 3).Draw(t, "fragments")
			op := byte(opText)
			for range cuts {
				n := rapid.IntRange(0, len(text)).Draw(t, "cut")
				stream = append(stream, clientFrame(op, text[:n], rapid.Uint32().Draw(t, "key"))...)
				text, op = text[n:], opContinuation
			}
			stream = append(stream, clientFrame(0x80|op, text, rapid.Uint32().Draw(t, "key"))...)
		}
		r := frameReader{limit: 1 << 20}
		var got []string
		for len(stream) > 0 {
			n := rapid.IntRange(1, min(len(stream), 300)).Draw(t, "piece")
			piece := bytes.Clone(stream[:n])
			stream = stream[n:]
			err := r.feed(piece, func(_ byte, p []byte) error {
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
			t.Fatal("the reader keeps something")
		}
	})
}

func clientFrame(first byte, payload []byte, key uint32) []byte {
	out := appendFrameHeader(nil, 0, len(payload))
	out[0] = first
	out[1] |= 0x80
	k := [4]byte{byte(key >> 24), byte(key >> 16), byte(key >> 8), byte(key)}
	out = append(out, k[:]...)
	for i, b := range payload {
		out = append(out, b^k[i%4])
	}
	return out
}

func TestFrameReaderHoldsNoMoreThanItHas(t *testing.T) {
	r := frameReader{limit: 1 << 30}
	announced := []byte{0x82, 0x80 | 127, 0, 0, 0, 0, 0x3f, 0xff, 0xff, 0xff, 1, 2, 3, 4}
	nothing := func(byte, []byte) error { return nil }
	if err := r.feed(append(announced, make([]byte, 1000)...), nothing, nothing); err != nil {
		t.Fatal(err)
	}
	if cap(r.message) > 4096 {
		t.Errorf("a frame that announces a gigabyte and sends 1000 bytes holds %d", cap(r.message))
	}
}

func TestIDs(t *testing.T) {
	for text, want := range map[string]ID{"7": 7, `"7"`: 7, "9223372036854775807": 1<<63 - 1, `"123"`: 123} {
		var id ID
		if err := json.Unmarshal([]byte(text), &id); err != nil || id != want {
			t.Errorf("%s: %d %v", text, id, err)
		}
	}
	for _, text := range []string{
		"0", `"0"`, "-1", `"-1"`, "1.5", "1.0", "1e3", `"1e3"`, `"+1"`, `" 1"`, `"1 "`, `""`, "null", "true", "[]", "{}", "[7]", `"07"`,
		"9223372036854775808", `"9223372036854775808"`, `"x"`, `"７"`, `"1_000"`, `"0x10"`, "99999999999999999999999", `"\u0037"`,
	} {
		var id ID
		if err := json.Unmarshal([]byte(text), &id); err == nil {
			t.Errorf("%s decoded as %d", text, id)
		}
	}
}

func TestBinaryDecodesFromAttachmentsOnly(t *testing.T) {
	for _, text := range []string{
		`"AQID"`, "null", "[1,2]", "{}", `{"_placeholder":true}`, `{"_placeholder":false,"num":0}`, `{"_placeholder":true,"num":-1}`,
		`{"_placeholder":true,"num":2}`, `{"_placeholder":true,"num":1e99}`, `{"_placeholder":true,"num":"0"}`,
	} {
		var b Binary
		if err := decodeValue(json.RawMessage(text), [][]byte{{1}, {2}}, &b); err == nil {
			t.Errorf("%s decoded as %v", text, []byte(b))
		}
	}
	type deep struct {
		List []any             `json:"list"`
		Map  map[string]Binary `json:"map"`
		Ptr  *Binary           `json:"ptr"`
		Arr  [2]Binary         `json:"arr"`
	}
	var d deep
	ph := func(n int) string { return fmt.Sprintf(`{"_placeholder":true,"num":%d}`, n) }
	text := `{"list":[1,{"x":null}],"map":{"a":` + ph(1) + `},"ptr":` + ph(0) + `,"arr":[` + ph(1) + `,` + ph(0) + `]}`
	if err := decodeValue(json.RawMessage(text), [][]byte{{1}, {2}}, &d); err != nil {
		t.Fatal(err)
	}
	if d.Map["a"][0] != 2 || (*d.Ptr)[0] != 1 || d.Arr[0][0] != 2 || d.Arr[1][0] != 1 {
		t.Errorf("%+v", d)
	}
}

func TestForgedMarkersStayText(t *testing.T) {
	e, err := encodeArgs([]any{map[string]string{"x": markerOpen + "AQID" + markerClose}})
	if err != nil || len(e.bins) != 0 {
		t.Errorf("%v %v", e, err)
	}
	if _, err := encodeArgs([]any{json.RawMessage("{")}); err == nil {
		t.Error("a raw message that is no JSON was taken")
	}
	if _, err := encodeArgs([]any{make(chan int)}); err == nil {
		t.Error("a channel was encoded")
	}
}

func TestExtent(t *testing.T) {
	for text, want := range map[string][2]int{
		"1": {0, 0}, "[]": {1, 1}, `["]]],[[[["]`: {1, 1}, `[{"a":[1]}]`: {3, 3}, `["\"[[,["]`: {1, 1}, "[[": {2, 2}, "]]]]": {0, 0},
		`["x",0,0,{"a":1,"b":[]}]`: {3, 7},
	} {
		if deepest, values := extent([]byte(text)); deepest != want[0] || values != want[1] {
			t.Errorf("%s: %d deep, %d values, want %v", text, deepest, values, want)
		}
	}
}

func deepest(text []byte) int { d, _ := extent(text); return d }

func FuzzPacket(f *testing.F) {
	for _, seed := range []string{
		`2["x",1]`, `2/project,12["x",{"a":[1]}]`, `51-["x",{"_placeholder":true,"num":0}]`, `5999999999999-[`, `0/ns?a=b,{"t":1}`, `1/ns,`, `3/ns,4[]`,
		`61-7[{"_placeholder":true,"num":9}]`, `4"e"`, "2[[[[[[[[[", `2[1,2]`, `29007199254740993["x"]`, "\xff", `2["\ud800"]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parsePacket(bytes.Clone(text), &testLimits)
		if err != nil {
			return
		}
		if p.kind != packetEvent {
			return
		}
		var want []json.RawMessage
		if err := json.Unmarshal(p.data, &want); err != nil {
			t.Fatalf("%q: passed as valid: %v", p.data, err)
		}
		if got, err := elements(p.data); err != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Fatalf("%q: split into %q", p.data, got)
		}
		p.attachments = [][]byte{{1}}
		ev, err := eventOf(&p)
		if err != nil {
			return
		}
		var in struct {
			A ID                `json:"a"`
			B Binary            `json:"b"`
			C map[string]Binary `json:"c"`
			D any               `json:"d"`
		}
		_ = ev.Decode(0, &in) // must return, with or without an error
		again := eventMessage(p.ns, ev.Name, p.ack, encodedArgs{args: ev.Args}, "")
		if _, err := parsePacket(bytes.Clone(again.payload[1:]), &testLimits); err != nil && utf8.Valid(text) && deepest(p.data) < testLimits.MaxDepth {
			t.Fatalf("%q does not survive: %q", text, again.payload)
		}
	})
}

func FuzzPayloads(f *testing.F) {
	for _, seed := range []string{
		"2:40", "6:4hello9:b4AQIDBA==", "4hello\x1ebAQIDBA==", "\x00\x06\xff4hello\x01\x05\xff\x04\x01\x02\x03\x04", "1:2", "99999999999:4", "3:4é", "4:4🎉", "\x00\xff",
		"\x01\x09\x09\x09\x09\x09\x09\x09\x09\x09\x09\x09\xff", "0:", "-1:4",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		nothing := func([]byte) error { return nil }
		for _, decode := range []func([]byte, func([]byte) error, func([]byte) error) error{decodePayload3, decodePayload4, decodeBinaryPayload3} {
			_ = decode(bytes.Clone(body), nothing, nothing) // must return, with or without an error
		}
	})
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{0x81, 0x82, 1, 2, 3, 4, 5, 6}, uint8(3))
	f.Add([]byte{0x82, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}, uint8(1))
	f.Add([]byte{0x01, 0x81, 1, 2, 3, 4, 5, 0x80, 0x81, 1, 2, 3, 4, 5}, uint8(5))
	f.Add([]byte{0xC1, 0x87, 0, 0, 0, 0, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}, uint8(200))
	f.Fuzz(func(t *testing.T, stream []byte, piece uint8) {
		run := func(size int) (out []string, failed bool) {
			r := frameReader{limit: 1 << 16, deflate: true}
			collect := func(op byte, p []byte) error {
				out = append(out, fmt.Sprint(op, string(p)))
				return nil
			}
			for rest := bytes.Clone(stream); len(rest) > 0; {
				n := min(size, len(rest))
				if err := r.feed(rest[:n], collect, collect); err != nil {
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
