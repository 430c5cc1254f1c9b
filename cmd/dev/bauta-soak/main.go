// Command bauta-soak runs the gateway for a long time while everything around it
// goes wrong, and proves from outside that viewers never get what no worker
// vouched for; `make soak` calls it.
//
// Four cameras, viewers, a broker and the real daemon with its real workers
// run; every few seconds something is killed, cut, stalled or changed. Between
// daemon and worker stands a relay (see relay.go) that writes down each NAL
// unit that a worker vouched for. What viewers get must be there, or be a
// slate, which is told by making the same slate once more.
//
// It ends with 1 where a bar does not hold: anything unvouched delivered,
// memory grown by 5 % after the first sixth of the run (ten minutes of an
// hour), descriptors grown, a daemon that crashed, lost a camera or did not
// stop in time, or a camera that was not masked again within 90 s.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/api"
)

type options struct {
	bauta, worker, clip string
	length, every       time.Duration
	seed                uint64
	keep                bool
	out                 io.Writer
}

func main() {
	if filepath.Base(os.Args[0]) == relayName {
		os.Exit(runRelay())
	}
	o := options{out: os.Stdout}
	flag.StringVar(&o.bauta, "bauta", "build/bauta", "the daemon's program")
	flag.StringVar(&o.worker, "worker", "build/bauta-worker", "the worker's program")
	flag.StringVar(&o.clip, "clip", "build/demo.mp4", "film with faces that the cameras play")
	flag.DurationVar(&o.length, "for", time.Hour, "how long: 2m or more")
	flag.DurationVar(&o.every, "every", 5*time.Second, "mean time between two faults")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "makes the same faults again")
	flag.BoolVar(&o.keep, "keep", false, "keep the folder with the daemon's log and data")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	failed, err := o.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bauta-soak:", err)
	}
	if err != nil || len(failed) > 0 {
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) (failed []string, err error) {
	if o.length < 2*time.Minute {
		return nil, errors.New("a soak takes 2m or more: give a longer -for")
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bauta-soak-")
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(o.out, "soak of %v, seed %d, folder %s\n", o.length, o.seed, dir)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &soak{o: *o, dir: dir, rand: rand.New(rand.NewPCG(o.seed, 0)), began: time.Now(), made: map[string]int{}, issuer: consent.NewKey()}
	end, err := s.set(ctx)
	if err == nil {
		err = s.run(ctx)
	}
	if err == nil || errors.Is(err, errStuck) {
		s.report()
		if err := s.daemon.stop(); err != nil {
			s.fail("at the end: %v", err)
		}
	}
	end()
	if errors.Is(err, errStuck) {
		s.fail("%v", err)
		err = nil
	}
	if err != nil {
		return nil, err
	}
	failed = s.verdict()
	s.sum(failed)
	if len(failed) == 0 && !o.keep {
		os.RemoveAll(dir)
	}
	return failed, nil
}

// check finds the programs before anything starts.
func (o *options) check() error {
	for _, path := range []*string{&o.bauta, &o.worker, &o.clip} {
		full, err := filepath.Abs(*path)
		if err == nil {
			_, err = os.Stat(full)
		}
		if err != nil {
			return fmt.Errorf("%w: run `make build build/demo.mp4` first", err)
		}
		*path = full
	}
	for _, name := range []string{"ffmpeg", "mosquitto"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w: run `make setup-test` first", err)
		}
	}
	return nil
}

// set brings up cameras, broker, daemon and viewers. end takes down what is
// there, also after an error.
func (s *soak) set(ctx context.Context) (end func(), err error) {
	var steps []func()
	end = func() {
		for _, step := range slices.Backward(steps) {
			step()
		}
	}
	for _, f := range films {
		if err := f.make(ctx, s.o.clip, s.dir); err != nil {
			return end, err
		}
	}
	s.book = newBook(s.dir, sizesOf(films))
	steps = append(steps, s.book.close)
	for _, start := range []func() (*camera, error){
		func() (*camera, error) { return ownCamera(ctx, "east", s.dir, filmH264) },
		func() (*camera, error) { return ownCamera(ctx, "south", s.dir, filmJPEG) },
		func() (*camera, error) { return ffmpegCamera(ctx, "west", s.dir, filmH265, filmSmall) },
		func() (*camera, error) { return ffmpegCamera(ctx, "north", s.dir, filmB, filmSmall) },
	} {
		c, err := start()
		if err != nil {
			return end, err
		}
		s.cameras = append(s.cameras, c)
		steps = append(steps, func() { c.line.close(); c.stop() })
	}
	if s.broker, err = newBroker(s.dir); err != nil {
		return end, err
	}
	steps = append(steps, func() { s.broker.stop() })
	if s.daemon, err = newDaemon(s.o.bauta, s.o.worker, s.dir, s.broker.addr); err != nil {
		return end, err
	}
	if err := s.daemon.start(ctx); err != nil {
		return end, err
	}
	steps = append(steps, func() { s.daemon.kill() })
	if err := s.fill(ctx); err != nil {
		return end, err
	}
	steps = append(steps, s.view(ctx))
	return end, nil
}

// fill tells the daemon of its cameras and of who may issue consents.
func (s *soak) fill(ctx context.Context) error {
	key := api.NewIssuer{Name: issuerName, Key: string(s.issuer.Public().PEM())}
	if _, err := s.daemon.client.AddIssuer(ctx, key); err != nil {
		return err
	}
	for _, c := range s.cameras {
		cam := c.settings()
		cam.Replace = false
		if _, err := s.daemon.client.AddCamera(ctx, cam); err != nil {
			return err
		}
	}
	return nil
}

// view starts the viewers that stay.
func (s *soak) view(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var addresses []string
	for _, c := range s.cameras {
		v := &viewer{camera: c.id, address: s.address(c), book: s.book}
		s.viewers = append(s.viewers, v)
		addresses = append(addresses, v.address)
		s.watching.Go(func() { v.run(ctx) })
	}
	s.watching.Go(func() { decoding(ctx, addresses, &s.decoded) })
	s.watching.Go(func() { s.reportNow(ctx) })
	return func() { cancel(); s.pending.Wait(); s.watching.Wait() }
}

// sum prints the faults made and how it ended.
func (s *soak) sum(failed []string) {
	n := s.restarts
	for _, name := range slices.Sorted(maps.Keys(s.made)) {
		s.say("%4d  %s", s.made[name], name)
		n += s.made[name]
	}
	s.say("%4d  restart of the daemon", s.restarts)
	if len(failed) == 0 {
		s.say("PASSED with %d faults, seed %d", n, s.o.seed)
		return
	}
	s.say("FAILED with %d faults, seed %d; logs in %s:\n  %s", n, s.o.seed, s.dir, strings.Join(failed, "\n  "))
}
