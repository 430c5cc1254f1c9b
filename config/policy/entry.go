package policy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// Decode reads a record that somebody enters. Unknown fields are refused, and so is a
// flag that has to be answered and is left out: no answer is not a no.
func Decode(k Kind, body []byte) (Record, error) {
	rec := NewRecord(k)
	if rec == nil {
		return nil, text.Fail(ErrInvalid, text.RecordKind, string(k))
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
			return nil, text.Fail(ErrInvalid, text.PolicyRequired, f.Name)
		}
	}
	return rec, nil
}

// CheckReason refuses a correction that does not say in one line why it is made.
func CheckReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return text.Fail(ErrInvalid, text.RecordReason)
	}
	return line("reason", reason)
}

// laterDates are the dates that say when something is due. All others say what happened.
var laterDates = []string{"review", "expires"}

// NotAfter refuses a record that says of something that it happened after today.
func NotAfter(rec Record, today Date) (err error) {
	eachDate(reflect.ValueOf(rec), "", func(name string, d Date) {
		if d > today && valid(name, d) == nil && !slices.Contains(laterDates, name) {
			err = firstError(err, text.Fail(ErrInvalid, text.PolicyAhead, name, string(d), string(today)))
		}
	})
	return err
}

// eachDate calls f for all dates in a record, with their names in JSON.
func eachDate(v reflect.Value, name string, f func(name string, d Date)) {
	switch {
	case v.Type() == reflect.TypeFor[Date]():
		f(name, Date(v.String()))
	case v.Kind() == reflect.Pointer && !v.IsNil():
		eachDate(v.Elem(), name, f)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			eachDate(v.Index(i), name, f)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			eachDate(v.Field(i), name, f)
		}
	}
}

// Until is r without the records that are dated after today, which earlier versions took;
// Ahead has their kinds.
func (r Records) Until(today Date) Records {
	r.Signs = until(&r, KindSign, r.Signs, today)
	r.Assessments = until(&r, KindAssessment, r.Assessments, today)
	r.Filings = until(&r, KindFiling, r.Filings, today)
	r.DeviceTests = until(&r, KindDeviceTest, r.DeviceTests, today)
	r.Complaints = until(&r, KindComplaint, r.Complaints, today)
	r.Exports = until(&r, KindExport, r.Exports, today)
	r.Retentions = until(&r, KindRetention, r.Retentions, today)
	r.Inspections = until(&r, KindInspection, r.Inspections, today)
	return r
}

func until[R Record](r *Records, k Kind, all []R, today Date) (kept []R) {
	for _, rec := range all {
		if NotAfter(rec, today) == nil {
			kept = append(kept, rec)
		}
	}
	if len(kept) < len(all) {
		r.Ahead = append(r.Ahead, k)
	}
	return kept
}
