package pipeline

import (
	"fmt"
	"os"
	"testing"
)

// stop is where somebody is at a beat.
type stop struct{ at, x, y float64 }

// via goes from stop to stop, is not there before the first one and stays at the last one.
func via(stops ...stop) path {
	return func(at float64) (float64, float64, bool) {
		if at < stops[0].at {
			return 0, 0, false
		}
		for i, to := range stops[1:] {
			if from := stops[i]; at < to.at {
				part := (at - from.at) / (to.at - from.at)
				return from.x + part*(to.x-from.x), from.y + part*(to.y-from.y), true
			}
		}
		last := stops[len(stops)-1]
		return last.x, last.y, true
	}
}

func from(beat float64) func(float64) bool { return func(at float64) bool { return at >= beat } }

func between(beat, end float64) func(float64) bool {
	return func(at float64) bool { return at >= beat && at < end }
}

// wearing is somebody with badge 7 who may be seen.
func wearing(at path) actor { return actor{head: "beard", body: true, at: at, badge: chest, may: true} }

// variants are the ways in which a clip with several people is drawn: many in the long form
// of the tests, else one with not too many frames, another for each clip.
func variants(name string) []variant {
	short := []variant{plain, {25, 1.5, 0.7}, {8, 1, 1}, {15, 2, 1}, {15, 1, 0.6}, {10, 1.5, 0.8}}
	if os.Getenv("BAUTA_LONG") == "" {
		return short[len(name)%len(short):][:1]
	}
	return append(short, variant{25, 0.6, 1}, variant{30, 1, 1.3})
}

