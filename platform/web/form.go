package web

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"taskstack.org/platform/errs"
)

// DecodeForm decodes the posted form into T, a struct whose fields name a field
// of the form in the tag `form`:
//
//	type newProject struct {
//		Name    string `form:"name,required"`
//		Private bool   `form:"project_private"`
//	}
//
// A string is the first value of its field, "" if there is none; a *string is nil
// if there is none; a bool reports whether the field is present, as of a checkbox.
// A form without a required field is Invalid and malformed, since no page of ours
// sends one (contract, http.md section 1); of several, the first in the struct is
// named.
// Errors of reading the form are those of Context.Form.
//
// A type that it cannot decode makes it panic, as socketio.On does.
func DecodeForm[T any](c *Context) (T, error) {
	var in T
	form, err := c.Form()
	if err != nil {
		return in, err
	}
	return in, decodeForm(form, reflect.ValueOf(&in).Elem())
}

func decodeForm(form url.Values, in reflect.Value) error {
	for i := range in.NumField() {
		field := in.Type().Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("form"), ",")
		if name == "" || (option != "" && option != "required") {
			//nolint:forbidigo // a mistake of the program, found by the first test of its handler
			panic(fmt.Sprintf("web: field %s of %s needs the tag `form:\"name\"` or `form:\"name,required\"`", field.Name, in.Type()))
		}
		if option == "required" && !form.Has(name) {
			return errs.Missing(name)
		}
		switch value := in.Field(i).Addr().Interface().(type) {
		case **string:
			if form.Has(name) {
				text := form.Get(name)
				*value = &text
			}
		case *bool:
			*value = form.Has(name)
		default:
			if field.Type.Kind() != reflect.String {
				//nolint:forbidigo // as above
				panic(fmt.Sprintf("web: field %s of %s is no string, *string or bool", field.Name, in.Type()))
			}
			in.Field(i).SetString(form.Get(name))
		}
	}
	return nil
}
