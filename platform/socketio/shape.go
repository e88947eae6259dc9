package socketio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText is the length in bytes of a text in an argument whose field gives no
// maximum of its own.
const maxText = 64 << 10

// maxElements is how many elements an array or an object in an argument may
// have that gives no maximum of its own.
const maxElements = 1000

// Fault says what is wrong with a field of an argument.
type Fault string

// The faults.
const (
	// FaultMissing is a required field that is absent or null.
	FaultMissing Fault = "missing"
	// FaultType is a value of another type than DecodeError.Want.
	FaultType Fault = "type"
	// FaultTooMany is an array or an object with more than DecodeError.Max
	// elements.
	FaultTooMany Fault = "tooMany"
	// FaultTooLong is a text of more than DecodeError.Max characters.
	FaultTooLong Fault = "tooLong"
)

// Want names the types that a field may have.
type Want string

// The types.
const (
	WantText   Want = "text"
	WantNumber Want = "number"
	WantSwitch Want = "switch" // true or false
	WantID     Want = "id"
	WantList   Want = "list"
	WantFiles  Want = "files" // attachments by name
	WantObject Want = "object"
)

// shape is what the input type of an event says of its argument: the fields of
// a struct with their limits.
type shape struct {
	typ    reflect.Type
	want   Want
	fields []field
	// untyped is an argument whose parts have no limits of their own.
	untyped bool
	// arrays reports whether there is anything to count.
	arrays bool
}

type field struct {
	name     string
	index    []int
	required bool
	max      int
	shape    *shape // of the field; of its elements for arrays and maps
	many     bool   // an array or a map
}

// shapeOf reads a type's tags. A field that is a slice or a map says how many
// elements it takes: `event:"max=500"`; 1,000 if it does not. A text may say how
// many characters it takes. `event:"required"` refuses an argument without the
// field.
func shapeOf(t reflect.Type) (*shape, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := &shape{typ: t, want: wantOf(t)}
	if t.Kind() == reflect.Interface || t.Kind() == reflect.Map || s.want == WantList {
		s.untyped, s.arrays = true, true
		return s, nil
	}
	if s.want != WantObject || t.Kind() != reflect.Struct {
		return s, nil
	}
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous {
			if err := s.embed(sf, i); err != nil {
				return nil, err
			}
			continue
		}
		if !sf.IsExported() || sf.Tag.Get("json") == "-" {
			continue
		}
		f, err := fieldOf(sf, i)
		if err != nil {
			return nil, err
		}
		s.add(f)
	}
	return s, nil
}

func (s *shape) add(f field) {
	s.arrays = s.arrays || f.many || f.shape.arrays
	s.fields = append(s.fields, f)
}

// embed adds the fields of an embedded struct, which encoding/json decodes as
// those of the struct around it.
func (s *shape) embed(sf reflect.StructField, index int) error {
	if sf.Type.Kind() != reflect.Struct || sf.Tag.Get("json") != "" {
		return fmt.Errorf("socketio: %s embeds %s: embed a struct without a tag, or name the field", s.typ, sf.Name)
	}
	inner, err := shapeOf(sf.Type)
	if err != nil {
		return err
	}
	for _, f := range inner.fields {
		f.index = append([]int{index}, f.index...)
		s.add(f)
	}
	return nil
}

func fieldOf(sf reflect.StructField, index int) (field, error) {
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	if name == "" {
		name = sf.Name
	}
	f := field{name: name, index: []int{index}}
	for option := range strings.SplitSeq(sf.Tag.Get("event"), ",") {
		digits, isMax := strings.CutPrefix(option, "max=")
		var err error
		switch {
		case option == "required":
			f.required = true
		case isMax:
			f.max, err = strconv.Atoi(digits)
		case option != "":
			err = fmt.Errorf("unknown option %q", option)
		}
		if err != nil {
			return f, fmt.Errorf("socketio: field %s: %w", name, err)
		}
	}
	t := sf.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if f.many = t != binaryType && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map); f.many {
		if f.max <= 0 {
			f.max = maxElements
		}
		t = t.Elem()
	}
	var err error
	f.shape, err = shapeOf(t)
	return f, err
}

var idType = reflect.TypeFor[ID]()

func wantOf(t reflect.Type) Want {
	switch t {
	case idType:
		return WantID
	case binaryType:
		return WantFiles
	}
	switch t.Kind() { // an input has no others
	case reflect.String:
		return WantText
	case reflect.Bool:
		return WantSwitch
	case reflect.Int, reflect.Int64, reflect.Float64:
		return WantNumber
	case reflect.Slice:
		return WantList
	}
	return WantObject
}

// count refuses arrays and objects with too many elements before any of them is
// decoded. raw is valid JSON; what does not fit the type is left to decoding.
func (s *shape) count(raw []byte, path string) *DecodeError {
	switch {
	case !s.arrays:
		return nil
	case s.untyped:
		f := field{max: maxElements, shape: s, many: true}
		return f.count(raw, strings.TrimSuffix(path, "."))
	}
	var fault *DecodeError
	eachMember(raw, func(key string, value []byte) bool {
		for i := range s.fields {
			// encoding/json ignores case, too.
			if f := &s.fields[i]; fault == nil && strings.EqualFold(f.name, key) {
				fault = f.count(value, path+f.name)
			}
		}
		return fault == nil
	})
	return fault
}

