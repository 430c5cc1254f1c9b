package rtsp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// cameraUnit is an access unit with its frame's size; 0 x 0 while unknown.
type cameraUnit struct {
	raw           media.Raw
	width, height int
	fault         *Error // in place of an access unit: there will be none
}

// cameraLink is one connection to a camera, playing its video track.
//
// The library's reading goroutine takes packets apart and gives the units to
// the owner through a short queue. An owner that is late makes the camera wait
// (TCP) or lose packets (UDP, counted). Only before the owner is there, that
// is before the camera has answered PLAY, units are left out where the queue
// is full: the answer is to be read by the very same goroutine.
type cameraLink struct {
	target    *target
	pace      pace
	count     *sourceCounters
	client    *gortsplib.Client
	transport string
	track     track
	ignored   []string // what else the camera offers

	units  chan cameraUnit
	done   chan struct{} // closed to let the reading goroutine go
	ended  chan struct{} // closed when the connection has ended, with endErr
	endErr error

	release func() bool // from ctx
	once    sync.Once

	mu       sync.Mutex
	conn     net.Conn
	shut     bool
	complain string // the latest thing that the library could not read
	redirect string // where the camera sent us

	// Of the reading goroutine:
	assembler *unitAssembler
	cleaner   *unitCleaner
	clock     *timeline
	skipping  bool // until a keyframe
	refused   int  // access units in a row whose size is contradicted
	playing   atomic.Bool
}

// earlyUnits is how many units may come before the answer to PLAY.
const earlyUnits = 8

// openLink connects and begins to play. It tries the target's transports in
// turn where the camera refuses one. Close the link after use. ctx ends it at
// any time.
func openLink(ctx context.Context, cfg SourceConfig, p pace, count *sourceCounters) (*cameraLink, *Error) {
	t, fault := newTarget(cfg)
	if fault != nil {
		return nil, fault
	}
	for i, transport := range t.transports {
		l := newLink(t, p, count, transport)
		err := l.open(ctx)
		if err == nil {
			return l, nil
		}
		if i == len(t.transports)-1 || !refusesTransport(err) {
			return nil, l.explain(err)
		}
	}
	return nil, &Error{Reason: ReasonProtocol, Detail: "no transport to try"}
}

func newLink(t *target, p pace, count *sourceCounters, transport string) *cameraLink {
	return &cameraLink{
		target: t, pace: p, count: count, transport: transport,
		units: make(chan cameraUnit, earlyUnits), done: make(chan struct{}), ended: make(chan struct{}),
		clock: &timeline{},
	}
}

// begin makes the client; once it has returned nil, close ends it.
func (l *cameraLink) begin(ctx context.Context) error {
	l.client = l.newClient()
	if err := l.client.Start2(); err != nil {
		return err
	}
	l.release = context.AfterFunc(ctx, l.shutdown)
	go func() {
		l.endErr = l.client.Wait()
		close(l.ended)
	}()
	return nil
}

func (l *cameraLink) open(ctx context.Context) error {
	if err := l.begin(ctx); err != nil {
		return err
	}
	if err := l.play(); err != nil {
		l.close()
		return err
	}
	l.playing.Store(true)
	l.limitReading(time.Time{}) // from here on the owner watches for silence
	return nil
}

func (l *cameraLink) newClient() *gortsplib.Client {
	transport := gortsplib.TransportTCP
	if l.transport == "udp" {
		transport = gortsplib.TransportUDP
	}
	return &gortsplib.Client{
		Scheme:       l.target.url.Scheme,
		Host:         l.target.url.Host,
		ReadTimeout:  l.pace.request,
		WriteTimeout: l.pace.request,
		// Some cameras send nothing before their next keyframe.
		InitialUDPReadTimeout: l.pace.stall,

		Transport:    &transport,
		TLSConfig:    l.target.tlsConfig(),
		UserAgent:    "bauta",
		DialContext:  l.dial,
		ListenPacket: listenLarge,
		OnResponse:   l.refuseRedirect,
		// The library's own handlers of these three print to the process's log.
		OnTransportSwitch: func(error) {},
		OnPacketsLost:     func(uint64) {}, // the assembler counts
		OnDecodeError: func(err error) {
			l.count.malformed.Add(1)
			l.note(err)
		},
	}
}

// dial connects and bounds the time for everything before the first packet:
// the library itself would wait forever on a peer that says nothing during
// the TLS handshake, or drips bytes.
func (l *cameraLink) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, &dialError{err}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut {
		conn.Close()
		return nil, net.ErrClosed
	}
	conn.SetReadDeadline(time.Now().Add(l.pace.opening))
	l.conn = conn
	return conn, nil
}

func (l *cameraLink) limitReading(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil && !l.shut {
		l.conn.SetReadDeadline(until)
	}
}

// listenLarge asks for a receive buffer that holds a keyframe. The system may
// give less.
func listenLarge(network, address string) (net.PacketConn, error) {
	pc, err := net.ListenPacket(network, address)
	if err != nil {
		return nil, err
	}
	if c, ok := pc.(*net.UDPConn); ok {
		c.SetReadBuffer(2 << 20)
	}
	return pc, nil
}

// refuseRedirect hides a redirection from the library, which would follow it
// without end and give the login to whatever host it names.
func (l *cameraLink) refuseRedirect(res *base.Response) {
	location := res.Header["Location"]
	if len(location) == 0 {
		return
	}
	delete(res.Header, "Location")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.redirect = location[0]
}

