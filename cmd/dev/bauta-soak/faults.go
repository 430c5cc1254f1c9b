package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// fault is one thing that goes wrong, or that somebody does. It returns what
// it did, for the log.
type fault struct {
	name   string
	weight int
	make   func(*soak, context.Context) (string, error)
}

var faults = []fault{
	{"worker SIGKILL", 4, func(s *soak, _ context.Context) (string, error) { return s.signalWorker(syscall.SIGKILL) }},
	{"worker SIGSEGV", 2, func(s *soak, _ context.Context) (string, error) { return s.signalWorker(syscall.SIGSEGV) }},
	{"worker SIGSTOP", 2, func(s *soak, _ context.Context) (string, error) { return s.signalWorker(syscall.SIGSTOP) }},
	{"camera gone", 3, (*soak).cameraGone},
	{"camera stalls", 3, (*soak).cameraStalls},
	{"camera slow", 2, (*soak).cameraSlow},
	{"camera restarts", 3, (*soak).cameraRestarts},
	{"viewer stalls", 3, (*soak).viewerStalls},
	{"viewer vanishes", 3, (*soak).viewerVanishes},
	{"viewers half open", 2, (*soak).halfOpen},
	{"many viewers", 1, (*soak).manyViewers},
	{"zone set", 4, (*soak).zoneSet},
	{"zone removed", 2, (*soak).zoneRemoved},
	{"consent imported", 3, (*soak).consentImported},
	{"consent revoked", 3, (*soak).consentRevoked},
	{"camera settings", 2, (*soak).cameraSettings},
	{"broker down", 2, (*soak).brokerDown},
	{"broker hangs", 1, (*soak).brokerHangs},
}

// pick chooses a fault by its weight.
func pick(r *rand.Rand) fault {
	sum := 0
	for _, f := range faults {
		sum += f.weight
	}
	n := r.IntN(sum)
	for _, f := range faults {
		if n -= f.weight; n < 0 {
			return f
		}
	}
	panic("unreachable")
}

func (s *soak) camera() *camera { return s.cameras[s.rand.IntN(len(s.cameras))] }

// span is a random time; how long faults last.
func (s *soak) span(from, to time.Duration) time.Duration {
	return from + time.Duration(s.rand.Int64N(int64(to-from)))
}

var errNone = errors.New("nothing there to do that to")

func (s *soak) signalWorker(sig syscall.Signal) (string, error) {
	pid, _ := s.daemon.running()
	workers := workersBelow(pid)
	if len(workers) == 0 {
		return "", errNone
	}
	worker := workers[s.rand.IntN(len(workers))]
	return fmt.Sprintf("pid %d", worker), syscall.Kill(worker, sig)
}

func (s *soak) cameraGone(context.Context) (string, error) {
	c, d := s.camera(), s.span(time.Second, 12*time.Second)
	c.line.loseFor(d)
	return fmt.Sprintf("%s for %v", c.id, d.Round(time.Second)), nil
}

func (s *soak) cameraStalls(context.Context) (string, error) {
	c, d := s.camera(), s.span(time.Second, 15*time.Second)
	c.line.stallFor(d)
	return fmt.Sprintf("%s for %v", c.id, d.Round(time.Second)), nil
}

func (s *soak) cameraSlow(context.Context) (string, error) {
	c, d := s.camera(), s.span(5*time.Second, 15*time.Second)
	c.line.slowFor(d)
	return fmt.Sprintf("%s for %v", c.id, d.Round(time.Second)), nil
}

// cameraRestarts brings one back with another film: another size or codec.
func (s *soak) cameraRestarts(context.Context) (string, error) {
	var able []*camera
	for _, c := range s.cameras {
		if c.play != nil {
			able = append(able, c)
		}
	}
	c := able[s.rand.IntN(len(able))]
	f := c.films[s.rand.IntN(len(c.films))]
	return c.id + " with " + f.name, c.play(f)
}