func (f *field) count(value []byte, path string) *DecodeError {
	if !f.many {
		return f.shape.count(value, path+".")
	}
	n := 0
	var fault *DecodeError
	eachElement(value, func(element []byte) bool {
		if n++; n > f.max {
			fault = &DecodeError{Field: path, Fault: FaultTooMany, Max: f.max}
		} else {
			fault = f.shape.count(element, path+".")
		}
		return fault == nil
	})
	return fault
}

// check looks at a decoded value: required fields are there, and no text is too
// long.
func (s *shape) check(v reflect.Value, path string) *DecodeError {
	for i := range s.fields {
		f := &s.fields[i]
		value := v.FieldByIndex(f.index)
		if f.required && value.IsZero() {
			return &DecodeError{Field: path + f.name, Fault: FaultMissing}
		}
		for value.Kind() == reflect.Pointer && !value.IsNil() {
			value = value.Elem()
		}
		if fault := f.check(value, path+f.name); fault != nil {
			return fault
		}
	}
	return nil
}

func (f *field) check(value reflect.Value, path string) *DecodeError {
	switch value.Kind() { // the others have no length
	case reflect.String:
		if text := value.String(); len(text) > maxText || !f.many && f.max > 0 && utf8.RuneCountInString(text) > f.max {
			return &DecodeError{Field: path, Fault: FaultTooLong, Max: f.max}
		}
	case reflect.Slice:
		if value.Type() == binaryType || isScalar(value.Type().Elem().Kind()) && value.Type().Elem().Kind() != reflect.String {
			return nil
		}
		for i := range value.Len() {
			if fault := f.check(value.Index(i), path); fault != nil {
				return fault
			}
		}
	case reflect.Struct:
		return f.shape.check(value, path+".")
	}
	return nil
}

// locate finds out which field did not decode, and what it should have been.
func (s *shape) locate(raw []byte, path string) *DecodeError {
	if len(s.fields) == 0 {
		return &DecodeError{Field: strings.TrimSuffix(path, "."), Fault: FaultType, Want: s.want}
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return &DecodeError{Field: strings.TrimSuffix(path, "."), Fault: FaultType, Want: WantObject}
	}
	var fault *DecodeError
	eachMember(raw, func(key string, value []byte) bool {
		for i := range s.fields {
			f := &s.fields[i]
			if fault != nil || !strings.EqualFold(f.name, key) {
				continue
			}
			if err := json.Unmarshal(value, reflect.New(s.typ.FieldByIndex(f.index).Type).Interface()); err != nil {
				fault = f.locate(value, path+f.name)
			}
		}
		return fault == nil
	})
	if fault == nil {
		// Everything decodes by itself: an attachment is missing.
		fault = &DecodeError{Field: s.filesField(path), Fault: FaultType, Want: WantFiles}
	}
	return fault
}

func (f *field) locate(value []byte, path string) *DecodeError {
	switch {
	case f.many && f.shape.want == WantFiles:
		return &DecodeError{Field: path, Fault: FaultType, Want: WantFiles}
	case f.many:
		return &DecodeError{Field: path, Fault: FaultType, Want: WantList}
	}
	return f.shape.locate(value, path+".")
}

// filesField is the first field that takes attachments.
func (s *shape) filesField(path string) string {
	for _, f := range s.fields {
		if f.shape.want == WantFiles {
			return path + f.name
		}
	}
	return strings.TrimSuffix(path, ".")
}

// eachMember calls fn with every key and value of a JSON object until it
// returns false; for anything else it does nothing. raw is valid JSON.
func eachMember(raw []byte, fn func(key string, value []byte) bool) {
	eachPart(raw, '{', func(part []byte) bool {
		part = bytes.TrimLeft(part, " \t\r\n")
		end := stringEnd(part)
		colon := bytes.IndexByte(part[end:], ':')
		if end == 0 || colon < 0 {
			return false
		}
		key := string(part[1 : end-1])
		if strings.IndexByte(key, '\\') >= 0 && json.Unmarshal(part[:end], &key) != nil {
			return false
		}
		return fn(key, part[end+colon+1:])
	})
}

// eachElement calls fn with every value of a JSON array, or of an object, until
// it returns false.
func eachElement(raw []byte, fn func(value []byte) bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '{' {
		eachMember(raw, func(_ string, value []byte) bool { return fn(value) })
		return
	}
	eachPart(raw, '[', fn)
}

// eachPart cuts a JSON array or object, whichever opens with open, at its own
// commas.
func eachPart(raw []byte, open byte, fn func(part []byte) bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) < 2 || raw[0] != open {
		return
	}
	raw = raw[1 : len(raw)-1]
	level, start := 0, 0
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '"':
			i += stringEnd(raw[i:]) - 1
		case c == '[' || c == '{':
			level++
		case c == ']' || c == '}':
			level--
		case c == ',' && level == 0:
			if !fn(raw[start:i]) {
				return
			}
			start = i + 1
		}
	}
	if len(bytes.TrimSpace(raw[start:])) > 0 {
		fn(raw[start:])
	}
}

// stringEnd is the index behind the JSON string that text begins with, 0 if it
// begins with none.
func stringEnd(text []byte) int {
	if len(text) == 0 || text[0] != '"' {
		return 0
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
