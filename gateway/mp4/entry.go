package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	box "github.com/abema/go-mp4"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// sampleEntry says how some of the track's frames are coded.
type sampleEntry struct {
	codec            media.Codec
	width, height    int
	lengthSize       int      // bytes of a NAL unit's length; 0 for MJPEG
	params           [][]byte // parameter sets
	aspectH, aspectV uint32   // 0 where not given
	color            []byte
	ranged, full     bool // the coded frames say whether their values have the full range
}

// entryCodecs are the sample entries whose name says the codec.
var entryCodecs = map[string]media.Codec{
	"avc1": media.H264, "avc3": media.H264, "dva1": media.H264, "dvav": media.H264,
	"hvc1": media.H265, "hev1": media.H265, "dvh1": media.H265, "dvhe": media.H265,
	"jpeg": media.MJPEG, "mjpa": media.MJPEG, "mjpg": media.MJPEG, "MJPG": media.MJPEG,
}

// visualEntry is the length of a visual sample entry before its child boxes.
const visualEntry = 78

// entry reads a sample entry.
func (f file) entry(s span) (sampleEntry, error) {
	if s.kind == "encv" || s.kind == "drmi" {
		return sampleEntry{}, ErrEncrypted
	}
	if s.len() < visualEntry {
		return sampleEntry{}, fmt.Errorf("%w: sample entry %q is too short", ErrCorrupt, s.kind)
	}
	below, err := f.find(span{start: s.start + visualEntry, end: s.end}, "avcC", "hvcC", "esds", "pasp", "colr")
	if err != nil {
		return sampleEntry{}, err
	}
	e := sampleEntry{codec: entryCodecs[s.kind]}
	var size [4]byte
	if err := f.read(size[:], s.start+24); err != nil {
		return sampleEntry{}, err
	}
	width, height := int(binary.BigEndian.Uint16(size[:])), int(binary.BigEndian.Uint16(size[2:]))
	e.width, e.height = width, height // until the coded frames say
	if s.kind == "mp4v" {
		e.codec, err = f.objectType(below)
	} else if e.codec == media.UnknownCodec {
		err = fmt.Errorf("%w: %q", ErrCodec, s.kind)
	}
	if err == nil {
		err = f.configure(&e, below)
	}
	if err == nil {
		err = e.checkSize(width, height)
	}
	return e, err
}

// jpegObject is MPEG-4's object type of JPEG images.
const jpegObject = 0x6c

// objectType reads which codec an mp4v entry means.
func (f file) objectType(below map[string]span) (media.Codec, error) {
	var esds box.Esds
	if err := f.decodeNeeded(below, "esds", &esds); err != nil {
		return media.UnknownCodec, err
	}
	for _, d := range esds.Descriptors {
		if c := d.DecoderConfigDescriptor; c != nil && c.ObjectTypeIndication == jpegObject {
			return media.MJPEG, nil
		} else if c != nil {
			return media.UnknownCodec, fmt.Errorf("%w: MPEG-4 object type %#x", ErrCodec, c.ObjectTypeIndication)
		}
	}
	return media.UnknownCodec, fmt.Errorf("%w: MPEG-4 of no known object type", ErrCodec)
}

// configure reads the boxes below a sample entry.
func (f file) configure(e *sampleEntry, below map[string]span) error {
	if err := f.parameterSets(e, below); err != nil {
		return err
	}
	if s, ok := below["colr"]; ok && s.len() <= 64 {
		color, err := f.payload(s)
		if err != nil {
			return err
		}
		if c, ok := parseColour(color); ok {
			if c.hasRange && e.ranged && c.full != e.full {
				return fmt.Errorf("%w: its colours are described as of full range: %v, and coded so: %v", ErrDisagree, c.full, e.full)
			}
			e.color = c.append(nil)
		}
	}
	if s, ok := below["pasp"]; ok {
		var pasp box.PixelAspectRatioBox
		if err := f.decode(s, &pasp); err != nil {
			return err
		}
		return e.setAspect(pasp.HSpacing, pasp.VSpacing)
	}
	return nil
}

// parameterSets reads avcC or hvcC.
func (f file) parameterSets(e *sampleEntry, below map[string]span) error {
	kind, parse := "avcC", parseAVCC
	switch e.codec {
	case media.MJPEG:
		return nil
	case media.H265:
		kind, parse = "hvcC", parseHVCC
	}
	s, ok := below[kind]
	if !ok {
		return fmt.Errorf("%w: box %q is missing", ErrCorrupt, kind)
	}
	b, err := f.payload(s)
	if err != nil {
		return err
	}
	if e.lengthSize, e.params, err = parse(b); err != nil {
		return fmt.Errorf("%w: box %q: %v", ErrCorrupt, kind, err)
	}
	e.fromSPS()
	return nil
}

