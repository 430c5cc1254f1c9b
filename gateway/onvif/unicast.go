package onvif

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/bauta-gateway/bauta/config/text"
)

// Bounds of one search of a range. It takes less than the clients of the API wait.
const (
	rangeTime   = 38 * time.Second
	perSecond   = 250         // probes sent, by all searches together
	betweenEach = time.Second // rounds of probes, at least
	// perSocket are the addresses that one socket asks: what goes to nobody fills its buffer
	// for three seconds, until the system knows that nobody is there.
	perSocket  = 64
	lastAnswer = 2 * time.Second // after the last probe
	httpHosts  = 128             // asked by HTTP at a time
	httpDial   = 800 * time.Millisecond
	httpAnswer = 3 * time.Second
)

// httpPorts are where cameras have their device service that answer no probe: the ones that
// the lists of other clients name, in the order of preference (agsh/onvif example2.js;
// go2rtc#1589 and python-onvif-zeep: 2020 of Tapo; iSpy#168: 8899 of Xiongmai).
var httpPorts = []int{80, 8080, 8000, 2020, 8899}

var pace = rate.NewLimiter(perSecond, 1)

// DiscoverAt asks each of the addresses for an ONVIF device, by a probe that goes to it alone:
// other networks than this host's own get no multicast. byHTTP asks those that are silent for
// their time by HTTP, without a login. Devices come sorted by host. It fails only where
// nothing can be sent at all; when its time is over, it returns what was found until then.
func DiscoverAt(ctx context.Context, addrs []netip.Addr, byHTTP bool) ([]Device, error) {
	ctx, cancel := context.WithTimeout(ctx, rangeTime)
	defer cancel()
	found := &findings{devices: map[string]Device{}, silent: map[netip.Addr]bool{}, only: true}
	for _, a := range addrs[:min(len(addrs), MaxAddresses)] {
		found.silent[a] = true
	}
	some := slices.Collect(slices.Chunk(addrs, perSocket))
	failed := make([]error, len(some))
	var asking sync.WaitGroup
	for i, a := range some {
		asking.Go(func() { failed[i] = probeEach(ctx, a, found) })
	}
	asking.Wait()
	if !slices.Contains(failed, nil) {
		return nil, text.Fail(fmt.Errorf("%w: %w", ErrUnreachable, failed[0]), text.ONVIFRangeNoWay)
	}
	if byHTTP {
		askEach(ctx, addrs, found)
	}
	return found.sorted(), nil
}

// probeEach sends the probes and receives what is answered to them.
func probeEach(ctx context.Context, addrs []netip.Addr, found *findings) error {
	conn, err := net.ListenUDP("udp", nil)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	asked := newQuestions()
	received := make(chan struct{})
	go func() {
		defer close(received)
		receive(conn, asked, found)
	}()
	sent, err := sendEach(ctx, conn, asked, addrs, found)
	if sent == 0 {
		conn.Close() // nobody will answer
	}
	_ = conn.SetReadDeadline(time.Now().Add(lastAnswer)) // fails where it is closed, which ends it too
	<-received
	if sent > 0 {
		err = nil
	}
	return err
}

// sendEach sends each kind of probe once to each address that has not answered yet.
func sendEach(ctx context.Context, conn *net.UDPConn, asked questions, addrs []netip.Addr, found *findings) (sent int, failed error) {
	var next <-chan time.Time
	for i, id := range asked {
		if i > 0 {
			select {
			case <-ctx.Done():
				return sent, failed
			case <-next:
			}
		}
		next = time.After(betweenEach)
		for _, a := range addrs {
			if !found.waits(a) {
				continue
			}
			if pace.Wait(ctx) != nil {
				return sent, failed
			}
			if _, err := conn.WriteToUDPAddrPort(probe(id, probeTypes[i]), netip.AddrPortFrom(a, uint16(group.Port))); err != nil {
				failed = err
			} else {
				sent++
			}
		}
		if sent == 0 {
			break // no way there
		}
	}
	return sent, failed
}

// askEach asks the silent addresses by HTTP.
func askEach(ctx context.Context, addrs []netip.Addr, found *findings) {
	places := make(chan struct{}, httpHosts)
	var asking sync.WaitGroup
	for _, a := range addrs {
		if !found.waits(a) {
			continue
		}
		select {
		case <-ctx.Done():
		case places <- struct{}{}:
			asking.Go(func() {
				defer func() { <-places }()
				if d, ok := askByHTTP(ctx, a); ok {
					found.add(d)
				}
			})
		}
	}
	asking.Wait()
}

// askByHTTP looks for a device service on the ports, all at a time.
func askByHTTP(ctx context.Context, a netip.Addr) (Device, bool) {
	services := make([]*url.URL, len(httpPorts))
	var asking sync.WaitGroup
	for i, port := range httpPorts {
		asking.Go(func() {
			at := &url.URL{Scheme: "http", Host: net.JoinHostPort(a.String(), strconv.Itoa(port)), Path: devicePath}
			if speaksONVIF(ctx, a, at) {
				services[i] = at
			}
		})
	}
	asking.Wait()
	i := slices.IndexFunc(services, func(u *url.URL) bool { return u != nil })
	if i < 0 {
		return Device{}, false
	}
	return Device{Host: a, Address: services[i].String()}, true
}

// speaksONVIF reports whether what answers tells its time, or refuses to in SOAP: a web
// server that wants a login for all its pages does neither.
func speaksONVIF(ctx context.Context, a netip.Addr, at *url.URL) bool {
	dialer := net.Dialer{Timeout: httpDial}
	conn, err := dialer.DialContext(ctx, "tcp", at.Host)
	if err != nil {
		return false
	}
	conn.Close()
	ctx, cancel := context.WithTimeout(ctx, httpAnswer)
	defer cancel()
	c := newClient(target{service: at, addr: a}, "", "")
	defer c.close()
	body, err := c.once(ctx, at, "<tds:GetSystemDateAndTime/>")
	return body.Find("GetSystemDateAndTimeResponse") != nil || errors.Is(err, ErrLogin) && !errors.Is(err, errNoSOAP)
}
