package sealed

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"
)

// asked is a request, the front of the segment that it is about, and an approval.
func asked(t testing.TB) (Request, []byte, Approval) {
	t.Helper()
	a, idA := holders(t, 1, 1)
	b, _ := holders(t, 1, 1)
	file, _ := seal(t, header, Keys{a, b}, footage(2))
	front, err := inspect(t, file).Front(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := NewRequest(Request{Camera: "gate", From: start, To: start.Add(time.Minute), Purpose: "p", Basis: "b", Document: "d", By: Person{ID: "x"}}, start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	given, err := Approve(r, [][]byte{front}, Person{ID: "p1"}, start, idA[0])
	if err != nil {
		t.Fatal(err)
	}
	return r, front, given
}

func coded(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What was written is read again as it was, and nothing more than that.
func TestParse(t *testing.T) {
	r, _, given := asked(t)
	if got, err := ParseRequest(coded(t, r)); err != nil || got.Sum() != r.Sum() {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := ParseApproval(coded(t, given)); err != nil || !reflect.DeepEqual(got, given) {
		t.Errorf("%+v, %v", got, err)
	}
	refused, err := Refuse(r, "the document is not signed", Person{ID: "p2"}, start)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseApproval(coded(t, refused)); err != nil || !reflect.DeepEqual(got, refused) {
		t.Errorf("%+v, %v", got, err)
	}
	for name, b := range map[string][]byte{
		"nothing": nil, "two values": append(coded(t, r), coded(t, r)...), "another field": []byte(`{"id":"x","name":"Wang"}`),
		"no id": coded(t, Request{Camera: "gate"}),
	} {
		if _, err := ParseRequest(b); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestApprovalsThatAreNone(t *testing.T) {
	_, _, good := asked(t)
	for name, change := range map[string]func(*Approval){
		"of no request":      func(a *Approval) { a.Request = "" },
		"of a path":          func(a *Approval) { a.Request = "../x" },
		"of no hash":         func(a *Approval) { a.Sum = Sum{} },
		"of nobody":          func(a *Approval) { a.By = Person{} },
		"of no group":        func(a *Approval) { a.Group = 3 },
		"without shares":     func(a *Approval) { a.Shares = nil },
		"without segments":   func(a *Approval) { a.Segments = nil },
		"yes and no":         func(a *Approval) { a.Refused = "no" },
		"with much too many": func(a *Approval) { a.Segments = make([]uint64, MaxSegments+1) },
		"without a time":     func(a *Approval) { a.At = time.Time{} },
	} {
		a := good
		change(&a)
		if _, err := ParseApproval(coded(t, a)); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who refused, gave nothing; and what he gave before is not used.
func TestRefusedSharesOpenNothing(t *testing.T) {
	r, _, given := asked(t)
	refused, err := Refuse(r, "no", Person{ID: "p2"}, start)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Shares(r, []Approval{refused, given}, nil); !errors.Is(err, ErrShares) {
		t.Error(err)
	}
}

// Requests and approvals come over networks and on other people's disks.
func FuzzParseRequest(f *testing.F) {
	r, _, given := asked(f)
	f.Add(coded(f, r))
	f.Add(coded(f, given))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := ParseRequest(in)
		if err != nil {
			return
		}
		again, err := ParseRequest(coded(t, r))
		if err != nil || again.Sum() != r.Sum() {
			t.Errorf("read and written again it differs: %v", err)
		}
	})
}

func FuzzParseApproval(f *testing.F) {
	_, _, given := asked(f)
	f.Add(coded(f, given))
	f.Add([]byte(`{"refused":"no"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := ParseApproval(in)
		if err != nil {
			return
		}
		again, err := ParseApproval(coded(t, a))
		if err != nil || again.Request != a.Request || !bytes.Equal(again.Shares, a.Shares) {
			t.Errorf("read and written again it differs: %v", err)
		}
	})
}