// Where people come close to a wearer who was confirmed while alone, nobody else is shown,
// whatever they do then.
func TestCompanyOfAWearerIsNeverShown(t *testing.T) {
	later := func(b badge, beat float64) badge { b.hidden = func(at float64) bool { return at < beat }; return b }
	gone := func(b badge, beat float64) badge { b.hidden = from(beat); return b }
	with := func(a actor, change func(a *actor)) actor { change(&a); return a }
	alone := wearing(stand(400, 130))
	for name, actors := range map[string][]actor{
		"slides in before the wearer, who slides off": {
			wearing(via(stop{0, 400, 130}, stop{64, 400, 130}, stop{76, 760, 130})),
			{head: "phone", body: true, at: via(stop{52, -100, 130}, stop{68, 400, 130})},
		},
		"a double slides in": {
			wearing(via(stop{0, 400, 130}, stop{64, 400, 130}, stop{76, 760, 130})),
			{head: "double", body: true, at: via(stop{52, -100, 130}, stop{68, 400, 130})},
		},
		"stands behind, the wearer steps aside": {
			{head: "phone", body: true, at: via(stop{40, -100, 130}, stop{60, 400, 130})},
			wearing(via(stop{0, 400, 130}, stop{70, 400, 130}, stop{80, 620, 130})),
		},
		"a double behind, the wearer steps aside": {
			{head: "double", body: true, at: via(stop{40, -100, 130}, stop{60, 400, 130})},
			wearing(via(stop{0, 400, 130}, stop{70, 400, 130}, stop{80, 620, 130})),
		},
		"unseen behind, the wearer steps aside": {
			{head: "phone", body: true, at: via(stop{58, 400, 130})},
			wearing(via(stop{0, 400, 130}, stop{70, 400, 130}, stop{76, 620, 130})),
		},
		"unseen behind, the wearer ducks": {
			{head: "phone", body: true, at: via(stop{58, 400, 130})},
			wearing(via(stop{0, 400, 130}, stop{70, 400, 130}, stop{74, 400, 330})),
		},
		"a double unseen behind, the wearer ducks": {
			{head: "double", body: true, at: via(stop{58, 400, 130})},
			wearing(via(stop{0, 400, 130}, stop{70, 400, 130}, stop{74, 400, 330})),
		},
		"leans in from the side and stays": {alone, {head: "phone", at: via(stop{0, 700, 130}, stop{60, 700, 130}, stop{68, 400, 130})}},
		"leans in from above and stays":    {alone, {head: "phone", at: via(stop{60, 400, -120}, stop{68, 400, 130})}},
		"a taller one behind bends down into the place": {
			wearing(stand(400, 220)),
			{head: "phone", size: 0.95, at: via(stop{30, 900, 80}, stop{50, 400, 80}, stop{62, 400, 80}, stop{68, 400, 220})},
		},
		"bows, a taller one stands behind": {
			{head: "phone", body: true, size: 0.95, at: via(stop{30, 900, 90}, stop{60, 400, 90})},
			with(wearing(stand(400, 220)), func(a *actor) { a.away = from(66) }),
		},
		"a double leans in": {alone, {head: "double", at: via(stop{0, 700, 130}, stop{60, 700, 130}, stop{68, 400, 130})}},
		"the badge is handed to a neighbour": {
			with(alone, func(a *actor) { a.badge = gone(chest, 70) }),
			{head: "phone", body: true, at: via(stop{30, 900, 130}, stop{50, 550, 130}), badge: later(chest, 70)},
		},
		"the badge is handed on out of sight": {
			with(alone, func(a *actor) { a.badge = gone(chest, 56) }),
			{head: "phone", body: true, at: via(stop{30, 900, 130}, stop{50, 550, 130}), badge: later(chest, 92)},
		},
		"the badge goes from hand to hand, the other walks off": {
			with(alone, func(a *actor) {
				a.badge = gone(chest, 78)
				a.badge.held = func(at float64) (float64, float64) { return min(max(0, (at-64)*15), 60), 160 }
			}),
			{head: "phone", body: true, at: via(stop{30, 900, 130}, stop{56, 525, 130}, stop{80, 525, 130}, stop{120, 925, 130}), badge: later(chest, 78)},
		},
		"the badge is held out below a neighbour's face": {
			with(alone, func(a *actor) {
				a.badge.held = func(at float64) (float64, float64) { return min(max(0, (at-60)*20), 150), 160 }
			}),
			{head: "phone", body: true, at: via(stop{30, 900, 130}, stop{50, 550, 130})},
		},
		"the wearer goes, somebody behind holds the badge in its place": {
			{head: "phone", body: true, size: 0.9, at: via(stop{40, 900, 90}, stop{64, 400, 90})},
			with(wearing(via(stop{0, 400, 220}, stop{72, 400, 220}, stop{84, 700, 220})), func(a *actor) {
				a.badge.held = func(at float64) (float64, float64) {
					x, _, _ := a.at(at)
					return 400 - x, 160
				}
			}),
		},
		"turns away, a neighbour takes the place": {
			with(alone, func(a *actor) { a.away = from(62) }),
			{head: "phone", body: true, at: via(stop{30, 900, 130}, stop{50, 530, 130}, stop{60, 530, 130}, stop{66, 400, 130})},
		},
		"turns away, a double takes the place": {
			with(alone, func(a *actor) { a.away = from(62) }),
			{head: "double", body: true, at: via(stop{30, 900, 130}, stop{50, 530, 130}, stop{60, 530, 130}, stop{66, 400, 130})},
		},
		"a third comes between": {
			wearing(via(stop{0, 330, 130}, stop{74, 330, 130}, stop{80, 60, 130})),
			{head: "double", body: true, at: stand(600, 130)},
			{head: "phone", at: via(stop{62, 465, -100}, stop{70, 465, 130}, stop{74, 465, 130}, stop{80, 330, 130})},
		},
		"two wearers change places": {
			wearing(via(stop{0, 350, 130}, stop{60, 350, 130}, stop{72, 520, 130})),
			{head: "phone", body: true, at: via(stop{0, 520, 130}, stop{60, 520, 130}, stop{72, 350, 130}), badge: badge{id: 9, dy: 160, side: 42}},
		},
		"a larger face passes before": {alone, {head: "phone", body: true, size: 1.5, at: walk(1000, -24, 200, 50)}},
		"a larger face stays before": {alone,
			{head: "phone", body: true, size: 1.4, at: via(stop{50, 900, 180}, stop{64, 470, 180}, stop{74, 400, 150})}},
		"a smaller face passes behind": {
			{head: "phone", body: true, size: 0.7, at: walk(1000, -16, 110, 40)},
			alone,
		},
		"a child before the trunk wears the badge on": {
			with(alone, func(a *actor) { a.badge = gone(chest, 80) }),
			{head: "double", body: true, size: 0.7, at: via(stop{20, 0, 240}, stop{60, 300, 240}, stop{70, 300, 240}, stop{80, 400, 235}),
				badge: later(badge{id: 7, dy: 160, side: 60}, 84)},
		},
		"a child beside the badge": {alone, {head: "double", body: true, size: 0.7, at: via(stop{20, 0, 225}, stop{60, 315, 225})}},
		"a face on the shirt":      {alone, {head: "phone", size: 0.6, at: via(stop{60, 380, 224})}},
		"they meet and go back": {alone, {head: "phone", body: true,
			at: via(stop{40, 900, 130}, stop{62, 460, 130}, stop{84, 900, 130})}},
		"both turn round as they meet": {
			wearing(via(stop{0, 250, 130}, stop{40, 250, 130}, stop{64, 460, 130}, stop{88, 250, 130})),
			{head: "phone", body: true, at: via(stop{0, 730, 130}, stop{40, 730, 130}, stop{64, 520, 130}, stop{88, 730, 130})},
		},
		"they pass each other": {
			wearing(via(stop{0, 250, 130}, stop{40, 250, 130}, stop{88, 730, 130})),
			{head: "double", body: true, at: via(stop{0, 730, 130}, stop{40, 730, 130}, stop{88, 250, 130})},
		},
		"both turn away and change places": {
			with(wearing(via(stop{0, 400, 130}, stop{64, 400, 130}, stop{70, 550, 130})), func(a *actor) { a.away = between(64, 70) }),
			{head: "phone", body: true, at: via(stop{0, 550, 130}, stop{64, 550, 130}, stop{70, 400, 130}), away: between(64, 70)},
		},
		"a double changes places while both turn away": {
			with(wearing(via(stop{0, 400, 130}, stop{64, 400, 130}, stop{67, 530, 130})), func(a *actor) { a.away = between(64, 67) }),
			{head: "double", body: true, at: via(stop{0, 530, 130}, stop{64, 530, 130}, stop{67, 400, 130}), away: between(64, 67)},
		},
	} {
		for _, k := range variants(name) {
			t.Run(fmt.Sprintf("%s/%d fps, speed %v, size %v", name, k.fps, k.speed, k.size), func(t *testing.T) {
				t.Parallel()
				f := runVariant(t, actors, k, 120, consented(), nil)
				for i, a := range actors {
					if !a.may && f.visible[i] > 0 {
						t.Errorf("the face of actor %d is shown in %d frames, first in %d", i, f.visible[i], f.first[i])
					}
					if a.may && f.visible[i] < 5 {
						t.Errorf("the wearer is seen in %d frames: nothing was tested", f.visible[i])
					}
					if f.measured[i] < 5 {
						t.Errorf("actor %d is there in %d frames only: nothing was tested", i, f.measured[i])
					}
				}
				t.Logf("visible %v of %v, shown %d", f.visible, f.measured, f.shown)
			})
		}
	}
}

