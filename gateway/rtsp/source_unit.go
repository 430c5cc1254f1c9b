package rtsp

import (
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/bits"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// idrPatience is how long a decoder waits for an IDR picture (or H.265's
// other random access pictures) before lesser entry points count.
const idrPatience = 5 * time.Second

// headerSize is the NAL unit header's size in bytes.
var headerSize = map[media.Codec]int{media.H264: 1, media.H265: 2}

// nalKind is what matters here of a NAL unit's type.
type nalKind uint8

const (
	kindJunk   nalKind = iota // nothing that a decoder needs
	kindVPS                   // the parameter sets, in the order a decoder wants them
	kindSPS                   //
	kindPPS                   //
	kindOther                 // kept as it is
	kindSEI                   //
	kindSlice                 // of an access unit that needs earlier ones
	kindAccess                // slice of a random access picture
)

func (k nalKind) slice() bool { return k >= kindSlice }
func (k nalKind) set() bool   { return k >= kindVPS && k <= kindPPS }

func kindOf(codec media.Codec, n []byte) nalKind {
	if codec == media.H265 {
		return kindOfH265(n)
	}
	return kindOfH264(n)
}

func kindOfH264(n []byte) nalKind {
	if len(n) < 2 {
		return kindJunk
	}
	switch t := media.H264Type(n); {
	case t == h264.NALUTypeIDR:
		return kindAccess
	case t >= h264.NALUTypeNonIDR && t < h264.NALUTypeIDR:
		return kindSlice
	case t == h264.NALUTypeSPS:
		return kindSPS
	case t == h264.NALUTypePPS:
		return kindPPS
	case t == h264.NALUTypeSEI:
		return kindSEI
	case t == 0, t == h264.NALUTypeAccessUnitDelimiter, t == h264.NALUTypeFillerData, t >= h264.NALUTypeSTAPA:
		return kindJunk
	}
	return kindOther
}

func kindOfH265(n []byte) nalKind {
	if len(n) < 3 || n[0]&1 != 0 || n[1]&0xf8 != 0 { // of another layer than the base
		return kindJunk
	}
	switch t := media.H265Type(n); {
	case t >= h265.NALUType_BLA_W_LP && t <= h265.NALUType_CRA_NUT:
		return kindAccess
	case t < h265.NALUType_VPS_NUT:
		return kindSlice
	case t == h265.NALUType_VPS_NUT:
		return kindVPS
	case t == h265.NALUType_SPS_NUT:
		return kindSPS
	case t == h265.NALUType_PPS_NUT:
		return kindPPS
	case t == h265.NALUType_PREFIX_SEI_NUT:
		return kindSEI
	case t == h265.NALUType_AUD_NUT, t == h265.NALUType_FD_NUT, t >= h265.NALUType_AggregationUnit:
		return kindJunk
	}
	return kindOther
}

// unitCleaner makes what a camera sends into what a decoder wants: parameter
// sets before every keyframe and wherever they changed, no delimiters and
// filler, no units without a slice.
//
// A keyframe is an access unit of random access: IDR, and with H.265 CRA and BLA
// too. Cameras that refresh their frames bit by bit send none after the
// first, or none at all. Where none came for 5 s, a recovery point message
// counts as well, and in H.264 an access unit of I slices only.
type unitCleaner struct {
	codec         media.Codec
	sets          cameraSets
	fresh         bool // sets changed since they were last given on
	access        time.Time
	width, height int
}

// newUnitCleaner begins with the parameter sets of the SDP; now begins the
// patience for IDR pictures.
func newUnitCleaner(codec media.Codec, sets [][]byte, now time.Time) *unitCleaner {
	c := &unitCleaner{codec: codec, access: now}
	for _, n := range sets {
		if k := kindOf(codec, n); k.set() {
			c.learn(k, n)
		}
	}
	return c
}

// clean returns an access unit's NAL units for the decoder and whether it is a
// keyframe. It is not ok where the unit holds no slice.
func (c *unitCleaner) clean(nalus [][]byte, now time.Time) (out [][]byte, key, ok bool) {
	if c.codec == media.MJPEG {
		return c.cleanJPEG(nalus)
	}
	var rest [][]byte
	var slices, access bool
	for _, n := range nalus {
		switch k := kindOf(c.codec, n); {
		case k.set():
			c.learn(k, n)
		case k != kindJunk:
			rest = append(rest, n)
			slices = slices || k.slice()
			access = access || k == kindAccess
		}
	}
	if !slices {
		return nil, false, false
	}
	key = c.sets.complete(c.codec) && (access || c.lesserEntry(rest, now))
	if access {
		c.access = now
	}
	if key || c.fresh {
		rest = append(c.sets.all(), rest...)
		c.fresh = false
	}
	return rest, key, true
}

func (c *unitCleaner) cleanJPEG(images [][]byte) (out [][]byte, key, ok bool) {
	if len(images) != 1 {
		return nil, false, false
	}
	w, h, ok := jpegscan.Size(images[0])
	if ok {
		c.width, c.height = w, h
	}
	return images, true, ok
}

// learn remembers a parameter set; the size is that of the latest SPS.
func (c *unitCleaner) learn(k nalKind, n []byte) {
	id := setID(c.codec, k, n)
	if !c.sets.put(k, id, n) {
		return
	}
	c.fresh = true
	if k == kindSPS {
		c.width, c.height = spsSize(c.codec, n)
	}
}

// lesserEntry reports whether a decoder that has waited long enough should
// begin here.
func (c *unitCleaner) lesserEntry(nalus [][]byte, now time.Time) bool {
	if now.Sub(c.access) < idrPatience {
		return false
	}
	intra := c.codec == media.H264
	for _, n := range nalus {
		switch k := kindOf(c.codec, n); {
		case k == kindSEI && hasRecoveryPoint(n[headerSize[c.codec]:]):
			return true
		case k.slice():
			intra = intra && isIntraSlice(n)
		}
	}
	return intra
}

// isIntraSlice reads the type of an H.264 slice: I or SI.
func isIntraSlice(n []byte) bool {
	if media.H264Type(n) != h264.NALUTypeNonIDR {
		return false
	}
	head, pos := h264.EmulationPreventionRemove(n[1:min(len(n), 17)]), 0
	if _, err := bits.ReadGolombUnsigned(head, &pos); err != nil { // first_mb_in_slice
		return false
	}
	kind, err := bits.ReadGolombUnsigned(head, &pos)
	return err == nil && (kind%5 == 2 || kind%5 == 4)
}

const recoveryPoint = 6 // SEI payload type in both codecs

// hasRecoveryPoint walks the messages of an SEI NAL unit without its header.
func hasRecoveryPoint(b []byte) bool {
	b = h264.EmulationPreventionRemove(b[:min(len(b), 1024)])
	for len(b) > 1 { // the last byte is the trailing bits
		var kind, size int
		kind, b = seiNumber(b)
		size, b = seiNumber(b)
		if kind == recoveryPoint {
			return true
		}
		if size > len(b) {
			return false
		}
		b = b[size:]
	}
	return false
}

// seiNumber reads a number written as bytes to add up, the last one below 255.
func seiNumber(b []byte) (n int, rest []byte) {
	for i, v := range b {
		n += int(v)
		if v != 0xff {
			return n, b[i+1:]
		}
	}
	return n, nil
}
