package onvif

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

// Whatever a device does, it is found at the address that answers, and its streams are. All
// are searched for at once, each at an address of its own.
func TestHabits(t *testing.T) {
	var addrs []netip.Addr
	devices := map[netip.Addr]*onviftest.Device{}
	for i, h := range onviftest.Habits {
		host := fmt.Sprintf("127.0.7.%d", i+1)
		d, err := onviftest.Start(host, h)
		if err != nil {
			t.Skipf("no second loopback address on this host: %v", err)
		}
		t.Cleanup(d.Close)
		addrs = append(addrs, netip.MustParseAddr(host))
		devices[addrs[i]] = d
	}
	all, err := DiscoverAt(t.Context(), addrs, true)
	if err != nil {
		t.Fatal(err)
	}
	found := map[netip.Addr][]Device{}
	for _, d := range all {
		found[d.Host] = append(found[d.Host], d)
	}
	for _, a := range addrs {
		t.Run(devices[a].Name, func(t *testing.T) { checkHabit(t, devices[a], found[a]) })
	}
}

func checkHabit(t *testing.T, d *onviftest.Device, got []Device) {
	if d.Hidden {
		if len(got) > 0 {
			t.Errorf("%+v", got)
		}
		return
	}
	if len(got) != 1 {
		t.Fatalf("found %d times: %+v", len(got), got)
	}
	name := strings.TrimPrefix(cmp.Or(d.FoundName, "Lobby"), "-")
	if want := d.Fill(cmp.Or(d.Found, d.Service())); got[0].Address != want || got[0].Name != name {
		t.Errorf("%+v, want %s called %q", got[0], want, name)
	}
	if d.NoStreams {
		return
	}
	streams, err := Streams(t.Context(), got[0].Address, onviftest.User, onviftest.Password)
	wrong, basics := d.Wrong()
	if d.Fails {
		if err == nil || basics > 0 {
			t.Errorf("%+v; the password was sent %d times", streams, basics)
		}
		return
	}
	if err != nil || len(streams) != 1 {
		t.Fatalf("%+v, %v, %d wrong logins", streams, err, wrong)
	}
	if want := d.Fill(cmp.Or(d.Plays, "rtsp://HOST:554/main?a=1&b=2")); streams[0].URL != want {
		t.Errorf("stream at %s, want %s", streams[0].URL, want)
	}
	if d.Login != "basic" && basics > 0 || wrong > 1 && !d.OneUse {
		t.Errorf("%d wrong logins, %d times the password itself", wrong, basics)
	}
}