// play asks for the video track and nothing else.
func (l *cameraLink) play() error {
	desc, res, err := l.client.Describe(l.target.url)
	if err != nil {
		return err
	}
	if l.track, l.ignored, err = pickTrack(desc, l.target.secrets); err != nil {
		return err
	}
	if l.track.codec == media.MJPEG {
		l.track.decode = jpegImages(namedSizes(res.Body, l.track.media.Control)...)
	}
	// The library gives a nil URL for a malformed one and would crash on it.
	if u, err := l.track.media.URL(desc.BaseURL); err != nil || u == nil {
		return &Error{Reason: ReasonProtocol, Detail: "the camera gives its video track a malformed address"}
	}
	if err := l.setup(desc.BaseURL); err != nil {
		return err
	}
	l.assembler = &unitAssembler{codec: l.track.codec, decode: l.track.decode, count: l.count, emit: l.emit, note: l.note}
	l.cleaner = newUnitCleaner(l.track.codec, l.track.sets, time.Now())
	l.client.OnPacketRTP(l.track.media, l.track.format, func(pkt *rtp.Packet) { l.assembler.push(pkt, time.Now()) })
	l.client.OnPacketRTCP(l.track.media, l.report)
	_, err = l.client.Play(nil)
	return err
}

// setup chooses UDP ports here: left to itself, the library tries without end
// where the system has none to give.
func (l *cameraLink) setup(baseURL *base.URL) error {
	if l.transport != "udp" {
		_, err := l.client.Setup(baseURL, l.track.media, 0, 0)
		return err
	}
	var err error
	for range 20 {
		port := 10000 + 2*rand.IntN(25000)
		_, err = l.client.Setup(baseURL, l.track.media, port, port+1)
		var op *net.OpError
		if !errors.As(err, &op) || op.Op != "listen" {
			return err
		}
	}
	return &Error{Reason: ReasonProtocol, Detail: "no free pair of UDP ports: use transport tcp"}
}

func (l *cameraLink) report(pkt rtcp.Packet) {
	if sr, ok := pkt.(*rtcp.SenderReport); ok {
		l.clock.report(sr)
	}
}

// emit gives one complete access unit to the owner.
func (l *cameraLink) emit(a assembled) {
	pts, ntp := l.clock.stamp(a)
	nalus, key, ok := l.cleaner.clean(a.nalus, a.arrived)
	if !ok {
		return
	}
	l.refused = 0
	u := cameraUnit{
		raw:   media.Raw{Codec: l.track.codec, NALUs: nalus, PTS: pts, NTP: ntp, Keyframe: key},
		width: l.cleaner.width, height: l.cleaner.height,
	}
	if l.skipping = l.skipping && !key; l.skipping {
		l.count.damaged.Add(1)
		return
	}
	l.give(u)
}

func (l *cameraLink) give(u cameraUnit) {
	if !l.playing.Load() {
		l.emitEarly(u)
		return
	}
	select {
	case l.units <- u:
	case <-l.done:
	}
}

// emitEarly does not wait; where it has to leave a unit out, only a keyframe
// goes on.
func (l *cameraLink) emitEarly(u cameraUnit) {
	select {
	case l.units <- u:
	default:
		l.count.damaged.Add(1)
		l.skipping = true
	}
}

// refusedFew is how many access units in a row may contradict themselves: one may be damaged.
const refusedFew = 3

// note keeps what could not be read: it explains a silence. A camera that keeps contradicting
// itself is given up.
func (l *cameraLink) note(err error) {
	if errors.Is(err, errDisagree) {
		if l.refused++; l.refused >= refusedFew {
			l.refused = 0
			l.give(cameraUnit{fault: &Error{Reason: ReasonDisagreeing, Detail: err.Error() + ": choose H.264, or a smaller size"}})
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.complain = err.Error()
}

func (l *cameraLink) explain(err error) *Error {
	l.mu.Lock()
	redirect := l.redirect
	l.mu.Unlock()
	if redirect != "" {
		return &Error{Reason: ReasonMoved, Detail: "the camera moved to " + l.target.secrets.clean(redirect) + ": use that address if it is yours", Location: redirect}
	}
	return l.target.explain(err)
}

func (l *cameraLink) stalled(after time.Duration) *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	detail := fmt.Sprintf("no picture for %v", after)
	if l.complain != "" {
		detail += "; what came could not be read: " + l.target.secrets.clean(l.complain)
	}
	return &Error{Reason: ReasonTimeout, Detail: detail}
}

func (l *cameraLink) keyless(after time.Duration) *Error {
	return &Error{Reason: ReasonNoKeyframe, Detail: fmt.Sprintf("no keyframe for %v: shorten the keyframe interval on the camera", after)}
}

// close ends the connection and returns when nothing of it runs any more. It
// may be called again.
func (l *cameraLink) close() {
	l.release()
	l.shutdown()
	<-l.ended
}

// shutdown makes everything that waits for the camera give up, says goodbye
// to it and closes.
func (l *cameraLink) shutdown() {
	l.once.Do(func() {
		close(l.done)
		l.mu.Lock()
		l.shut = true
		if l.conn != nil {
			l.conn.SetReadDeadline(time.Now())
		}
		l.mu.Unlock()
		l.client.Close()
	})
}
