package onvif

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// ErrRange is a range of addresses that is not searched.
var ErrRange = errors.New("no range of local addresses")

const (
	// MaxAddresses bounds one search of a range.
	MaxAddresses = 1024
	maxRange     = 4 << 10 // bytes of a range as a person writes it
	maxHosts     = 32      // names in it
)

// Addresses reads a range as a person writes it: networks (192.168.1.0/24), spans
// (192.168.1.10-40 or 192.168.1.10-192.168.2.40), addresses and names of hosts, separated by
// commas or blanks. All of them are local: a gateway searches no networks of others.
func Addresses(ctx context.Context, s string) ([]netip.Addr, error) {
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(", ;\t\r\n，；", r) })
	if len(words) == 0 || len(s) > maxRange {
		return nil, text.Fail(ErrRange, text.ONVIFRange, s[:min(len(s), maxText)])
	}
	var all []netip.Addr
	names := 0
	for _, word := range words {
		first, last, err := span(word)
		if err != nil {
			if names++; names > maxHosts || !isName(word) {
				return nil, text.Fail(ErrRange, text.ONVIFRange, word)
			}
			if first, err = resolveLocal(ctx, word); err != nil {
				return nil, err
			}
			last = first
		}
		if all, err = spread(all, word, first, last); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return slices.Compact(all), nil
}

// span reads a network, a span or an address.
func span(word string) (first, last netip.Addr, err error) {
	if p, err := netip.ParsePrefix(word); err == nil {
		first, last = ends(p)
		return first, last, nil
	}
	from, to, two := strings.Cut(word, "-")
	if first, err = netip.ParseAddr(from); err != nil {
		return first, last, err
	}
	if !two {
		return first, first, nil
	}
	if _, short := strconv.ParseUint(to, 10, 8); short == nil && first.Is4() {
		to = from[:strings.LastIndexByte(from, '.')+1] + to
	}
	if last, err = netip.ParseAddr(to); err == nil && (last.Less(first) || last.BitLen() != first.BitLen()) {
		err = errors.New("it ends before it begins")
	}
	return first, last, err
}

// ends are the first and the last host of a network: not its own address, nor that of all.
func ends(p netip.Prefix) (first, last netip.Addr) {
	p = p.Masked()
	first = p.Addr()
	b := first.AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	last, _ = netip.AddrFromSlice(b)
	if first.Is4() && p.Bits() < 31 {
		return first.Next(), last.Prev()
	}
	return first, last
}

// spread adds the addresses of a span; word is how the person wrote it.
func spread(all []netip.Addr, word string, first, last netip.Addr) ([]netip.Addr, error) {
	for a := first; ; a = a.Next() {
		switch {
		case !local(a):
			return nil, text.Fail(ErrRange, text.ONVIFRangeForeign, word)
		case len(all) >= MaxAddresses:
			return nil, text.Fail(ErrRange, text.ONVIFRangeLarge, MaxAddresses)
		}
		if all = append(all, a.Unmap()); a == last {
			return all, nil
		}
	}
}

// isName reports whether a word can be the name of a host.
func isName(word string) bool {
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	allowed := func(r rune) bool { return letter(r) || r >= '0' && r <= '9' || strings.ContainsRune("-._", r) }
	return len(word) <= 253 && strings.ContainsFunc(word, letter) && !strings.ContainsFunc(word, func(r rune) bool { return !allowed(r) })
}

func resolveLocal(ctx context.Context, name string) (netip.Addr, error) {
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	if err != nil || len(found) == 0 {
		return netip.Addr{}, text.Fail(ErrRange, text.ONVIFRangeName, name)
	}
	if i := slices.IndexFunc(found, local); i >= 0 {
		return found[i].Unmap(), nil
	}
	return netip.Addr{}, text.Fail(ErrRange, text.ONVIFRangeForeign, name)
}
