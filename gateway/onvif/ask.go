package onvif

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// askTime is how long one address has to say that it is an ONVIF device.
const askTime = 3 * time.Second

// Resolve returns the one address of a local network that a host is asked at; a name is
// resolved once. ErrAddress and ErrUnreachable say why there is none.
func Resolve(ctx context.Context, host string) (netip.Addr, error) { return addressOf(ctx, host) }

// Ask looks for a device service at one local address, by a probe that goes to it alone and by
// HTTP, without a login. With a port it is looked for there alone. It sends nothing elsewhere.
func Ask(ctx context.Context, a netip.Addr, port int) (Device, bool) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if !local(a) {
		return Device{}, false
	}
	if port > 0 {
		return askAt(ctx, a, port)
	}
	found := make(chan Device, 2)
	var asking sync.WaitGroup
	asking.Go(func() {
		if d, ok := askByHTTP(ctx, a); ok {
			found <- d
		}
	})
	asking.Go(func() {
		if d, ok := probeOne(ctx, a); ok {
			found <- d
		}
	})
	go func() { asking.Wait(); close(found) }()
	d, ok := <-found
	cancel()
	for range found { // until both have ended
	}
	return d, ok
}

// askAt asks at one port, in clear and then over TLS.
func askAt(ctx context.Context, a netip.Addr, port int) (Device, bool) {
	for _, scheme := range []string{"http", "https"} {
		at := &url.URL{Scheme: scheme, Host: net.JoinHostPort(a.String(), strconv.Itoa(port)), Path: devicePath}
		if speaksONVIF(ctx, a, at) {
			return Device{Host: a, Address: at.String()}, true
		}
	}
	return Device{}, false
}

// probeOne sends the probes to one address and takes its first answer.
func probeOne(ctx context.Context, a netip.Addr) (Device, bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	found := &findings{devices: map[string]Device{}, silent: map[netip.Addr]bool{a: true}, only: true}
	var asking sync.WaitGroup
	asking.Go(func() { _ = probeEach(ctx, []netip.Addr{a}, found) }) // who cannot be asked does not answer
	for found.waits(a) && ctx.Err() == nil {
		select {
		case <-time.After(probeCheck):
		case <-ctx.Done():
		}
	}
	cancel()
	asking.Wait()
	for _, d := range found.sorted() {
		return d, true
	}
	return Device{}, false
}

// probeCheck is how often it is looked whether an answer has come.
const probeCheck = 50 * time.Millisecond
