// Package hardware says what box the gateway runs on and how it fares: board,
// cores, memory and temperature. It reads files under /proc and /sys only and
// is pure Go. What a box does not tell is simply absent.
package hardware

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Facts describe the box. They do not change while it runs, but for MemoryFree.
type Facts struct {
	// Board is the maker's name for it; empty where the firmware tells none.
	Board string `json:"board,omitempty"`
	// Arch is Go's name of the processor's architecture, such as arm64.
	Arch string `json:"arch"`
	// Cores counts the logical processors that this process may use.
	Cores int `json:"cores"`
	// MemoryTotal and MemoryFree are in bytes; free counts what caches would
	// give back. Both are 0 where /proc/meminfo cannot be read.
	MemoryTotal int64 `json:"memory_total"`
	MemoryFree  int64 `json:"memory_free"`
}

// Read gathers the Facts of this box.
func Read() Facts {
	return readFacts(os.DirFS("/"))
}

func readFacts(root fs.FS) Facts {
	total, free := memory(root)
	return Facts{
		Board:       board(root),
		Arch:        runtime.GOARCH,
		Cores:       runtime.GOMAXPROCS(0),
		MemoryTotal: total,
		MemoryFree:  free,
	}
}

// board asks the device tree first (ARM boards), then the DMI tables (PCs).
func board(root fs.FS) string {
	if model := line(root, "proc/device-tree/model"); model != "" {
		return model
	}
	vendor, product := line(root, "sys/class/dmi/id/sys_vendor"), line(root, "sys/class/dmi/id/product_name")
	return strings.TrimSpace(vendor + " " + product)
}

// line is a file's text without the end of line or the device tree's final
// zero byte; empty where it cannot be read.
func line(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(bytes.TrimRight(b, "\x00")))
}

func memory(root fs.FS) (total, free int64) {
	b, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0, 0
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		switch name {
		case "MemTotal":
			total = kibibytes(value)
		case "MemAvailable":
			free = kibibytes(value)
		}
	}
	return total, free
}

// kibibytes reads "  123 kB" as bytes.
func kibibytes(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(s), " kB"), 10, 64)
	if err != nil || n < 0 || n > 1<<50 {
		return 0
	}
	return n << 10
}

// Temperature is the hottest thermal zone in degrees Celsius; ok is false
// where the box has no plausible sensor, as most virtual machines.
func Temperature() (celsius float64, ok bool) {
	return temperature(os.DirFS("/"))
}

func temperature(root fs.FS) (hottest float64, ok bool) {
	zones, err := fs.Glob(root, "sys/class/thermal/thermal_zone*/temp")
	if err != nil {
		return 0, false
	}
	for _, zone := range zones {
		milli, err := strconv.Atoi(line(root, zone))
		c := float64(milli) / 1000
		// Absent sensors read as 0, as -274 or as thousands of degrees.
		if err != nil || c <= 0 || c > 150 {
			continue
		}
		hottest, ok = max(hottest, c), true
	}
	return hottest, ok
}
