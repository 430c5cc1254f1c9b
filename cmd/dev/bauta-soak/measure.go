package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/cmd/dev/internal/probe"
)

// sample is what the processes hold at one moment.
type sample struct {
	supervisor, workers     int64 // bytes of memory
	supervisorFD, workersFD int
	count                   int // of workers
}

func (s *soak) sample() sample {
	pid, _ := s.daemon.running()
	one := sample{supervisor: probe.Resident(pid), supervisorFD: probe.Descriptors(pid)}
	for _, w := range workersBelow(pid) {
		one.workers += probe.Resident(w)
		one.workersFD += probe.Descriptors(w)
		one.count++
	}
	return one
}

// probe measures while nothing goes wrong: the median of memory, which breathes
// with the garbage collector, and the least number of descriptors, since a
// viewer or a command may just be there.
func (s *soak) probe(ctx context.Context, length time.Duration) (sample, error) {
	s.settle(ctx)
	if err := s.untilProtected(ctx, 90*time.Second); err != nil {
		return sample{}, err
	}
	pause(ctx, length/4)
	var all []sample
	for end := time.Now().Add(length * 3 / 4); time.Now().Before(end) && pause(ctx, time.Second); {
		if one := s.sample(); one.count == len(s.cameras) {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return sample{}, fmt.Errorf("no moment at which all workers ran: %w", errStuck)
	}
	m := sample{
		supervisor: median(all, func(o sample) int64 { return o.supervisor }), workers: median(all, func(o sample) int64 { return o.workers }),
		supervisorFD: all[0].supervisorFD, workersFD: all[0].workersFD, count: len(s.cameras),
	}
	for _, one := range all {
		m.supervisorFD, m.workersFD = min(m.supervisorFD, one.supervisorFD), min(m.workersFD, one.workersFD)
	}
	s.say("measured: %v", m)
	return m, nil
}

func (m sample) String() string {
	return fmt.Sprintf("memory %.1f MB supervisor, %.1f MB workers (%d); descriptors %d supervisor, %d workers",
		float64(m.supervisor)/1e6, float64(m.workers)/1e6, m.count, m.supervisorFD, m.workersFD)
}

func median(all []sample, of func(sample) int64) int64 {
	var values []int64
	for _, one := range all {
		values = append(values, of(one))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// growthLimit of memory between the two measurements.
const growthLimit = 0.05

// check compares the two measurements and all else with the bars.
func (s *soak) evaluate(first, last sample) {
	before, after := first.supervisor+first.workers, last.supervisor+last.workers
	s.say("memory: %.1f MB, then %.1f MB: %+.1f %% (supervisor %+.1f %%, workers %+.1f %%)", float64(before)/1e6, float64(after)/1e6,
		growth(before, after), growth(first.supervisor, last.supervisor), growth(first.workers, last.workers))
	if growth(before, after) >= growthLimit*100 {
		s.fail("memory grew by %.1f %%", growth(before, after))
	}
	if last.supervisorFD > first.supervisorFD || last.workersFD > first.workersFD {
		s.fail("descriptors grew from %d and %d to %d and %d", first.supervisorFD, first.workersFD, last.supervisorFD, last.workersFD)
	}
}

func growth(before, after int64) float64 { return (float64(after)/float64(before) - 1) * 100 }

// reportNow prints how it goes each five minutes.
func (s *soak) reportNow(ctx context.Context) {
	for pause(ctx, min(5*time.Minute, s.o.length/5)) {
		s.report()
	}
}

func (s *soak) report() {
	c := s.verifier.counts()
	all := c.frames + c.slates
	s.say("-- delivered %d access units, %.1f %% slates; unvouched %d, originals %d, units that are no frame %d; ffmpeg decoded %d", all, 100*float64(c.slates)/float64(max(all, 1)),
		c.unvouched, c.originals, c.nonFrame, s.decoded.Load())
	for _, v := range s.viewers {
		gap, at, visits := v.worst()
		s.say("-- %s: longest gap %v at %s, %d connections", v.camera, gap.Round(time.Millisecond), at.Format(time.TimeOnly), visits)
	}
	s.say("-- now: %v", s.sample())
}

// verdict lists what failed; empty is good.
func (s *soak) verdict() []string {
	c := s.verifier.counts()
	known, sent, notes := s.verifier.compared()
	s.say("compared with %d NAL units that workers vouched for and %d of the cameras", known, sent)
	if notes != "" {
		fmt.Fprintln(s.o.out, notes)
	}
	if c.nonFrame > 0 {
		s.fail("%d NAL units delivered that are no part of a frame", c.nonFrame)
	}
	if c.unvouched > 0 || c.originals > 0 {
		s.fail("%d access units delivered that no worker vouched for, %d of them or others originals", c.unvouched, c.originals)
	}
	if c.frames == 0 || known == 0 || sent == 0 || s.decoded.Load() == 0 {
		s.fail("nothing was compared")
	}
	if s.daemon.panicked() {
		s.fail("the daemon crashed: see %s", s.daemon.log.Name())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}
