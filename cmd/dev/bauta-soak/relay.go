package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The daemon under test is set up to start its workers under relayName. That is
// this very program, which starts the real worker, passes all frames between
// the two on and writes down what it saw: which NAL units the worker vouched
// for and which the camera sent. The sandbox, the handshake and the process
// tree stay real; only one process more stands in between.
const (
	relayName  = "bauta-worker"
	realName   = "worker"
	recordsDir = "records"
)

// Descriptors of a worker, as the supervisor hands them over.
const (
	fromSupervisor = 3
	toSupervisor   = 4
)

// Kinds of entries in a record.
const (
	vouched = 'v' // of a result that says Masked
	raw     = 'r' // of a camera's access unit
)

// minRaw is the least size of a camera's NAL unit that counts: shorter
// ones are parameter sets and frames of nothing, which two encoders may well
// make alike.
const minRaw = 64

// entrySize is a kind and the first eight bytes of a NAL unit's SHA-256.
const entrySize = 9

type digest uint64

func digestOf(nalu []byte) digest {
	sum := sha256.Sum256(nalu)
	return digest(binary.BigEndian.Uint64(sum[:8]))
}

// recorder appends entries to this relay's file. Each call of write is one
// system call: an entry is whole and seen by others at once.
type recorder struct {
	mu   sync.Mutex
	file *os.File
	dir  string
	seen map[digest]bool // of raw ones: a clip repeats itself
}

// begin opens the file once the camera is known.
func (r *recorder) begin(hello wire.Hello) error {
	name := fmt.Sprintf("%s.%d.*", hello.Camera, os.Getpid())
	f, err := os.CreateTemp(filepath.Join(r.dir, recordsDir), name)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.file = f
	return nil
}

func (r *recorder) write(kind byte, nalus [][]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var entries []byte
	for _, n := range nalus {
		d := digestOf(n)
		if kind == raw && (len(n) < minRaw || r.seen[d]) {
			continue
		}
		if kind == raw {
			r.seen[d] = true
		}
		entries = binary.BigEndian.AppendUint64(append(entries, kind), uint64(d))
	}
	if len(entries) == 0 {
		return nil
	}
	if r.file == nil {
		return errors.New("a frame before the greeting")
	}
	_, err := r.file.Write(entries)
	return err
}

// down notes what goes to the worker.
func (r *recorder) down(kind wire.Kind, body []byte) error {
	switch kind {
	case wire.KindHello:
		var hello wire.Hello
		if err := wire.UnmarshalJSONBody(body, &hello); err != nil {
			return err
		}
		return r.begin(hello)
	case wire.KindUnit:
		u, err := wire.UnmarshalUnit(body)
		if err != nil {
			return err
		}
		return r.write(raw, u.NALUs)
	}
	return nil
}

// up notes what the worker says, before the supervisor gets it.
func (r *recorder) up(kind wire.Kind, body []byte) error {
	if kind != wire.KindResult {
		return nil
	}
	res, err := wire.UnmarshalResult(body)
	if err != nil || res.Record.Code != media.Masked {
		return nil // to decide that is the supervisor's
	}
	return r.write(vouched, res.NALUs)
}

// runRelay is the whole of the relay; it returns its exit code.
func runRelay() int {
	// The worker dies with the thread that started it: see Pdeathsig.
	runtime.LockOSThread()
	code, err := relay(filepath.Dir(os.Args[0]))
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak relay:", err)
		return 1
	}
	return code
}

func relay(dir string) (int, error) {
	in, out := os.NewFile(fromSupervisor, "from the supervisor"), os.NewFile(toSupervisor, "to the supervisor")
	syscall.CloseOnExec(fromSupervisor)
	syscall.CloseOnExec(toSupervisor)
	workerIn, toWorker, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	fromWorker, workerOut, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(filepath.Join(dir, realName))
	cmd.ExtraFiles, cmd.Stderr = []*os.File{workerIn, workerOut}, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	workerIn.Close()
	workerOut.Close()
	r := &recorder{dir: dir, seen: map[digest]bool{}}
	go func() { // ends with the process at the latest
		pass(in, toWorker, r.down)
		toWorker.Close()
	}()
	failed := pass(fromWorker, out, r.up)
	if failed != nil {
		cmd.Process.Kill() // nothing may pass that is not written down
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), failed
	}
	return 0, errors.Join(err, failed)
}

// pass hands frames on, each after it was noted.
func pass(from io.Reader, to io.Writer, note func(wire.Kind, []byte) error) error {
	r, w := wire.NewReader(bufio.NewReaderSize(from, 64<<10)), wire.NewWriter(to)
	for {
		kind, body, err := r.Next()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err == nil {
			err = note(kind, body)
		}
		if err == nil {
			err = w.Write(kind, body)
		}
		if err != nil {
			return err
		}
	}
}
