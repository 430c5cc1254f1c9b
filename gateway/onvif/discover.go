package onvif

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/ipv4"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// group is where WS-Discovery asks (section 2.4 of its specification).
var group = &net.UDPAddr{IP: net.IPv4(239, 255, 255, 250), Port: 3702}

const (
	maxDevices   = 512
	maxDatagrams = 4096 // received on one interface in one search
	maxDatagram  = 16 << 10
	maxIfaces    = 32
	// probes are sent so often, spread over the first half of the wait: UDP loses some.
	probeRounds = 3
)

// probeTypes are what is asked for, one probe each: cameras, any ONVIF device, anything;
// some devices answer only one of these.
var probeTypes = []string{"dn:NetworkVideoTransmitter", "tds:Device", ""}

// Discover asks all IPv4 networks of this host for ONVIF devices and receives
// answers for the time given, or until ctx ends. Devices come sorted by host. It
// fails only where no network can be asked at all.
func Discover(ctx context.Context, wait time.Duration) ([]Device, error) {
	homes, err := homes()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	found := &findings{devices: map[string]Device{}}
	var asking sync.WaitGroup
	failed := make([]error, len(homes))
	for i, h := range homes {
		asking.Go(func() { failed[i] = h.search(ctx, wait, found) })
	}
	asking.Wait()
	if !slices.Contains(failed, nil) {
		return nil, fmt.Errorf("no network could be searched: %w", errors.Join(failed...))
	}
	return found.sorted(), nil
}

// home is an address of this host on one interface.
type home struct {
	iface net.Interface
	addr  net.IP
}

func homes() ([]home, error) {
	ifaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list the networks: %w", err)
	}
	var out []home
	for _, i := range ifaces {
		addrs, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 || len(out) >= maxIfaces {
			continue
		}
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil {
				out = append(out, home{i, n.IP.To4()})
				break
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("this box has no IPv4 network: connect it to the cameras' network")
	}
	return out, nil
}

// findings gathers devices from all interfaces.
type findings struct {
	mu      sync.Mutex
	devices map[string]Device
	// only counts devices at the addresses that were asked; silent are those that have not
	// answered yet.
	only   bool
	silent map[netip.Addr]bool
}

// add keeps the first of each device: one that is on two networks answers on both. Where
// addresses were asked, cameras of two that give themselves the same name are two.
func (f *findings) add(d Device) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := cmp.Or(d.ID, d.Address)
	if f.only {
		if _, asked := f.silent[d.Host]; !asked {
			return
		}
		f.silent[d.Host] = false
		key = d.Host.String() + " " + key
	}
	if _, twice := f.devices[key]; !twice && len(f.devices) < f.most() {
		f.devices[key] = d
	}
}

func (f *findings) most() int { return max(maxDevices, len(f.silent)) }

// waits reports whether an address has not answered yet.
func (f *findings) waits(a netip.Addr) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.silent[a]
}

func (f *findings) sorted() []Device {
	out := make([]Device, 0, len(f.devices))
	for _, d := range f.devices {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Device) int { return cmp.Or(a.Host.Compare(b.Host), cmp.Compare(a.Address, b.Address)) })
	return out
}

func (h home) search(ctx context.Context, wait time.Duration, found *findings) error {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: h.addr})
	if err != nil {
		return err
	}
	defer conn.Close()
	p := ipv4.NewPacketConn(conn)
	if err := errors.Join(p.SetMulticastInterface(&h.iface), p.SetMulticastTTL(1), p.SetMulticastLoopback(true)); err != nil {
		return fmt.Errorf("%s: %w", h.iface.Name, err)
	}
	end, _ := ctx.Deadline()
	if err := conn.SetReadDeadline(end); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	asked := newQuestions()
	received := make(chan struct{})
	go func() {
		defer close(received)
		receive(conn, asked, found)
	}()
	err = ask(ctx, conn, asked, wait)
	<-received
	return err
}

// ask sends the rounds; it fails where not one probe could leave.
func ask(ctx context.Context, conn *net.UDPConn, asked questions, wait time.Duration) error {
	var sent bool
	var err error
	for round := range probeRounds {
		for i, id := range asked {
			if _, failed := conn.WriteToUDP(probe(id, probeTypes[i]), group); failed != nil {
				err = failed
			} else {
				sent = true
			}
		}
		if round == probeRounds-1 {
			break
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait / 2 / probeRounds):
		}
	}
	if !sent {
		conn.Close() // nobody will answer
		return err
	}
	return nil
}

