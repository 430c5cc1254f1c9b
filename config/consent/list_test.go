package consent

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// withdrawnSoFar is a list of one of each kind.
func withdrawnSoFar() List {
	return SignedList{List: List{Issuer: "front-desk"}}.With(now,
		Revocation{Token: "token-0001"}, Revocation{Subject: "p-2041", Issued: now}, Revocation{Badge: 7, Issued: now})
}

func signedList(t *testing.T, l List) SignedList {
	t.Helper()
	raw, err := SignList(l, key(1))
	if err != nil {
		t.Fatal(err)
	}
	got, err := OpenList(raw, trust())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestListsFollowEachOther(t *testing.T) {
	first := signedList(t, withdrawnSoFar())
	if !reflect.DeepEqual(first.List, withdrawnSoFar()) || first.Number != 1 || first.Previous != "" || len(first.Hash()) != 64 {
		t.Errorf("the first list says %+v", first)
	}
	later := now.Add(time.Hour)
	second := signedList(t, first.With(later, Revocation{Badge: 7, Issued: later}, Revocation{Token: "token-0001", Issued: later}, Revocation{Token: "token-0002"}))
	want := []Revocation{{Issuer: "front-desk", Token: "token-0001"}, {Issuer: "front-desk", Token: "token-0002"},
		{Issuer: "front-desk", Subject: "p-2041", Issued: now}, {Issuer: "front-desk", Badge: 7, Issued: later}}
	if second.Number != 2 || second.Previous != first.Hash() || !reflect.DeepEqual(second.Withdrawn, want) {
		t.Errorf("the second list says %+v, want %+v", second, want)
	}
}

// What an issuer withdrew is withdrawn whoever's clock is wrong.
func TestListsFromTheFuture(t *testing.T) {
	l := withdrawnSoFar()
	l.Issued = now.AddDate(3, 0, 0)
	signedList(t, l)
}

func TestListsAreProvedStrictly(t *testing.T) {
	fine := map[string]any{"iss": "front-desk", "iat": now.Unix(), "number": 1, "tokens": []string{"token-0001"}, "subjects": []any{}, "badges": []any{}}
	if _, err := OpenList(craft(header(listType), fine, key(1)), trust()); err != nil {
		t.Fatal(err)
	}
	for what, claims := range map[string]map[string]any{
		"number 0":             with(fine, "number", 0),
		"no tokens":            with(fine, "tokens", nil),
		"a token's id":         with(fine, "tokens", []string{"x"}),
		"a badge out of range": with(fine, "badges", []any{[]any{999, now.Unix()}}),
		"a pair of three":      with(fine, "badges", []any{[]any{7, now.Unix(), 1}}),
		"a time as words":      with(fine, "subjects", []any{[]any{"p-1", "today"}}),
		"no previous":          with(fine, "number", 2),
		"a previous too many":  with(fine, "previous", strings.Repeat("a", 64)),
		"something unknown":    with(fine, "except", "p-1"),
		"another issuer":       with(fine, "iss", "back-desk"),
	} {
		if _, err := OpenList(craft(header(listType), claims, key(1)), trust()); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
	for what, raw := range map[string]string{
		"another's key":   craft(header(listType), fine, key(2)),
		"another type":    craft(header(revocationType), fine, key(1)),
		"more than fits":  strings.Repeat("a", MaxList+1),
		"nothing":         "",
		"one byte turned": strings.Replace(craft(header(listType), fine, key(1)), ".", ".e", 1),
	} {
		if _, err := OpenList(raw, trust()); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}

// A full list says so where it is made; nothing falls out of it.
func TestFullList(t *testing.T) {
	l := withdrawnSoFar()
	for i := range 6000 {
		l.Withdrawn = append(l.Withdrawn, Revocation{Issuer: "front-desk", Token: fmt.Sprintf("abcdefghijklmnopqrstuv%04d", i)})
	}
	if got := signedList(t, l); len(got.Withdrawn) != 6003 {
		t.Errorf("%d of 6003 entries came back", len(got.Withdrawn))
	}
	for i := range 6000 {
		l.Withdrawn = append(l.Withdrawn, Revocation{Issuer: "front-desk", Token: fmt.Sprintf("bbcdefghijklmnopqrstuv%04d", i)})
	}
	if _, err := SignList(l, key(1)); !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "12003") {
		t.Errorf("a list of 12003: %v", err)
	}
}

func TestAttestations(t *testing.T) {
	l := signedList(t, withdrawnSoFar())
	delegation := func(from, to time.Time) string {
		raw, err := SignDelegation(Delegation{"front-desk", key(5).Public(), from, to}, key(1))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	said := Attestation{"front-desk", l.Number, l.Hash(), now}
	fine := delegation(now.Add(-time.Hour), now.Add(time.Hour))
	for what, c := range map[string]struct {
		by   string
		key  PrivateKey
		want error
	}{
		"by the issuer":              {"", key(1), nil},
		"by who may":                 {fine, key(5), nil},
		"by who may no more":         {delegation(now.Add(-time.Hour), now), key(5), ErrExpired},
		"by who may later":           {delegation(now.Add(time.Second), now.Add(time.Hour)), key(5), ErrNotYetValid},
		"by who may without a proof": {"", key(5), ErrIssuer},
		"by another than who may":    {fine, key(6), ErrIssuer},
		"by a proof of no use":       {"a.b.c", key(5), ErrMalformed},
	} {
		raw, err := SignAttestation(said, c.by, c.key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := OpenAttestation(raw, trust())
		if !errors.Is(err, c.want) || err == nil && got != said {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

// Who may attest can neither withdraw, nor issue, nor let others attest.
func TestADelegateSaysNothingElse(t *testing.T) {
	fine, err := SignDelegation(Delegation{"front-desk", key(5).Public(), now, now.AddDate(1, 0, 0)}, key(1))
	if err != nil {
		t.Fatal(err)
	}
	list, err := SignList(withdrawnSoFar(), key(5))
	if err != nil {
		t.Fatal(err)
	}
	further, err := SignDelegation(Delegation{"front-desk", key(6).Public(), now, now.AddDate(1, 0, 0)}, key(5))
	if err != nil {
		t.Fatal(err)
	}
	second, err := SignAttestation(Attestation{Issuer: "front-desk", Issued: now}, further, key(6))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenList(list, trust()); !errors.Is(err, ErrIssuer) {
		t.Errorf("its list: %v", err)
	}
	if _, err := OpenAttestation(second, trust()); !errors.Is(err, ErrIssuer) {
		t.Errorf("its own delegate's attestation: %v", err)
	}
	if _, err := Open(fine, trust()); !errors.Is(err, ErrType) {
		t.Errorf("the delegation as a token: %v", err)
	}
}

func FuzzStatements(f *testing.F) {
	list, err := SignList(withdrawnSoFar(), key(1))
	if err != nil {
		f.Fatal(err)
	}
	by, err := SignDelegation(Delegation{"front-desk", key(5).Public(), now, now.AddDate(1, 0, 0)}, key(1))
	if err != nil {
		f.Fatal(err)
	}
	said, err := SignAttestation(Attestation{Issuer: "front-desk", Issued: now}, by, key(5))
	if err != nil {
		f.Fatal(err)
	}
	for _, raw := range []string{list, by, said} {
		f.Add(raw, []byte(`{"iss":"front-desk"}`))
	}
	f.Fuzz(func(t *testing.T, raw string, claims []byte) {
		if l, err := OpenList(raw, trust()); err == nil {
			if again := signedList(t, l.List); !reflect.DeepEqual(again.Withdrawn, l.Withdrawn) {
				t.Errorf("%+v is %+v when signed again", l.Withdrawn, again.Withdrawn)
			}
		}
		if a, err := OpenAttestation(raw, trust()); err == nil && a.Issuer != "front-desk" {
			t.Errorf("%+v was taken", a)
		}
		if l, err := decodeList(claims); err == nil && (l.Number == 0 || l.Number > 1 && l.Previous == "") {
			t.Errorf("%+v was taken", l)
		}
		_, _ = decodeAttestation(claims)
	})
}
