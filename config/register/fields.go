package register

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Field is one field of a record, as a form asks for it. It is written once, in the tags of
// the record's type:
//
//	form:"required,hash"  what it is and whether it may be empty, see the words below
//	choices:"1 2"         the words of a choice, or of a list of them
//	range:"1 100"         the bounds of a number; without them 0 to 2,000,000,000
type Field struct {
	// Name is that of the JSON.
	Name string
	// Type is text, date, number, flag, answer (yes, no or not said), hash, camera, cameras,
	// choice, choices, items (a finding for each choice) or lines (filled in alone).
	Type string
	// Required fields may not be empty.
	Required bool
	// Choices of a choice, of choices or of items.
	Choices []string
	// Filled: the gateway fills it in, and refuses another value than its own.
	Filled bool
	// Old fields are read where an earlier version wrote them, and asked of nobody.
	Old bool
	// Person: it names a person. It is shown to managers alone and forgotten after a time of
	// its own.
	Person bool
	// Later: the day may lie ahead; all other days say what happened.
	Later bool
	// Min and Max bound a number.
	Min, Max int
}

// mostOf is more than anything that a record counts.
const mostOf = 2_000_000_000

// Fields lists the fields of a kind of records in their order; nil for an
// unknown kind.
func Fields(kind Kind) []Field {
	rec := New(kind)
	if rec == nil {
		return nil
	}
	return fieldsOf(reflect.TypeOf(rec).Elem())
}

func fieldsOf(t reflect.Type) (all []Field) {
	for i := range t.NumField() {
		all = append(all, fieldOf(t.Field(i)))
	}
	return all
}

func fieldOf(sf reflect.StructField) Field {
	words := strings.Split(sf.Tag.Get("form"), ",")
	is := func(word string) bool { return slices.Contains(words, word) }
	f := Field{Required: is("required"), Filled: is("filled"), Old: is("old"), Person: is("person"), Later: is("later"), Max: mostOf}
	f.Name, _, _ = strings.Cut(sf.Tag.Get("json"), ",")
	f.Choices = strings.Fields(sf.Tag.Get("choices"))
	switch {
	case is("purpose"):
		f.Choices = Purposes
	case sf.Type.Kind() == reflect.Map:
		f.Choices = AssessmentItems
	}
	if low, high, ok := strings.Cut(sf.Tag.Get("range"), " "); ok {
		f.Min, _ = strconv.Atoi(low)
		f.Max, _ = strconv.Atoi(high)
	}
	f.Type = fieldType(sf.Type, is("hash"), len(f.Choices) > 0)
	return f
}

func fieldType(t reflect.Type, isHash, hasChoices bool) string {
	switch {
	case isHash:
		return "hash"
	case t == reflect.TypeFor[civil.Date]():
		return "date"
	case t == reflect.TypeFor[media.CameraID]():
		return "camera"
	case t == reflect.TypeFor[[]media.CameraID]():
		return "cameras"
	case t.Kind() == reflect.Map:
		return "items"
	case t.Kind() == reflect.Slice && hasChoices:
		return "choices"
	case t.Kind() == reflect.Slice:
		return "lines"
	case hasChoices:
		return "choice"
	case t.Kind() == reflect.Bool:
		return "flag"
	case t == reflect.TypeFor[*bool]():
		return "answer"
	case t.Kind() == reflect.Int, t == reflect.TypeFor[*int]():
		return "number"
	}
	return "text"
}

// entered refuses a record of which a field is wanting or is not what it has to be.
func entered(rec any) (err error) {
	v := reflect.Indirect(reflect.ValueOf(rec))
	for i := range v.NumField() {
		err = field.First(err, fieldOf(v.Type().Field(i)).check(v.Field(i)))
	}
	return err
}

func (f Field) check(v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return f.given("")
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Int:
		return f.number(int(v.Int()))
	case reflect.Slice, reflect.Map:
		return f.several(v)
	case reflect.String:
		return f.said(v.String())
	}
	return nil
}

// given refuses the empty value of a field that is required.
func (f Field) given(s string) error {
	if f.Required {
		return field.Required(f.Name, s)
	}
	return nil
}

func (f Field) number(n int) error {
	if f.Type == "choice" {
		return field.OneOf(f.Name, strconv.Itoa(n), f.Choices...)
	}
	if n < f.Min || n > f.Max {
		return text.Fail(field.ErrInvalid, text.ConfigRange, text.Field(f.Name), fmt.Sprint(n), fmt.Sprint(f.Min), fmt.Sprint(f.Max), fmt.Sprint(max(f.Min, 1)))
	}
	return nil
}

// several checks a list: of cameras, of choices, or a finding for each item.
func (f Field) several(v reflect.Value) (err error) {
	if f.Type == "cameras" {
		return cameras(v.Interface().([]media.CameraID), f.Required)
	}
	if f.Required && v.Len() == 0 {
		return field.Required(f.Name, "")
	}
	if f.Type == "choices" {
		for i := range v.Len() {
			err = field.First(err, field.Required(f.Name, v.Index(i).String()), field.OneOf(f.Name, v.Index(i).String(), f.Choices...))
		}
	}
	return err
}

func (f Field) said(s string) error {
	err := field.First(f.given(s), field.Line(f.Name, s))
	switch {
	case err != nil || s == "":
		return err
	case f.Type == "date":
		return civil.Valid(f.Name, civil.Date(s))
	case f.Type == "hash":
		return field.Hash(f.Name, s)
	case f.Type == "camera":
		return camera(media.CameraID(s))
	case f.Type == "choice":
		return field.OneOf(f.Name, s, f.Choices...)
	}
	return nil
}
