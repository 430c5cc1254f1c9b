package hardware

import (
	"testing"
	"testing/fstest"
	"time"
)

func TestLoad(t *testing.T) {
	files := fstest.MapFS{
		"proc/loadavg":              {Data: []byte("0.50 1.25 2.00 1/300 4242\n")},
		"proc/uptime":               {Data: []byte("3600.42 7000.00\n")},
		"proc/sys/kernel/osrelease": {Data: []byte("6.1.0-rpi\n")},
	}
	if l := At(files).Load(); l != (Load{1.25, time.Hour, "6.1.0-rpi"}) {
		t.Errorf("%+v", l)
	}
	if l := At(fstest.MapFS{"proc/uptime": {Data: []byte("-1")}}).Load(); l != (Load{}) {
		t.Errorf("of nothing: %+v", l)
	}
}
