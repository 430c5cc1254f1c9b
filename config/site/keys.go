package site

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/zone"
)

// key is one key of the file, as the tags of a struct say it.
type key struct {
	name     string
	index    []int
	words    []string
	standard string
	id       bool
	whole    bool
	kept     bool
	always   bool
}

// keysOf are the keys of a struct in their order. What is no value of the file, such as a map,
// has none; a struct that stands in another without a name has its keys there.
func keysOf(t reflect.Type) (all []key) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			for _, k := range keysOf(f.Type) {
				k.index = append([]int{i}, k.index...)
				all = append(all, k)
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || f.Type.Kind() == reflect.Map {
			continue
		}
		all = append(all, key{
			name: name, index: []int{i}, words: strings.Fields(f.Tag.Get("words")), standard: f.Tag.Get("standard"), id: f.Tag.Get("id") != "",
			whole: f.Tag.Get("list") == "whole", kept: f.Tag.Get("kept") != "", always: f.Tag.Get("always") != "",
		})
	}
	return all
}

func (k key) of(v reflect.Value) reflect.Value { return v.FieldByIndex(k.index) }

func names(keys []key) []string {
	all := make([]string, len(keys))
	for i, k := range keys {
		all[i] = k.name
	}
	return all
}

// idKey is the key by which the elements of a list are told apart.
func idKey(elem reflect.Type) key {
	all := keysOf(elem)
	for _, k := range all {
		if k.id {
			return k
		}
	}
	return all[0]
}

// idOf is an element's id as a text.
func idOf(elem reflect.Value) string { return fmt.Sprint(idKey(elem.Type()).of(elem)) }

// nameOf is what people call an element: its name, where it has one beside its id.
func nameOf(elem reflect.Value) string {
	if i, ok := elem.Interface().(Issuer); ok {
		return i.Name
	}
	return idOf(elem)
}

// before orders two elements of a list: by the kind's number or name.
func before(a, b reflect.Value) int {
	x, y := idKey(a.Type()).of(a), idKey(b.Type()).of(b)
	if x.Kind() == reflect.Int {
		return cmp.Compare(x.Int(), y.Int())
	}
	return cmp.Or(strings.Compare(nameOf(a), nameOf(b)), strings.Compare(x.String(), y.String()))
}

var spanType = reflect.TypeFor[*time.Duration]()

// isSection reports whether a value has lines of its own in the file: keys, or elements.
func isSection(v reflect.Value) bool {
	return v.Kind() == reflect.Struct || v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct
}

// mustShow reports whether a list of words is written though it is empty: in a consent zone
// that means that nobody is shown.
func mustShow(owner reflect.Value, k key) bool {
	z, ok := owner.Interface().(Zone)
	return k.always || ok && k.name == "purposes" && z.Kind == string(zone.Consent)
}