// wedge is a viewer's connection that stops reading when told.
type wedge struct {
	net.Conn
	stop  *atomic.Bool
	ended chan struct{}
	once  sync.Once
}

func (w *wedge) Read(b []byte) (int, error) {
	if w.stop.Load() {
		<-w.ended
	}
	return w.Conn.Read(b)
}

func (w *wedge) Close() error {
	w.once.Do(func() { close(w.ended) })
	return w.Conn.Close()
}

// guest is a viewer of its own for a fault.
func (s *soak) guest(c *camera) (close func(), stall func(), raw *net.TCPConn, err error) {
	var stop atomic.Bool
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		raw = conn.(*net.TCPConn)
		raw.SetReadBuffer(4 << 10)
		return &wedge{Conn: conn, stop: &stop, ended: make(chan struct{})}, nil
	}
	client, err := play(s.address(c), dial, func(nalus [][]byte) { s.book.unit(c.id, nalus) })
	if err != nil {
		return nil, nil, nil, err
	}
	return client.Close, func() { stop.Store(true) }, raw, nil
}

func (s *soak) viewerStalls(ctx context.Context) (string, error) {
	c, d := s.camera(), s.span(3*time.Second, 20*time.Second)
	end, stall, _, err := s.guest(c)
	if err != nil {
		return "", err
	}
	s.later(func() { defer end(); pause(ctx, time.Second); stall(); pause(ctx, d) })
	return fmt.Sprintf("of %s for %v", c.id, d.Round(time.Second)), nil
}

// viewerVanishes cuts a viewer off without a word, as a network does.
func (s *soak) viewerVanishes(ctx context.Context) (string, error) {
	c := s.camera()
	end, _, raw, err := s.guest(c)
	if err != nil {
		return "", err
	}
	s.later(func() {
		defer end()
		pause(ctx, 2*time.Second)
		raw.SetLinger(0)
		raw.Close()
	})
	return "of " + c.id, nil
}

// halfOpen connects and never finishes a request.
func (s *soak) halfOpen(ctx context.Context) (string, error) {
	n, d := 1+s.rand.IntN(10), s.span(2*time.Second, 15*time.Second)
	for range n {
		conn, err := net.DialTimeout("tcp", s.daemon.stream, 2*time.Second)
		if err != nil {
			return "", err
		}
		fmt.Fprint(conn, "DESCRIBE rtsp://")
		s.later(func() { defer conn.Close(); pause(ctx, d) })
	}
	return fmt.Sprintf("%d for %v", n, d.Round(time.Second)), nil
}

func (s *soak) manyViewers(ctx context.Context) (string, error) {
	c, n := s.camera(), 5+s.rand.IntN(20)
	for range n {
		s.later(func() {
			if end, _, _, err := s.guest(c); err == nil {
				defer end()
				pause(ctx, 3*time.Second)
			}
		})
	}
	return fmt.Sprintf("%d of %s", n, c.id), nil
}

var zoneKinds = []zone.Kind{zone.Private, zone.Masked, zone.Moving, zone.Consent, zone.Capture}

func (s *soak) zoneSet(ctx context.Context) (string, error) {
	c, kind := s.camera(), zoneKinds[s.rand.IntN(len(zoneKinds))]
	x, y := s.rand.Float64()*0.6, s.rand.Float64()*0.6
	w, h := 0.1+s.rand.Float64()*0.3, 0.1+s.rand.Float64()*0.3
	z := zone.Zone{ID: fmt.Sprintf("zone-%d", 1+s.rand.IntN(3)), Kind: kind, Points: []zone.Point{{X: x, Y: y}, {X: x + w, Y: y}, {X: x + w, Y: y + h}, {X: x, Y: y + h}}}
	if kind == zone.Consent {
		z.Purposes = consent.DefaultPurposes[:1]
	}
	return fmt.Sprintf("%s %s on %s", kind, z.ID, c.id), s.daemon.client.PutZone(ctx, media.CameraID(c.id), api.NewZone{Zone: z, Replace: true})
}

