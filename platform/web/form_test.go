package web

import (
	"net/url"
	"reflect"
	"testing"

	"taskstack.org/platform/errs"
)

type decoded struct {
	Name    string `form:"name,required"`
	Desc    string `form:"desc"`
	Private bool   `form:"private"`
}

// TestDecodeOptionalText: an absent field is not an empty one.
func TestDecodeOptionalText(t *testing.T) {
	for query, want := range map[string]string{"": "absent", "title=": "", "title=a&title=b": "a"} {
		form, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		got := "absent"
		var in struct {
			Title *string `form:"title"`
		}
		err = decodeForm(form, reflect.ValueOf(&in).Elem())
		if in.Title != nil {
			got = *in.Title
		}
		if err != nil || got != want {
			t.Errorf("%q: %q %v, want %q", query, got, err, want)
		}
	}
}

func TestDecodeForm(t *testing.T) {
	for query, want := range map[string]decoded{
		"name=a&desc=b&private=on": {"a", "b", true},
		"name=a&name=b":            {Name: "a"},
		"name=&private=":           {Private: true},
	} {
		form, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		var got decoded
		if err := decodeForm(form, reflect.ValueOf(&got).Elem()); err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", query, got, err, want)
		}
	}
	var got decoded
	err := decodeForm(url.Values{"desc": {"b"}}, reflect.ValueOf(&got).Elem())
	if e := errs.As(err); e.Kind != errs.Invalid || !e.Malformed || e.Fields["name"].Key != "errors.missing" {
		t.Errorf("without the required field: %v", err)
	}
}

func TestDecodeFormRefusesTypes(t *testing.T) {
	for _, in := range []any{
		struct{ Name string }{},
		struct {
			Name string `form:"name,optional"`
		}{},
		struct {
			IDs []int `form:"ids"`
		}{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T is accepted", in)
				}
			}()
			_ = decodeForm(url.Values{}, reflect.New(reflect.TypeOf(in)).Elem())
		}()
	}
}
