// Command bauta-worker is the process in which decoded frames live. The
// supervisor starts it, one for each camera, with a pipe on descriptor 3 to read from
// and one on descriptor 4 to write to; nobody runs it by hand.
package main

import (
	"fmt"
	"os"
	"syscall"

	"github.com/bauta-gateway/bauta/anonymize/pipeline"
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