func (s *soak) zoneRemoved(ctx context.Context) (string, error) {
	c := s.camera()
	all, err := s.daemon.client.Zones(ctx, media.CameraID(c.id))
	if err != nil || len(all.Zones) == 0 {
		return "", errors.Join(err, errNone)
	}
	z := all.Zones[s.rand.IntN(len(all.Zones))]
	return z.ID + " of " + c.id, s.daemon.client.RemoveZone(ctx, media.CameraID(c.id), z.ID)
}

func (s *soak) consentImported(ctx context.Context) (string, error) {
	now := time.Now().UTC().Truncate(time.Second)
	t := consent.Token{
		Issuer: issuerName, Subject: "p-" + consent.NewID()[:12], ID: consent.NewID(), Issued: now, NotBefore: now, Expires: now.AddDate(0, 0, 30),
		Zones: []string{consent.AnyZone}, Purpose: consent.DefaultPurposes[0], Basis: consent.Separate,
		Statement: fmt.Sprintf("%064x", s.rand.Uint64()), Badge: 1 + s.rand.IntN(consent.MaxBadge), Age: consent.Adult,
	}
	raw, err := consent.Sign(t, s.issuer)
	if err != nil {
		return "", err
	}
	outcome := ""
	err = s.daemon.client.ImportConsents(ctx, []string{raw}, func(i api.Import) { outcome = string(i.Outcome) + " " + i.Code })
	return fmt.Sprintf("badge %d: %s", t.Badge, outcome), err
}

func (s *soak) consentRevoked(ctx context.Context) (string, error) {
	all, err := s.daemon.client.Consents(ctx, api.ConsentFilter{})
	if err != nil || len(all) == 0 {
		return "", errors.Join(err, errNone)
	}
	one := all[s.rand.IntN(len(all))]
	done, err := s.daemon.client.RevokeConsents(ctx, api.RevokeRequest{Token: one.ID})
	return fmt.Sprintf("%d", len(done.Revoked)), err
}

// cameraSettings changes a camera's mask and look-ahead, which begins it anew.
func (s *soak) cameraSettings(ctx context.Context) (string, error) {
	c := s.camera()
	cam := c.settings()
	cam.Mask = []string{"blur", "mosaic", "solid"}[s.rand.IntN(3)]
	ms := float64(100 + 100*s.rand.IntN(4))
	cam.LookAheadMS = &ms
	cam.Cover = config.Covers[s.rand.IntN(len(config.Covers))]
	cam.Mounting = media.Mountings[s.rand.IntN(len(media.Mountings))]
	_, err := s.daemon.client.AddCamera(ctx, cam)
	return fmt.Sprintf("%s: %s, %s, %s, %v ms", c.id, cam.Mask, cam.Cover, cam.Mounting, ms), err
}

func (s *soak) brokerDown(ctx context.Context) (string, error) {
	d := s.span(2*time.Second, 15*time.Second)
	if !s.brokerBusy.TryLock() {
		return "", errNone
	}
	s.later(func() {
		defer s.brokerBusy.Unlock()
		s.broker.stop()
		pause(ctx, d)
		if err := s.broker.start(); err != nil {
			s.fail("the broker does not start again: %v", err)
		}
	})
	return fmt.Sprintf("for %v", d.Round(time.Second)), nil
}

func (s *soak) brokerHangs(ctx context.Context) (string, error) {
	d := s.span(2*time.Second, 30*time.Second)
	if !s.brokerBusy.TryLock() {
		return "", errNone
	}
	s.later(func() {
		defer s.brokerBusy.Unlock()
		s.broker.cmd.Process.Signal(syscall.SIGSTOP)
		pause(ctx, d)
		s.broker.cmd.Process.Signal(syscall.SIGCONT)
	})
	return fmt.Sprintf("for %v", d.Round(time.Second)), nil
}
