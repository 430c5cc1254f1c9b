package worker

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

// message is one frame from the child.
type message struct {
	kind wire.Kind
	body []byte
}

// source hands the writer its frames one by one; ok false ends the writing,
// and the child's input is closed. It must return soon after quit is closed.
type source func(quit <-chan struct{}) (m message, ok bool)

// stages are the waits before each harder way to end a child: before its
// input is closed, before SIGTERM and before SIGKILL.
type stages struct{ close, term, kill time.Duration }

var (
	// politely lets the child flush what it has; the writer sends End first.
	politely = stages{time.Second, 500 * time.Millisecond, 500 * time.Millisecond}
	// hurried is for a child whose output ended: it is ending or of no use, but
	// its final output and exit code are worth a moment.
	hurried = stages{0, 250 * time.Millisecond, 250 * time.Millisecond}
	// patiently is for one that did its work and only has to exit.
	patiently = stages{0, 10 * time.Second, time.Second}
	// atOnce is for one that broke the rules or hangs.
	atOnce = stages{}
)

// child is one worker process and the goroutines around it: the keeper of the
// process, the reader, the writer, the reader of its error output and the one
// that ends it. gone is closed when all of them are through.
type child struct {
	cmd    *exec.Cmd
	around []string // layers of its lock-down that it cannot know of

	in   *os.File // written by the writer, closed by it or by the stages
	out  *os.File
	errs *os.File

	messages chan message  // closed at the end of the child's output
	ignoring chan struct{} // closed by ignore: messages are thrown away
	quit     chan stages   // holds the stages once stop was called
	quitting chan struct{} // closed then
	reaped   chan struct{}
	gone     chan struct{}

	stopOnce, ignoreOnce sync.Once

	mu      sync.Mutex
	readErr error     // why messages ended
	exit    error     // of Wait
	writing time.Time // since when a write waits for the child, zero if none
}

// launch starts the program and its goroutines. What the child says on its
// error output goes to log as far as lines allows.
func launch(p program, src source, log *slog.Logger, lines *allowance) (*child, error) {
	path, err := filepath.Abs(p.path)
	if err != nil {
		return nil, fmt.Errorf("worker program: %w", err)
	}
	p.path = path
	c := &child{
		messages: make(chan message, 4),
		ignoring: make(chan struct{}),
		quit:     make(chan stages, 1),
		quitting: make(chan struct{}),
		reaped:   make(chan struct{}),
		gone:     make(chan struct{}),
	}
	sealOnce.Do(sealInherited)
	theirs, err := c.pipes()
	if err != nil {
		return nil, err
	}
	err = c.run(p, theirs, src, log, lines)
	closeAll(theirs)
	if err != nil {
		closeAll([]*os.File{c.in, c.out, c.errs})
		return nil, fmt.Errorf("start worker: %w", err)
	}
	return c, nil
}

var sealOnce sync.Once

// sealInherited keeps the descriptors that this process itself was started
// with from its children. All that Go opens is close-on-exec anyway.
func sealInherited() {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return // no such place: nothing more can be done
	}
	for _, entry := range list {
		if fd, err := strconv.Atoi(entry.Name()); err == nil && fd > 2 {
			syscall.CloseOnExec(fd)
		}
	}
}

// pipes makes the three pipes and returns the child's ends.
func (c *child) pipes() (theirs []*os.File, err error) {
	var ours []*os.File
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(append(ours, theirs...))
			return nil, fmt.Errorf("pipe to the worker: %w", err)
		}
		if len(ours) == 0 {
			r, w = w, r // the first one goes the other way
		}
		ours, theirs = append(ours, r), append(theirs, w)
	}
	c.in, c.out, c.errs = ours[0], ours[1], ours[2]
	return theirs, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// run starts the process with its ends of the pipes and, where that works,
// all goroutines.
func (c *child) run(p program, theirs []*os.File, src source, log *slog.Logger, lines *allowance) error {
	started := make(chan error)
	var all sync.WaitGroup
	all.Go(func() {
		c.keep(started, func() (err error) {
			c.cmd, c.around, err = p.start(func(cmd *exec.Cmd) {
				cmd.ExtraFiles, cmd.Stderr = theirs[:2], theirs[2]
			}, log)
			return err
		})
	})
	if err := <-started; err != nil {
		return err
	}
	all.Go(c.read)
	all.Go(func() { c.write(src) })
	all.Go(func() { lines.logLines(c.errs, log) })
	all.Go(c.end)
	go func() {
		all.Wait()
		closeAll([]*os.File{c.in, c.out, c.errs})
		close(c.gone)
	}()
	return nil
}

