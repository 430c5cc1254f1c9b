package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// field is one key of the file, as the tags of Config say it. Reading, the example, the
// manual and the hash all follow the list of them.
type field struct {
	key      string   // section.name, or a bare name; tag key
	about    text.Key // tag about, else config.about.<key>
	index    []int    // where it is in a Config
	standard any      // tag default, else the zero value
	// sample is what an error proposes to write: tag sample, else the default.
	sample string
	// from and to bound a number or a span, both included: tag range; with tag zero, 0
	// is taken too.
	from, to any
	zero     bool
	// check refuses a text: tag kind, a name in kinds; nil takes any.
	check func(f field, s string) error
	// list takes a YAML list of texts, too, and parts them by commas: tag list.
	list bool
	// path marks the name of a file or folder, relative to the file's own: the kind path.
	path bool
	// ignored is what was of use in earlier versions: a file may still have it, and
	// nothing shows it. The hash covers it, so that it stays what it was.
	ignored bool
}

// fields are the keys in the order of Config.
var fields = walk(reflect.TypeFor[Config](), "", nil)

// walk lists the tagged fields of a struct and of those in it.
func walk(t reflect.Type, section string, at []int) (all []field) {
	for i := range t.NumField() {
		f, index := t.Field(i), append(at[:len(at):len(at)], i)
		key, tagged := f.Tag.Lookup("key")
		switch {
		case !tagged:
		case f.Type.Kind() == reflect.Struct:
			all = append(all, walk(f.Type, key, index)...)
		default:
			all = append(all, newField(f, join(section, key), index))
		}
	}
	return all
}

func newField(f reflect.StructField, key string, index []int) field {
	tag := f.Tag
	n := field{key: key, about: text.Key(tag.Get("about")), index: index, standard: reflect.Zero(f.Type).Interface(), sample: tag.Get("sample"),
		zero: tag.Get("zero") != "", check: kinds[tag.Get("kind")], path: tag.Get("kind") == "path", list: tag.Get("list") != "", ignored: tag.Get("ignored") != ""}
	if n.about == "" {
		n.about = text.Key("config.about." + key)
	}
	if s, ok := tag.Lookup("default"); ok {
		n.standard = n.parsed(s)
	}
	if n.sample == "" {
		n.sample = sampleOf(n.standard)
	}
	if from, to, ok := strings.Cut(tag.Get("range"), ".."); ok {
		n.from, n.to = n.parsed(from), n.parsed(to)
	}
	return n
}

// parsed is the value that a tag holds for a field of this kind.
func (f field) parsed(s string) (v any) {
	var err error
	switch f.standard.(type) {
	case string:
		v = s
	case bool:
		v, err = strconv.ParseBool(s)
	case int:
		v, err = strconv.Atoi(s)
	case float64:
		v, err = strconv.ParseFloat(s, 64)
	case time.Duration:
		v, err = time.ParseDuration(s)
	}
	if v == nil || err != nil {
		panic(fmt.Sprintf("config: %s: no value in the tag %q: %v", f.key, s, err))
	}
	return v
}

// sampleOf quotes a text that YAML would take for something else.
func sampleOf(v any) string {
	if s, ok := v.(string); ok && s != "" && !strings.ContainsAny(s[:1], ":0123456789") {
		return s
	}
	return show(v)
}

// at points to the field in a Config.
func (f field) at(c *Config) any {
	return reflect.ValueOf(c).Elem().FieldByIndex(f.index).Addr().Interface()
}

func (f field) put(c *Config, v any) {
	reflect.ValueOf(c).Elem().FieldByIndex(f.index).Set(reflect.ValueOf(v))
}

func (f field) get(c *Config) any {
	return reflect.ValueOf(c).Elem().FieldByIndex(f.index).Interface()
}

// shown are the fields that users see.
func shown() []field {
	return slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return f.ignored })
}

func find(key string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// within lists the names in a section; the top level is the section "".
func within(section string) []string {
	var names []string
	for _, f := range shown() {
		head, rest, nested := strings.Cut(f.key, ".")
		switch {
		case section != "" && nested && head == section:
			names = append(names, rest)
		case section == "" && (len(names) == 0 || names[len(names)-1] != head):
			names = append(names, head) // sections are kept together
		}
	}
	return names
}

func join(section, name string) string {
	if section == "" {
		return name
	}
	return section + "." + name
}
