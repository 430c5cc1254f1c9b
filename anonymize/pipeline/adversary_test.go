package pipeline

import (
	"encoding/json"
	"image"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const stageW, stageH, stageFPS = 960, 544, 15

// consented are settings in which badge 7 shows its wearer everywhere.
func consented() wire.Settings {
	s := defaults
	s.Zones = []zone.Zone{{ID: "hall", Kind: zone.Consent, Points: whole1}}
	s.Shows = []wire.Show{{Token: "jti-7", Badge: 7, Zones: []string{"hall"}, NotBefore: time.Now().Add(-time.Hour), Expires: time.Now().Add(time.Hour)}}
	return s
}

// walk goes through the frame from x at beat `from` with a speed in pixels a beat.
func walk(x, speed, y, from float64) path {
	return func(n float64) (float64, float64, bool) {
		at := x + speed*(n-from)
		return at, y, n >= from && at > -100 && at < stageW+100
	}
}

func stand(x, y float64) path {
	return func(float64) (float64, float64, bool) { return x, y, true }
}

// outcome is what became of a clip.
type outcome struct {
	visible  map[int]int // frames in which an actor's face is recognisable
	measured map[int]int // and in which it is there to be seen
	first    map[int]int
	shown    int // by the records
	reasons  []wire.Decision
}

// runClip runs a clip through encoder, pipeline and decoder, and measures which
// faces are recognisable in what a viewer gets.
func runClip(t *testing.T, actors []actor, count int, s wire.Settings, step func(p *Pipeline, n int)) outcome {
	t.Helper()
	return runVariant(t, actors, plain, float64(count), s, step)
}

// runVariant is runClip for a clip of some beats, drawn as k asks.
func runVariant(t *testing.T, actors []actor, k variant, length float64, s wire.Settings, step func(p *Pipeline, n int)) outcome {
	t.Helper()
	finder := newModel(t)
	faces := stage.FindHeads(t, facesOf(finder))
	var sources []*image.Gray
	var truths [][]truth
	list := encode(t, image.Pt(stageW, stageH), k.fps, k.count(length), false, func(n int, img *image.YCbCr) {
		st := stage.New(stageW, stageH)
		truths = append(truths, play(st, faces, actors, k, k.at(n)))
		p := st.Frame()
		copy(img.Y, p.Y)
		copy(img.Cb, p.Cb)
		copy(img.Cr, p.Cr)
		sources = append(sources, &image.Gray{Pix: p.Y, Stride: p.YStride, Rect: p.Rect})
	})
	f := outcome{visible: map[int]int{}, measured: map[int]int{}, first: map[int]int{}}
	p := newPipeline(t, finder, s)
	v := newViewer(t)
	push(t, p, list, func(r wire.Result) {
		f.add(t, p.Messages())
		n := int(r.Record.Seq)
		if r.Record.Code != media.Masked {
			t.Fatalf("unit %d: %v", n, r.Record.Code)
		}
		f.shown += r.Record.Shown
		v.see(r, func(img *image.YCbCr) {
			out := &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
			for _, tr := range truths[n] {
				d, ok := leak.Detail(sources[n], out, tr.box)
				if !ok {
					continue
				}
				f.measured[tr.actor]++
				if d > leak.Threshold {
					if f.visible[tr.actor]++; f.visible[tr.actor] == 1 {
						f.first[tr.actor] = n
					}
				}
			}
		})
		if step != nil {
			step(p, n)
		}
	})
	return f
}

func (f *outcome) add(t *testing.T, sent []Message) {
	for _, m := range sent {
		var d wire.Decision
		if m.Kind != wire.KindDecision {
			t.Fatalf("reported %s", m.Body)
		}
		if err := json.Unmarshal(m.Body, &d); err != nil {
			t.Fatal(err)
		}
		f.reasons = append(f.reasons, d)
	}
}

func (f *outcome) hasReason(r wire.DecisionReason) bool {
	return slices.ContainsFunc(f.reasons, func(d wire.Decision) bool { return d.Reason == r })
}

// Whatever is done with a badge, no face is shown but its wearer's.
func TestBadgesShowNobodyElse(t *testing.T) {
	at := func(b badge, dx, dy, side int) badge { b.dx, b.dy, b.side = dx, dy, side; return b }
	hideAfter := func(b badge, n float64) badge { b.hidden = func(m float64) bool { return m >= n }; return b }
	for name, c := range map[string]struct {
		actors []actor
		// least is how many frames the one who may be seen must be seen in.
		least  int
		reason wire.DecisionReason
	}{
		"wearer":          {[]actor{{head: "beard", body: true, at: walk(-60, 12, 130, 0), badge: chest, may: true}}, 50, ""},
		"wearer stands":   {[]actor{{head: "beard", body: true, at: stand(400, 130), badge: chest, may: true}}, 50, wire.ReasonUnproved},
		"without a badge": {[]actor{{head: "beard", body: true, at: walk(-60, 12, 130, 0)}}, 0, ""},
		"another's badge": {[]actor{{head: "beard", body: true, at: walk(-60, 12, 130, 0), badge: badge{id: 9, dy: 160, side: 42}}}, 0, wire.ReasonUnproved},
		"beside the head": {[]actor{{head: "beard", body: true, at: walk(-60, 12, 160, 0), badge: at(chest, 85, 10, 42)}}, 0, ""},
		"beside the chin": {[]actor{{head: "beard", body: true, at: walk(-60, 12, 160, 0), badge: at(chest, 60, 80, 42)}}, 0, ""},
		"above the head":  {[]actor{{head: "beard", body: true, at: walk(-60, 12, 200, 0), badge: at(chest, 0, -130, 42)}}, 0, ""},
		"tiny":            {[]actor{{head: "beard", body: true, at: walk(-60, 12, 130, 0), badge: at(chest, 0, 160, 16)}}, 0, ""},
		"huge":            {[]actor{{head: "beard", body: true, at: walk(-60, 12, 110, 0), badge: at(chest, 0, 240, 140)}}, 0, ""},
		"two faces close to one badge": {[]actor{
			{head: "beard", body: true, at: walk(-60, 12, 130, 0), badge: chest},
			{head: "phone", at: walk(50, 12, 130, 0)},
		}, 0, wire.ReasonCompeting},
		"the number twice": {[]actor{
			{head: "beard", body: true, at: walk(-60, 8, 130, 0), badge: chest},
			{head: "phone", body: true, at: walk(400, 8, 130, 0), badge: chest},
		}, 0, wire.ReasonDuplicate},
		"a back, a face crosses above it": {[]actor{
			{head: "phone", at: walk(1000, -10, 130, 0)},
			{body: true, at: walk(-60, 12, 130, 0), badge: chest},
		}, 0, ""},
		"a back, a face overtakes it": {[]actor{
			{head: "phone", at: walk(-60, 16, 130, 0)},
			{body: true, at: walk(100, 12, 130, 0), badge: chest},
		}, 0, ""},
		"somebody crosses before the wearer": {[]actor{
			{head: "beard", body: true, at: walk(-60, 12, 130, 0), badge: chest, may: true},
			{head: "phone", body: true, at: walk(1000, -14, 140, 0)},
		}, 10, wire.ReasonCompeting},
		"somebody crosses behind the wearer": {[]actor{
			{head: "phone", body: true, at: walk(1000, -14, 120, 0)},
			{head: "beard", body: true, at: walk(-60, 12, 130, 0), badge: chest, may: true},
		}, 10, wire.ReasonCompeting},
		"the wearer leaves, another takes the place": {[]actor{
			{head: "beard", body: true, badge: hideAfter(chest, 40), may: true,
				at: func(n float64) (float64, float64, bool) { return 480 + max(0, n-44)*40, 130, true }},
			{head: "phone", body: true, at: func(n float64) (float64, float64, bool) { return min(-80+(n-38)*40, 480), 130, n > 38 }},
		}, 10, ""},
		"another is there instead at once": {[]actor{
			{head: "beard", body: true, badge: hideAfter(chest, 40), may: true, at: func(n float64) (float64, float64, bool) { return 480, 130, n < 48 }},
			{head: "phone", body: true, at: func(n float64) (float64, float64, bool) { return 480, 130, n >= 48 }},
		}, 10, ""},
		"another rises before the wearer": {[]actor{
			{head: "beard", body: true, badge: chest, at: stand(480, 130), may: true},
			{head: "phone", body: true, at: func(n float64) (float64, float64, bool) { return 480, max(130, 130+(62-n)*24), n > 44 }},
		}, 10, ""},
		"the badge changes hands": {[]actor{
			{head: "beard", body: true, badge: hideAfter(chest, 45), at: stand(300, 130), may: true},
			{head: "phone", body: true, badge: badge{id: 7, dy: 160, side: 42, hidden: func(n float64) bool { return n < 45 }}, at: stand(640, 130)},
		}, 10, wire.ReasonDuplicate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := runClip(t, c.actors, 75, consented(), nil)
			for i, a := range c.actors {
				if !a.may && f.visible[i] > 0 {
					t.Errorf("the face of actor %d is shown in %d frames, first in %d", i, f.visible[i], f.first[i])
				}
				if a.head != "" && f.measured[i] < 5 {
					t.Errorf("actor %d is there in %d frames only: nothing was tested", i, f.measured[i])
				}
			}
			wearer := slices.IndexFunc(c.actors, func(a actor) bool { return a.may })
			if f.visible[wearer] < c.least {
				t.Errorf("the wearer is seen in %d frames of %d, want %d; decisions %+v", f.visible[wearer], f.measured[wearer], c.least, f.reasons)
			}
			if c.reason != "" && !f.hasReason(c.reason) {
				t.Errorf("no decision says %q: %+v", c.reason, f.reasons)
			}
			t.Logf("visible %v of %v, shown %d", f.visible, f.measured, f.shown)
		})
	}
}
