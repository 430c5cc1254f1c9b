package pipeline

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/accelerate"
	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/hardware/av"
)

// Lockdown takes from the process what it no longer needs, save what the
// accelerator of this name does (empty: none), and names the layers in force.
type Lockdown func(accelerator string) ([]string, error)

// incoming is one message from the supervisor and when it came.
type incoming struct {
	kind    wire.Kind
	body    []byte
	arrived time.Time
}

const (
	// inboxSize bounds what waits for the pipeline. Beyond it the pipe fills and
	// the supervisor's own queue decides what to drop.
	inboxSize = 32
	// aheadSize bounds the settings and requests that wait.
	aheadSize = 4
	// outboxSize bounds the results that wait for the pipe.
	outboxSize = 32
)

// Serve runs a worker: Hello in, initialise, lock down, Ready out, then
// access units in and results out until `in` ends. It returns nil when the supervisor
// ended the conversation.
func Serve(in io.ReadCloser, out io.Writer, lock Lockdown) error {
	w := wire.NewWriter(out)
	r := wire.NewReader(in)
	p, live, err := prepare(r, w, lock)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		w.Write(wire.KindFailed, failedBody(err))
		return err
	}
	defer p.Close()
	return exchange(p, live, in, r, w)
}

// prepare answers Hello with Ready; only then does anybody read an access unit.
func prepare(r *wire.Reader, w *wire.Writer, lock Lockdown) (p *Pipeline, live bool, err error) {
	hello, err := readHello(r)
	if err != nil {
		return nil, false, err
	}
	if p, err = openAll(hello); err != nil {
		return nil, false, err
	}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	layers, err := lock(hello.Use.Accelerator)
	if err != nil {
		return p, false, wire.Failure{Code: wire.FailLockdown, Err: fmt.Errorf("locking down: %w", err)}
	}
	ready := wire.Ready{Build: wire.BuildID, ModelHash: yunet.SHA256, Layers: layers,
		Libraries: detector.Version() + ", " + av.Version()}
	ready.Decoder, ready.Encoder = p.cfg.Accelerator.Names()
	if hello.Trial {
		if ready.Trial, err = p.cfg.Accelerator.Try(p.dec); err != nil {
			return p, false, fmt.Errorf("trying %s: %w", hello.Use.Accelerator, err)
		}
	}
	return p, hello.Live, w.Write(wire.KindReady, wire.MarshalJSONBody(ready))
}

// readHello reads the first message.
func readHello(r *wire.Reader) (hello wire.Hello, err error) {
	kind, body, err := r.Next()
	if err != nil {
		return hello, err
	}
	if kind != wire.KindHello {
		return hello, wire.Failure{Code: wire.FailWire, Err: fmt.Errorf("expected a hello, got kind %d", kind)}
	}
	if err := wire.UnmarshalJSONBody(body, &hello); err != nil {
		return hello, wire.Failure{Code: wire.FailWire, Err: err}
	}
	if hello.Build != wire.BuildID {
		return hello, wire.Failure{Code: wire.FailBuild, Err: fmt.Errorf("bauta-worker is build %s, bauta is build %s: install both from one release", wire.BuildID, hello.Build)}
	}
	return hello, nil
}

// openAll opens the network, the codecs and the devices.
func openAll(hello wire.Hello) (*Pipeline, error) {
	av.Quiet()
	av.ReturnMemory()
	finder, err := detect.NewModel()
	if err != nil {
		return nil, wire.Failure{Code: wire.FailModel, Err: err}
	}
	var p *Pipeline
	unit, err := accelerate.Open(hello.Use, hello.Codec)
	if err == nil {
		p, err = New(Config{Codec: hello.Codec, Live: hello.Live, Settings: hello.Settings, Shape: hello.Shape, Recorded: hello.Recorded, Finder: finder, Accelerator: unit})
	}
	if err != nil {
		finder.Close()
		unit.Close()
		return nil, coded(wire.FailCodec, err)
	}
	return p, nil
}

// coded gives an error a code unless it has one.
func coded(code wire.FailCode, err error) wire.Failure {
	var f wire.Failure
	if errors.As(err, &f) {
		return f
	}
	return wire.Failure{Code: code, Err: err}
}

// failedBody is the body of Failed.
func failedBody(err error) []byte {
	f := coded(wire.FailUnknown, err)
	return wire.MarshalJSONBody(wire.Failed{Code: f.Code, Text: f.Error()})
}

