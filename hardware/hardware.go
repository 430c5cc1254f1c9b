// Package hardware says what host the gateway runs on and how it is: board,
// system on chip, cores, memory, temperature, throttling and devices that may
// speed video up. It reads files under /proc, /sys and the names in /dev, and is
// pure Go. What a host does not say is simply absent.
//
// In: files of the system. Out: Facts, a Condition, and what a Thermostat makes of it.
// Service.Run is its one loop, in the caller's goroutine. It writes nothing and changes
// no setting of the host.
package hardware

import (
	"bytes"
	"cmp"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Box is where the facts are read from. The zero value is not usable.
type Host struct{ root fs.FS }

// Here is the host that this program runs on.
func Here() Host { return Host{os.DirFS("/")} }

// At is a host whose /proc, /sys and /dev lie under root.
func At(root fs.FS) Host { return Host{root} }

// Facts describe the host. They do not change while it runs, but for MemoryFree.
type Facts struct {
	// Board is the maker's name for it; empty where the firmware has none.
	Board string `json:"board,omitempty"`
	// SoC is the system on chip as the device tree has it, such as
	// "rockchip,rk3588", or a PC's processor; empty where neither is known.
	SoC string `json:"soc,omitempty"`
	// Arch is Go's name of the processor's architecture, such as arm64.
	Arch string `json:"arch"`
	// Cores counts the logical processors that this process may use.
	Cores int `json:"cores"`
	// Clusters are the host's cores by their highest frequency, the fastest
	// first; empty where the kernel scales none.
	Clusters []Cluster `json:"clusters,omitempty"`
	// MemoryTotal and MemoryFree are in bytes; free counts what caches would
	// give back. Both are 0 where /proc/meminfo cannot be read.
	MemoryTotal int64 `json:"memory_total"`
	MemoryFree  int64 `json:"memory_free"`
}

// Cluster is a number of equal cores: a big.LITTLE chip has two or three.
type Cluster struct {
	Cores  int `json:"cores"`
	MaxMHz int `json:"max_mhz"`
}

// Facts gathers what the host is.
func (b Host) Facts() Facts {
	total, free := b.memory()
	return Facts{
		Board: b.board(), SoC: b.soc(),
		Arch: runtime.GOARCH, Cores: runtime.GOMAXPROCS(0), Clusters: b.clusters(),
		MemoryTotal: total, MemoryFree: free,
	}
}

// board asks the device tree first (ARM boards), then the DMI tables (PCs).
func (b Host) board() string {
	if model := b.line("proc/device-tree/model"); model != "" {
		return model
	}
	vendor, product := b.line("sys/class/dmi/id/sys_vendor"), b.line("sys/class/dmi/id/product_name")
	return strings.TrimSpace(vendor + " " + product)
}

// compatible are the device tree's names for the board, the most special one
// first; the last one is the system on chip (Devicetree Specification, 2.3.1).
func (b Host) compatible() []string {
	raw, err := fs.ReadFile(b.root, "proc/device-tree/compatible")
	if err != nil {
		return nil
	}
	return splitCompatible(raw)
}

func splitCompatible(raw []byte) (names []string) {
	for name := range bytes.SplitSeq(raw, []byte{0}) {
		if printable(name) {
			names = append(names, string(name))
		}
	}
	return names
}

func printable(b []byte) bool {
	return len(b) > 0 && !slices.ContainsFunc(b, func(c byte) bool { return c <= ' ' || c > '~' })
}

func (b Host) soc() string {
	if names := b.compatible(); len(names) > 0 {
		return names[len(names)-1]
	}
	for _, l := range b.lines("proc/cpuinfo") {
		if name, value, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

const cpus = "sys/devices/system/cpu/cpu[0-9]*/cpufreq/"

func (b Host) clusters() (all []Cluster) {
	cores := map[int]int{}
	for _, file := range b.glob(cpus + "cpuinfo_max_freq") {
		if khz, ok := b.number(file); ok && khz >= 1000 {
			cores[int(khz/1000)]++
		}
	}
	for mhz, n := range cores {
		all = append(all, Cluster{Cores: n, MaxMHz: mhz})
	}
	slices.SortFunc(all, func(x, y Cluster) int { return cmp.Compare(y.MaxMHz, x.MaxMHz) })
	return all
}

func (b Host) memory() (total, free int64) {
	for _, l := range b.lines("proc/meminfo") {
		switch name, value, _ := strings.Cut(l, ":"); name {
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
	if err != nil || n < 0 || n > 1<<40 {
		return 0
	}
	return n << 10
}

// line is a file's text without the end of line or the device tree's final
// zero byte; empty where it cannot be read.
func (b Host) line(name string) string {
	raw, err := fs.ReadFile(b.root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(bytes.TrimRight(raw, "\x00")))
}

func (b Host) lines(name string) []string { return strings.Split(b.line(name), "\n") }

// number is a file's only number; ok is false where it holds none.
func (b Host) number(name string) (n int64, ok bool) {
	n, err := strconv.ParseInt(b.line(name), 10, 64)
	return n, err == nil
}

// glob returns the names that match, in order. The patterns are constant and correct.
func (b Host) glob(pattern string) []string {
	names, _ := fs.Glob(b.root, pattern)
	return names
}
