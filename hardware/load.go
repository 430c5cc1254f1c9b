package hardware

import (
	"strconv"
	"strings"
	"time"
)

// Load is how busy the host is.
type Load struct {
	// Waiting is how many tasks ran or waited on average in the last five minutes.
	Waiting float64 `json:"waiting"`
	// Uptime of the host.
	Uptime time.Duration `json:"uptime"`
	// Kernel is its release.
	Kernel string `json:"kernel,omitempty"`
}

// Load reads how busy the host is; what it does not say is zero.
func (b Host) Load() (l Load) {
	if field := strings.Fields(b.line("proc/loadavg")); len(field) > 1 {
		l.Waiting, _ = strconv.ParseFloat(field[1], 64)
	}
	if field := strings.Fields(b.line("proc/uptime")); len(field) > 0 {
		if s, err := strconv.ParseFloat(field[0], 64); err == nil && s > 0 && s < 1e9 {
			l.Uptime = time.Duration(s) * time.Second
		}
	}
	l.Kernel = b.line("proc/sys/kernel/osrelease")
	return l
}
