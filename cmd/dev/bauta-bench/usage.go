package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/cmd/dev/internal/probe"
)

// usage is what a program and all that it started cost.
type usage struct {
	cpu, wall time.Duration
	// peak is the most memory that one process of the tree held at a time, in
	// bytes; 0 where the system does not tell.
	peak int64
}

// Where a program may run. Two threads on one core count each other's waiting: what two programs
// cost is compared on one CPU.
const (
	anywhere = ""
	onOneCPU = "0"
)

// run runs a program to its end. The system adds up the processor time of all
// processes below it that were waited for.
func run(ctx context.Context, cpu, program string, args ...string) (usage, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	if cpu != anywhere {
		cmd = exec.CommandContext(ctx, "taskset", append([]string{"-c", cpu, program}, args...)...)
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, err
	}
	watch := watchMemory(cmd.Process.Pid)
	err := cmd.Wait()
	u := usage{wall: time.Since(began), peak: watch.stop(), cpu: cpuOf(cmd.ProcessState)}
	if err != nil {
		return u, fmt.Errorf("%s: %w: %s", filepath.Base(program), err, lastLines(output.String()))
	}
	return u, nil
}

// cpuOf includes the children's children: wait4 counts those too.
func cpuOf(s *os.ProcessState) time.Duration { return s.UserTime() + s.SystemTime() }

// lastLines is as much of a program's complaint as fits an error.
func lastLines(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " / ")
}

// memoryWatch reads the figures of a process tree again and again. It reads the system's
// own high-water mark, so that nothing between two readings is missed but the
// very end. (rusage's would not do: it begins with that of whoever started
// the program.)
type memoryWatch struct {
	end  chan struct{}
	peak chan int64
}

const memoryPeriod = 25 * time.Millisecond

func watchMemory(pid int) *memoryWatch {
	w := &memoryWatch{make(chan struct{}), make(chan int64)}
	go func() {
		var peak int64
		tick := time.NewTicker(memoryPeriod)
		defer tick.Stop()
		for {
			for _, p := range append(probe.Below(pid), pid) {
				peak = max(peak, probe.Peak(p))
			}
			select {
			case <-w.end:
				w.peak <- peak
				return
			case <-tick.C:
			}
		}
	}()
	return w
}

// stop ends the watch and returns the peak in bytes.
func (w *memoryWatch) stop() int64 {
	close(w.end)
	return <-w.peak
}

// median of an odd number of values, or the mean of the middle two; 0 of none.
func median[T int64 | float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	v := slices.Sorted(slices.Values(values))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// terminate asks a program to stop and waits; one that does not is killed.
func terminate(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	kill := time.AfterFunc(15*time.Second, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	_ = cmd.Wait()
}
