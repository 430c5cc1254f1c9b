package consent

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func reader(t testing.TB) Reader {
	t.Helper()
	r, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseReader(r.Secret())
	if err != nil || again.Recipient() != r.Recipient() {
		t.Fatalf("the key changes: %v", err)
	}
	return again
}

func TestLetters(t *testing.T) {
	raws := []string{signed(t, good()), signed(t, good())}
	one, two, other := reader(t), reader(t), reader(t)
	letter, err := SealLetter(raws, []string{one.Recipient(), two.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(letter, raws[0][:20]) {
		t.Error("a token stands in the letter as it is")
	}
	for _, r := range []Reader{one, two} {
		if got, err := OpenLetter(letter, r); err != nil || !reflect.DeepEqual(got, raws) {
			t.Errorf("%q, %v", got, err)
		}
	}
	if _, err := OpenLetter(letter, other); !errors.Is(err, ErrNotForUs) {
		t.Errorf("somebody else: %v", err)
	}
	for what, bad := range map[string]string{"nothing": "", "cut short": letter[:len(letter)/2], "a token": raws[0], "too much": strings.Repeat("a", MaxLetter+1)} {
		if _, err := OpenLetter(bad, one); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, to := range map[string][]string{"nobody": nil, "no key": {"age1nonsense"}, "too many": make([]string, MaxReaders+1), "a secret": {one.Secret()}} {
		if _, err := SealLetter(raws, to); !errors.Is(err, ErrKey) {
			t.Errorf("to %s: %v", what, err)
		}
	}
	if _, err := ParseReader(one.Recipient()); !errors.Is(err, ErrKey) {
		t.Errorf("a public key as the private one: %v", err)
	}
}

func FuzzOpenLetter(f *testing.F) {
	r, err := ParseReader("AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33")
	if err != nil {
		f.Skip(err)
	}
	letter, err := SealLetter([]string{"a.b.c"}, []string{r.Recipient()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(letter)
	f.Fuzz(func(t *testing.T, s string) {
		if all, err := OpenLetter(s, r); err != nil && len(all) > 0 {
			t.Errorf("%q with %v", all, err)
		}
	})
}