// receive reads answers until the connection's time is over.
func receive(conn *net.UDPConn, asked questions, found *findings) {
	buf := make([]byte, maxDatagram)
	for range maxDatagrams {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		for _, d := range matches(buf[:n], from.Addr(), asked) {
			found.add(d)
		}
	}
}

// questions are the message ids of the probes, one for each of probeTypes. A
// repeated probe has the same id, so that a device answers it once.
type questions []string

func newQuestions() questions {
	out := make(questions, len(probeTypes))
	for i := range out {
		out[i] = uuid.New().URN()
	}
	return out
}

// answers reports whether an answer is to one of the questions. Devices that do not say to
// which are believed; some leave out or change what stands before the number.
func (q questions) answers(relates string) bool {
	number := func(id string) string { return strings.Trim(id[strings.LastIndexByte(id, ':')+1:], "{} ") }
	return relates == "" || slices.ContainsFunc(q, func(id string) bool { return strings.EqualFold(number(id), number(relates)) })
}

func probe(id, types string) []byte {
	if types != "" {
		types = "<d:Types>" + types + "</d:Types>"
	}
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"` +
		` xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">` +
		`<s:Header><a:MessageID>` + id + `</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>` +
		`<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>` +
		`<s:Body><d:Probe>` + types + `</d:Probe></s:Body></s:Envelope>`)
}

// matches reads the devices out of one answer.
func matches(data []byte, from netip.Addr, asked questions) []Device {
	doc, err := soapxml.Parse(data)
	if err != nil || !local(from) || !asked.answers(doc.Value("Header", "RelatesTo")) {
		return nil
	}
	var out []Device
	for _, m := range doc.Find("Body", "ProbeMatches").All("ProbeMatch") {
		if d, ok := readMatch(m, from.Unmap()); ok && len(out) < maxDevices {
			out = append(out, d)
		}
	}
	return out
}

// readMatch makes a device of a match. Its address is one at the host that answered, or
// any other with that host in its place, or the usual one where there is none: what cameras
// call themselves is often reached by nobody.
func readMatch(m *soapxml.Node, from netip.Addr) (Device, bool) {
	d := Device{ID: clean(m.Value("EndpointReference", "Address")), Host: from}
	mended := ""
	for _, raw := range strings.Fields(m.Value("XAddrs")) {
		u, exact, ok := service(raw, from)
		switch {
		case ok && exact:
			d.Address = cmp.Or(d.Address, u.String())
		case ok:
			mended = cmp.Or(mended, u.String())
		}
	}
	if isCamera(m) {
		usual, _ := named{scheme: "http", rest: devicePath}.at(from.String(), 0)
		d.Address = cmp.Or(d.Address, mended, usual.String())
	}
	for _, scope := range strings.Fields(m.Value("Scopes")) {
		d.describe(scope)
	}
	return d, d.Address != ""
}

// isCamera reports whether a match says that it is of a camera: computers, printers and
// stores answer the probe for anything too.
func isCamera(m *soapxml.Node) bool {
	return strings.Contains(m.Value("Types"), "NetworkVideo") || strings.Contains(m.Value("Scopes"), "onvif://") ||
		strings.Contains(strings.ToLower(m.Value("XAddrs")), "onvif")
}

// describe takes a scope such as onvif://www.onvif.org/name/Lobby%201 (ONVIF
// core specification, section 7.3.3.2).
func (d *Device) describe(scope string) {
	rest, ok := strings.CutPrefix(scope, "onvif://www.onvif.org/")
	kind, value, named := strings.Cut(rest, "/")
	if !ok || !named {
		return
	}
	if plain, err := url.PathUnescape(value); err == nil {
		value = plain
	}
	switch kind {
	case "name":
		d.Name = cmp.Or(d.Name, clean(value))
	case "hardware":
		d.Hardware = cmp.Or(d.Hardware, clean(value))
	case "location":
		d.Location = cmp.Or(d.Location, clean(value))
	}
}
