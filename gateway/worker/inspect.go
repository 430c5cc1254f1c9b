package worker

import (
	"bytes"
	"fmt"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// pictureCheck goes through the NAL units of one access unit.
type frameCheck struct {
	width, height int // by the record; odd last rows and columns are not coded
	count         [h264.NALUTypeAccessUnitDelimiter + 1]int
	places        uint64 // macroblocks of the frame
	next          uint64 // the least first macroblock that the next slice may have
	pps           uint32 // its number, of a keyframe
}

// inspect checks that the child's frame is one H.264 frame of this size in pixels, and
// nothing else, and reports whether a viewer can begin with it: an IDR picture, which brings its
// parameter sets along.
//
// A message (SEI) is none of its NAL units: it could carry a camera's captions, and the
// supervisor writes the only one that there is. What slices hold is pixels, and is not checked: whoever owns the
// decoder can show what they like. But nothing may come beside the pixels, where nobody
// detects faces.
func inspect(nalus [][]byte, width, height int) (keyframe bool, err error) {
	c := frameCheck{width: width &^ 1, height: height &^ 1}
	c.places = uint64((c.width+15)/16) * uint64((c.height+15)/16)
	for i, n := range nalus {
		if err := c.unit(i, n); err != nil {
			return false, fmt.Errorf("frame of %dx%d, NAL unit %d of %d: %w: %w", width, height, i+1, len(nalus), err, errViolation)
		}
	}
	keyframe = c.count[h264.NALUTypeIDR] > 0
	switch sets := c.count[h264.NALUTypeSPS] + c.count[h264.NALUTypePPS]; {
	case c.next == 0:
		return false, fmt.Errorf("frame without a slice: %w", errViolation)
	case keyframe && c.count[h264.NALUTypeNonIDR] > 0:
		return false, fmt.Errorf("frame that is half a keyframe: %w", errViolation)
	case keyframe && sets != 2, !keyframe && sets > 0:
		return false, fmt.Errorf("frame with %d parameter sets: %w", sets, errViolation)
	}
	return keyframe, nil
}

// unit checks the NAL unit at a place in the frame.
func (c *frameCheck) unit(at int, n []byte) error {
	if err := wellFormed(n); err != nil {
		return err
	}
	kind, ref := media.H264Type(n), n[0]>>5&3
	if int(kind) >= len(c.count) {
		return fmt.Errorf("of type %d", kind)
	}
	c.count[kind]++
	switch kind {
	case h264.NALUTypeAccessUnitDelimiter:
		if at != 0 || ref != 0 || len(n) != 2 || n[1]&0x1f != 0x10 {
			return fmt.Errorf("delimiter % x at place %d", n[:min(len(n), 8)], at)
		}
		return nil
	case h264.NALUTypeSPS, h264.NALUTypePPS:
		if c.next > 0 || c.count[kind] > 1 || ref == 0 {
			return fmt.Errorf("parameter set out of turn")
		}
		return c.set(kind, n)
	case h264.NALUTypeNonIDR, h264.NALUTypeIDR:
		return c.slice(kind, ref, n)
	}
	return fmt.Errorf("of type %d", kind)
}

// wellFormed reports that n is one NAL unit: another one in it would begin with a start code,
// and bytes behind its end would follow zeros.
func wellFormed(n []byte) error {
	if len(n) < 2 || n[0]&0x80 != 0 || n[len(n)-1] == 0 {
		return fmt.Errorf("of %d bytes without an end", len(n))
	}
	for rest, at := n, 0; ; {
		i := bytes.Index(rest, []byte{0, 0})
		if i < 0 {
			return nil
		}
		// Three zeros, a start code, or what escapes neither.
		if at += i + 2; n[at] < 3 || n[at] == 3 && (at+1 == len(n) || n[at+1] > 3) {
			return fmt.Errorf("with a second one or an end at byte %d", at)
		}
		rest = n[at:]
	}
}

// set checks a parameter set.
func (c *frameCheck) set(kind h264.NALUType, n []byte) error {
	if len(n) > maxSet {
		return fmt.Errorf("parameter set of %d bytes", len(n))
	}
	r := syntax{b: h264.EmulationPreventionRemove(n[1:])}
	if kind == h264.NALUTypePPS {
		c.pps = r.pps()
		return r.end("picture parameter set")
	}
	width, height := r.sps()
	if err := r.end("sequence parameter set"); err != nil {
		return err
	}
	if width != c.width || height != c.height {
		return fmt.Errorf("sequence parameter set of %dx%d", width, height)
	}
	return nil
}

// slice checks a slice's place: those of one frame stand in order, and each part of it is
// coded once.
func (c *frameCheck) slice(kind h264.NALUType, ref byte, n []byte) error {
	r := syntax{b: h264.EmulationPreventionRemove(n[1:min(len(n), 24)])}
	first, typ, pps := uint64(r.number()), r.number(), r.number()
	intra, inter := typ%5 == 2, typ%5 == 0
	switch {
	case r.err != nil:
		return r.err
	case typ > 9 || !intra && (!inter || kind == h264.NALUTypeIDR), kind == h264.NALUTypeIDR && ref == 0:
		return fmt.Errorf("slice of type %d in a NAL unit of type %d", typ, kind)
	case kind == h264.NALUTypeIDR && pps != c.pps, pps > maxPPS:
		return fmt.Errorf("slice of parameter set %d", pps)
	case c.next == 0 && first != 0, first < c.next, first >= c.places:
		return fmt.Errorf("slice from macroblock %d on, after %d", first, c.next)
	}
	c.next = first + 1
	return nil
}
