package mp4

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	box "github.com/abema/go-mp4"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// tables gathers the sample table of the track that is written.
type tables struct {
	sizes     []uint32
	durations []counted
	syncs     []uint32 // numbers from 1
	chunks    []int64  // offsets
	perChunk  []counted
	inChunk   uint32
	part      int64 // which half second the chunk at hand is
}

// counted is a value and how often it comes in a row.
type counted struct{ n, value uint32 }

func (t *tables) count() int { return len(t.sizes) }

// sample adds a sample's place. A chunk holds half a second.
func (t *tables) sample(offset, size int64, sync bool, part int64) {
	t.sizes = append(t.sizes, uint32(size))
	if sync {
		t.syncs = append(t.syncs, uint32(len(t.sizes)))
	}
	if len(t.chunks) == 0 || part != t.part {
		t.endChunk()
		t.chunks = append(t.chunks, offset)
		t.part = part
	}
	t.inChunk++
}

func (t *tables) endChunk() {
	if t.inChunk > 0 {
		t.perChunk = appendRun(t.perChunk, t.inChunk)
	}
	t.inChunk = 0
}

// duration sets how long the newest sample lasts.
func (t *tables) duration(d int64) error {
	if d < 0 {
		return ErrOrder
	}
	if d > maxTrackDelta {
		return fmt.Errorf("%w: a gap of %d time units", ErrOrder, d)
	}
	t.durations = appendRun(t.durations, uint32(d))
	return nil
}

// total is how long all samples last.
func (t *tables) total() int64 {
	var sum int64
	for _, c := range t.durations {
		sum += int64(c.n) * int64(c.value)
	}
	return sum
}

func appendRun(list []counted, v uint32) []counted {
	if n := len(list); n > 0 && list[n-1].value == v {
		list[n-1].n++
		return list
	}
	return append(list, counted{1, v})
}

// node is a box to be written: a struct of go-mp4 or raw bytes, then children.
type node struct {
	kind string
	box  box.IImmutableBox
	raw  []byte
	kids []node
}

func (n node) append(b []byte) ([]byte, error) {
	at := len(b)
	b = append(append(b, 0, 0, 0, 0), n.kind...)
	if n.box != nil {
		var body bytes.Buffer
		if _, err := box.Marshal(&body, n.box, box.Context{}); err != nil {
			return nil, fmt.Errorf("box %q: %w", n.kind, err)
		}
		b = append(b, body.Bytes()...)
	}
	b = append(b, n.raw...)
	for _, kid := range n.kids {
		var err error
		if b, err = kid.append(b); err != nil {
			return nil, err
		}
	}
	if int64(len(b)-at) > math.MaxUint32 {
		return nil, fmt.Errorf("box %q grows too large", n.kind)
	}
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at))
	return b, nil
}

func fileType() ([]byte, error) {
	brand := func(s string) box.CompatibleBrandElem {
		return box.CompatibleBrandElem{CompatibleBrand: [4]byte([]byte(s))}
	}
	return node{kind: "ftyp", box: &box.Ftyp{MajorBrand: [4]byte{'i', 's', 'o', 'm'}, MinorVersion: 0x200,
		CompatibleBrands: []box.CompatibleBrandElem{brand("isom"), brand("iso2"), brand("avc1"), brand("mp41")}}}.append(nil)
}

// freeHead is the head of a free box of n bytes in all.
func freeHead(n int64) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(n)), "free"...)
}

// mdatHead is the head of a media data box of n bytes in all, always in the
// form for large files: the size is not known when it is first written.
func mdatHead(n int64) []byte {
	return binary.BigEndian.AppendUint64([]byte{0, 0, 0, 1, 'm', 'd', 'a', 't'}, uint64(n))
}

