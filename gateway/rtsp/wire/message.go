package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Bounds on what is read of a camera.
const (
	maxLine    = 8 << 10
	maxHeaders = 128
	maxBody    = 256 << 10
	maxGarbage = 4 << 20 // bytes between two things that can be read
	maxBefore  = 512     // bytes before the first answer that are no RTSP
)

// NotRTSPError is an answer in another protocol. Line is its beginning, for people.
type NotRTSPError struct{ Line string }

func (e *NotRTSPError) Error() string { return fmt.Sprintf("the answer is no RTSP: %q", e.Line) }

// HTTP reports whether it is one of a web server.
func (e *NotRTSPError) HTTP() bool { return strings.HasPrefix(e.Line, "HTTP/") }

var errGarbage = errors.New("what the camera sends cannot be read")

// message is a request or an answer.
type message struct {
	status         int    // of an answer; 0: a request
	phrase         string // of an answer
	method, target string // of a request
	header         header
	body           []byte
}

// header keeps a message's lines as they came; names are compared without case.
type header []headerLine

type headerLine struct{ name, value string }

// get is the first value of that name.
func (h header) get(name string) (string, bool) {
	for _, l := range h {
		if strings.EqualFold(l.name, name) {
			return l.value, true
		}
	}
	return "", false
}

func (h header) all(name string) []string {
	var out []string
	for _, l := range h {
		if strings.EqualFold(l.name, name) {
			out = append(out, l.value)
		}
	}
	return out
}

// reader reads what a camera sends, as it sends it.
type reader struct {
	br      *bufio.Reader
	frame   [4 + 1<<16]byte
	spoke   bool // a message has been read
	skipped int  // bytes of garbage since the latest thing that could be read

	// video is the channel of the video's packets, -1 while there is none; the next one is its RTCP's.
	video int
}

func newReader(r io.Reader) *reader {
	return &reader{br: bufio.NewReaderSize(r, 16<<10), video: -1}
}

// next returns an interleaved frame with its head (valid until the next call) or a message. What is
// neither is skipped: some cameras leave bytes between frames.
func (r *reader) next() (frame []byte, m *message, err error) {
	for {
		first, err := r.br.Peek(1)
		if err != nil {
			return nil, nil, err
		}
		if first[0] == '$' {
			ok, err := r.plausible()
			if err != nil {
				return nil, nil, err
			}
			if ok {
				frame, err := r.readFrame()
				return frame, nil, err
			}
		} else if kind := r.begins(first[0]); kind != nothing {
			m, err := r.readMessage(kind)
			if m != nil || err != nil {
				return nil, m, err
			}
			continue
		}
		if err := r.skip(); err != nil {
			return nil, nil, err
		}
	}
}

// plausible reports whether a frame begins here. After garbage only the video's own is
// believed, and that only where it looks like RTP.
func (r *reader) plausible() (bool, error) {
	head, err := r.br.Peek(4)
	if err != nil {
		return false, err
	}
	size := int(binary.BigEndian.Uint16(head[2:]))
	own := r.video >= 0 && (int(head[1]) == r.video || int(head[1]) == r.video+1)
	if !own || size == 0 {
		return r.skipped == 0, nil
	}
	head, err = r.br.Peek(5)
	return err == nil && head[4]>>6 == 2, err // the version of RTP and RTCP
}

func (r *reader) readFrame() ([]byte, error) {
	if _, err := io.ReadFull(r.br, r.frame[:4]); err != nil {
		return nil, err
	}
	frame := r.frame[:4+int(binary.BigEndian.Uint16(r.frame[2:4]))]
	_, err := io.ReadFull(r.br, frame[4:])
	r.skipped = 0
	return frame, err
}

type beginning int

const (
	nothing beginning = iota
	answer
	request
)

// requests are those that cameras were seen to send.
var requests = []string{"OPTIONS ", "ANNOUNCE", "SET_PARA", "GET_PARA", "REDIRECT", "TEARDOWN", "PLAY_NOT", "DESCRIBE", "PAUSE rt"}

