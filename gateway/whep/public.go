package whep

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	// freshFor is how long the addresses of names count: the public address of many lines
	// changes once a day, and a viewer who comes after that waits at most so long.
	freshFor = 30 * time.Second
	// nameLimit bounds the search for them: the viewer waits for it.
	nameLimit = time.Second
	// maxPublic bounds the addresses in an answer.
	maxPublic = 16
)

// public is the addresses under which this host is reached from elsewhere.
type public struct {
	fixed []netip.Addr
	names []string
	find  func(ctx context.Context, network, host string) ([]netip.Addr, error)

	mu    sync.Mutex
	found map[string][]netip.Addr // the last ones of each name
	until time.Time
}

func newPublic(hosts []string) *public {
	p := &public{find: net.DefaultResolver.LookupNetIP, found: map[string][]netip.Addr{}}
	for _, h := range hosts {
		if ip, err := netip.ParseAddr(h); err == nil {
			p.fixed = append(p.fixed, ip.Unmap())
			continue
		}
		p.names = append(p.names, h)
	}
	return p
}

// addresses of now. A name that is not found keeps those that it had.
func (p *public) addresses(ctx context.Context) []netip.Addr {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.names) > 0 && time.Now().After(p.until) {
		p.search(ctx)
	}
	all := slices.Clone(p.fixed)
	for _, name := range p.names {
		all = append(all, p.found[name]...)
	}
	return all[:min(len(all), maxPublic)]
}

// search finds the addresses of all names at once. The lock is held.
func (p *public) search(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), nameLimit) // another viewer waits for it too
	defer cancel()
	answers := make([][]netip.Addr, len(p.names))
	var wait sync.WaitGroup
	for i, name := range p.names {
		wait.Go(func() { answers[i], _ = p.find(ctx, "ip", name) }) // none: those before count
	}
	wait.Wait()
	for i, name := range p.names {
		if len(answers[i]) == 0 {
			continue
		}
		p.found[name] = nil
		for _, ip := range answers[i] {
			p.found[name] = append(p.found[name], ip.Unmap())
		}
	}
	p.until = time.Now().Add(freshFor)
}
