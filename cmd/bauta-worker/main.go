// Command bauta-worker is the process in which decoded pictures live. The
// supervisor starts it, one for each camera, with a pipe on descriptor 3 to read from
// and one on descriptor 4 to write to; nobody runs it by hand.
package main

import (
	"fmt"
	"os"
	"syscall"

	"github.com/bauta-gateway/bauta/anonymize/pipeline"
	"github.com/bauta-gateway/bauta/anonymize/sandbox"
)

const (
	fromSupervisor = 3
	toSupervisor   = 4
)

func main() {
	in, err := pipe(fromSupervisor)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bauta-worker is started by bauta and does nothing by itself; run `bauta --help`")
		os.Exit(2)
	}
	out, err := pipe(toSupervisor)
	if err == nil {
		err = pipeline.Serve(in, out, lock)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bauta-worker:", err)
		os.Exit(1)
	}
}

// pipe takes over a descriptor. It is made non-blocking so that closing it
// ends a read that waits.
func pipe(fd int) (*os.File, error) {
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFIFO {
		return nil, fmt.Errorf("descriptor %d is no pipe", fd)
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), fmt.Sprintf("pipe %d", fd)), nil
}

// headroom bounds what a worker may map beyond its size when it is ready. 4K
// H.265 of 10 bits at 60 pictures a second, held back for the longest look-ahead of
// a second, was measured to take 1.15 GB of it; the largest picture that a worker
// takes, 4096 x 4096, needs about twice as much.
const headroom = 3 << 30

// lock gives up all that a worker no longer needs once its model and codecs are open.
func lock(accelerator string) ([]string, error) {
	return sandbox.Lock(sandbox.Options{Headroom: headroom, Accelerator: accelerator})
}
