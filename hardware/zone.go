package hardware

import (
	"io/fs"
	"os"
	"strings"
	"time"
)

// Zone is the time zone of the host by its IANA name, such as Asia/Shanghai; what the system
// does not name is the local one as it is.
func (h Host) Zone() *time.Location {
	link, _ := fs.ReadLink(h.root, "etc/localtime")
	_, linked, _ := strings.Cut(link, "zoneinfo/")
	file, _ := fs.ReadFile(h.root, "etc/timezone")
	for _, name := range []string{strings.TrimPrefix(os.Getenv("TZ"), ":"), linked, strings.TrimSpace(string(file))} {
		zone, err := time.LoadLocation(name)
		if name != "" && err == nil && agrees(zone, time.Local) {
			return zone
		}
	}
	if agrees(time.UTC, time.Local) {
		return time.UTC
	}
	return time.Local
}

// agrees reports whether two zones show the same clock, in winter and in summer.
func agrees(a, b *time.Location) bool {
	for _, month := range []time.Month{time.January, time.July} {
		at := time.Date(time.Now().Year(), month, 15, 12, 0, 0, 0, time.UTC)
		_, one := at.In(a).Zone()
		_, other := at.In(b).Zone()
		if one != other {
			return false
		}
	}
	return true
}
