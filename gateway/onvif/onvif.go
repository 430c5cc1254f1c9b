// Package onvif finds cameras on the local network and asks them for the
// addresses of their streams, by WS-Discovery 1.0 and the ONVIF core, media and
// media2 services.
//
// In: a network or range of addresses to search, or a device's address and login. Out:
// devices and their streams. Whatever answers is untrusted: answers are bounded in size,
// depth and number. Its goroutines end before its functions return.
//
// It must never talk to an address outside of local networks, ask more of any host but
// the one that answered, whatever addresses its answers name, follow a redirect, or let a
// password out but as a digest, save to a device that offers nothing else and never showed
// anything better; none is in a log or an error.
package onvif

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/bauta-gateway/bauta/config/text"
)

// What goes wrong; errors.Is finds them.
var (
	ErrAddress     = errors.New("not a local address") // names no device of a local network
	ErrUnreachable = errors.New("no answer")           // nothing answers there
	ErrLogin       = errors.New("login refused")       // user or password is wrong or missing
	ErrProtocol    = errors.New("not ONVIF")           // what answers is no ONVIF device
	ErrNoStreams   = errors.New("no video streams")    // a device without usable video
)

// Device is what answered a search.
type Device struct {
	// ID is the device's own name for itself, the same at each search.
	ID string
	// Address is its device service, for Streams: http://192.0.2.7/onvif/device_service.
	Address string
	// Host is where the answer came from.
	Host netip.Addr
	// Name, Hardware and Location are what the device says of itself; empty
	// where it says nothing.
	Name, Hardware, Location string
}

// Stream is a video that a device offers.
type Stream struct {
	// Profile and Name are the device's names for it.
	Profile, Name string
	// URL is its RTSP address, on the device's own host, without a login. Some makers
	// put one in the path: treat it as a secret, as camera addresses are.
	URL string
	// Codec is H264, H265, MJPEG or what the device calls it; empty: not said.
	Codec string
	// Width and Height are in pixels, FPS in frames a second; 0: not said.
	Width, Height int
	FPS           float64
}

const (
	maxAnswer = 1 << 20 // bytes of one answer over HTTP
	maxText   = 64      // bytes of a name
	maxURL    = 512     // bytes of an address

	// onePause bounds one question, allPause all of them.
	onePause = 6 * time.Second
	allPause = 30 * time.Second
)

// local reports whether a network of a building may use the address.
func local(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()
}

// devicePath is where devices have their service (ONVIF core specification, section 5.1.1).
const devicePath = "/onvif/device_service"

// target is the device that is asked: its service and the one address that is
// connected to, for all its services.
type target struct {
	service *url.URL
	addr    netip.Addr
}

// resolve reads an address as a person writes it: a host, host:port, or a
// service's URL. A name is resolved once.
func resolve(ctx context.Context, address string) (target, error) {
	raw := strings.TrimSpace(address)
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || len(raw) > maxURL || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return target{}, text.Fail(ErrAddress, text.ONVIFAddress)
	case u.User != nil:
		return target{}, text.Fail(ErrAddress, text.ONVIFLoginInAddress)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = devicePath
	}
	u.RawQuery, u.Fragment = "", ""
	addr, err := addressOf(ctx, u.Hostname())
	return target{u, addr}, err
}

func addressOf(ctx context.Context, host string) (netip.Addr, error) {
	addrs := []netip.Addr{}
	if a, err := netip.ParseAddr(host); err == nil {
		addrs = append(addrs, a)
	} else if addrs, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host); err != nil {
		return netip.Addr{}, text.Fail(fmt.Errorf("%w: %w", ErrUnreachable, err), text.ONVIFUnreachable)
	}
	for _, a := range addrs {
		if local(a) {
			return a.Unmap(), nil
		}
	}
	return netip.Addr{}, text.Fail(ErrAddress, text.ONVIFNotLocal)
}

// clean makes a stranger's text fit to be shown: printable, short.
func clean(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}
