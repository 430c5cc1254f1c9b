package deliver

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// dialLimit bounds how long a connection may take to come about.
const dialLimit = 10 * time.Second

// errPrivate: an address that only a manager's tick allows, or none at all.
var errPrivate = errors.New("an address of a private network")

// dialer connects to public addresses alone, or with private to those of the own networks too.
// It looks at the address that is really dialled, after its name was resolved: a name that means
// another address a moment later changes nothing.
func dialer(private bool) *net.Dialer {
	return &net.Dialer{Timeout: dialLimit, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !mayDial(at.Addr(), private) {
			return errPrivate
		}
		return nil
	}}
}

// own are networks of one's own beside those that netip knows; never are those to which nobody
// may have anything sent.
var (
	own   = prefixes("100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "fec0::/10")
	never = prefixes("0.0.0.0/8", "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32")
)

func prefixes(all ...string) (out []netip.Prefix) {
	for _, one := range all {
		out = append(out, netip.MustParsePrefix(one))
	}
	return out
}

// mayDial judges an address. One that stands for an address of the old kind is that one.
func mayDial(a netip.Addr, private bool) bool {
	a = inner(a.WithZone("").Unmap())
	switch {
	case a.IsLoopback(), a.IsPrivate(), a.IsLinkLocalUnicast(), within(own, a):
		return private
	case a.IsUnspecified(), a.IsMulticast(), within(never, a):
		return false
	}
	return true
}

// inner is the address that 6to4 and NAT64 carry in theirs.
func inner(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return a
	}
	b := a.As16()
	switch {
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6]))
	case nat64.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:16]))
	}
	return a
}

var nat64 = netip.MustParsePrefix("64:ff9b::/96")

func within(all []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(all, func(p netip.Prefix) bool { return p.Contains(a) })
}
