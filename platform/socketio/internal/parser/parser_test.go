package parser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var testLimits = Limits{MaxAttachments: 64, MaxConnect: 4 << 10, MaxDepth: 64, MaxValues: 50_000}

// TestPayloadRoundTrip checks, for both generations of Engine.IO, that an encoded
// payload decodes to the same packets.
func TestPayloadRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eio := rapid.SampledFrom([]uint8{3, 4}).Draw(t, "eio")
		b64 := rapid.Bool().Draw(t, "b64") || eio == 4
		var batch []*Message
		var want []string
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			text := rapid.String().Draw(t, "text")
			e := Args{JSON: []json.RawMessage{AppendString(nil, text)}}
			for range rapid.IntRange(0, 3).Draw(t, "attachments") {
				e.Attachments = append(e.Attachments, rapid.SliceOf(rapid.Byte()).Draw(t, "bin"))
			}
			m := EventPacket("/ns", "ev", NoAck, e, "", 1)
			batch = append(batch, m)
			want = append(want, string(m.Payload))
			for _, bin := range m.Attachments {
				want = append(want, "bin "+string(bin))
			}
		}
		body, isBinary := EncodePayload(eio, b64, batch)
		var got []string
		text := func(p []byte) error { got = append(got, string(p)); return nil }
		binary := func(p []byte) error { got = append(got, "bin "+string(p)); return nil }
		var err error
		switch {
		case eio == 4:
			err = DecodePayload4(body, text, binary)
		case isBinary:
			err = DecodeBinaryPayload3(body, text, binary)
		default:
			err = DecodePayload3(body, text, binary)
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
	pa, errA := Parse([]byte(a[1:]), testLimits)
	pb, errB := Parse([]byte(b[1:]), testLimits)
	if errA != nil || errB != nil {
		return false
	}
	var va, vb any
	if json.Unmarshal(pa.Data, &va) != nil || json.Unmarshal(pb.Data, &vb) != nil {
		return false
	}
	return fmt.Sprint(pa.Kind, pa.Namespace, pa.Ack, pa.Missing, va) == fmt.Sprint(pb.Kind, pb.Namespace, pb.Ack, pb.Missing, vb)
}

// TestScanLimits: the limits themselves pass, one less does not.
func TestScanLimits(t *testing.T) {
	for text, want := range map[string][2]int{
		"1": {0, 0}, "[]": {1, 1}, `["]]],[[[["]`: {1, 1}, `[{"a":[1]}]`: {3, 3}, `["\"[[,["]`: {1, 1},
		`["x",0,0,{"a":1,"b":[]}]`: {3, 7}, ` { "a" : [ 1 , 2 ] } `: {2, 3},
	} {
		depth, values := want[0], want[1]
		if _, ok := scan([]byte(text), Limits{MaxDepth: depth, MaxValues: values}); !ok {
			t.Errorf("%s: refused with %d deep, %d values", text, depth, values)
		}
		for _, less := range []Limits{{MaxDepth: depth - 1, MaxValues: values}, {MaxDepth: depth, MaxValues: values - 1}} {
			if _, ok := scan([]byte(text), less); ok && depth > 0 {
				t.Errorf("%s: accepted with %+v", text, less)
			}
		}
	}
}

// FuzzScan compares scan with encoding/json: what is valid, and the elements of
// an array.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`["x",{"a":[1,-0.5e+3]},"\u00e9\n",true,false,null,[]]`, `{"a":{},"b":[[]]}`, "[1,]", "[,1]", "01", "-", "1.", "1e", `"\x"`, "\"\x01\"", "[1]]", `{"a"}`, "tru", " 1 ", "", "\"\xff\"", "[\x00]", "1.5E-7", `"\u12g4"`, `{"a":1,}`, `{1:2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		elements, ok := scan(text, Limits{MaxDepth: 1000, MaxValues: 1 << 20})
		if ok != json.Valid(text) && bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) < 1000 {
			t.Fatalf("%q: %t, encoding/json says %t", text, ok, json.Valid(text))
		}
		var want []json.RawMessage
		if !ok || json.Unmarshal(text, &want) != nil || want == nil {
			return
		}
		if fmt.Sprintf("%q", elements) != fmt.Sprintf("%q", want) {
			t.Fatalf("%q: split into %q", text, elements)
		}
	})
}

func FuzzPacket(f *testing.F) {
	for _, seed := range []string{
		`2["x",1]`, `2/project,12["x",{"a":[1]}]`, `51-["x",{"_placeholder":true,"num":0}]`, `5999999999999-[`, `0/ns?a=b,{"t":1}`, `1/ns,`, `3/ns,4[]`,
		`61-7[{"_placeholder":true,"num":9}]`, `4"e"`, "2[[[[[[[[[", `2[1,2]`, `29007199254740993["x"]`, "\xff", `2["\ud800"]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse(bytes.Clone(text), testLimits)
		if err != nil {
			return
		}
		if p.Kind != KindEvent {
			return
		}
		var want []json.RawMessage
		if err := json.Unmarshal(p.Data, &want); err != nil {
			t.Fatalf("%q: passed as valid: %v", p.Data, err)
		}
		if fmt.Sprintf("%q", p.Elements) != fmt.Sprintf("%q", want) {
			t.Fatalf("%q: split into %q", p.Data, p.Elements)
		}
		again := EventPacket(p.Namespace, p.Event, p.Ack, Args{JSON: want[1:]}, "", 1)
		if _, err := Parse(bytes.Clone(again.Payload[1:]), testLimits); err != nil && utf8.Valid(text) {
			t.Fatalf("%q does not survive: %q", text, again.Payload)
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
		for _, decode := range []func([]byte, func([]byte) error, func([]byte) error) error{DecodePayload3, DecodePayload4, DecodeBinaryPayload3} {
			_ = decode(bytes.Clone(body), nothing, nothing) // must return, with or without an error
		}
	})
}
