// Package wire is the protocol between the supervisor and a worker, over two pipes.
//
// A message is a kind (1 byte), the body's length (4 bytes, big endian) and the
// body. The supervisor sends Hello once, then Units and Controls; the worker
// sends Ready (or Failed) once, then one Result for each Unit, in the order in
// which frames leave, with Notices, Decisions and Snapshots in between. A closed pipe
// means that the other side is gone.
//
// It has no goroutine: each side owns one Reader and one Writer. It carries no name, and no
// unmasked frame from the worker.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kind is what a message's body is.
type Kind uint8

// The kinds. Numbers are fixed; 0 is never sent.
const (
	KindHello    Kind = iota + 1 // supervisor: JSON of Hello
	KindReady                    // worker: JSON of Ready
	KindFailed                   // worker: JSON of Failed, then it exits
	KindUnit                     // supervisor: one access unit
	KindControl                  // supervisor: JSON of Control
	KindResult                   // worker: one record, with the frame where Masked
	KindNotice                   // worker: JSON of Notice
	KindDecision                 // worker: JSON of Decision
	KindSnapshot                 // worker: a JPEG of a masked frame, once for each Control.Snapshot
)

// MaxBody is the largest body in bytes: an uncompressed 4K frame fits.
const MaxBody = 32 << 20

const headerSize = 5

// Errors of reading. Both are fatal to the connection: what follows on the
// pipe cannot be trusted.
var (
	ErrTooLarge = errors.New("message larger than the limit")
	ErrCorrupt  = errors.New("corrupt message")
)

// Reader reads messages. One goroutine only.
type Reader struct {
	r io.Reader
}

// NewReader reads from r.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Next returns the next message. The body is the caller's to keep. io.EOF means
// that the other side closed between two messages, io.ErrUnexpectedEOF that it
// ended within one.
func (r *Reader) Next() (Kind, []byte, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		return 0, nil, err
	}
	kind, n := Kind(head[0]), binary.BigEndian.Uint32(head[1:])
	if kind == 0 || kind > KindSnapshot {
		return 0, nil, fmt.Errorf("kind %d: %w", kind, ErrCorrupt)
	}
	if n > MaxBody {
		return 0, nil, fmt.Errorf("%d bytes: %w", n, ErrTooLarge)
	}
	body, err := r.body(int(n))
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return kind, body, err
}

// body reads n bytes; it trusts the claimed length only one megabyte at a
// time, so that a false length cannot make it allocate 32 of them.
func (r *Reader) body(n int) ([]byte, error) {
	const step = 1 << 20
	body := make([]byte, 0, min(n, step))
	for len(body) < n {
		at := len(body)
		body = append(body, make([]byte, min(step, n-at))...)
		if _, err := io.ReadFull(r.r, body[at:]); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// Writer writes messages. One goroutine only.
type Writer struct {
	w   io.Writer
	buf []byte
}

// NewWriter writes to w, one Write call a message.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write sends one message whose body is the parts in a row.
func (w *Writer) Write(kind Kind, parts ...[]byte) error {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n > MaxBody {
		return fmt.Errorf("%d bytes: %w", n, ErrTooLarge)
	}
	w.buf = append(w.buf[:0], byte(kind))
	w.buf = binary.BigEndian.AppendUint32(w.buf, uint32(n))
	for _, p := range parts {
		w.buf = append(w.buf, p...)
	}
	_, err := w.w.Write(w.buf)
	return err
}
