package sealed

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Times that a sealing process may take before it counts as dead: to open its file, to take
// what is written to it, and to end.
const (
	openWithin  = 15 * time.Second
	writeWithin = 20 * time.Second
	endWithin   = 20 * time.Second
)

// segment is one sealing process at work.
type segment struct {
	header  sealed.Header
	lock    []string // the layers around the process
	cmd     *exec.Cmd
	in, out *os.File
	replies *bufio.Scanner
	frame   []byte
	first   time.Time // when its first access unit came
	last    time.Time
	units   int
	bytes   int64
}

// faultError is what a sealing process said.
type faultError struct{ word, detail string }

func (f faultError) Error() string { return "sealing process: " + f.word + ": " + f.detail }

// faultOf is one of process's Fault words; where the process died, there is none.
func faultOf(err error) string {
	var f faultError
	errors.As(err, &f)
	return f.word
}

// begin starts a process and has it open the segment's file.
func begin(program []string, s process.Start) (*segment, error) {
	inside, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, outside, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, inside.Close(), in.Close())
	}
	g := &segment{header: s.Header, in: in, out: out, replies: bufio.NewScanner(out)}
	g.cmd = exec.Command(program[0], program[1:]...)
	g.cmd.Env = []string{"LANG=C", "GOMAXPROCS=1"}
	g.cmd.ExtraFiles = []*os.File{inside, outside}
	// The build for the search of keys tells them here; any other says nothing.
	g.cmd.Stderr = os.Stderr
	// A group of its own: a terminal's Ctrl-C is for the gateway, which ends the segment.
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = g.cmd.Start()
	inside.Close()
	outside.Close()
	if err != nil {
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	line, err := json.Marshal(s)
	if err == nil {
		g.in.SetWriteDeadline(time.Now().Add(openWithin))
		_, err = g.in.Write(append(line, '\n'))
	}
	if err == nil {
		var said process.Reply
		said, err = g.reply(openWithin)
		g.lock = said.Lock
	}
	if err != nil {
		g.abort()
		return nil, err
	}
	return g, nil
}

// reply waits for the next line of the process.
func (g *segment) reply(within time.Duration) (process.Reply, error) {
	g.out.SetReadDeadline(time.Now().Add(within))
	var r process.Reply
	if !g.replies.Scan() {
		return r, fmt.Errorf("sealing process: %w", errors.Join(errors.New("no answer"), g.replies.Err()))
	}
	if err := json.Unmarshal(g.replies.Bytes(), &r); err != nil {
		return r, fmt.Errorf("sealing process: %w", err)
	}
	if r.Fault != "" {
		return r, faultError{r.Fault, r.Detail}
	}
	return r, nil
}

// write hands an access unit over.
func (g *segment) write(u media.Raw, at time.Time) error {
	var err error
	if g.frame, err = sealed.AppendUnit(g.frame[:0], u); err != nil {
		return err
	}
	if g.units == 0 {
		g.first = at
	}
	g.last = at
	g.units++
	g.bytes += int64(len(g.frame))
	return g.send()
}

func (g *segment) send() error {
	g.in.SetWriteDeadline(time.Now().Add(writeWithin))
	_, err := g.in.Write(g.frame)
	return err
}

// end has the process end the segment, which lasted until then.
func (g *segment) end(why string, until time.Time) (process.Reply, error) {
	b, err := json.Marshal(process.End{Trailer: sealed.Trailer{Length: until.Sub(g.first).Milliseconds(), End: why}})
	if err == nil {
		g.frame = binary.BigEndian.AppendUint32(g.frame[:0], uint32(len(b))|process.EndFlag)
		g.frame = append(g.frame, b...)
		err = g.send()
	}
	// Where the process has ended already, it said why.
	r, said := g.reply(endWithin)
	if said != nil {
		g.abort()
		return r, said
	}
	if err != nil {
		g.abort()
		return r, err
	}
	g.in.Close()
	g.out.Close()
	return r, g.cmd.Wait()
}

// abort ends the process at once and reaps it.
func (g *segment) abort() {
	g.cmd.Process.Kill()
	g.in.Close()
	g.out.Close()
	g.cmd.Wait()
}
