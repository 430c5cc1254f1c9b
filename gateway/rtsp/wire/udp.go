package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/rtcpreceiver"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

const (
	// maxDatagram is larger than what any network card takes in one piece.
	maxDatagram = 64 << 10
	// udpBuffer holds a keyframe; the system may give less.
	udpBuffer = 2 << 20
	// portTries is how often a pair of ports is looked for.
	portTries = 20
	// reportPeriod is that of receiver reports: some cameras end a session after 10 s without.
	reportPeriod = 5 * time.Second
	clockRate    = 90000
	// videoChannel is the one on which the library gets what comes by UDP.
	videoChannel = 0
)

// ErrNoPorts means that the system has no pair of UDP ports to give.
var ErrNoPorts = errors.New("no free pair of UDP ports: use transport tcp")

// datagrams receives a track's packets by UDP, puts them in order and hands them on as interleaved
// frames, in turn with the camera's answers. What the library does not take in time waits in the
// sockets' buffers; what those cannot hold is lost, as by any network.
type datagrams struct {
	conn      *Conn
	rtp, rtcp *net.UDPConn
	receiver  *rtcpreceiver.RTCPReceiver

	remote  net.IP
	ports   [2]int // the camera's; 0: any
	items   chan []byte
	done    chan struct{} // closed by close
	ended   chan struct{} // closed when the camera's connection has, with err
	err     error
	running sync.WaitGroup
	once    sync.Once
}

func newDatagrams(c *Conn) *datagrams {
	d := &datagrams{conn: c, items: make(chan []byte), done: make(chan struct{}), ended: make(chan struct{})}
	d.running.Add(1)
	go d.control()
	return d
}

// next returns an answer or a frame.
func (d *datagrams) next() ([]byte, error) {
	select {
	case b := <-d.items:
		return b, nil
	case <-d.ended:
		return nil, d.err
	}
}

// control reads the camera's answers.
func (d *datagrams) control() {
	defer d.running.Done()
	defer close(d.ended)
	for {
		b, err := d.conn.next()
		if err != nil {
			d.err = err
			return
		}
		if len(b) > 0 && !d.give(b) {
			d.err = net.ErrClosed
			return
		}
	}
}

// give hands on and reports whether somebody still takes.
func (d *datagrams) give(b []byte) bool {
	select {
	case d.items <- b:
		return true
	case <-d.done:
		return false
	}
}

// open takes a pair of ports and returns the transport to ask for. It may be called again.
func (d *datagrams) open() (string, error) {
	for try := 0; d.rtp == nil && try < portTries; try++ {
		port := 10000 + 2*rand.IntN(25000)
		a, err := net.ListenUDP("udp", &net.UDPAddr{Port: port})
		if err != nil {
			continue
		}
		b, err := net.ListenUDP("udp", &net.UDPAddr{Port: port + 1})
		if err != nil {
			a.Close()
			continue
		}
		a.SetReadBuffer(udpBuffer)
		d.rtp, d.rtcp = a, b
	}
	if d.rtp == nil {
		return "", ErrNoPorts
	}
	port := d.rtp.LocalAddr().(*net.UDPAddr).Port
	return fmt.Sprintf("RTP/AVP;unicast;client_port=%d-%d", port, port+1), nil
}

// from reads where the packets will come from: the camera's own address where it names none that
// can be meant.
func (d *datagrams) from(transport string, camera net.Addr) {
	d.remote = remoteIP(camera)
	if found := sourceAddress.FindStringSubmatch(transport); found != nil {
		if ip := net.ParseIP(found[1]); ip != nil && !ip.IsUnspecified() {
			d.remote = ip
		}
	}
	if found := serverPorts.FindStringSubmatch(transport); found != nil {
		d.ports[0], _ = strconv.Atoi(found[1])
		if d.ports[1], _ = strconv.Atoi(found[2]); d.ports[1] == 0 && d.ports[0] != 0 {
			d.ports[1] = d.ports[0] + 1
		}
	}
}

