package onvif

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// named is an address as a device writes it, taken apart. Cameras name hosts that nobody
// reaches: 0.0.0.0, a name of their own, one behind a router or from an earlier network. So
// only the host that answered is ever put into an address, and a login goes nowhere else.
type named struct {
	scheme, host string
	port         int    // 0: none, or none that can be
	rest         string // path and query, from the slash on
}

// split takes an address apart; false: it has none of the schemes. A login in it is dropped,
// and so is what nobody can print, such as line breaks.
func split(raw string, schemes ...string) (named, bool) {
	raw = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.TrimSpace(raw))
	scheme, rest, ok := strings.Cut(raw, "://")
	n := named{scheme: strings.ToLower(scheme)}
	if !ok || len(raw) > maxURL || !slices.Contains(schemes, n.scheme) {
		return n, false
	}
	where := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		where, n.rest = rest[:i], rest[i:]
	}
	if at := strings.LastIndexByte(where, '@'); at >= 0 {
		where = where[at+1:]
	}
	n.host, n.port = hostPort(where)
	n.rest, _, _ = strings.Cut(n.rest, "#")
	return n, true
}

// hostPort reads a host and the last of its ports: some devices write two.
func hostPort(s string) (string, int) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		host, port, _ := strings.Cut(inner, "]")
		return host, number16(strings.TrimPrefix(port, ":"))
	}
	if strings.Contains(s, "::") || strings.Count(s, ":") > 2 {
		return s, 0 // IPv6 without brackets
	}
	host, ports, _ := strings.Cut(s, ":")
	return host, number16(ports[strings.LastIndexByte(ports, ':')+1:])
}

func number16(s string) int {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// at is the address at a host and port; false: what follows them is unreadable.
func (n named) at(host string, port int) (*url.URL, bool) {
	host = strings.ReplaceAll(host, "%", "%25") // the zone of IPv6
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port > 0 {
		host += ":" + strconv.Itoa(port)
	}
	rest := strings.NewReplacer("&amp;", "&", " ", "%20").Replace(n.rest) // escaped twice, or not at all
	u, err := url.Parse(n.scheme + "://" + host + percents(rest))
	return u, err == nil
}

// percents escapes each % that begins no escape.
func percents(s string) string {
	hex := func(i int) bool { return i < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[i]) >= 0 }
	var out strings.Builder
	for i := range len(s) {
		out.WriteByte(s[i])
		if s[i] == '%' && !(hex(i+1) && hex(i+2)) {
			out.WriteString("25")
		}
	}
	return out.String()
}

// service makes the address of a service that a search found one at the host that answered;
// exact: it names that host itself.
func service(raw string, from netip.Addr) (u *url.URL, exact, ok bool) {
	n, ok := split(raw, "http", "https")
	if !ok {
		return nil, false, false
	}
	a, err := netip.ParseAddr(n.host)
	u, ok = n.at(from.String(), n.port)
	return u, err == nil && a.Unmap() == from, ok
}

// own makes an address that an answer names those of the device itself, the likely one first.
// Where it names another host, the port that answers us comes first: behind a router the one
// named is that of another device, or of the router itself.
func (t target) own(raw string) []*url.URL {
	n, ok := split(raw, "http", "https")
	if !ok {
		return nil
	}
	var all []*url.URL
	if !t.is(n.host) {
		here := named{scheme: t.service.Scheme, rest: n.rest}
		if u, ok := here.at(t.service.Hostname(), number16(t.service.Port())); ok {
			all = append(all, u)
		}
	}
	host := n.host
	if !t.is(host) {
		host = t.addr.String()
	}
	if u, ok := n.at(host, n.port); ok && !slices.ContainsFunc(all, func(v *url.URL) bool { return sameAddress(u, v) }) {
		all = append(all, u)
	}
	return all
}

// sameAddress compares the ports and paths of two addresses of one host.
func sameAddress(u, v *url.URL) bool {
	return u.Scheme == v.Scheme && portOf(u) == portOf(v) && u.RequestURI() == v.RequestURI()
}

func portOf(u *url.URL) int {
	if p := number16(u.Port()); p > 0 {
		return p
	}
	return map[string]int{"http": 80, "https": 443}[u.Scheme]
}

// is reports whether a host's name is the device's.
func (t target) is(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap() == t.addr || strings.EqualFold(host, t.service.Hostname())
}

// stream makes an RTSP address that an answer names one of the device itself.
func (t target) stream(raw string) (string, bool) {
	n, ok := split(raw, "rtsp", "rtsps")
	if !ok {
		return "", false
	}
	host := n.host
	if !t.is(host) {
		host = t.addr.String()
	}
	u, ok := n.at(host, n.port)
	if !ok {
		return "", false
	}
	return u.String(), true
}
