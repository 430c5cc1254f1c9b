package worker

import (
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// screen is what viewers of one camera see: masked frames or the slate, on
// one clock that never goes back. Each change between the two begins with a
// keyframe.
type screen struct {
	out    Output
	camera func() string // for the slate

	slate    *slate.Slate // nil while frames are shown: it takes megabytes
	onSlate  bool
	reason   text.Key
	refused  string // the size in pixels that the worker refuses, said beside the reason for that
	slateDue time.Time
	wantKey  bool // a viewer waits for a keyframe of the slate
	subOpen  bool // the sub-stream shows frames: it began with a keyframe after the slate
	width    int  // of the newest frame, for the next slate
	height   int
	begun    bool // something went out, first at begin
	begin    time.Time
	last     media.Ticks90k // presentation time of the last one
	lastAt   time.Time      // when it went out
	offset   media.Ticks90k // from the queue's clock to ours
	newest   media.Ticks90k // highest time of a frame by the queue's clock
	frameAt  time.Time      // when the last frame went out

	frames, slates, bytes uint64
	latency               time.Duration // smoothed
}

func newScreen(out Output, camera func() string, width, height int) *screen {
	return &screen{out: out, camera: camera, width: width, height: height, onSlate: true, newest: -1}
}

// now is the output's time for a slate that leaves at this moment: the wall's
// since the begin. Where frames ran ahead of that because their camera's
// clock does, it goes at half speed until it is in step again.
func (s *screen) now(at time.Time) media.Ticks90k {
	if !s.begun {
		s.begin = at
		return 0
	}
	passed := media.TicksOf(at.Sub(s.lastAt))
	return s.after(max(s.wall(at), s.last+passed/2))
}

func (s *screen) wall(at time.Time) media.Ticks90k { return media.TicksOf(at.Sub(s.begin)) }

// after is pts, or the least later time than the last one's.
func (s *screen) after(pts media.Ticks90k) media.Ticks90k {
	const least = media.TicksPerSecond / 1000
	if !s.begun {
		return pts
	}
	return max(pts, s.last+least)
}

// send gives c out and notes its time.
func (s *screen) send(c media.Clean, at time.Time) {
	s.begun, s.last, s.lastAt = true, c.PTS(), at
	for _, n := range c.NALUs() {
		s.bytes += uint64(len(n))
	}
	s.out.Clean(c)
}

// toSlate shows the slate with this reason: at once where a frame was shown,
// else when its next frame is due.
func (s *screen) toSlate(reason text.Key, at time.Time) {
	if s.onSlate && s.slate != nil && s.reason == reason {
		return
	}
	if s.slate == nil {
		s.onSlate, s.wantKey = true, true
		s.slate = slate.New(s.width, s.height)
	}
	s.reason = reason
	s.slate.SetCard(s.card())
	s.tick(at)
}

func (s *screen) card() slate.Card { return card(s.reason, s.refused, s.camera()) }

func card(key text.Key, refused, camera string) slate.Card {
	reason := bothOf(key)
	if key == text.SlateUnsupportedSize && refused != "" {
		reason.EN, reason.ZH = reason.EN+": "+refused, reason.ZH+"："+refused
	}
	return slate.Card{Title: bothOf(text.SlateTitle), Reason: reason, Camera: camera}
}

func bothOf(k text.Key) slate.Text {
	return slate.Text{EN: text.Of(text.EN, k), ZH: text.Of(text.ZhCN, k)}
}

// tick sends the slate's next frame when it is due.
func (s *screen) tick(at time.Time) {
	if s.slate == nil || at.Before(s.slateDue) && !s.wantKey {
		return
	}
	nalus, key := s.slate.Next(at, s.wantKey)
	s.wantKey = false
	s.slateDue = at.Add(slate.Interval)
	s.slates++
	c := media.VouchSlate(nalus, key, s.now(at), at)
	s.send(c, at)
	s.subOpen = false
	s.out.Sub(c)
}

// usualWork is the time that a frame takes beyond the look-ahead.
const usualWork = 100 * time.Millisecond

// frame shows a masked frame. It returns false where that needs a
// keyframe first. Frames keep the spacing that the camera gave them, from
// the moment on at which the first of them ought to leave; should that be
// earlier than the slate before, the first ones follow closely.
func (s *screen) frame(res wire.Result, f fed, key bool, lookAhead time.Duration, at time.Time) bool {
	if s.onSlate {
		if !key {
			return false
		}
		s.onSlate, s.slate = false, nil
		s.offset = s.wall(f.came.Add(lookAhead+usualWork)) - f.pts
	}
	res.Record.PTS = s.after(f.pts + s.offset)
	c, err := media.Vouch(res.NALUs, key, res.Record)
	if err != nil {
		return true // evaluate lets none of these through
	}
	s.width, s.height = res.Record.Width, res.Record.Height
	s.newest, s.frameAt = max(s.newest, f.pts), at
	s.latency += (at.Sub(f.came) - s.latency) / 16
	s.frames++
	s.send(c, at)
	return true
}

// small shows a frame's copy in the sub-stream, if there is one, once the frame itself was shown. It
// returns false where that needs a keyframe first.
func (s *screen) small(res wire.Result, key bool) bool {
	if len(res.Sub.NALUs) == 0 {
		return true
	}
	if s.subOpen = s.subOpen || key; !s.subOpen {
		return false
	}
	r := res.Record
	r.PTS, r.Width, r.Height = s.last, res.Sub.Width, res.Sub.Height
	if c, err := media.Vouch(res.Sub.NALUs, key, r); err == nil { // the frame itself was vouched for
		s.out.Sub(c)
	}
	return true
}