// moov builds the index. The movie's timescale is the track's, so that edits
// are exact.
func (w *Writer) moov() ([]byte, error) {
	w.tables.endChunk()
	var sps h264.SPS
	if err := sps.Unmarshal(w.sps); err != nil {
		return nil, fmt.Errorf("sequence parameter set: %w", err)
	}
	total := w.tables.total()
	edits := w.src.editsFrom(w.first, total)
	shown := total
	if len(edits) > 0 {
		shown = 0
		for _, e := range edits {
			shown += e.Duration
		}
	}
	trak := node{kind: "trak", kids: []node{w.tkhd(sps, shown)}}
	if len(edits) > 0 {
		trak.kids = append(trak.kids, node{kind: "edts", kids: []node{elst(edits)}})
	}
	trak.kids = append(trak.kids, w.mdia(sps, total))
	mvhd := &box.Mvhd{FullBox: version(shown), Timescale: w.src.Timescale, DurationV0: uint32(shown), DurationV1: uint64(shown),
		Rate: 0x10000, Volume: 0x100, Matrix: matrixOf(media.Orientation{}, 0, 0), NextTrackID: 2}
	if t := w.created; t > 0 {
		mvhd.CreationTimeV0, mvhd.CreationTimeV1 = t, uint64(t)
		mvhd.ModificationTimeV0, mvhd.ModificationTimeV1 = t, uint64(t)
	}
	return node{kind: "moov", kids: []node{{kind: "mvhd", box: mvhd}, trak}}.append(nil)
}

// version is 1 where a time needs 64 bits.
func version(t int64) box.FullBox {
	if t >= math.MaxUint32 {
		return box.FullBox{Version: 1}
	}
	return box.FullBox{}
}

// editsFrom is the source's edit list for media that begins with the frame
// of time first at 0 and lasts total.
func (i Info) editsFrom(first, total int64) []Edit {
	source := i.Edits
	if len(source) == 0 {
		if first == 0 {
			return nil
		}
		source = []Edit{{Rate: 1}}
	}
	var edits []Edit
	lead := i.lead // of the first span with frames
	for _, e := range source {
		if e.MediaTime < 0 {
			edits = append(edits, e)
			continue
		}
		e.MediaTime -= first
		if e.Duration == 0 {
			e.Duration = max(0, total-e.MediaTime)
		}
		if late := min(-e.MediaTime, e.Duration); late > 0 {
			if pause := late - lead; pause > 0 {
				edits = append(edits, Edit{Duration: pause, MediaTime: -1, Rate: 1})
			}
			e.MediaTime, e.Duration = 0, e.Duration-late
		}
		lead = 0
		if e.Duration > 0 {
			edits = append(edits, e)
		}
	}
	return edits
}

func elst(edits []Edit) node {
	b := &box.Elst{EntryCount: uint32(len(edits))}
	for _, e := range edits {
		if e.Duration >= math.MaxUint32 || e.MediaTime > math.MaxInt32 {
			b.Version = 1
		}
		b.Entries = append(b.Entries, box.ElstEntry{SegmentDurationV0: uint32(e.Duration), MediaTimeV0: int32(e.MediaTime),
			SegmentDurationV1: uint64(e.Duration), MediaTimeV1: e.MediaTime, MediaRateInteger: e.Rate})
	}
	return node{kind: "elst", box: b}
}

func (w *Writer) tkhd(sps h264.SPS, shown int64) node {
	b := &box.Tkhd{FullBox: version(shown), TrackID: 1, DurationV0: uint32(shown), DurationV1: uint64(shown),
		Width: uint32(sps.Width()) << 16, Height: uint32(sps.Height()) << 16}
	b.SetFlags(3) // enabled, in the movie
	if h, v := w.src.AspectH, w.src.AspectV; h != 0 && v != 0 {
		b.Width = uint32(min(uint64(b.Width)*uint64(h)/uint64(v), math.MaxInt32))
	}
	b.Matrix = matrixOf(w.src.Orientation(), b.Width, b.Height)
	return node{kind: "tkhd", box: b}
}

func (w *Writer) mdia(sps h264.SPS, total int64) node {
	mdhd := &box.Mdhd{FullBox: version(total), Timescale: w.src.Timescale, DurationV0: uint32(total), DurationV1: uint64(total),
		Language: [3]byte{'u' - 0x60, 'n' - 0x60, 'd' - 0x60}}
	vmhd, url := &box.Vmhd{}, &box.Url{}
	vmhd.SetFlags(1)
	url.SetFlags(box.UrlSelfContained)
	return node{kind: "mdia", kids: []node{
		{kind: "mdhd", box: mdhd},
		{kind: "hdlr", box: &box.Hdlr{HandlerType: [4]byte{'v', 'i', 'd', 'e'}, Name: "Bauta"}},
		{kind: "minf", kids: []node{
			{kind: "vmhd", box: vmhd},
			{kind: "dinf", kids: []node{{kind: "dref", box: &box.Dref{EntryCount: 1}, kids: []node{{kind: "url ", box: url}}}}},
			{kind: "stbl", kids: append([]node{w.stsd(sps)}, w.tables.nodes()...)},
		}},
	}}
}

