package pipeline

import (
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
)

// shapeOf is how a frame is shown. What a person said of the camera comes first, then the
// file's header, as players have it, then the stream itself.
func (p *Pipeline) shapeOf(f *av.Frame) (shape wire.Shape, mounted bool) {
	shape = p.cfg.Shape
	if shape.Turn == 0 {
		shape.Turn = p.sent.Turn
	}
	if rotation, sent := p.cfg.Settings.Mounting.Turn(); sent {
		shape.Turn, mounted = rotation, true
	}
	if shape.Stretch == 0 {
		shape.Stretch = f.Stretch()
	}
	return shape, mounted
}

// contradicted reports whether the stream says another rotation than the file's header, which
// says one.
// Some players go by the one and some by the other, and faces are searched for in one of them. A
// person's word counts more than both.
func (p *Pipeline) contradicted() bool {
	_, known := p.cfg.Settings.Mounting.Turn()
	return !known && p.oriented && p.cfg.Shape.Turn != 0 && p.sent.Turn != p.cfg.Shape.Turn
}

// noteOrientation keeps what came with a frame. It holds for the next ones too, until a
// keyframe comes without.
func (p *Pipeline) noteOrientation(e *pendingFrame) {
	if o, sent := e.frame.Orientation(); sent || e.unit.Keyframe {
		p.sent, p.oriented = o, sent
	}
	e.orientation = p.sent
}
