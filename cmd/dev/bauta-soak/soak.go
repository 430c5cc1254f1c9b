package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const issuerName = "soak"

// soak is one run.
type soak struct {
	o       options
	dir     string
	rand    *rand.Rand // of the goroutine that makes the faults
	began   time.Time
	book    *book
	daemon  *daemon
	broker  *broker
	cameras []*camera
	viewers []*viewer
	issuer  consent.PrivateKey

	brokerBusy sync.Mutex
	pending    sync.WaitGroup // what faults left under way
	watching   sync.WaitGroup // viewers that stay
	decoded    atomic.Int64   // pictures that ffmpeg decoded
	made       map[string]int // faults by name
	restarts   int

	mu     sync.Mutex
	failed []string
}

// plan is when what happens, from the run's length.
type plan struct {
	// warm is what goes by before memory is measured for the first time, probe
	// how long each measurement takes, without faults; tail is for the
	// daemon's restarts after the last one.
	warm, probe, tail time.Duration
}

// planFor gives an hour its ten minutes of warming up.
func planFor(length time.Duration) plan {
	return plan{warm: length / 6, probe: min(length/20, 2*time.Minute), tail: length / 12}
}

// run goes through all phases and returns an error only where the soak itself
// could not go on.
func (s *soak) run(ctx context.Context) error {
	p := planFor(s.o.length)
	end := s.began.Add(s.o.length)
	if err := s.untilProtected(ctx, 90*time.Second); err != nil {
		return err
	}
	// The daemon's restarts come first and last: memory is that of one life.
	s.trouble(ctx, s.began.Add(p.warm/2), true)
	if err := s.restart(ctx, false); err != nil {
		return err
	}
	s.trouble(ctx, s.began.Add(p.warm), false)
	first, err := s.probe(ctx, p.probe)
	if err != nil {
		return err
	}
	s.trouble(ctx, end.Add(-p.tail-p.probe), false)
	last, err := s.probe(ctx, p.probe)
	if err != nil {
		return err
	}
	s.trouble(ctx, end.Add(-30*time.Second), true)
	s.settle(ctx)
	if err := s.untilProtected(ctx, 90*time.Second); err != nil {
		return err
	}
	s.judge(first, last)
	return ctx.Err()
}

// trouble makes faults until a time; with restarts it stops and kills the
// daemon now and then.
func (s *soak) trouble(ctx context.Context, until time.Time, restarts bool) {
	for n := 1; time.Now().Before(until) && pause(ctx, s.span(s.o.every/2, s.o.every*3/2)); n++ {
		if restarts && n%6 == 0 {
			if err := s.restart(ctx, n%12 == 0); err != nil && ctx.Err() == nil {
				s.fail("%v", err)
				return
			}
			continue
		}
		f := pick(s.rand)
		what, err := f.make(s, ctx)
		switch {
		case errors.Is(err, errNone):
			continue
		case err != nil && ctx.Err() == nil:
			s.say("%s: %s: %v", f.name, what, err)
		default:
			s.say("%s: %s", f.name, what)
		}
		s.made[f.name]++
	}
}

// restart ends the daemon and starts it again. It must know all its cameras.
func (s *soak) restart(ctx context.Context, kill bool) error {
	before, err := s.daemon.client.Cameras(ctx)
	if err != nil {
		return fmt.Errorf("before a restart: %w", err)
	}
	began := time.Now()
	stop, how := s.daemon.stop, "SIGTERM"
	if kill {
		stop, how = s.daemon.kill, "SIGKILL"
	}
	if err := stop(); err != nil {
		s.fail("daemon %s: %v", how, err)
	}
	s.say("daemon %s: gone after %v", how, time.Since(began).Round(time.Millisecond))
	s.restarts++
	if err := s.daemon.start(ctx); err != nil {
		return err
	}
	for _, v := range s.viewers {
		v.excuse()
	}
	after, err := s.daemon.client.Cameras(ctx)
	if err != nil {
		return fmt.Errorf("after a restart: %w", err)
	}
	if !slices.EqualFunc(before, after, func(a, b api.CameraStatus) bool {
		return a.ID == b.ID && a.Mask == b.Mask && a.LookAheadMS == b.LookAheadMS
	}) {
		s.fail("the daemon forgot something of its cameras in a restart")
	}
	return nil
}

// later runs what a fault does after its beginning.
func (s *soak) later(do func()) { s.pending.Go(do) }

// settle waits until all faults are over.
func (s *soak) settle(ctx context.Context) {
	s.pending.Wait()
	for _, c := range s.cameras {
		c.line.wait(ctx)
	}
}

// untilProtected waits until viewers of all cameras get masked pictures.
func (s *soak) untilProtected(ctx context.Context, limit time.Duration) error {
	why := ""
	for end := time.Now().Add(limit); ; {
		all, err := s.daemon.client.Cameras(ctx)
		if why = unprotected(all); err == nil && len(all) == len(s.cameras) && why == "" {
			return nil
		}
		if !pause(ctx, 500*time.Millisecond) {
			return ctx.Err()
		}
		if time.Now().After(end) {
			return fmt.Errorf("not all cameras are masked again within %v: %s %w", limit, why, errors.Join(err, errStuck))
		}
	}
}

var errStuck = errors.New("no recovery")

func unprotected(all []api.CameraStatus) string {
	why := ""
	for _, c := range all {
		if c.Protection != media.Protected && c.Protection != media.OverMasked {
			why += fmt.Sprintf("%s is %s (source %s %s, worker %s %s %s); ", c.ID, c.Protection, c.Source.Phase, c.Source.Reason, c.Worker.State, c.Worker.Reason, c.Worker.Detail)
		}
	}
	return why
}

func (s *soak) address(c *camera) string { return "rtsp://" + s.daemon.stream + "/" + c.id }

func (s *soak) fail(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	s.failed = append(s.failed, text)
	s.say("FAILED: %s", text)
}

func (s *soak) say(format string, args ...any) {
	fmt.Fprintf(s.o.out, "%8v  %s\n", time.Since(s.began).Round(100*time.Millisecond), fmt.Sprintf(format, args...))
}
