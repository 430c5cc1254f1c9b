package worker

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// feeder pushes units into a queue without a clock of its own.
type feeder struct {
	q   *queue
	now time.Time
	i   int
}

func newFeeder() *feeder {
	now := time.Now()
	f := &feeder{q: newQueue(now), now: now}
	f.q.codec = media.H264 // the first access unit's would end the child's service
	return f
}

func (f *feeder) push(keyframe bool, size int) {
	f.q.push(media.Raw{Codec: media.H264, NALUs: [][]byte{make([]byte, size)}, PTS: media.Ticks90k(3600 * f.i), Keyframe: keyframe}, f.now)
	f.i++
	f.now = f.now.Add(40 * time.Millisecond)
}

// taken drains the queue: the units that the child gets.
func (f *feeder) taken(t *testing.T) (units []wire.Unit) {
	t.Helper()
	for {
		m, ok := f.q.take(f.now)
		if !ok {
			return units
		}
		if m.kind != wire.KindUnit {
			continue
		}
		u, err := wire.UnmarshalUnit(m.body)
		if err != nil {
			t.Fatal(err)
		}
		units = append(units, u)
	}
}

func TestQueueBounds(t *testing.T) {
	f := newFeeder()
	f.q.attach(newInFlight(1000))
	f.push(false, 1) // of no use before a keyframe
	f.push(true, 1)
	for range 99 {
		f.push(false, 1)
	}
	if got := f.taken(t); len(got) != maxQueueUnits || !got[0].Keyframe || f.q.dropped != 37 {
		t.Errorf("%d units, %d dropped", len(got), f.q.dropped)
	}
	f.push(false, 1) // there is room again, but what it rests on is lost
	f.push(true, 1)
	f.push(false, 1)
	if got := f.taken(t); len(got) != 2 || !got[0].Keyframe {
		t.Errorf("%d units after the drop", len(got))
	}
}

func TestQueueBytes(t *testing.T) {
	f := newFeeder()
	f.q.attach(newInFlight(1000))
	f.push(true, 20<<20)
	f.push(false, 20<<20)
	f.push(true, 20<<20) // replaces what waits
	if got := f.taken(t); len(got) != 1 || got[0].PTS != 2*3600 || f.q.dropped != 2 {
		t.Errorf("%d units, %d dropped", len(got), f.q.dropped)
	}
	f.push(true, wire.MaxBody) // no frame can hold it
	if got := f.taken(t); len(got) != 0 {
		t.Errorf("%d units of a size that no frame holds", len(got))
	}
}

func TestQueueReplays(t *testing.T) {
	f := newFeeder()
	f.push(true, 1)
	for range 250 {
		f.push(false, 1)
	}
	f.q.attach(newInFlight(1000))
	f.push(false, 1)
	got := f.taken(t)
	if len(got) != 252 || !got[0].Keyframe || f.q.dropped != 0 {
		t.Errorf("%d units, %d dropped", len(got), f.q.dropped)
	}
	f.q.detach()
	f.push(false, 1)
	f.q.attach(newInFlight(1000))
	f.push(true, 1) // nobody need catch up any longer
	if got := f.taken(t); len(got) != 1 || !got[0].Keyframe {
		t.Errorf("%d units after a keyframe", len(got))
	}
}

func TestQueueGivesLongGroupsUp(t *testing.T) {
	for name, push := range map[string]func(f *feeder){
		"units": func(f *feeder) {
			for range maxGOPUnits {
				f.push(false, 1)
			}
		},
		"bytes": func(f *feeder) { f.push(false, maxGOPBytes) },
	} {
		f := newFeeder()
		f.push(true, 1)
		push(f)
		f.push(false, 1)
		f.q.attach(newInFlight(1000))
		if got := f.taken(t); len(got) != 0 || len(f.q.gop) != 0 {
			t.Errorf("%s: %d units", name, len(got))
		}
	}
}

func TestQueueWaitsForResults(t *testing.T) {
	f := newFeeder()
	l := newInFlight(3)
	f.q.attach(l)
	f.push(true, 1)
	for range 9 {
		f.push(false, 1)
	}
	if got := f.taken(t); len(got) != 3 {
		t.Errorf("%d units in flight", len(got))
	}
	if _, err := l.settle(wire.Result{Record: media.Record{Seq: 1}}); err != nil {
		t.Fatal(err)
	}
	if got := f.taken(t); len(got) != 1 || got[0].Seq != 4 {
		t.Errorf("then %v", got)
	}
}

