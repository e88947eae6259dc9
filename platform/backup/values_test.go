package backup

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// TestValues carries what columns can hold through JSON.
func TestValues(t *testing.T) {
	zone := time.FixedZone("x", 3600)
	for _, tc := range []struct{ value, want any }{
		{nil, nil},
		{int64(-1 << 62), int64(-1 << 62)},
		{int64(1<<63 - 1), int64(1<<63 - 1)},
		{1.5, 1.5},
		{true, int64(1)},
		{false, int64(0)},
		{"Grüße <b> \u2028 \x00 \"", "Grüße <b> \u2028 \x00 \""},
		{[]byte("text"), "text"},
		{[]byte{0xff, 0xfe, 0}, []byte{0xff, 0xfe, 0}},
		{"\xff", []byte("\xff")},
		{time.Date(2026, 11, 30, 1, 30, 45, 123456000, zone), time.Date(2026, 11, 30, 0, 30, 45, 123456000, time.UTC)},
		{`{"T":"2026-11-30T00:00:00Z"}`, `{"T":"2026-11-30T00:00:00Z"}`}, // a text that looks like a time
	} {
		text, err := json.Marshal(encode(tc.value))
		if err != nil {
			t.Fatal(err)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var read any
		if err := decoder.Decode(&read); err != nil {
			t.Fatal(err)
		}
		got, err := decode(read)
		if err != nil || !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%#v became %#v, %v", tc.value, got, err)
		}
	}
	if _, err := decode(map[string]any{"X": "1"}); err == nil {
		t.Error("an unknown form is taken")
	}
}