// Who was confirmed while alone stays shown among others.
func TestWearersAreShownInCompany(t *testing.T) {
	pocket := badge{id: 7, dx: 45, dy: 150, side: 42}
	for name, c := range map[string]struct {
		actors []actor
		least  float64 // share of the frames in which the wearer is shown
	}{
		"a colleague beside": {[]actor{wearing(stand(350, 130)),
			{head: "phone", body: true, at: via(stop{30, 1000, 130}, stop{60, 500, 130})}}, 0.8},
		"a colleague on the badge's side": {[]actor{{head: "beard", body: true, at: stand(350, 130), badge: pocket, may: true},
			{head: "phone", body: true, at: via(stop{30, 1000, 130}, stop{60, 500, 130})}}, 0.8},
		"a colleague close by": {[]actor{wearing(stand(350, 130)),
			{head: "phone", body: true, at: via(stop{30, 1000, 130}, stop{60, 472, 130})}}, 0.8},
		"a taller one behind": {[]actor{
			{head: "phone", body: true, at: via(stop{30, 1000, 80}, stop{60, 400, 80})},
			wearing(stand(350, 250))}, 0.8},
		"walks past some who stand behind": {[]actor{
			{head: "phone", body: true, size: 0.8, at: stand(420, 100)},
			{head: "double", body: true, size: 0.8, at: stand(640, 90)},
			wearing(walk(-60, 9, 230, 0))}, 0.6},
		"in a queue": {[]actor{
			{head: "double", body: true, size: 0.8, at: via(stop{40, 1000, 60}, stop{70, 480, 60})},
			wearing(via(stop{0, 0, 210}, stop{30, 430, 210})),
			{head: "phone", body: true, size: 1.2, at: via(stop{50, -100, 270}, stop{80, 250, 270})}}, 0.85},
		"somebody nearer to the camera": {[]actor{wearing(stand(350, 110)),
			{head: "phone", body: true, size: 1.6, at: via(stop{30, 1000, 150}, stop{60, 560, 150})}}, 0.8},
		"somebody passes": {[]actor{wearing(stand(350, 130)),
			{head: "phone", body: true, at: walk(1000, -12, 130, 30)}}, 0.55},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := runClip(t, c.actors, 120, consented(), nil)
			for i, a := range c.actors {
				if !a.may && f.visible[i] > 0 {
					t.Errorf("the face of actor %d is shown in %d frames, first in %d", i, f.visible[i], f.first[i])
				}
				if share := float64(f.visible[i]) / float64(f.measured[i]); a.may {
					t.Logf("shown in %d of %d frames: %.2f", f.visible[i], f.measured[i], share)
					if share < c.least {
						t.Errorf("the wearer is shown in %.2f of the frames, want %.2f; decisions %+v", share, c.least, f.reasons)
					}
				}
			}
		})
	}
}
