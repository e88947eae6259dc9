package socketio

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// ID is the number of an entity as clients send it: the JSON number 7 or the
// string "7". Everything else is refused while decoding: zero, negative
// numbers, fractions, exponents, a plus sign, leading zeros, blanks, null, and
// what does not fit in 63 bits. It is encoded as a number.
type ID int64

// UnmarshalJSON decodes 7 and "7".
func (id *ID) UnmarshalJSON(b []byte) error {
	digits := b
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		digits = b[1 : len(b)-1]
	}
	n, ok := parseID(digits)
	if !ok {
		return errors.New("not an id")
	}
	*id = n
	return nil
}

// ParseID reads an id as written in a URL or in the key of an object; the
// rules are those of decoding.
func ParseID(s string) (ID, bool) { return parseID([]byte(s)) }

func parseID(digits []byte) (ID, bool) {
	if len(digits) == 0 || len(digits) > 19 || digits[0] == '0' {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(string(digits), 10, 64)
	return ID(n), err == nil
}

// String gives the decimal digits.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// NoArgs is the input type of a handler that ignores what came with the event.
type NoArgs struct{}

// Args is what a handler returns to acknowledge with several arguments; an
// empty one acknowledges with none.
type Args []any

// NoAck is what a handler returns for its value to acknowledge nothing, even if
// the client asked for it. The client waits until its own timeout.
type NoAck struct{}

// RawArgs is the input type of a handler that wants all arguments undecoded.
// Use Event.Decode, in a function given to Namespace.UseEvent, where an
// argument may contain binary attachments.
type RawArgs []json.RawMessage

// Binary is a binary attachment. Incoming, it decodes only from an attachment
// (never from a string), and only through this package, because encoding/json
// alone cannot reach the attachments. Outgoing, it becomes an attachment
// wherever it is in an argument. The bytes are shared, not copied: the
// receiver owns them, the emitter must not change them afterwards.
type Binary []byte

// marker distinguishes an attachment's place in a decoded or encoded value from any
// content: a string value cannot contain it, because JSON escapes its quotes.
const (
	markerOpen  = `{"_placeholder":true,"num":"bin:`
	markerClose = `"}`
)

// placeholderTag begins the bytes of a Binary that is decoded but not yet
// filled; fill replaces it before it is used.
const placeholderTag = "\x00\xffsocketio attachment\x00"

// MarshalJSON writes the form that the packet encoder turns into a placeholder
// and an attachment. It is of no use outside this package.
func (b Binary) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, len(markerOpen)+base64.StdEncoding.EncodedLen(len(b))+len(markerClose))
	out = append(out, markerOpen...)
	out = base64.StdEncoding.AppendEncode(out, b)
	return append(out, markerClose...), nil
}

// UnmarshalJSON accepts the placeholder of an attachment.
func (b *Binary) UnmarshalJSON(data []byte) error {
	var p struct {
		Placeholder bool `json:"_placeholder"`
		Num         *int `json:"num"`
	}
	if err := json.Unmarshal(data, &p); err != nil || !p.Placeholder || p.Num == nil || *p.Num < 0 {
		return errors.New("not a binary attachment")
	}
	*b = strconv.AppendInt([]byte(placeholderTag), int64(*p.Num), 10)
	return nil
}

// decodeValue decodes one JSON value and fills the attachments in.
func decodeValue(raw json.RawMessage, attachments [][]byte, v any) error {
	if err := json.Unmarshal(raw, v); err != nil {
		return err
	}
	if !bytes.Contains(raw, []byte(`"_placeholder"`)) {
		return nil
	}
	return fillBinary(reflect.ValueOf(v), attachments, 0)
}

var (
	binaryType = reflect.TypeFor[Binary]()
	rawType    = reflect.TypeFor[RawArgs]()
)

// takesAttachments says whether a value of a type can hold an attachment.
func takesAttachments(t reflect.Type) bool {
	return t == rawType || holdsBinary(t, map[reflect.Type]bool{})
}

func holdsBinary(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == binaryType {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holdsBinary(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if holdsBinary(t.Field(i).Type, seen) {
				return true
			}
		}
	default:
	}
	return false
}

// fillBinary walks a freshly decoded value, which is therefore a tree, and puts
// the attachments where their placeholders were decoded.
func fillBinary(v reflect.Value, attachments [][]byte, depth int) error {
	if depth > 1000 {
		return errors.New("nested too deep")
	}
	if v.Type() == binaryType {
		filled, err := filledBinary(v, attachments)
		if err == nil && v.CanSet() {
			v.Set(filled)
		}
		return err
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return fillBinary(v.Elem(), attachments, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				if err := fillBinary(f, attachments, depth+1); err != nil {
					return err
				}
			}
		}
	case reflect.Slice, reflect.Array:
		if isScalar(v.Type().Elem().Kind()) {
			return nil
		}
		for i := range v.Len() {
			if err := fillBinary(v.Index(i), attachments, depth+1); err != nil {
				return err
			}
		}
	case reflect.Map:
		return fillBinaryMap(v, attachments, depth)
	default:
	}
	return nil
}

func fillBinaryMap(v reflect.Value, attachments [][]byte, depth int) error {
	if isScalar(v.Type().Elem().Kind()) {
		return nil
	}
	for it := v.MapRange(); it.Next(); {
		// A map's values cannot be changed in place.
		elem := reflect.New(v.Type().Elem()).Elem()
		elem.Set(it.Value())
		if err := fillBinary(elem, attachments, depth+1); err != nil {
			return err
		}
		v.SetMapIndex(it.Key(), elem)
	}
	return nil
}

func isScalar(k reflect.Kind) bool {
	return k <= reflect.Complex128 || k == reflect.String
}

func filledBinary(v reflect.Value, attachments [][]byte) (reflect.Value, error) {
	b := v.Bytes()
	digits, ok := bytes.CutPrefix(b, []byte(placeholderTag))
	if !ok {
		return v, nil
	}
	n, err := strconv.Atoi(string(digits))
	if err != nil || n >= len(attachments) {
		return v, fmt.Errorf("attachment %q of %d", digits, len(attachments))
	}
	return reflect.ValueOf(Binary(attachments[n])), nil
}

// extractBinary turns what Binary.MarshalJSON wrote into placeholders, and
// appends the attachments in the order of their places.
func extractBinary(text []byte, bins [][]byte) ([]byte, [][]byte, error) {
	if !bytes.Contains(text, []byte(markerOpen)) {
		return text, bins, nil
	}
	var out []byte
	for {
		i := bytes.Index(text, []byte(markerOpen))
		if i < 0 {
			return append(out, text...), bins, nil
		}
		out = append(out, text[:i]...)
		text = text[i+len(markerOpen):]
		end := bytes.Index(text, []byte(markerClose))
		if end < 0 {
			return nil, nil, errors.New("broken binary marker")
		}
		bin, err := base64.StdEncoding.AppendDecode(nil, text[:end])
		if err != nil {
			return nil, nil, fmt.Errorf("binary marker: %w", err)
		}
		out = appendPlaceholder(out, len(bins))
		bins = append(bins, bin)
		text = text[end+len(markerClose):]
	}
}

func appendPlaceholder(out []byte, num int) []byte {
	out = append(out, `{"_placeholder":true,"num":`...)
	out = strconv.AppendInt(out, int64(num), 10)
	return append(out, '}')
}