// parseAVCC reads an H.264 decoder configuration up to its picture parameter
// sets. What some writers put behind them is not needed, and often wrong.
func parseAVCC(b []byte) (lengthSize int, params [][]byte, err error) {
	if len(b) < 7 || b[0] != 1 {
		return 0, nil, errShortConfig
	}
	lengthSize = int(b[4]&3) + 1
	sps, rest, err := takeSets(b[6:], int(b[5]&31))
	if err != nil || len(rest) == 0 {
		return 0, nil, errShortConfig
	}
	pps, _, err := takeSets(rest[1:], int(rest[0]))
	return lengthSize, append(sps, pps...), err
}

// parseHVCC reads an H.265 decoder configuration.
func parseHVCC(b []byte) (lengthSize int, params [][]byte, err error) {
	if len(b) < 23 {
		return 0, nil, errShortConfig
	}
	lengthSize = int(b[21]&3) + 1
	rest := b[23:]
	for range b[22] {
		if len(rest) < 3 {
			return 0, nil, errShortConfig
		}
		kind, n := h265.NALUType(rest[0]&0x3f), int(binary.BigEndian.Uint16(rest[1:]))
		var sets [][]byte
		if sets, rest, err = takeSets(rest[3:], n); err != nil {
			return 0, nil, err
		}
		if kind == h265.NALUType_VPS_NUT || kind == h265.NALUType_SPS_NUT || kind == h265.NALUType_PPS_NUT {
			params = append(params, sets...)
		}
	}
	return lengthSize, params, nil
}

var errShortConfig = errors.New("too short")

// takeSets takes n NAL units with 16-bit lengths off b; empty ones are left out.
func takeSets(b []byte, n int) (sets [][]byte, rest []byte, err error) {
	for range n {
		if len(b) < 2 {
			return nil, nil, errShortConfig
		}
		size := int(binary.BigEndian.Uint16(b))
		if b = b[2:]; size > len(b) {
			return nil, nil, errShortConfig
		}
		if size > 0 {
			sets = append(sets, b[:size:size])
		}
		b = b[size:]
	}
	return sets, b, nil
}

// fromSPS takes size, pixel aspect ratio and range from the first sequence parameter
// set that can be read: it is what decoders go by.
func (e *sampleEntry) fromSPS() {
	for _, nalu := range e.params {
		if e.codec == media.H264 && isH264(nalu, h264.NALUTypeSPS) {
			var sps h264.SPS
			if sps.Unmarshal(nalu) != nil {
				continue
			}
			e.width, e.height = sps.Width(), sps.Height()
			if v := sps.VUI; v != nil {
				e.aspectH, e.aspectV = aspect(v.AspectRatioIdc, v.SarWidth, v.SarHeight)
				e.ranged, e.full = v.VideoSignalTypePresentFlag, v.VideoFullRangeFlag
			}
			return
		}
		if e.codec == media.H265 && isH265(nalu, h265.NALUType_SPS_NUT) {
			var sps h265.SPS
			if sps.Unmarshal(nalu) != nil {
				continue
			}
			e.width, e.height = sps.Width(), sps.Height()
			if v := sps.VUI; v != nil {
				e.aspectH, e.aspectV = aspect(v.AspectRatioIdc, v.SarWidth, v.SarHeight)
				e.ranged, e.full = v.VideoSignalTypePresentFlag, v.VideoFullRangeFlag
			}
			return
		}
	}
}

func isH264(nalu []byte, t h264.NALUType) bool {
	return media.H264Type(nalu) == t
}

func isH265(nalu []byte, t h265.NALUType) bool {
	return len(nalu) > 1 && media.H265Type(nalu) == t
}

// aspects are the pixel aspect ratios that H.264 and H.265 have numbers for.
var aspects = [17][2]uint32{1: {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11},
	{80, 33}, {18, 11}, {15, 11}, {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1}}

func aspect(idc uint8, w, h uint16) (uint32, uint32) {
	if idc == 255 && w != 0 && h != 0 && near(float64(w), float64(h), mostStretch) {
		return uint32(w), uint32(h)
	}
	if int(idc) < len(aspects) {
		return aspects[idc][0], aspects[idc][1]
	}
	return 0, 0
}

// rescale is t*to/from rounded to the nearest, for t from 0 to maxMediaTime;
// the result stays below maxMediaTime too.
func rescale(t, to, from int64) int64 {
	hi, lo := bits.Mul64(uint64(t), uint64(to))
	lo, carry := bits.Add64(lo, uint64(from)/2, 0)
	if hi += carry; hi >= uint64(from) {
		return maxMediaTime
	}
	q, _ := bits.Div64(hi, lo, uint64(from))
	return int64(min(q, maxMediaTime))
}