// begins tells what begins with this byte, as far as the next seven say.
func (r *reader) begins(first byte) beginning {
	if first < 'A' || first > 'Z' {
		return nothing
	}
	head, err := r.br.Peek(8)
	if err != nil {
		return nothing
	}
	if bytes.HasPrefix(head, []byte("RTSP/")) {
		return answer
	}
	for _, name := range requests {
		if string(head) == name {
			return request
		}
	}
	return nothing
}

// skip leaves out a byte. Before the first answer a whole line of something else is another protocol.
func (r *reader) skip() error {
	b, err := r.br.ReadByte()
	if err != nil {
		return err
	}
	if r.skipped++; r.skipped > maxGarbage {
		return errGarbage
	}
	if r.spoke || b == '\r' || b == '\n' {
		return nil
	}
	line, err := r.br.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) && len(line) == 0 {
		return err
	}
	return &NotRTSPError{excerpt(append([]byte{b}, line...))}
}

// excerpt is the beginning of what was read, as printable text.
func excerpt(b []byte) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, string(b[:min(len(b), 60)]))
	return strings.TrimRight(s, ".")
}

var (
	statusLine  = regexp.MustCompile(`^RTSP/[0-9.]+[ \t]+([1-9][0-9]{2})[ \t]*(.*)$`)
	requestLine = regexp.MustCompile(`^([A-Z_]+)[ \t]+(\S+)[ \t]+RTSP/[0-9.]+[ \t]*$`)
)

// readMessage returns nil for a line that only looked like the beginning of one.
func (r *reader) readMessage(kind beginning) (*message, error) {
	line, err := r.line()
	if err != nil {
		return nil, err
	}
	var m message
	if kind == answer {
		found := statusLine.FindStringSubmatch(line)
		if found == nil {
			r.skipped += len(line)
			return nil, nil
		}
		m.status, _ = strconv.Atoi(found[1])
		m.phrase = found[2]
	} else {
		found := requestLine.FindStringSubmatch(line)
		if found == nil {
			r.skipped += len(line)
			return nil, nil
		}
		m.method, m.target = found[1], found[2]
	}
	if m.header, err = r.readHeader(); err != nil {
		return nil, err
	}
	if m.body, err = r.readBody(m.header); err != nil {
		return nil, err
	}
	r.spoke, r.skipped = true, 0
	return &m, nil
}

// line reads one without its end, which may be a line feed alone.
func (r *reader) line() (string, error) {
	var out []byte
	for len(out) <= maxLine {
		part, err := r.br.ReadSlice('\n')
		out = append(out, part...)
		if err == nil {
			return strings.TrimRight(string(out), "\r\n"), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
	return "", errGarbage
}

func (r *reader) readHeader() (header, error) {
	var h header
	for range maxHeaders {
		line, err := r.line()
		if err != nil || line == "" {
			return h, err
		}
		if name, value, ok := strings.Cut(line, ":"); ok {
			h = append(h, headerLine{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return nil, errGarbage
}

// readBody reads as many bytes as the header says, and where that is too few for a description
// what is left of it and has come already.
func (r *reader) readBody(h header) ([]byte, error) {
	text, _ := h.get("Content-Length")
	size, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		size = 0
	}
	if size > maxBody {
		return nil, errGarbage
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r.br, body); err != nil {
		return nil, err
	}
	kind, _ := h.get("Content-Type")
	for strings.Contains(strings.ToLower(kind), "sdp") && len(body) < maxBody && r.sdpGoesOn() {
		line, err := r.line()
		if err != nil {
			return nil, err
		}
		body = append(body, line+"\n"...)
	}
	return body, nil
}

// sdpGoesOn reports whether the rest of a description's line, or another one, lies in the buffer: it
// begins in lower case, as no message and no frame does.
func (r *reader) sdpGoesOn() bool {
	n := r.br.Buffered()
	if n < 2 {
		return false
	}
	b, _ := r.br.Peek(n)
	end := bytes.IndexByte(b, '\n')
	return end > 0 && b[0] >= 'a' && b[0] <= 'z' && bytes.IndexByte(b[:end], '=') == 1
}
