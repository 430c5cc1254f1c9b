package hls

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// The two playlists; players are given the first.
const (
	Index    = "index.m3u8"
	playlist = "stream.m3u8"
)

// The kinds of the other files: init-NAME-1.mp4, part-NAME-17.mp4, segment-NAME-3.mp4.
const (
	kindInitial = "init"
	kindPart    = "part"
	kindSegment = "segment"
)

// file is a request's, taken apart.
type file struct {
	kind string // Index, playlist or one of the kinds
	name string // of the muxer
	id   uint64
	// wanted is the part that a playlist waits for.
	wanted *position
}

// position of a part in the stream; no part (whole): all of the segment.
type position struct {
	segment uint64
	part    int
	whole   bool
}

var errFile = errors.New("no such file")

// parseFile takes a file's name and a playlist's query apart.
func parseFile(name, segment, part string) (file, error) {
	if name == Index {
		return file{kind: Index}, nil
	}
	if name == playlist {
		wanted, err := parsePosition(segment, part)
		return file{kind: playlist, wanted: wanted}, err
	}
	base, ok := strings.CutSuffix(name, ".mp4")
	parts := strings.Split(base, "-")
	if !ok || len(parts) != 3 || parts[0] != kindInitial && parts[0] != kindPart && parts[0] != kindSegment {
		return file{}, errFile
	}
	id, err := strconv.ParseUint(parts[2], 10, 63)
	if err != nil {
		return file{}, errFile
	}
	return file{kind: parts[0], name: parts[1], id: id}, nil
}

func parsePosition(segment, part string) (*position, error) {
	if segment == "" && part == "" {
		return nil, nil
	}
	n, err := strconv.ParseUint(segment, 10, 63)
	if err != nil {
		return nil, errFile
	}
	if part == "" {
		return &position{segment: n, whole: true}, nil
	}
	p, err := strconv.ParseUint(part, 10, 16)
	if err != nil {
		return nil, errFile
	}
	return &position{segment: n, part: int(p)}, nil
}

// find returns a file's content; ready is nil then. Else it is to come: another try makes
// sense once ready is closed.
func (m *muxer) find(f file) (content [][]byte, ready <-chan struct{}, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	listing := f.kind == Index || f.kind == playlist
	switch {
	case m.closed, !listing && f.name != m.name:
		return nil, nil, errFile
	case listing:
		if m.ahead(f.wanted) {
			return nil, nil, errFile
		}
		// Players that know no parts give up where there is no whole segment yet.
		if !m.has(f.wanted) || f.kind == Index && m.next().segment == m.begun {
			return nil, m.changed, nil
		}
		if f.kind == Index {
			return [][]byte{m.index()}, nil, nil
		}
		return [][]byte{m.playlist()}, nil, nil
	case f.kind == kindPart && f.id == m.nextPart:
		return nil, m.changed, nil // the preload hint names it
	}
	return m.media(f)
}

// media finds an init segment, part or segment. The lock is held.
func (m *muxer) media(f file) (content [][]byte, ready <-chan struct{}, err error) {
	if f.kind == kindInitial {
		if b, ok := m.initials[f.id]; ok {
			return [][]byte{b}, nil, nil
		}
		return nil, nil, errFile
	}
	for i, s := range m.segments {
		if s == nil || f.kind == kindSegment && (f.id != s.number || i == len(m.segments)-1) {
			continue
		}
		for _, p := range s.parts {
			if f.kind == kindSegment {
				content = append(content, p.data)
			} else if p.id == f.id {
				return [][]byte{p.data}, nil, nil
			}
		}
	}
	if content == nil {
		return nil, nil, errFile
	}
	return content, nil, nil
}

// next is the segment that grows, by its number, and how many parts it has.
func (m *muxer) next() position {
	for i := len(m.segments) - 1; i >= 0; i-- {
		if s := m.segments[i]; s != nil && i == len(m.segments)-1 {
			return position{segment: s.number, part: len(s.parts)}
		} else if s != nil {
			return position{segment: s.number + 1}
		}
	}
	return position{segment: m.begun}
}

// has reports whether the part that a playlist waits for is there; nil: any is.
func (m *muxer) has(p *position) bool {
	now := m.next()
	switch {
	case now.segment == m.begun && now.part == 0:
		return false
	case p == nil, p.segment < now.segment:
		return true
	}
	return !p.whole && p.segment == now.segment && p.part < now.part
}

// ahead reports a part that is too far ahead to wait for.
func (m *muxer) ahead(p *position) bool {
	return p != nil && p.segment > m.next().segment+1
}

// index is the playlist that leads to the other one.
func (m *muxer) index() []byte {
	size, ticks := 0, media.Ticks90k(0)
	for _, s := range m.segments {
		if s != nil {
			size, ticks = size+s.size, ticks+s.ticks
		}
	}
	rate := int64(size) * 8 * media.TicksPerSecond / max(int64(ticks), media.TicksPerSecond/2)
	return fmt.Appendf(nil, "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-STREAM-INF:BANDWIDTH=%d,CODECS=\"avc1.%02x%02x%02x\"\n%s\n", max(rate, 1), m.sps[1], m.sps[2], m.sps[3], playlist)
}

// playlist lists what there is (RFC 8216 and its second edition, for parts).
func (m *muxer) playlist() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:%d\n", targetSeconds)
	fmt.Fprintf(&b, "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=%s\n#EXT-X-PART-INF:PART-TARGET=%s\n", seconds(3*partTarget), seconds(partTarget))
	fmt.Fprintf(&b, "#EXT-X-MEDIA-SEQUENCE:%d\n#EXT-X-DISCONTINUITY-SEQUENCE:%d\n", m.segments[0].number, m.older)
	for i, s := range m.segments {
		if s != nil {
			m.list(&b, s, i)
		}
	}
	fmt.Fprintf(&b, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"%s\"\n", m.file(kindPart, m.nextPart))
	return b.Bytes()
}

// list writes the segment at i, with its parts where it is one of the newest.
func (m *muxer) list(b *bytes.Buffer, s *segment, i int) {
	if s.fresh {
		b.WriteString("#EXT-X-DISCONTINUITY\n")
	}
	if i == 0 || s.fresh {
		fmt.Fprintf(b, "#EXT-X-MAP:URI=\"%s\"\n", m.file(kindInitial, s.initial))
	}
	fmt.Fprintf(b, "#EXT-X-PROGRAM-DATE-TIME:%s\n", s.begins.UTC().Format("2006-01-02T15:04:05.000Z"))
	if i >= len(m.segments)-3 {
		for _, p := range s.parts {
			fmt.Fprintf(b, "#EXT-X-PART:DURATION=%s,URI=\"%s\"%s\n", seconds(p.ticks), m.file(kindPart, p.id), independent(p))
		}
	}
	if i < len(m.segments)-1 {
		fmt.Fprintf(b, "#EXTINF:%s,\n%s\n", seconds(s.ticks), m.file(kindSegment, s.number))
	}
}

func independent(p part) string {
	if p.independent {
		return ",INDEPENDENT=YES"
	}
	return ""
}

func (m *muxer) file(kind string, id uint64) string {
	return fmt.Sprintf("%s-%s-%d.mp4", kind, m.name, id)
}

func seconds(t media.Ticks90k) string {
	return strconv.FormatFloat(cmp.Or(t.Duration(), time.Nanosecond).Seconds(), 'f', 5, 64)
}