// stsd describes the frames by the first parameter sets. avc3 says that
// others may stand in the media.
func (w *Writer) stsd(sps h264.SPS) node {
	entry := &box.VisualSampleEntry{SampleEntry: box.SampleEntry{DataReferenceIndex: 1}, Width: uint16(sps.Width()), Height: uint16(sps.Height()),
		Horizresolution: 72 << 16, Vertresolution: 72 << 16, FrameCount: 1, Depth: 24, PreDefined3: -1}
	entry.SetType(box.BoxTypeAvc1())
	n := node{kind: "avc1", box: entry, kids: []node{w.avcC(sps)}}
	if w.changed {
		n.kind = "avc3"
	}
	if w.src.AspectH != 0 {
		pasp := &box.PixelAspectRatioBox{HSpacing: w.src.AspectH, VSpacing: w.src.AspectV}
		pasp.SetType(box.BoxTypePasp())
		n.kids = append(n.kids, node{kind: "pasp", box: pasp})
	}
	if w.src.Color != nil {
		n.kids = append(n.kids, node{kind: "colr", raw: w.src.Color})
	}
	return node{kind: "stsd", box: &box.Stsd{EntryCount: 1}, kids: []node{n}}
}

func (w *Writer) avcC(sps h264.SPS) node {
	set := func(u []byte) []box.AVCParameterSet {
		return []box.AVCParameterSet{{Length: uint16(len(u)), NALUnit: u}}
	}
	c := &box.AVCDecoderConfiguration{ConfigurationVersion: 1, Profile: w.sps[1], ProfileCompatibility: w.sps[2], Level: w.sps[3],
		Reserved: 63, LengthSizeMinusOne: 3, Reserved2: 7, NumOfSequenceParameterSets: 1, SequenceParameterSets: set(w.sps),
		NumOfPictureParameterSets: 1, PictureParameterSets: set(w.pps)}
	switch c.Profile {
	case box.AVCHighProfile, box.AVCHigh10Profile, box.AVCHigh422Profile:
		c.HighProfileFieldsEnabled, c.Reserved3, c.Reserved4, c.Reserved5 = true, 63, 31, 31
		c.ChromaFormat = uint8(sps.ChromaFormatIdc)
		c.BitDepthLumaMinus8, c.BitDepthChromaMinus8 = uint8(sps.BitDepthLumaMinus8), uint8(sps.BitDepthChromaMinus8)
	}
	c.SetType(box.BoxTypeAvcC())
	return node{kind: "avcC", box: c}
}

// nodes are the tables' boxes.
func (t *tables) nodes() []node {
	nodes := []node{{kind: "stts", raw: countedRows(t.durations)}}
	if len(t.syncs) < len(t.sizes) {
		nodes = append(nodes, node{kind: "stss", raw: rows(t.syncs, uint32(len(t.syncs)))})
	}
	return append(nodes, node{kind: "stsc", raw: t.stsc()},
		node{kind: "stsz", raw: rows(t.sizes, 0, uint32(len(t.sizes)))}, t.offsets())
}

func (t *tables) stsc() []byte {
	var r []uint32
	chunk := uint32(1)
	for _, c := range t.perChunk {
		r = append(r, chunk, c.value, 1)
		chunk += c.n
	}
	return rows(r, uint32(len(t.perChunk)))
}

func (t *tables) offsets() node {
	n := node{kind: "stco", raw: rows(nil, uint32(len(t.chunks)))}
	if len(t.chunks) > 0 && t.chunks[len(t.chunks)-1] > math.MaxUint32 {
		n.kind = "co64"
	}
	for _, c := range t.chunks {
		if n.kind == "co64" {
			n.raw = binary.BigEndian.AppendUint64(n.raw, uint64(c))
		} else {
			n.raw = binary.BigEndian.AppendUint32(n.raw, uint32(c))
		}
	}
	return n
}

// rows is a full box's body: version and flags of zero, head, values.
func rows(values []uint32, head ...uint32) []byte {
	b := make([]byte, 4, 4+4*(len(head)+len(values)))
	for _, list := range [][]uint32{head, values} {
		for _, v := range list {
			b = binary.BigEndian.AppendUint32(b, v)
		}
	}
	return b
}

func countedRows(list []counted) []byte {
	var r []uint32
	for _, c := range list {
		r = append(r, c.n, c.value)
	}
	return rows(r, uint32(len(list)))
}
