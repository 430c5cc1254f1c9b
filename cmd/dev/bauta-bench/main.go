// Command bauta-bench measures Bauta against what else there is, in one run on
// one machine: how much of the faces survives, how much of each frame is
// altered, processor time, memory, and the delay of a live stream. It writes
// docs/BENCHMARKS.md and the image in it:
//
//	go run ./cmd/dev/bauta-bench -o docs/BENCHMARKS.md [CLIP.mp4 ...]
//
// Without clips it takes the demo's and those in ../shared/clips. The ground
// truth of a clip is a JSON file beside it; where there is none, the face model's
// finds at high resolution are the reference.
//
// Each measure runs in the main goroutine, one after the other, so that none disturbs
// another. It never changes a clip, and shows faces of the demo's clip alone.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// bench is one run's settings and what it needs.
type bench struct {
	bauta        string
	temp         string
	pairs        int
	liveTime     time.Duration
	peerFrames   int
	withVariants bool
	withKinds    bool
	second       *secondMeasure // nil: the second measure is not at hand
	many         int
	manyTime     time.Duration
	small        int
	noPeer       string // why faceblur is left out; empty where it is measured
	// demo is the demo's clip.
	demo string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := program(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bauta-bench:", err)
		os.Exit(1)
	}
}

func program(ctx context.Context, args []string) error {
	var b bench
	flags := flag.NewFlagSet("bauta-bench", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: bauta-bench [flags] [CLIP.mp4 ...]")
		flags.PrintDefaults()
	}
	out := flags.String("o", "", "write the report to this file (default: standard output)")
	strip := flags.String("strip", "", "write the picture of before and after here (default: before-after.jpg beside the report)")
	stripOnly := flags.Bool("strip-only", false, "make the picture and measure nothing")
	flags.StringVar(&b.demo, "demo", "build/demo.mp4", "the demo's clip, the only one that is shown")
	flags.StringVar(&b.bauta, "bauta", "build/bauta", "the program to measure")
	flags.IntVar(&b.pairs, "pairs", 3, "how often processor time is measured, alternating with the plain re-encode")
	flags.DurationVar(&b.liveTime, "live", 20*time.Second, "how long each clip is watched live; 0: not at all")
	flags.IntVar(&b.peerFrames, "peer-frames", 60, "at most so many pictures of a clip for GStreamer's faceblur, which is slow; 0: leave it out")
	flags.BoolVar(&b.withVariants, "variants", false, "also measure the clips re-encoded, slowed, rotated and dimmed, and an empty scene")
	flags.BoolVar(&b.withKinds, "kinds", false, "also measure the clips turned, mirrored, stretched, tilted, fast and noisy; where nobody is; and a still scene")
	kindsOnly := flags.Bool("kinds-only", false, "measure the same and nothing else")
	flags.IntVar(&b.many, "many", 0, "run this many cameras side by side as well, and fewer until all stay protected; 0: none")
	flags.DurationVar(&b.manyTime, "many-time", 10*time.Minute, "for how long")
	flags.IntVar(&b.small, "small", 0, "run 1, 2, 4 and so on to this many small cameras side by side as well; 0: none")
	smallOnly := flags.Bool("small-only", false, "measure these and nothing else")
	dayOnly := flags.Bool("day-only", false, "measure ten minutes of a made day and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *strip == "" && *out != "" {
		*strip = filepath.Join(filepath.Dir(*out), "before-after.jpg")
	}
	paths := flags.Args()
	b.withKinds = b.withKinds || *kindsOnly
	if len(paths) == 0 {
		paths = defaultClips(b.demo)
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	defer os.RemoveAll(b.temp)
	switch {
	case *dayOnly:
		return b.alone(ctx, paths, b.measureDay, (*doc).dayTable)
	case *smallOnly:
		return b.alone(ctx, paths, b.measureSmall, (*doc).manyTable)
	}
	if *kindsOnly {
		return b.kindsAlone(ctx, paths, *out)
	}
	return b.all(ctx, paths, *out, *strip, *stripOnly)
}

func (b *bench) prepare(ctx context.Context) error {
	path, err := filepath.Abs(b.bauta)
	if err != nil {
		return err
	}
	b.bauta = path
	if _, err := os.Stat(b.bauta); err != nil {
		return fmt.Errorf("%w: run make build first", err)
	}
	if b.pairs < 1 {
		return errors.New("-pairs must be 1 or more")
	}
	if b.noPeer = noFaceblur(ctx); b.peerFrames <= 0 {
		b.noPeer = "it was left out of this run"
	}
	if b.second, err = findSecondMeasure(); err != nil {
		return err
	}
	b.temp, err = os.MkdirTemp("", "bauta-bench")
	return err
}

func (b *bench) all(ctx context.Context, paths []string, out, strip string, stripOnly bool) error {
	if strip != "" {
		if err := b.makeStrip(ctx, strip); err != nil {
			return err
		}
	}
	if stripOnly {
		return nil
	}
	r := b.newDoc(ctx)
	if strip != "" {
		r.strip = filepath.Base(strip)
	}
	for _, path := range paths {
		if err := b.measure(ctx, path, &r); err != nil {
			return err
		}
	}
	if err := b.measureSmall(ctx, paths, &r); err != nil {
		return err
	}
	if b.withVariants {
		if err := b.measureDay(ctx, paths, &r); err != nil {
			return err
		}
	}
	if b.withKinds {
		if err := b.measureAllKinds(ctx, paths, &r); err != nil {
			return err
		}
	}
	if out == "" {
		_, err := os.Stdout.Write(r.markdown())
		return err
	}
	fmt.Print(r.tables())
	return os.WriteFile(out, r.markdown(), 0o644)
}

func (b *bench) newDoc(ctx context.Context) doc {
	return doc{setup: b.setup(ctx), date: time.Now(), pairs: b.pairs, liveTime: b.liveTime, peerFrames: b.peerFrames, noPeer: b.noPeer, withSecond: b.second != nil}
}

// kindsAlone prints the tables of the kinds of frames, or writes them.
func (b *bench) kindsAlone(ctx context.Context, paths []string, out string) error {
	r := b.newDoc(ctx)
	if err := b.measureAllKinds(ctx, paths, &r); err != nil {
		return err
	}
	if out == "" {
		_, err := os.Stdout.WriteString(r.kindTables())
		return err
	}
	return os.WriteFile(out, []byte(r.kindTables()), 0o644)
}

// alone measures one thing and prints its table.
func (b *bench) alone(ctx context.Context, paths []string, measure func(context.Context, []string, *doc) error, table func(*doc) string) error {
	r := b.newDoc(ctx)
	if err := measure(ctx, paths, &r); err != nil {
		return err
	}
	for _, s := range append(r.setup, r.skipped...) {
		fmt.Println("-", s)
	}
	_, err := os.Stdout.WriteString(table(&r))
	return err
}

// measureAllKinds takes the clips without faces as well.
func (b *bench) measureAllKinds(ctx context.Context, paths []string, r *doc) error {
	for _, path := range append(slices.Clone(paths), emptyClips()...) {
		c, err := openClip(path)
		if err != nil {
			return err
		}
		if err := b.measureKinds(ctx, c, r); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// progress says what is going on; the run takes minutes.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
