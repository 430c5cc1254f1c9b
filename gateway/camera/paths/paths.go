// Package paths finds the streams of a camera of which only the host is known: it asks the
// device by ONVIF, and where that says nothing it tries the paths at which the makers' cameras
// mostly have their streams.
//
// In: a host, with a port or without, and a login. Out: addresses of streams, the largest first.
// It starts no goroutines; there is one connection at a time. It never asks a host outside of local
// networks, resolves a name once and asks that one address alone, and ends with the first refused
// login: a camera gets a wrong login three times at most.
package paths

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/onvif"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
)

// ReasonNoPath is the reason of an *rtsp.Error where a camera answers, and has its streams at
// none of the usual paths.
const ReasonNoPath rtsp.Reason = "no_usual_path"

// Stream is one that a camera offers; what is not known of it is zero.
type Stream struct {
	Name, URL, Codec string
	Width, Height    int
	FPS              float64
	// Tried: it was found by trying. Maker is whose usual path it is; empty: many makers'.
	Tried bool
	Maker string
}

// Host is what a person typed in the place of an address.
type Host struct {
	Name string // or an IP address
	Port int    // 0: the usual ones
}

const (
	allTime = 14 * time.Second // for all together
	oneTime = 3 * time.Second  // for one path
)

// ports are where cameras have RTSP, the usual one first; the next one is tried where nothing
// listens at those before it.
var ports = []int{554, 8554}

// Read takes a host or host:port apart; false: it is none, such as a whole address.
func Read(typed string) (Host, bool) {
	typed = strings.TrimSpace(typed)
	if a, err := netip.ParseAddr(strings.Trim(typed, "[]")); err == nil {
		return Host{Name: a.String()}, true
	}
	name, port := typed, 0
	if host, digits, err := net.SplitHostPort(typed); err == nil {
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || n == 0 {
			return Host{}, false
		}
		name, port = host, int(n)
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return Host{name, port}, true
	}
	return Host{name, port}, isName(name)
}

// isName reports whether it could be a host's name.
func isName(s string) bool {
	return s != "" && len(s) <= 253 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == '_')
	})
}

// Find returns the camera's streams, at least one, the largest first. cfg is how it is to be
// read, but for its address. An error is an *rtsp.Error, a Problem of package onvif, or ctx's.
func Find(ctx context.Context, h Host, cfg rtsp.SourceConfig) ([]Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, allTime)
	defer cancel()
	addr, err := onvif.Resolve(ctx, h.Name)
	if err != nil {
		return nil, err
	}
	if h.Port > 0 {
		return findAt(ctx, h.Port, addr, cfg)
	}
	found, refused := byONVIF(ctx, 0, addr, cfg)
	if len(found) > 0 {
		return largestFirst(found), nil
	}
	if errors.Is(refused, onvif.ErrLockedOut) {
		return nil, refused
	}
	found, err = byPath(ctx, ports, addr, cfg)
	if err != nil && errors.Is(refused, onvif.ErrLogin) && !knocked(err) {
		return nil, refused // the device is there, and has said why
	}
	return largestFirst(found), err
}

// findAt looks at one port, which is mostly that of the streams; a device service may be there too.
func findAt(ctx context.Context, port int, addr netip.Addr, cfg rtsp.SourceConfig) ([]Stream, error) {
	found, err := byPath(ctx, []int{port}, addr, cfg)
	var e *rtsp.Error
	if !errors.As(err, &e) || e.Reason != rtsp.ReasonNotRTSP {
		return largestFirst(found), err
	}
	found, refused := byONVIF(ctx, port, addr, cfg)
	if refused != nil {
		err = refused
	}
	if len(found) > 0 {
		err = nil
	}
	return largestFirst(found), err
}

// knocked reports whether a login was refused at the stream too.
func knocked(err error) bool {
	var e *rtsp.Error
	return errors.As(err, &e) && e.Reason == rtsp.ReasonUnauthorized
}