func TestQueueClock(t *testing.T) {
	q := newQueue(time.Unix(100, 0))
	at := func(seconds float64) time.Time {
		return time.Unix(100, 0).Add(time.Duration(seconds * float64(time.Second)))
	}
	for _, c := range []struct {
		what     string
		raw      float64 // s, by the camera
		now      float64 // s since the epoch
		want     float64 // s
		wantConn uint64
	}{
		{"the first one is anchored", 7, 2, 2, 0},
		{"spacing is the camera's", 7.04, 2.1, 2.04, 0},
		{"a B-frame goes back", 6.96, 2.1, 1.96, 0},
		{"a pause", 27, 22, 22, 0},
		{"back to zero", 0, 23, 23, 1},
		{"it goes on", 1, 24, 24, 1},
		{"ahead without a pause", 60, 24.1, 24.1, 2},
		{"no time has passed", 0, 24.1, 24.1 + 1./90000, 3},
	} {
		q.push(media.Raw{Codec: media.H264, PTS: media.Ticks90k(c.raw * 90000), Keyframe: true, NALUs: [][]byte{{1}}}, at(c.now))
		got := q.gop[0]
		if got.pts != media.Ticks90k(c.want*90000+0.5) || got.conn != c.wantConn {
			t.Errorf("%s: %v s, connection %d", c.what, float64(got.pts)/90000, got.conn)
		}
	}
}

func TestInFlight(t *testing.T) {
	now := time.Now()
	l := newInFlight(10)
	result := func(seq uint64) error {
		_, err := l.settle(wire.Result{Record: media.Record{Seq: seq}})
		return err
	}
	for i := range 3 {
		l.add(fed{pts: media.Ticks90k(i * 90000), came: now.Add(time.Duration(i) * time.Second)}, now.Add(time.Duration(i)*time.Second))
	}
	if n, since := l.silence(now.Add(5 * time.Second)); n != 3 || since != 5*time.Second {
		t.Errorf("silence %d, %v", n, since)
	}
	if err := result(2); err != nil {
		t.Error(err)
	}
	for _, seq := range []uint64{0, 2, 4, 1 << 63} {
		if result(seq) == nil {
			t.Errorf("a result for %d passed", seq)
		}
	}
	if n, _ := l.silence(now); n != 0 {
		t.Errorf("%d sends after a result", n)
	}
	if came, ok := l.oldest(); !ok || !came.Equal(now) || l.span(180000) != 2*time.Second || l.len() != 2 {
		t.Errorf("oldest %v, span %v, %d open", came, l.span(180000), l.len())
	}
}

// Whatever a child sends as a result, at most its open units are settled, and
// no frame passes without a record that it was masked.
func FuzzEvaluate(f *testing.F) {
	f.Add(wire.Result{Record: media.Record{Seq: 1, Code: media.Masked}, NALUs: [][]byte{{0x65, 1}}}.Marshal())
	f.Add(wire.Result{Record: media.Record{Seq: 1, Code: media.Masked}, NALUs: [][]byte{{0x65, 1}}, Sub: wire.Small{Width: 16, Height: 16, NALUs: [][]byte{{0x65, 1}}}}.Marshal())
	f.Add(wire.Result{Record: media.Record{Seq: 2, Code: media.Shed}}.Marshal())
	f.Fuzz(func(t *testing.T, body []byte) {
		l := newInFlight(2)
		l.add(fed{pts: 7}, time.Now())
		res, _, _, err := l.evaluate(body)
		if err != nil {
			return
		}
		if l.len() != 0 || res.Record.PTS != 7 || (res.Record.Code == media.Masked) != (len(res.NALUs) > 0) {
			t.Errorf("result %+v passed", res)
		}
		if _, _, _, err := l.evaluate(body); err == nil {
			t.Error("it passed twice")
		}
	})
}

func TestRestartsWait(t *testing.T) {
	b := restarts{timing: defaultTiming.restart}
	in := func(what string, d death, longest time.Duration) {
		t.Helper()
		if got := b.wait(d); got < longest/2 || got > longest {
			t.Errorf("%s: %v, want half to all of %v", what, got, longest)
		}
	}
	in("first death", death{worked: true}, 0)
	for _, ms := range []time.Duration{50, 100, 200, 400, 800, 800, 800} {
		in("of a child that worked", death{worked: true}, ms*time.Millisecond)
	}
	in("of one that did not", death{}, 6400*time.Millisecond)
	for range 100 {
		in("again and again", death{}, 10*time.Second)
	}
	if !b.looping() {
		t.Error("no crash loop after 100 deaths")
	}
	b.streak = 0
	in("after a healthy one", death{worked: true}, 0)
	in("without hope", death{permanent: true}, 10*time.Second)
}
