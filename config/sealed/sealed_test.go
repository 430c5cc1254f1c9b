package sealed

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/hardware/media"
)

var start = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)

// holders makes a group of n and their identities.
func holders(t testing.TB, need, n int) (Group, []age.Identity) {
	t.Helper()
	g := Group{Need: need}
	var ids []age.Identity
	for i := range n {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		g.Holders = append(g.Holders, Holder{Label: fmt.Sprintf("p%d", i+1), Key: id.Recipient().String()})
		ids = append(ids, id)
	}
	return g, ids
}

func footage(n int) []media.Raw {
	var all []media.Raw
	for i := range n {
		nalu := make([]byte, 20000)
		rand.Read(nalu)
		all = append(all, media.Raw{
			Codec: media.H265, NALUs: [][]byte{nalu[:5], nalu[5:]}, PTS: media.Ticks90k(i * 3600), Keyframe: i%25 == 0,
			NTP: start.Add(time.Duration(i) * 40 * time.Millisecond),
		})
	}
	return all
}

// seal writes a segment into memory.
func seal(t testing.TB, h Header, k Keys, units []media.Raw) ([]byte, Sum) {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, h, k)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if err := w.Write(u); err != nil {
			t.Fatal(err)
		}
	}
	sum, size, err := w.Close(Trailer{Length: 1000, Units: len(units), End: EndFull})
	if err != nil || size != int64(out.Len()) {
		t.Fatal(err, size, out.Len())
	}
	return out.Bytes(), sum
}

