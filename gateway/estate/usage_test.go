package estate

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ticks are those of a second in /proc/PID/stat (USER_HZ).
const ticks = 100

// usageOf is what processes have used: processor seconds, and resident memory in MiB.
// One that has ended counts nothing.
func usageOf(pids ...int) (cpu, mib float64) {
	for _, pid := range pids {
		fields := stat(pid)
		if len(fields) < 22 {
			continue
		}
		user, _ := strconv.ParseFloat(fields[11], 64)
		system, _ := strconv.ParseFloat(fields[12], 64)
		pages, _ := strconv.ParseFloat(fields[21], 64)
		cpu += (user + system) / ticks
		mib += pages * float64(os.Getpagesize()) / (1 << 20)
	}
	return cpu, mib
}

// stat are the fields after a process's name, which may hold spaces: state, parent, group…
func stat(pid int) []string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(b), ") ")
	return strings.Fields(rest)
}

// groupOf are the processes of a process group.
func groupOf(leader int) (pids []int) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		if f := stat(pid); len(f) > 2 && f[2] == strconv.Itoa(leader) {
			pids = append(pids, pid)
		}
	}
	return pids
}