// byONVIF asks the device; no streams and no error: there is none.
func byONVIF(ctx context.Context, port int, addr netip.Addr, cfg rtsp.SourceConfig) ([]Stream, error) {
	device, ok := onvif.Ask(ctx, addr, port)
	if !ok {
		return nil, nil
	}
	streams, err := onvif.StreamsCautiously(ctx, device.Address, cfg.User, cfg.Password)
	var found []Stream
	for _, s := range streams {
		found = append(found, Stream{Name: cmp.Or(s.Name, s.Profile), URL: s.URL, Codec: s.Codec, Width: s.Width, Height: s.Height, FPS: s.FPS})
	}
	return found, err
}

// byPath tries the makers' paths at the first port at which something listens.
func byPath(ctx context.Context, at []int, addr netip.Addr, cfg rtsp.SourceConfig) (found []Stream, err error) {
	var first error
	for _, port := range at {
		found, err = byPathAt(ctx, net.JoinHostPort(addr.String(), strconv.Itoa(port)), cfg)
		first = cmp.Or(first, err)
		var e *rtsp.Error
		if err == nil || !errors.As(err, &e) || e.Reason != rtsp.ReasonUnreachable {
			return found, err
		}
	}
	return nil, first
}

// byPathAt ends with the first maker whose main path gives a stream.
func byPathAt(ctx context.Context, at string, cfg rtsp.SourceConfig) ([]Stream, error) {
	for _, m := range makers {
		one, err := describe(ctx, at, m.main, cfg)
		if err == nil {
			one.Maker = m.name
			return append([]Stream{one}, smaller(ctx, at, m, cfg)...), nil
		}
		if ends(err) {
			return nil, err
		}
	}
	return nil, &rtsp.Error{Reason: ReasonNoPath, Detail: "the camera has its streams at none of the usual paths"}
}

func smaller(ctx context.Context, at string, m maker, cfg rtsp.SourceConfig) (found []Stream) {
	for _, path := range m.more {
		if one, err := describe(ctx, at, path, cfg); err == nil {
			one.Maker = m.name
			found = append(found, one)
		}
	}
	return found
}

// ends reports whether an answer to one path makes all others useless: what is not there, is
// silent or refuses the login does so at each of them.
func ends(err error) bool {
	var e *rtsp.Error
	if !errors.As(err, &e) {
		return true // the time is over
	}
	switch e.Reason {
	case rtsp.ReasonNotFound, rtsp.ReasonNoVideo, rtsp.ReasonProtocol, rtsp.ReasonClosed, rtsp.ReasonUnknownCodec:
		return false
	}
	return true
}

func describe(ctx context.Context, at, path string, cfg rtsp.SourceConfig) (Stream, error) {
	one, cancel := context.WithTimeout(ctx, oneTime)
	defer cancel()
	cfg.URL = "rtsp://" + strings.TrimSuffix(at, ":554") + path
	d, err := rtsp.Describe(one, cfg)
	if errors.Is(err, context.DeadlineExceeded) {
		err = &rtsp.Error{Reason: rtsp.ReasonTimeout, Detail: "the camera does not answer"}
	}
	s := Stream{Name: path, URL: cfg.URL, Tried: true, Width: d.Width, Height: d.Height}
	if err == nil && d.Codec != 0 {
		s.Codec = d.Codec.String()
	}
	return s, err
}

// largestFirst keeps the order of those whose sizes are equal or not known.
func largestFirst(all []Stream) []Stream {
	slices.SortStableFunc(all, func(a, b Stream) int { return b.Width*b.Height - a.Width*a.Height })
	return all
}

// Named writes the host's own name into the address of a stream that was found at its IP
// address, so that a camera whose address changes is found again.
func (h Host) Named(address string) string {
	u, err := url.Parse(address)
	if err != nil || h.Name == "" || u.Hostname() == h.Name {
		return address
	}
	host := h.Name
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host = host
	return u.String()
}
