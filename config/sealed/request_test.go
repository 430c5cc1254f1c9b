package sealed

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"filippo.io/age"
)

// A request, two approvals, and the stretch opens; nothing else does.
func TestRequestApproveOpen(t *testing.T) {
	a, idA := holders(t, 1, 2)
	b, idB := holders(t, 1, 1)
	keys := Keys{a, b}
	units := footage(5)
	file, _ := seal(t, header, keys, units)
	s := inspect(t, file)
	front, err := s.Front(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	by := Person{ID: "p1"}
	r, opener, err := NewRequest(Request{
		Camera: "gate", From: start, To: start.Add(time.Minute), Purpose: "police", Basis: "Decree 799 Article 20", Document: "2026-17", By: by,
	}, start.Add(time.Hour))
	if err != nil || !r.Covers(s) {
		t.Fatal(err, r.Covers(s))
	}
	thief := r
	thief.Opener = idA[0].(*age.X25519Identity).Recipient().String()
	b2, _ := json.Marshal(r)
	if again, err := ParseRequest(b2); err != nil || again.Code() != r.Code() || thief.Code() == r.Code() || len(r.Code()) != 14 {
		t.Errorf("check codes %s, %s after the way, %s with another opener; %v", r.Code(), again.Code(), thief.Code(), err)
	}
	var shares []Share
	for _, id := range []age.Identity{idA[1], idB[0]} {
		approval, err := Approve(r, [][]byte{front}, by, start, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range []age.Identity{idA[0], idB[0]} {
			if _, err := approval.SharesOf(r, who); !errors.Is(err, ErrShares) {
				t.Errorf("a holder reads the other's approval: %v", err)
			}
		}
		changed := r
		changed.To = r.To.Add(time.Hour)
		if _, err := approval.SharesOf(changed, opener); !errors.Is(err, ErrShares) {
			t.Errorf("a request that was changed after its approval: %v", err)
		}
		got, err := approval.SharesOf(r, opener)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readAll(s, file, got); !errors.Is(err, ErrShares) {
			t.Errorf("one group alone: %v", err)
		}
		shares = append(shares, got...)
	}
	if got, err := readAll(s, file, shares); err != nil || !reflect.DeepEqual(got, units) {
		t.Error("not what was sealed", err)
	}
	later := header
	later.Start = start.Add(2 * time.Hour)
	other, _ := seal(t, later, keys, units)
	if _, err := Approve(r, [][]byte{front, other}, by, start, idA[0]); !errors.Is(err, ErrRequest) {
		t.Errorf("more than was asked for: %v", err)
	}
	if _, err := Approve(r, [][]byte{front}, by, start, idB[0], idA[0]); err != nil {
		t.Error("an identity file with two keys: ", err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	good := Request{Camera: "gate", From: start, To: start.Add(time.Minute), Purpose: "p", Basis: "b", Document: "d", By: Person{ID: "x"}}
	for name, change := range map[string]func(*Request){
		"no purpose":   func(r *Request) { r.Purpose = " " },
		"no basis":     func(r *Request) { r.Basis = "" },
		"no document":  func(r *Request) { r.Document = "" },
		"nobody":       func(r *Request) { r.By = Person{} },
		"no camera":    func(r *Request) { r.Camera = "../gate" },
		"backwards":    func(r *Request) { r.To = r.From },
		"too long":     func(r *Request) { r.From = r.To.Add(-MaxSpan - 1) },
		"not yet":      func(r *Request) { r.To = start.Add(2 * time.Hour) },
		"a long field": func(r *Request) { r.Document = string(make([]byte, 501)) },
	} {
		r := good
		change(&r)
		if _, _, err := NewRequest(r, start.Add(time.Hour)); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
