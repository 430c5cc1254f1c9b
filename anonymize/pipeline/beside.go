package pipeline

import (
	"time"

	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// job is a masked picture that is being encoded.
type job struct {
	e     *entry
	r     wire.Result
	begun time.Time     // its masking
	took  time.Duration // for masking and encoding
	err   error
	done  chan struct{} // closed when it is encoded
}

func (j *job) encode(o *output, pc pace) {
	defer close(j.done)
	j.r.NALUs, j.r.Keyframe, j.err = o.encode(j.e, pc)
	j.took = time.Since(j.begun)
}

// arrival is an access unit's size in bytes.
type arrival struct {
	pts   media.Ticks90k
	bytes int
}

// isBehind tells whether the next access unit waits already. Then a picture is
// encoded on another core while that one is decoded and looked at. It costs a
// copy of the picture, for masks must not be painted on what the decoder
// predicts from; at other times that would be wasted, and an accelerator is
// beside the cores anyway.
func (p *Pipeline) isBehind() bool {
	return p.behind != nil && !p.out.accelerator.encodes() && p.behind()
}

// Settle waits for the picture that is being encoded beside this goroutine, if
// any, and emits it. Nothing else of the output may be touched before.
func (p *Pipeline) Settle(emit Emit) error {
	j := p.beside
	if j == nil {
		return nil
	}
	<-j.done
	p.beside = nil
	for _, a := range p.arrivals {
		p.out.count(a)
	}
	p.arrivals = p.arrivals[:0]
	return p.finish(j, emit)
}

// inOrder emits the picture that is being encoded before anything else.
func (p *Pipeline) inOrder(emit Emit) Emit {
	return func(r wire.Result) error {
		if err := p.Settle(emit); err != nil {
			return err
		}
		return emit(r)
	}
}

// settleSoon emits the picture that is being encoded where it is ready, or
// where nothing else is there to be done meanwhile.
func (p *Pipeline) settleSoon(emit Emit) error {
	if p.beside == nil {
		return nil
	}
	select {
	case <-p.beside.done:
	default:
		if p.isBehind() {
			return nil
		}
	}
	return p.Settle(emit)
}

// count notes an access unit's size for the bitrate cap.
func (p *Pipeline) count(u wire.Unit) {
	a := arrival{pts: u.PTS}
	for _, n := range u.NALUs {
		a.bytes += len(n)
	}
	if p.beside != nil { // the encoder reads the budget
		p.arrivals = append(p.arrivals, a)
		return
	}
	p.out.count(a)
}

// finish takes the masks off again and emits what became of the picture.
func (p *Pipeline) finish(j *job, emit Emit) error {
	defer j.e.frame.Close()
	if j.err == nil {
		p.snap(j.e, j.r.Record)
	}
	p.unpaint(j.e)
	if j.err != nil {
		p.out.close()
		if p.out.accelerator.encodes() {
			return p.out.accelerator.failed(j.err)
		}
		return emit(record(j.e, media.EncodeFailed))
	}
	j.r.Record.Work, j.r.Record.Held = j.e.work+j.took, time.Since(j.e.arrived)
	return emit(j.r)
}
