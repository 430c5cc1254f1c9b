package pipeline

import (
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// sizing makes the frames that leave smaller where the settings or the load ask for it. Faces
// are found and masked at full size before: a smaller frame shows means of what is masked.
type sizing struct {
	av.Scaler
	room load.Room
}

// leaving is a masked frame in the size in which it leaves. done frees it where that is a copy.
func (p *Pipeline) leaving(e *pendingFrame) (f *av.Frame, done func(), err error) {
	width, height := e.frame.Size()
	w, h := p.cfg.Settings.Size.Of(width, height, p.size.room.Behind)
	if w == width && h == height {
		return e.frame, func() {}, nil
	}
	if f, err = p.size.Scale(e.frame, w, h); err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

// observeRoom takes in what a frame took that leaves or is left out; of that encoding and scaling
// took so long. Where a change of size comes of it the log says so.
func (p *Pipeline) observeRoom(e *pendingFrame, r *media.Record, encode time.Duration) {
	width, height := e.frame.Size()
	if !p.cfg.Live || !p.cfg.Settings.Size.Adapts(width, height) {
		return
	}
	smaller := float64(width*height) / float64(max(r.Width*r.Height, 1))
	overloaded := p.levels.Level >= media.LowerRate && p.levels.Level > p.levels.Floor
	if r.Code == media.Shed && !overloaded { // it took no time that would say anything
		return
	}
	if !p.size.room.Observe(load.Work{PTS: e.unit.PTS, All: r.Work, Encode: encode, Smaller: smaller, Overloaded: overloaded}) {
		return
	}
	w, h := p.cfg.Settings.Size.Of(width, height, p.size.room.Behind)
	p.report(wire.KindNotice, wire.Notice{Level: "warn", Text: fmt.Sprintf("frames of %dx%d leave at %dx%d from now on, by what the host can do; output.max_size sets it", width, height, w, h)})
}