func inspect(t testing.TB, b []byte) Segment {
	t.Helper()
	s, err := Inspect(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sharesOf gives what the identities open.
func sharesOf(t testing.TB, s Segment, b []byte, ids ...age.Identity) []Share {
	t.Helper()
	var all []Share
	for _, id := range ids {
		share, err := ShareOf(s.Header, s.Body(bytes.NewReader(b)), id)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, share)
	}
	return all
}

func readAll(s Segment, b []byte, shares []Share) ([]media.Raw, error) {
	units, err := s.Units(bytes.NewReader(b), shares)
	if err != nil {
		return nil, err
	}
	var all []media.Raw
	for {
		u, err := units.Next()
		if err == io.EOF {
			return all, nil
		} else if err != nil {
			return all, err
		}
		all = append(all, u)
	}
}

var header = Header{Camera: "gate", Sequence: 7, Start: start, Gap: &Gap{Since: start.Add(-time.Minute), Reason: EndCamera}}

// Both groups open what was sealed, bit for bit; one alone never does, whatever its number.
func TestBothGroupsAreNeeded(t *testing.T) {
	a, idsA := holders(t, 2, 3)
	b, idsB := holders(t, 0, 2)
	units := footage(60)
	file, _ := seal(t, header, Keys{a, b}, units)
	s := inspect(t, file)
	if s.Torn || s.Trailer.Units != 60 || s.Header.Keys != (Keys{a, b}).ID() {
		t.Errorf("in clear: %+v", s)
	}
	for name, c := range map[string]struct {
		ids  []age.Identity
		want bool
	}{
		"two of three and one": {[]age.Identity{idsA[0], idsA[2], idsB[1]}, true},
		"the others":           {[]age.Identity{idsA[2], idsA[1], idsB[0]}, true},
		"all":                  {append(slices.Clone(idsA), idsB...), true},
		"one of three and one": {[]age.Identity{idsA[0], idsB[0]}, false},
		"the first group":      {idsA, false},
		"the second group":     {idsB, false},
		"one of three, twice":  {[]age.Identity{idsA[0], idsA[0], idsB[0]}, false},
		"nobody":               {nil, false},
	} {
		got, err := readAll(s, file, sharesOf(t, s, file, c.ids...))
		switch {
		case c.want && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want && !reflect.DeepEqual(got, units):
			t.Errorf("%s: other access units than were sealed", name)
		case !c.want && !errors.Is(err, ErrShares):
			t.Errorf("%s: opened, or %v", name, err)
		}
	}
	if _, other := holders(t, 0, 1); true {
		if _, err := ShareOf(s.Header, s.Body(bytes.NewReader(file)), other...); !errors.Is(err, ErrShares) {
			t.Errorf("somebody else's identity: %v", err)
		}
	}
}

// Whoever writes another header before the same body, or asks a holder for another
// segment's share, gets nothing.
func TestASegmentIsWhatItSays(t *testing.T) {
	a, idA := holders(t, 1, 1)
	b, idB := holders(t, 1, 1)
	file, _ := seal(t, header, Keys{a, b}, footage(3))
	s := inspect(t, file)
	shares := sharesOf(t, s, file, idA[0], idB[0])
	changed := bytes.Replace(file, []byte(`"reason":"camera"`), []byte(`"reason":"disked"`), 1)
	if _, err := readAll(inspect(t, changed), changed, shares); !errors.Is(err, ErrDamaged) {
		t.Errorf("a changed header: %v", err)
	}
	moved := bytes.Replace(file, []byte(`"camera":"gate"`), []byte(`"camera":"hall"`), 1)
	m := inspect(t, moved)
	if _, err := ShareOf(m.Header, m.Body(bytes.NewReader(moved)), idA[0]); !errors.Is(err, ErrShares) {
		t.Errorf("a share of another camera: %v", err)
	}
	for at := int(s.body); at < len(file)-20; at += 997 {
		bad := slices.Clone(file)
		bad[at] ^= 1
		if units, err := readAll(s, bad, shares); err == nil && at < int(s.tail) {
			t.Fatalf("byte %d of %d changed: %d access units, and no error", at, len(file), len(units))
		}
	}
}

// What a process that died left behind opens up to the last whole chunk.
func TestTornSegments(t *testing.T) {
	a, idA := holders(t, 1, 1)
	b, idB := holders(t, 1, 1)
	units := footage(40)
	file, _ := seal(t, header, Keys{a, b}, units)
	shares := sharesOf(t, inspect(t, file), file, idA[0], idB[0])
	whole := 0
	for cut := len(file) - 1; cut > 2000; cut -= 7919 {
		s := inspect(t, file[:cut])
		got, err := readAll(s, file[:cut], shares)
		if !s.Torn || err != nil {
			t.Fatalf("cut at %d: torn %v, %v", cut, s.Torn, err)
		}
		if len(got) > 0 && !reflect.DeepEqual(got, units[:len(got)]) {
			t.Fatalf("cut at %d: other access units", cut)
		}
		// 64 KiB of the end are one chunk, and the access unit that it cuts is lost.
		if lost := (cut - 90000) / 20030; len(got) < lost {
			t.Errorf("cut at %d: %d access units, want %d at least", cut, len(got), lost)
		}
		whole += len(got)
	}
	if whole == 0 {
		t.Error("nothing opened")
	}
}

func TestFrontsAreEnoughForAShare(t *testing.T) {
	a, idA := holders(t, 2, 16)
	b, _ := holders(t, 1, 16)
	file, _ := seal(t, header, Keys{a, b}, footage(30))
	front, err := inspect(t, file).Front(bytes.NewReader(file))
	if err != nil || len(front) > 40000 {
		t.Fatal(len(front), err)
	}
	s := inspect(t, front)
	if got := sharesOf(t, s, front, idA[15]); got[0].Holder != 16 || got[0].Group != 1 {
		t.Errorf("%v", got)
	}
}

func TestKeys(t *testing.T) {
	a, ids := holders(t, 1, 2)
	b, _ := holders(t, 1, 1)
	secret := ids[0].(*age.X25519Identity).String()
	with := func(change func(k *Keys)) Keys {
		k := Keys{{Need: a.Need, Holders: slices.Clone(a.Holders)}, {Need: b.Need, Holders: slices.Clone(b.Holders)}}
		change(&k)
		return k
	}
	for name, k := range map[string]Keys{
		"no second group":     with(func(k *Keys) { k[1].Holders = nil }),
		"more than there are": with(func(k *Keys) { k[0].Need = 3 }),
		"one in both":         with(func(k *Keys) { k[1].Holders[0].Key = k[0].Holders[1].Key }),
		"a private key":       with(func(k *Keys) { k[0].Holders[0].Key = secret }),
		"a token's": with(func(k *Keys) {
			k[0].Holders[0].Key = "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t"
		}),
		"no key":  with(func(k *Keys) { k[0].Holders[0].Key = "hello" }),
		"a crowd": with(func(k *Keys) { k[0], _ = holders(t, 1, 17) }),
	} {
		err := k.Check()
		if !errors.Is(err, ErrKeys) {
			t.Errorf("%s: %v", name, err)
		} else if bytes.Contains([]byte(err.Error()), []byte(secret)) {
			t.Errorf("%s: the error tells the private key", name)
		}
	}
	k := Keys{a, b}
	if err := k.Check(); err != nil {
		t.Error(err)
	}
	if other := with(func(k *Keys) { k[0].Holders[0].Label = "else" }); other.ID() != k.ID() {
		t.Error("a label makes other keys of them")
	}
	if other := with(func(k *Keys) { k[0].Need = 2 }); other.ID() == k.ID() {
		t.Error("another number of holders makes no other keys")
	}
}

// Every two of the field's elements, by the definition of the product: polynomials
// modulo x^8+x^4+x^3+x+1. 0x57 * 0x83 = 0xc1 stands in FIPS 197, section 4.2.
func TestTheField(t *testing.T) {
	if got := multiply(0x57, 0x83); got != 0xc1 {
		t.Errorf("57*83 = %x", got)
	}
	for a := range 256 {
		for b := range 256 {
			long := 0
			for i := range 8 {
				if b>>i&1 == 1 {
					long ^= a << i
				}
			}
			for i := 14; i >= 8; i-- {
				if long>>i&1 == 1 {
					long ^= 0x11b << (i - 8)
				}
			}
			if got := multiply(byte(a), byte(b)); got != byte(long) {
				t.Fatalf("%x*%x = %x, want %x", a, b, got, long)
			}
		}
		if a > 0 && multiply(byte(a), inverse(byte(a))) != 1 {
			t.Fatalf("%x has no inverse", a)
		}
	}
}

// One share fewer than needed says nothing: for a given secret each value of it is as likely.
func TestFewerSharesSayNothing(t *testing.T) {
	var seen [2][256]int
	const rounds = 100000
	for i := range rounds {
		secret := make([]byte, keySize)
		secret[0] = byte(i&1) * 0xff
		seen[i&1][cut(secret, 3, 4)[1].y[0]]++
	}
	for _, s := range seen {
		chi := 0.0
		for _, n := range s {
			d := float64(n) - rounds/2/256.0
			chi += d * d / (rounds / 2 / 256.0)
		}
		if chi > 380 { // 255 degrees of freedom: exceeded once in ten million runs
			t.Errorf("the values of one share are not even: chi squared %.0f", chi)
		}
	}
}

// Segments come from a disk that anybody may have written on.
func FuzzSegment(f *testing.F) {
	a, idA := holders(f, 1, 1)
	b, idB := holders(f, 1, 1)
	file, _ := seal(f, header, Keys{a, b}, footage(2))
	f.Add(file)
	f.Add(file[:3000])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, err := Inspect(bytes.NewReader(in), int64(len(in)))
		if err != nil {
			return
		}
		var shares []Share
		for _, id := range []age.Identity{idA[0], idB[0]} {
			if share, err := ShareOf(s.Header, s.Body(bytes.NewReader(in)), id); err == nil {
				shares = append(shares, share)
			}
		}
		readAll(s, in, shares)
		s.Front(bytes.NewReader(in))
	})
}

// What is inside of a segment is written by whoever had the camera.
func FuzzUnit(f *testing.F) {
	for _, u := range footage(2) {
		b, _ := AppendUnit(nil, u)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		u, err := readUnit(bytes.NewReader(in))
		if err != nil {
			return
		}
		again, err := AppendUnit(nil, u)
		if err != nil || len(again) > len(in) || !bytes.Equal(again[4:5], in[4:5]) || !bytes.Equal(again[6:], in[6:len(again)]) {
			t.Errorf("read and written again it differs: %v", err)
		}
	})
}
