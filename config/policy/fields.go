package policy

import (
	"reflect"
	"slices"
	"strings"
)

// Field is one field of a record, as a form asks for it.
type Field struct {
	// Name is that of the JSON.
	Name string
	// Type is text, date, number, flag, hash, camera, cameras, choice or items.
	Type string
	// Required fields may not be empty.
	Required bool
	// Choices of a choice or of items.
	Choices []string
	// Filled: the gateway fills it in, and refuses another value than its own.
	Filled bool
}

// required and filled by kind, where the type does not tell; Check is what
// refuses.
var (
	requiredFields = map[Kind][]string{
		KindSign: {"place", "cameras", "date", "photo", "layer"}, KindAssessment: {"date", "items", "file", "review"}, KindFiling: {"of", "date", "authority"},
		KindDeviceTest: {"camera", "date", "passed"}, KindComplaint: {"date", "content"},
		KindExport:    {"date", "reason", "content", "unit", "name", "purpose"},
		KindRetention: {"cameras", "date", "hours"}, KindInspection: {"date", "found"},
	}
	filledFields = map[Kind][]string{KindAssessment: {"config"}, KindDeviceTest: {"model", "firmware"}}
	choicesOf    = map[string][]string{"layer": {"1", "2"}, "of": {FilingSystem, FilingEnrolment}, "purpose": Purposes, "items": AssessmentItems}
)

// Fields lists the fields of a kind of records in their order; nil for an
// unknown kind.
func Fields(kind Kind) (all []Field) {
	rec := NewRecord(kind)
	if rec == nil {
		return nil
	}
	t := reflect.TypeOf(rec).Elem()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		all = append(all, Field{
			Name: name, Type: fieldType(name, t.Field(i).Type), Choices: choicesOf[name],
			Required: slices.Contains(requiredFields[kind], name), Filled: slices.Contains(filledFields[kind], name),
		})
	}
	return all
}

func fieldType(name string, t reflect.Type) string {
	switch {
	case name == "items", name == "camera", name == "cameras":
		return name
	case choicesOf[name] != nil:
		return "choice"
	case name == "photo", name == "file", name == "config", name == "document":
		return "hash"
	case t == reflect.TypeFor[Date]():
		return "date"
	case t.Kind() == reflect.Bool:
		return "flag"
	case t.Kind() == reflect.Int:
		return "number"
	}
	return "text"
}
