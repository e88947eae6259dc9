package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"taskstack.org/platform/socketio/internal/parser"
)

var testLimits = func() Limits {
	var l Limits
	l.setDefaults(trustedDefault)
	return l
}()

func TestEventRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z_é"\\]{1,20}`).Draw(t, "name")
		text := rapid.String().Draw(t, "text")
		ack := rapid.Int64Range(-1, 1<<53-1).Draw(t, "ack")
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
		m := parser.EventPacket(ns, name, ack, e, "", 1)
		p, err := parser.Parse(m.Payload[1:], testLimits.packet())
		if err != nil || p.Namespace != ns || p.Ack != ack || p.Missing != 2 {
			t.Fatalf("%v %+v", err, p)
		}
		p.Attachments = m.Attachments
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
	if err != nil || len(e.Attachments) != 0 {
		t.Errorf("%v %v", e, err)
	}
	if _, err := encodeArgs([]any{json.RawMessage("{")}); err == nil {
		t.Error("a raw message that is no JSON was taken")
	}
	if _, err := encodeArgs([]any{make(chan int)}); err == nil {
		t.Error("a channel was encoded")
	}
}

// FuzzEvent decodes the first argument of whatever event the parser accepts.
func FuzzEvent(f *testing.F) {
	for _, seed := range []string{
		`2["x",1]`, `2/project,12["x",{"a":[1]}]`, `51-["x",{"_placeholder":true,"num":0}]`, `2["x",{"a":"7","b":{"_placeholder":true,"num":0}}]`,
		`2["x",{"c":{"y":{"_placeholder":true,"num":9}}}]`, `2["x",{"d":[[[null]]]}]`, `2["\ud800"]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		p, err := parser.Parse(text, testLimits.packet())
		if err != nil || p.Kind != parser.KindEvent {
			return
		}
		p.Attachments = [][]byte{{1}}
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
	})
}
