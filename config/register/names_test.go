package register

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/field"
)

// What is no name stays as it is and where it is.
func TestWithNames(t *testing.T) {
	const body = `{"date":"2026-01-01","name":"Wang \u0022Fang","public":true,"n":1.50,"approver":"Li Na","list":[{"name":"x"}]}`
	for want, names := range map[string]map[string]string{
		body: nil,
		`{"date":"2026-01-01","name":"a","public":true,"n":1.50,"approver":"Li Na","list":[{"name":"x"}]}`: {"name": "a"},
		`{"date":"2026-01-01","public":true,"n":1.50,"list":[{"name":"x"}]}`:                               {"name": "", "approver": ""},
	} {
		if got, err := WithNames(json.RawMessage(body), names); err != nil || string(got) != want {
			t.Errorf("%v: %s, %v", names, got, err)
		}
	}
	for _, bad := range []string{"", "{", `{"name":`, "nonsense"} {
		if got, err := WithNames(json.RawMessage(bad), map[string]string{"name": "a"}); err == nil {
			t.Errorf("%q: %s", bad, got)
		}
	}
	names, err := Names(KindExport, json.RawMessage(body))
	if err != nil || len(names) != 2 || names["name"] != `Wang "Fang` || names["approver"] != "Li Na" {
		t.Errorf("%v, %v", names, err)
	}
	if names, err := Names(KindSign, json.RawMessage(body)); err != nil || len(names) != 0 {
		t.Errorf("a sign has no names: %v, %v", names, err)
	}
}

func TestMarks(t *testing.T) {
	mark := Mark(strings.Repeat("ab", 32))
	if !IsMark(mark) || !IsMark(MarkUnbound) || IsMark("Wang Fang") {
		t.Error("what is a mark")
	}
	if err := CheckNames(map[string]string{"name": mark}, map[string]string{"name": mark}); err != nil {
		t.Error(err)
	}
	if err := CheckNames(map[string]string{"name": mark}, map[string]string{"approver": mark}); !errors.Is(err, field.ErrInvalid) {
		t.Error(err)
	}
	e, before := &Export{Name: "Li Na"}, &Export{Name: mark, Second: mark, Content: "c"}
	KeepNames(e, before)
	if e.Name != "Li Na" || e.Second != mark || e.Content != "" {
		t.Errorf("%+v", e)
	}
}
