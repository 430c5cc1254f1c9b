// Package probe is what developers' programs look at a running gateway with: its
// streams as a viewer gets them, and what its processes hold.
//
// In: an RTSP address, or the id of a process. Out: access units with their RTP times,
// and figures of /proc, 0 for a process that has ended. A Stream's callbacks run in a
// goroutine of gortsplib, which ends with the client. It never sends anything but
// requests of RTSP, and no signal.
package probe

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Below are all processes that a process and its children started and that live now.
func Below(pid int) []int {
	var all []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well formed
	for _, t := range tasks {
		b, _ := os.ReadFile(t) // the thread may have ended
		for _, f := range strings.Fields(string(b)) {
			if child, err := strconv.Atoi(f); err == nil {
				all = append(append(all, child), Below(child)...)
			}
		}
	}
	return all
}

// Name is the program that a process was started as, with its path.
func Name(pid int) string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	name, _, _ := strings.Cut(string(b), "\x00")
	return name
}

// Alive is false for a process that only waits to be reaped.
func Alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "Z") && !strings.HasPrefix(rest, "X")
}

// Resident is the memory that a process holds now, in bytes.
func Resident(pid int) int64 { return memory(pid, "VmRSS:") }

// Peak is the most memory that a process held so far, in bytes.
func Peak(pid int) int64 { return memory(pid, "VmHWM:") }

func memory(pid int, what string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0 // it has ended
	}
	_, rest, _ := strings.Cut(string(b), what)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(fields[0], 10, 64)
	return kilobytes << 10
}

// Descriptors counts the open ones of a process.
func Descriptors(pid int) int {
	all, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(all)
}
