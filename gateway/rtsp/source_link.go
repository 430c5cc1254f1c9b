package rtsp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/rtsp/wire"
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

	mu         sync.Mutex
	conn       *wire.Conn
	base       net.Conn // below conn
	pinned     string   // the certificate that was taken on first use
	tunnelled  bool     // the tunnel's login was a digest
	shut       bool
	complain   string // the latest thing that could not be read
	complained time.Time

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

// maxHops bounds how often a camera may send us elsewhere on the same host.
const maxHops = 5

// openLink connects and begins to play. It tries the target's transports in
// turn where the camera refuses one, and follows the camera within its host. Close the link after
// use. ctx ends it at any time.
func openLink(ctx context.Context, cfg SourceConfig, p pace, count *sourceCounters) (*cameraLink, *Error) {
	t, fault := newTarget(cfg)
	for hop := 0; fault == nil; hop++ {
		l, err := t.open(ctx, p, count)
		if err == nil {
			return l, nil
		}
		moved := l.moved()
		if moved == "" || hop == maxHops {
			return nil, l.explain(err)
		}
		t, fault = t.follow(moved)
	}
	return nil, fault
}

// open tries the transports. Where all fail it returns the link whose error says most.
func (t *target) open(ctx context.Context, p pace, count *sourceCounters) (*cameraLink, error) {
	var told *cameraLink
	var why error
	for _, transport := range t.transports {
		if why != nil && !suggests(why, transport) {
			continue
		}
		l := newLink(t, p, count, transport)
		err := l.open(ctx)
		if err == nil || l.moved() != "" {
			return l, err
		}
		if told == nil || transport != overHTTP || l.explain(err).Reason == ReasonUnauthorized {
			told, why = l, err
		}
	}
	return told, why
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

// newClient makes one that speaks interleaved RTSP without a login, whatever the camera wants: the
// rest is package wire's.
func (l *cameraLink) newClient() *gortsplib.Client {
	transport := gortsplib.TransportTCP
	return &gortsplib.Client{
		Scheme:       "rtsp",
		Host:         l.target.url.Host,
		ReadTimeout:  l.pace.request,
		WriteTimeout: l.pace.request,
		Transport:    &transport,
		UserAgent:    "bauta",
		DialContext:  func(ctx context.Context, _, _ string) (net.Conn, error) { return l.dial(ctx) },
		// The library's own handlers of these three print to the process's log.
		OnTransportSwitch: func(error) {},
		OnPacketsLost:     func(uint64) {}, // the assembler counts
		OnDecodeError: func(err error) {
			l.count.malformed.Add(1)
			l.note(err)
		},
	}
}

// play asks for the video track and nothing else.
func (l *cameraLink) play() error {
	desc, _, err := l.client.Describe(l.target.url)
	if err != nil {
		return err
	}
	video, ok := l.wire().Video()
	if !ok || len(desc.Medias) != 1 || len(desc.Medias[0].Formats) != 1 {
		return &Error{Reason: ReasonProtocol, Detail: "the camera describes its stream in a way that is unknown here"}
	}
	if l.track, err = newTrack(desc.Medias[0], video); err != nil {
		return err
	}
	for _, name := range video.Others {
		l.ignored = append(l.ignored, l.target.secrets.clean(name))
	}
	// The library gives a nil URL for a malformed one and would crash on it.
	if u, err := l.track.media.URL(desc.BaseURL); err != nil || u == nil {
		return &Error{Reason: ReasonProtocol, Detail: "the camera gives its video track a malformed address"}
	}
	if _, err := l.client.Setup(desc.BaseURL, l.track.media, 0, 0); err != nil {
		return err
	}
	l.assembler = &unitAssembler{codec: l.track.codec, decode: l.track.decode, count: l.count, emit: l.emit, note: l.note}
	l.cleaner = newUnitCleaner(l.track.codec, l.track.sets, time.Now())
	l.client.OnPacketRTP(l.track.media, l.track.format, func(pkt *rtp.Packet) { l.assembler.push(pkt, time.Now()) })
	l.client.OnPacketRTCP(l.track.media, l.report)
	_, err = l.client.Play(nil)
	return err
}

func (l *cameraLink) report(pkt rtcp.Packet) {
	if sr, ok := pkt.(*rtcp.SenderReport); ok {
		l.clock.report(sr)
	}
}

// emit gives one complete access unit to the owner.
func (l *cameraLink) emit(a assembled) {
	nalus, key, ok := l.cleaner.clean(a.nalus, a.arrived)
	if !ok {
		return
	}
	pts, ntp := l.clock.stamp(a, key)
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
	l.complain, l.complained = err.Error(), time.Now()
}

// unread is what could not be read in the latest while, fit for a status; empty where all could.
func (l *cameraLink) unread(while time.Duration) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.complain == "" || time.Since(l.complained) > while {
		return ""
	}
	return l.target.secrets.clean(l.complain)
}

// stalled explains that nothing came for this long.
func (l *cameraLink) stalled(after time.Duration) *Error {
	if why := l.unread(after); why != "" {
		return &Error{Reason: ReasonUnreadable, Detail: fmt.Sprintf("no picture for %v; what came could not be read: %s", after, why)}
	}
	if l.transport == overUDP && !l.wire().Received() {
		return &Error{Reason: ReasonNoUDP, Detail: fmt.Sprintf("no packets by UDP for %v: use transport tcp, or let UDP through the firewall", after)}
	}
	return &Error{Reason: ReasonTimeout, Detail: fmt.Sprintf("no picture for %v", after)}
}

// keyless explains that pictures came for this long and none of them can be begun with.
func (l *cameraLink) keyless(after time.Duration) *Error {
	if why := l.unread(after); why != "" {
		return &Error{Reason: ReasonUnreadable, Detail: fmt.Sprintf("no keyframe for %v; some of what came could not be read: %s", after, why)}
	}
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
		if l.base != nil {
			l.base.SetReadDeadline(time.Now())
		}
		l.mu.Unlock()
		l.client.Close()
	})
}
