// Package probe is what developers' programs look at a running gateway with: its
// streams as a viewer gets them, and what its processes hold.
//
// In: an RTSP address, or the id of a process. Out: access units with their RTP times,
// and figures of /proc, 0 for a process that has ended. A Stream's callbacks run in a
// goroutine of gortsplib, which ends with the client. It never sends anything but
// requests of RTSP, and no signal.
package probe

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
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

// Share is the memory that a process holds now, in bytes, with its part of what it shares with
// others; 0 as well where only root may know.
func Share(pid int) int64 { return figure(pid, "smaps_rollup", "Pss:") }

// CPU is the processor time that a process took so far, without its children's, in hundredths of a second.
func CPU(pid int) (took time.Duration) {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // it may have ended
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	for _, f := range fields[11:13] { // utime and stime
		ticks, _ := strconv.ParseInt(f, 10, 64)
		took += time.Duration(ticks) * 10 * time.Millisecond // USER_HZ is 100 on all that Bauta runs on
	}
	return took
}

func memory(pid int, what string) int64 { return figure(pid, "status", what) }

func figure(pid int, file, what string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
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
