package register

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// Decode reads a record that somebody enters. Unknown fields are refused, and so is a
// flag that has to be answered and is left out: no answer is not a no.
func Decode(k Kind, body []byte) (Record, error) {
	rec := New(k)
	if rec == nil {
		return nil, text.Fail(field.ErrInvalid, text.RecordKind, string(k))
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(rec); err != nil {
		return nil, err
	}
	var given map[string]any
	if err := json.Unmarshal(body, &given); err != nil {
		return nil, err
	}
	for _, f := range Fields(k) {
		if f.Required && f.Type == "flag" && given[f.Name] == nil {
			return nil, text.Fail(field.ErrInvalid, text.PolicyRequired, text.Field(f.Name))
		}
	}
	return rec, nil
}

// CheckReason refuses a correction that does not say in one line why it is made.
func CheckReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return text.Fail(field.ErrInvalid, text.RecordReason)
	}
	return field.Line("reason", reason)
}

// NotAfter refuses a record that says of something that it happened after today.
func NotAfter(rec any, today civil.Date) (err error) {
	v := reflect.Indirect(reflect.ValueOf(rec))
	for i := range v.NumField() {
		d, isDate := v.Field(i).Interface().(civil.Date)
		f := fieldOf(v.Type().Field(i))
		if isDate && d > today && !f.Later && civil.Valid(f.Name, d) == nil {
			err = field.First(err, text.Fail(field.ErrInvalid, text.PolicyAhead, text.Field(f.Name), string(d), string(today)))
		}
	}
	return err
}
