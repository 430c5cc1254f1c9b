package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestRoundTrip(t *testing.T) {
	unit := Unit{Seq: 7, PTS: -3, NTP: time.Unix(5, 6), Keyframe: true, CatchUp: true, NALUs: [][]byte{{1, 2}, {}, {3}}}
	result := Result{
		Record: media.Record{Seq: 7, PTS: 9, NTP: time.Unix(1, 2), Code: media.Masked, Width: 3840, Height: 2160,
			Faces: 3, Masked: 2, Shown: 1, Fresh: true, Degradation: media.LowerRate, Held: time.Second, Work: time.Millisecond},
		Keyframe: true, NALUs: [][]byte{{9}},
	}
	var pipe bytes.Buffer
	w := NewWriter(&pipe)
	for _, f := range []struct {
		k Kind
		b []byte
	}{{KindUnit, unit.Marshal()}, {KindResult, result.Marshal()}} {
		if err := w.Write(f.k, f.b); err != nil {
			t.Fatal(err)
		}
	}
	r := NewReader(&pipe)
	_, body, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := UnmarshalUnit(body); err != nil || !reflect.DeepEqual(got, unit) {
		t.Errorf("unit: %+v, %v", got, err)
	}
	_, body, err = r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := UnmarshalResult(body); err != nil || !reflect.DeepEqual(got, result) {
		t.Errorf("result: %+v, %v", got, err)
	}
	if _, _, err := r.Next(); err != io.EOF {
		t.Errorf("end: %v", err)
	}
}

func TestReaderRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want error
	}{
		{"kind 0", []byte{0, 0, 0, 0, 0}, ErrCorrupt},
		{"unknown kind", []byte{99, 0, 0, 0, 0}, ErrCorrupt},
		{"too large", []byte{1, 0xff, 0, 0, 0}, ErrTooLarge},
		{"cut in the head", []byte{1, 0}, io.ErrUnexpectedEOF},
		{"cut before the body", []byte{1, 0, 0, 0, 2}, io.ErrUnexpectedEOF},
		{"cut in the body", []byte{1, 0, 0, 0, 2, 5}, io.ErrUnexpectedEOF},
	} {
		if _, _, err := NewReader(bytes.NewReader(c.in)).Next(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// Whatever stands on the pipe, a message is what was written or an error, and no
// body is longer than its cap.
func FuzzFrames(f *testing.F) {
	var all bytes.Buffer
	w := NewWriter(&all)
	for kind, body := range map[Kind][]byte{
		KindHello: MarshalJSONBody(Hello{Build: "b", Camera: "lobby", Codec: media.H264}), KindReady: MarshalJSONBody(Ready{Build: "b"}),
		KindFailed: MarshalJSONBody(Failed{Code: FailModel, Text: "none"}), KindUnit: Unit{Seq: 1, NALUs: [][]byte{{1, 2}}}.Marshal(),
		KindControl: MarshalJSONBody(Control{End: true}), KindResult: Result{Record: media.Record{Seq: 1, Code: media.Masked}, NALUs: [][]byte{{5}}}.Marshal(),
		KindNotice: MarshalJSONBody(Notice{Level: "warn", Text: "hot"}), KindDecision: MarshalJSONBody(Decision{Track: 1}), KindSnapshot: {0xff, 0xd8},
	} {
		var one bytes.Buffer
		if err := errors.Join(NewWriter(&one).Write(kind, body), w.Write(kind, body)); err != nil {
			f.Fatal(err)
		}
		f.Add(one.Bytes())
	}
	f.Add(all.Bytes())
	f.Add([]byte{byte(KindUnit), 2, 0, 0, 0})          // the cap itself, and no body
	f.Add([]byte{byte(KindUnit), 2, 0, 0, 1})          // one more
	f.Add([]byte{byte(KindUnit), 0xff, 0xff, 0xff, 0}) // all that fits the number
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReader(bytes.NewReader(b))
		var again bytes.Buffer
		for w := NewWriter(&again); ; {
			kind, body, err := r.Next()
			if err != nil {
				break
			}
			if kind == 0 || kind > KindSnapshot || len(body) > MaxBody || cap(body) > len(b)+2<<20 {
				t.Fatalf("kind %d with a body of %d bytes, %d kept", kind, len(body), cap(body))
			}
			understand(kind, body)
			if err := w.Write(kind, body); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.HasPrefix(b, again.Bytes()) {
			t.Error("the messages are not what was on the pipe")
		}
	})
}

// understand reads a body as both sides do.
func understand(kind Kind, body []byte) {
	for k, into := range map[Kind]any{KindHello: &Hello{}, KindReady: &Ready{}, KindFailed: &Failed{}, KindControl: &Control{}, KindNotice: &Notice{}, KindDecision: &Decision{}} {
		if k == kind {
			_ = UnmarshalJSONBody(body, into)
		}
	}
	switch kind {
	case KindUnit:
		_, _ = UnmarshalUnit(body)
	case KindResult:
		_, _ = UnmarshalResult(body)
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add(Unit{Seq: 1, NALUs: [][]byte{{1}, {2, 3}}}.Marshal())
	f.Add(Result{Record: media.Record{Code: media.Masked}, NALUs: [][]byte{{1}}}.Marshal())
	f.Add(bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, b []byte) {
		if u, err := UnmarshalUnit(b); err == nil {
			if again, err := UnmarshalUnit(u.Marshal()); err != nil || !reflect.DeepEqual(again, u) {
				t.Errorf("unit changes: %+v then %+v, %v", u, again, err)
			}
		}
		if r, err := UnmarshalResult(b); err == nil {
			if again, err := UnmarshalResult(r.Marshal()); err != nil || !reflect.DeepEqual(again, r) {
				t.Errorf("result changes: %+v then %+v, %v", r, again, err)
			}
		}
		r := NewReader(bytes.NewReader(b))
		for {
			if _, _, err := r.Next(); err != nil {
				break
			}
		}
	})
}

// A failure keeps its code however often it is wrapped, and reads as its cause does.
func TestFailureKeepsItsCode(t *testing.T) {
	cause := errors.New("no such device")
	err := fmt.Errorf("opening: %w", Failure{Code: FailAccelerator, Err: cause})
	var f Failure
	if !errors.As(err, &f) || f.Code != FailAccelerator || !errors.Is(err, cause) || err.Error() != "opening: no such device" {
		t.Errorf("%v, code %d", err, f.Code)
	}
}
