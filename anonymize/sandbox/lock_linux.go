//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/sandbox/seccomp"
)

// Lock puts all layers up and returns the names of those in force. Call it
// once, at the point that the package's comment describes. After an error the
// process is in an undefined state between open and closed and must exit.
func Lock(opts Options) ([]string, error) {
	// no_new_privs belongs to a thread until the filter spreads it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	warm()
	unit, err := acceleratorOf(opts.Accelerator)
	if err != nil {
		return nil, err
	}
	var layers []string
	for _, step := range []struct {
		layer string
		skip  bool
		put   func() error
	}{
		{"no_new_privs", false, func() error { return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }},
		{"not_dumpable", false, func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }},
		{"address_space", opts.Headroom == 0, func() error { return limitAddressSpace(opts.Headroom) }},
		{"rlimits", false, func() error { return limitRest(unit.files) }},
		{"landlock_fs", landlockABI() < 1, nil},
		{"landlock_net", landlockABI() < 4, nil},
		{"landlock_scope", landlockABI() < 6, nil},
		{"seccomp", false, func() error { return seccomp.Install(seccomp.Program(uint32(os.Getpid()), unit.rules())) }},
	} {
		if step.skip {
			continue
		}
		if step.put != nil {
			if err := step.put(); err != nil {
				return nil, fmt.Errorf("lock down, %s: %w", step.layer, err)
			}
		}
		layers = append(layers, step.layer)
	}
	if opts.Accelerator != "" {
		layers = append(layers, "opened_for_"+opts.Accelerator)
	}
	return layers, nil
}

// warm makes the Go runtime open now what it opens at first use: its poller's
// descriptors, which the first timer makes, and the time zone's file.
func warm() {
	time.Sleep(time.Nanosecond)
	//lint:ignore SA4017 wanted is the side effect: the time zone's file is read now
	time.Now().Zone()
}

// limitAddressSpace never raises a limit that was set from outside, for which
// the process may lack the right.
func limitAddressSpace(headroom uint64) error {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	var pages uint64
	if _, err := fmt.Sscan(string(statm), &pages); err != nil {
		return fmt.Errorf("read /proc/self/statm: %w", err)
	}
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &was); err != nil {
		return err
	}
	limit := min(pages*uint64(os.Getpagesize())+headroom, was.Max)
	return unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: limit})
}

func limitRest(files uint64) error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("no core: %w", err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: files, Max: files}); err != nil {
		return fmt.Errorf("no further descriptor: %w", err)
	}
	return nil
}
