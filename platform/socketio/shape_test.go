package socketio

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

type shaped struct {
	ID    ID                `json:"id" event:"required"`
	Name  *string           `json:"name" event:"required,max=5"`
	IDs   []ID              `json:"ids" event:"max=3"`
	Words []string          `json:"words" event:"max=2"`
	Files map[string]Binary `json:"files" event:"max=1"`
	Cards []struct {
		ID   ID   `json:"id" event:"required"`
		Tags []ID `json:"tags" event:"max=2"`
	} `json:"cards" event:"max=2"`
	Base struct {
		Name *string `json:"name"`
		Old  []int   `json:"old" event:"max=1"`
	} `json:"base"`
	On  *bool `json:"on"`
	Pos *int  `json:"pos"`
}

// TestWhatIsWrongWithAnArgument: the fault names the field, what is wrong with
// it, and what it should have been.
func TestWhatIsWrongWithAnArgument(t *testing.T) {
	with := func(rest string) string { return `{"id":1,"name":"n",` + rest + `}` }
	for raw, want := range map[string]DecodeError{
		`null`:                                {Fault: FaultMissing},
		`5`:                                   {Fault: FaultType, Want: WantObject},
		`[{"id":1}]`:                          {Fault: FaultType, Want: WantObject},
		`{"name":"n"}`:                        {Field: "id", Fault: FaultMissing},
		`{"id":1,"name":null}`:                {Field: "name", Fault: FaultMissing},
		`{"id":1,"name":5}`:                   {Field: "name", Fault: FaultType, Want: WantText},
		`{"id":1,"name":"äöüßäö"}`:            {Field: "name", Fault: FaultTooLong, Max: 5},
		`{"id":"0x7","name":"n"}`:             {Field: "id", Fault: FaultType, Want: WantID},
		`{"id":null,"name":"n"}`:              {Field: "id", Fault: FaultType, Want: WantID},
		with(`"ids":[1,2,3,4]`):               {Field: "ids", Fault: FaultTooMany, Max: 3},
		with(`"IDS":["1","2","3","4"]`):       {Field: "ids", Fault: FaultTooMany, Max: 3},
		with(`"\u0069ds":[1,2,3,4]`):          {Field: "ids", Fault: FaultTooMany, Max: 3},
		with(`"ids":[],"ids":[1,2,3,4]`):      {Field: "ids", Fault: FaultTooMany, Max: 3},
		with(`"ids":[[1,2],{},"]",4,5]`):      {Field: "ids", Fault: FaultTooMany, Max: 3},
		with(`"ids":"1"`):                     {Field: "ids", Fault: FaultType, Want: WantList},
		with(`"ids":[1,null]`):                {Field: "ids", Fault: FaultType, Want: WantList},
		with(`"words":["a","b","c"]`):         {Field: "words", Fault: FaultTooMany, Max: 2},
		with(`"files":{"a":1,"b":2}`):         {Field: "files", Fault: FaultTooMany, Max: 1},
		with(`"files":{"a":"text"}`):          {Field: "files", Fault: FaultType, Want: WantFiles},
		with(`"cards":[{"id":1},{},{}]`):      {Field: "cards", Fault: FaultTooMany, Max: 2},
		with(`"cards":[{"tags":[1,2,3]}]`):    {Field: "cards.tags", Fault: FaultTooMany, Max: 2},
		with(`"cards":[{"tags":[1]}]`):        {Field: "cards.id", Fault: FaultMissing},
		with(`"base":{"name":5}`):             {Field: "base.name", Fault: FaultType, Want: WantText},
		with(`"base":5`):                      {Field: "base", Fault: FaultType, Want: WantObject},
		with(`"base":{"old":[1,2]}`):          {Field: "base.old", Fault: FaultTooMany, Max: 1},
		with(`"on":"true"`):                   {Field: "on", Fault: FaultType, Want: WantSwitch},
		with(`"pos":1.5`):                     {Field: "pos", Fault: FaultType, Want: WantNumber},
		with(`"pos":1e30`):                    {Field: "pos", Fault: FaultType, Want: WantNumber},
		with(`"words":["` + big + `"]`):       {Field: "words", Fault: FaultTooLong, Max: 2},
		with(`"base":{"name":"` + big + `"}`): {Field: "base.name", Fault: FaultTooLong},
		with(`"files":{"a":{"_placeholder":true,"num":0}}`): {
			Field: "files", Fault: FaultType, Want: WantFiles,
		},
	} {
		var in shaped
		var got *DecodeError
		if err := (Event{Name: "e", Args: []json.RawMessage{json.RawMessage(raw)}}).Decode(0, &in); !errors.As(err, &got) {
			t.Errorf("%.80s: %v", raw, err)
			continue
		}
		if got.Event != "e" || got.Field != want.Field || got.Fault != want.Fault || got.Want != want.Want || want.Fault != FaultTooLong && got.Max != want.Max {
			t.Errorf("%.80s: %+v, want %+v", raw, *got, want)
		}
	}
	for _, raw := range []string{
		`{"id":"1","name":"üüüüü","ids":[1,"2",3],"words":["]","\"[,"],"cards":[{"id":1,"tags":[1,2]},{"id":2}],"unknown":[1,2,3,4,5]}`,
		` { "id" : 1 , "name" : "" , "ids" : [ ] , "files" : { } , "base" : { "old" : [ 1 ] } , "on" : false , "pos" : -1 } `,
		with(`"ids":null,"files":null,"base":null,"cards":[]`),
	} {
		var in shaped
		if err := (Event{Name: "e", Args: []json.RawMessage{json.RawMessage(raw)}}).Decode(0, &in); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

var big = strings.Repeat("x", 100_000)

// TestManyElementsAreNotDecoded: a million ids cost no memory.
func TestManyElementsAreNotDecoded(t *testing.T) {
	ev := Event{Name: "e", Args: []json.RawMessage{json.RawMessage(`{"ids":[` + strings.Repeat("1,", 1_000_000) + `1]}`)}}
	s, err := shapeOf(reflect.TypeFor[shaped]())
	if err != nil {
		t.Fatal(err)
	}
	var in shaped
	if n := testing.AllocsPerRun(3, func() { err = ev.decode(0, &in, s) }); n > 20 || err == nil {
		t.Errorf("%v allocations, %v", n, err)
	}
}

type embedded struct{ IDs []ID }

// TestDefaultMaximum checks arrays and objects of types without a maximum of
// their own, and that tags and embedded fields that make no sense are refused.
func TestDefaultMaximum(t *testing.T) {
	many := "[" + strings.Repeat("1,", 1000) + "1]"
	for what, in := range map[string]any{
		`{"ids":` + many + `}`:       &struct{ IDs []ID }{},
		many:                         &[]ID{},
		`{"a":[[` + many + `]]}`:     new(any),
		`{"v":{"b":` + many + `}}`:   &struct{ V any }{},
		`{"m":{"b":[` + many + `]}}`: &struct{ M map[string]any }{},
		`{"ids":` + many + `} `:      &struct{ embedded }{},
		`{"inner":{"ids":` + many + `}}`: &struct {
			Inner struct{ IDs []ID }
		}{},
	} {
		var fault *DecodeError
		if err := (Event{Args: []json.RawMessage{json.RawMessage(what)}}).Decode(0, in); !errors.As(err, &fault) || fault.Fault != FaultTooMany || fault.Max != 1000 {
			t.Errorf("%T: %v", in, err)
		}
	}
	for _, in := range []any{
		struct {
			A []ID `event:"max=x"`
		}{}, struct {
			A ID `event:"need"`
		}{}, struct{ *shaped }{}, struct {
			shaped `json:"inner"`
		}{},
	} {
		if _, err := shapeOf(reflect.TypeOf(in)); err == nil {
			t.Errorf("%T is accepted", in)
		}
	}
}
