package register

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
)

// Records are all records of a gateway, by kind, the oldest first. A list with the name of a
// kind in its tag is all that a kind needs beside its type.
type Records struct {
	Signs       []Sign       `json:"signs" kind:"sign"`
	Assessments []Assessment `json:"assessments" kind:"assessment"`
	Filings     []Filing     `json:"filings" kind:"filing"`
	DeviceTests []DeviceTest `json:"device_tests" kind:"devicetest"`
	Complaints  []Complaint  `json:"complaints" kind:"complaint"`
	Exports     []Export     `json:"exports" kind:"export"`
	Retentions  []Retention  `json:"retentions" kind:"retention"`
	Inspections []Inspection `json:"inspections" kind:"inspection"`
	Devices     []Device     `json:"devices" kind:"device"`
	Processings []Processing `json:"processings" kind:"processing"`
	Incidents   []Incident   `json:"incidents" kind:"incident"`
	Notices     []Notice     `json:"notices" kind:"notice"`
	Trainings   []Training   `json:"trainings" kind:"training"`
	Contracts   []Contract   `json:"contracts" kind:"contract"`
	Requests    []Request    `json:"requests" kind:"request"`
	Documents   []Document   `json:"documents" kind:"document"`
	Approvals   []Approval   `json:"approvals" kind:"approval"`
	Recorders   []Recorder   `json:"recorders" kind:"recorder"`
	Quiets      []Quiet      `json:"quiets" kind:"quiet"`
	Walks       []Walk       `json:"walks" kind:"walk"`
	Grounds     []Ground     `json:"grounds" kind:"ground"`
	// Unreadable are the kinds of which something cannot be read. It is not known then
	// what is on record.
	Unreadable []Kind `json:"unreadable,omitempty"`
	// Ahead are the kinds of which records were left out because they are dated after
	// today, see Until.
	Ahead []Kind `json:"ahead,omitempty"`
}

// lists has the place in Records of each kind's list; Kinds are all kinds, in that order.
var lists, Kinds = func() (map[Kind]int, []Kind) {
	places, kinds := map[Kind]int{}, []Kind{}
	t := reflect.TypeFor[Records]()
	for i := range t.NumField() {
		if k := Kind(t.Field(i).Tag.Get("kind")); k != "" {
			places[k], kinds = i, append(kinds, k)
		}
	}
	return places, kinds
}()

// New returns an empty record of a kind, to decode into; nil for an
// unknown one.
func New(k Kind) Record {
	i, known := lists[k]
	if !known {
		return nil
	}
	return reflect.New(reflect.TypeFor[Records]().Field(i).Type.Elem()).Interface().(Record)
}

// Add takes one record of a kind in.
func (r *Records) Add(k Kind, body []byte) error {
	rec := New(k)
	if rec == nil {
		return fmt.Errorf("kind %q: %w", k, field.ErrInvalid)
	}
	if err := json.Unmarshal(body, rec); err != nil {
		return fmt.Errorf("%s: %w", k, err)
	}
	list := reflect.ValueOf(r).Elem().Field(lists[k])
	list.Set(reflect.Append(list, reflect.ValueOf(rec).Elem()))
	return nil
}

// Until is r without the records that are dated after today, which earlier versions took;
// Ahead has their kinds.
func (r Records) Until(today civil.Date) Records {
	for _, k := range Kinds {
		list := reflect.ValueOf(&r).Elem().Field(lists[k])
		kept := reflect.Zero(list.Type())
		for i := range list.Len() {
			if NotAfter(list.Index(i).Interface(), today) == nil {
				kept = reflect.Append(kept, list.Index(i))
			}
		}
		if kept.Len() < list.Len() {
			r.Ahead = append(r.Ahead, k)
		}
		list.Set(kept)
	}
	return r
}
