package av

/*
#include "shim.h"
*/
import "C"

import "fmt"

// Scaler makes copies of frames at another size. It belongs to one goroutine; the zero value
// is ready.
type Scaler struct {
	sws *C.struct_SwsContext
}

// Scale returns a copy of f of this size in pixels, with f's tag, colours and pixel shape. The
// caller closes it; f stays the caller's.
func (s *Scaler) Scale(f *Frame, width, height int) (*Frame, error) {
	var p *C.AVFrame
	what := fmt.Sprintf("scaling a picture to %dx%d", width, height)
	if err := check(C.bauta_frame_scale(f.p, C.int(width), C.int(height), &p, &s.sws), what); err != nil {
		return nil, err
	}
	scaled := newFrame(p)
	scaled.shared, scaled.orientation, scaled.said = false, f.orientation, f.said
	return scaled, nil
}

// Close frees what it holds; Scale may be called again.
func (s *Scaler) Close() {
	C.sws_freeContext(s.sws)
	s.sws = nil
}
