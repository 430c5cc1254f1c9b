package register

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// A record's names of persons are kept apart from it. In their places stand marks: a mark says
// that there was a name, and whether a name is the same, but not which.
const (
	markBegin = "name:"
	// MarkUnbound stands for a name of which the record's hash was made before names were kept
	// apart.
	MarkUnbound = markBegin + "unbound"
)

// Mark is the mark for a name by its salted hash, in hex.
func Mark(hash string) string { return markBegin + hash }

// IsMark reports whether a text is a mark.
func IsMark(s string) bool { return strings.HasPrefix(s, markBegin) }

// NameFields are the fields of a kind that hold names.
func NameFields(kind Kind) (names []string) {
	for _, f := range Fields(kind) {
		if f.Person {
			names = append(names, f.Name)
		}
	}
	return names
}

// Names are what stands in a record's fields for names, names or marks; empty fields are left
// out.
func Names(kind Kind, body json.RawMessage) (map[string]string, error) {
	fields := NameFields(kind)
	if len(fields) == 0 {
		return nil, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	found := map[string]string{}
	for _, name := range fields {
		var said string
		if raw, given := all[name]; given && json.Unmarshal(raw, &said) == nil && said != "" {
			found[name] = said
		}
	}
	return found, nil
}

// WithNames is a record with other texts in the fields for names, in the order in which its fields
// stand; empty ones take the field out.
func WithNames(body json.RawMessage, names map[string]string) (json.RawMessage, error) {
	if len(names) == 0 {
		return body, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil { // the brace
		return nil, err
	}
	out := []byte("{")
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			return nil, err
		}
		if said, isName := names[fmt.Sprint(key)]; isName {
			if said == "" {
				continue
			}
			if value, err = json.Marshal(said); err != nil {
				return nil, err
			}
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	if _, err := d.Token(); err != nil { // the other brace
		return nil, err
	}
	return append(out, '}'), nil
}

// KeepNames fills in those of a record's names that are left out, as they stand in the version
// before: what was forgotten, or is not shown, is not to be entered again.
func KeepNames(rec, before Record) {
	is, was := reflect.ValueOf(rec).Elem(), reflect.Indirect(reflect.ValueOf(before))
	for i := range is.NumField() {
		if fieldOf(is.Type().Field(i)).Person && is.Field(i).Kind() == reflect.String && is.Field(i).String() == "" {
			is.Field(i).Set(was.Field(i))
		}
	}
}

// CheckNames refuses marks that the version before did not have: nobody enters one.
func CheckNames(names, before map[string]string) error {
	for name, said := range names {
		if IsMark(said) && before[name] != said {
			return text.Fail(field.ErrInvalid, text.RecordMark, text.Field(name))
		}
	}
	return nil
}