// exchange runs the loop between one reader and one writer goroutine and
// waits for both.
func exchange(p *Pipeline, live bool, in io.Closer, r *wire.Reader, w *wire.Writer) error {
	s := &server{p: p, live: live, in: make(chan incoming, inboxSize), ahead: make(chan incoming, aheadSize), out: make(chan Message, outboxSize),
		stop: make(chan struct{}), broken: make(chan struct{})}
	var reader, writer sync.WaitGroup
	reader.Go(func() { s.read(r) })
	writer.Go(func() { s.write(w) })
	err := s.loop()
	if f := coded(wire.FailUnknown, err); err != nil && f.Code != wire.FailUnknown {
		_ = s.send(Message{wire.KindFailed, failedBody(err)}) // or the supervisor is gone
	}
	close(s.out)
	writer.Wait()
	close(s.stop)
	in.Close() // ends a read that waits
	reader.Wait()
	if err == nil && !errors.Is(s.readErr, io.EOF) {
		err = s.readErr
	}
	if errors.Is(err, io.ErrClosedPipe) || errors.Is(err, os.ErrClosed) {
		return nil // the supervisor closed its side, which is how it ends the conversation
	}
	return err
}

type server struct {
	p       *Pipeline
	live    bool
	in      chan incoming
	ahead   chan incoming // settings and requests: they do not wait behind units
	out     chan Message
	stop    chan struct{} // closed when nobody takes from in any more
	broken  chan struct{} // closed when nothing can be written any more
	readErr error
}

func (s *server) read(r *wire.Reader) {
	defer close(s.in)
	for {
		kind, body, err := r.Next()
		if err != nil {
			s.readErr = err
			return
		}
		select {
		case s.lane(kind, body) <- incoming{kind, body, time.Now()}:
		case <-s.stop:
			return
		}
	}
}

// lane is where a message waits. A withdrawal must not wait behind frames that
// show the face; an End comes after all of them, and so does all in a file.
func (s *server) lane(kind wire.Kind, body []byte) chan<- incoming {
	var c wire.Control
	if s.live && kind == wire.KindControl && wire.UnmarshalJSONBody(body, &c) == nil && !c.End {
		return s.ahead
	}
	return s.in
}

func (s *server) write(w *wire.Writer) {
	ok := true
	for m := range s.out {
		if !ok {
			continue
		}
		if err := w.Write(m.Kind, m.Body); err != nil {
			ok = false
			close(s.broken)
		}
	}
}

func (s *server) emit(r wire.Result) error {
	for _, m := range append(s.p.Messages(), Message{wire.KindResult, r.Marshal()}) {
		if err := s.send(m); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) send(m Message) error {
	select {
	case s.out <- m:
		return nil
	case <-s.broken:
		return io.ErrClosedPipe
	}
}

// loop owns the pipeline. It ends when the supervisor says so or is gone.
func (s *server) loop() error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case m, ok := <-s.in:
			if !ok {
				return nil
			}
			if err := s.handleUrgent(); err != nil {
				return err
			}
			if end, err := s.handle(m); end || err != nil {
				return err
			}
		case m := <-s.ahead:
			if _, err := s.handle(m); err != nil {
				return err
			}
		case now := <-timer.C:
			if err := s.p.Expire(now, s.emit); err != nil {
				return err
			}
		}
		if left := s.p.Due(time.Now()); s.live && left >= 0 {
			timer.Reset(left)
		}
	}
}

// handleUrgent handles what came ahead of the units: what was sent before a unit
// holds for it.
func (s *server) handleUrgent() error {
	for {
		select {
		case m := <-s.ahead:
			if _, err := s.handle(m); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

func (s *server) handle(m incoming) (end bool, err error) {
	switch m.kind {
	case wire.KindUnit:
		u, err := wire.UnmarshalUnit(m.body)
		if err != nil {
			return false, err
		}
		return false, s.p.Push(u, m.arrived, s.emit)
	case wire.KindControl:
		var c wire.Control
		if err := wire.UnmarshalJSONBody(m.body, &c); err != nil {
			return false, err
		}
		return s.control(c)
	}
	return false, fmt.Errorf("unexpected message of kind %d", m.kind)
}

func (s *server) control(c wire.Control) (end bool, err error) {
	if c.Settings != nil {
		if err := s.p.Apply(*c.Settings); err != nil {
			return false, err
		}
	}
	if c.Keyframe {
		s.p.RequestKeyframe()
	}
	if c.SubKeyframe {
		s.p.RequestSubKeyframe()
	}
	if c.Snapshot {
		// A supervisor that is gone shows with the next result.
		s.p.RequestSnapshot(func(jpeg []byte) { _ = s.send(Message{wire.KindSnapshot, jpeg}) })
	}
	if c.End {
		return true, s.p.End(s.emit)
	}
	return false, nil
}