// keep starts the process and waits for it on one and the same thread, which
// nothing else uses meanwhile: Pdeathsig fires when the thread that forked
// ends, not only when the process does.
func (c *child) keep(started chan<- error, start func() error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := start()
	started <- err
	if err != nil {
		return
	}
	err = c.cmd.Wait()
	c.mu.Lock()
	c.exit = err
	c.mu.Unlock()
	// The final output is in the pipe by now; should anything but the child
	// hold it open, nobody waits for that.
	c.errs.SetReadDeadline(time.Now().Add(time.Second))
	close(c.reaped)
}

// read passes the child's frames on until its output ends.
func (c *child) read() {
	defer close(c.messages)
	r := wire.NewReader(bufio.NewReaderSize(c.out, 64<<10))
	for {
		kind, body, err := r.Next()
		if err != nil {
			c.mu.Lock()
			c.readErr = err
			c.mu.Unlock()
			return
		}
		select {
		case c.messages <- message{kind, body}:
		case <-c.ignoring:
		}
	}
}

// write sends what src gives and closes the child's input at its end.
func (c *child) write(src source) {
	defer c.in.Close()
	w := wire.NewWriter(c.in)
	for {
		m, ok := src(c.quitting)
		if !ok {
			return
		}
		c.setWriting(time.Now())
		err := w.Write(m.kind, m.body)
		c.setWriting(time.Time{})
		if err != nil {
			c.stop(hurried) // it takes no more input: of no use any longer
			return
		}
	}
}

func (c *child) setWriting(t time.Time) {
	c.mu.Lock()
	c.writing = t
	c.mu.Unlock()
}

// stuck is for how long a write has been waiting for the child to read.
func (c *child) stuck(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing.IsZero() {
		return 0
	}
	return now.Sub(c.writing)
}

// stop ends the child by these stages and returns at once; only the first call
// counts, save that atOnce always kills.
func (c *child) stop(s stages) {
	c.stopOnce.Do(func() {
		c.quit <- s
		close(c.quitting)
	})
	if s == atOnce {
		c.cmd.Process.Kill()
	}
}

// ignore throws away all further messages, so that a child that was stopped
// can go on writing while it ends.
func (c *child) ignore() {
	c.ignoreOnce.Do(func() {
		close(c.ignoring)
		c.out.SetReadDeadline(time.Now().Add(5 * time.Second)) // longer than any stages
	})
}

// end waits for stop and goes through its stages until the child is reaped.
func (c *child) end() {
	var s stages
	select {
	case <-c.reaped:
		c.stop(hurried) // lets the writer go
		c.in.Close()
		return
	case s = <-c.quit:
	}
	for _, stage := range []struct {
		wait time.Duration
		do   func()
	}{
		{s.close, func() { c.in.Close() }},
		{s.term, func() { c.cmd.Process.Signal(syscall.SIGTERM) }},
		{s.kill, func() { c.cmd.Process.Kill() }},
	} {
		timer := time.NewTimer(stage.wait)
		select {
		case <-timer.C:
			stage.do()
		case <-c.reaped:
			timer.Stop()
			c.in.Close()
			return
		}
	}
	<-c.reaped
}

// ended says how the child ended, for the log; valid once gone is closed.
func (c *child) ended() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.exit != nil {
		return c.exit.Error()
	}
	return "exit status 0"
}

// garbled is the error that ended the reading where that was no end of the
// child's output; valid once messages is closed.
func (c *child) garbled() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readErr == io.EOF || c.readErr == io.ErrUnexpectedEOF {
		return nil
	}
	return fmt.Errorf("%w: %w", errViolation, c.readErr)
}

// clean reports whether the child ended by itself after a complete last frame;
// valid once gone is closed.
func (c *child) clean() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.exit == nil && c.readErr == io.EOF
}

// layers are those of the child's lock-down, and those around it.
func (c *child) layers(own []string) []string {
	around := slices.Clone(c.around)
	if memoryClosed(c.cmd.Process.Pid) {
		around = append(around, MemoryClosed)
	}
	return append(around, own...)
}