// start opens the way through firewalls and begins to receive. It may be called again.
func (d *datagrams) start() error {
	if d.rtp == nil || d.receiver != nil {
		return nil
	}
	local := rand.Uint32()
	d.receiver = &rtcpreceiver.RTCPReceiver{
		ClockRate: clockRate, LocalSSRC: &local, UnrealiableTransport: true, Period: reportPeriod, WritePacketRTCP: d.report,
	}
	if err := d.receiver.Initialize(); err != nil {
		d.receiver = nil
		return err
	}
	if b, err := (&rtp.Packet{Header: rtp.Header{Version: rtpVersion}}).Marshal(); err == nil {
		d.send(d.rtp, 0, b)
	}
	d.report(&rtcp.ReceiverReport{SSRC: local})
	d.running.Add(2)
	go d.receive(d.rtp, d.takeRTP)
	go d.receive(d.rtcp, d.takeRTCP)
	return nil
}

// send is for packets whose loss does no harm.
func (d *datagrams) send(conn *net.UDPConn, kind int, b []byte) {
	if d.ports[kind] != 0 && d.remote != nil {
		conn.WriteToUDP(b, &net.UDPAddr{IP: d.remote, Port: d.ports[kind]})
	}
}

// report sends what the receiver has to say, of the SSRC that the camera knows.
func (d *datagrams) report(p rtcp.Packet) {
	if r, ok := p.(*rtcp.ReceiverReport); ok {
		d.conn.mu.Lock()
		for i := range r.Reports {
			r.Reports[i].SSRC = d.conn.rtp.current
		}
		d.conn.mu.Unlock()
	}
	if b, err := p.Marshal(); err == nil {
		d.send(d.rtcp, 1, b)
	}
}

// receive takes packets that come from the camera, until the socket is closed: from the port of the first one,
// for some cameras do not send from the ports that they name.
func (d *datagrams) receive(conn *net.UDPConn, take func([]byte, time.Time) bool) {
	defer d.running.Done()
	buf, port := make([]byte, maxDatagram), 0
	for {
		n, from, err := conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		if !from.IP.Equal(d.remote) || port != 0 && from.Port != port {
			continue
		}
		port = from.Port
		if !take(buf[:n], time.Now()) {
			return
		}
	}
}

func (d *datagrams) takeRTP(b []byte, now time.Time) bool {
	if isRTCP(b) {
		return d.takeRTCP(b, now)
	}
	d.conn.mu.Lock()
	own := d.conn.rtp.rtp(b, now)
	d.conn.mu.Unlock()
	if !own {
		d.conn.cfg.Stray()
		return true
	}
	var pkt rtp.Packet
	if pkt.Unmarshal(append([]byte(nil), b...)) != nil {
		return d.give(frame(videoChannel, b)) // the library counts it
	}
	ordered, _, err := d.receiver.ProcessPacket2(&pkt, now, false)
	if err != nil {
		return true
	}
	for _, p := range ordered {
		raw, err := p.Marshal()
		if err == nil && !d.give(frame(videoChannel, raw)) {
			return false
		}
	}
	return true
}

func (d *datagrams) takeRTCP(b []byte, now time.Time) bool {
	d.conn.mu.Lock()
	d.conn.rtp.rtcp(b)
	d.conn.mu.Unlock()
	if packets, err := rtcp.Unmarshal(b); err == nil {
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok {
				d.receiver.ProcessSenderReport(sr, now)
			}
		}
	}
	return d.give(frame(videoChannel+1, b))
}

// frame is an interleaved frame (RFC 2326, 10.12).
func frame(channel byte, payload []byte) []byte {
	out := append(make([]byte, 0, 4+len(payload)), '$', channel, 0, 0)
	binary.BigEndian.PutUint16(out[2:], uint16(len(payload)))
	return append(out, payload...)
}

// close waits for the goroutines; the camera's connection is closed already.
func (d *datagrams) close() {
	d.once.Do(func() {
		close(d.done)
		if d.rtp != nil {
			d.rtp.Close()
			d.rtcp.Close()
		}
	})
	d.running.Wait()
	if d.receiver != nil {
		d.receiver.Close()
		d.receiver = nil
	}
}
