package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/dev/internal/probe"
)

// manyClip is what the cameras of the last table play: 720p at 15 frames a
// second, as many of a building's cameras send.
const manyClip = "lobby"

// manyResult is several cameras at a time through one gateway.
type manyResult struct {
	clip    clip
	cameras int
	span    time.Duration
	// protected is how many cameras never left "protected".
	protected int
	slowest   float64 // frames a second of the camera that delivered fewest
	slates    uint64
	cpu       float64 // of one core, supervisor and workers
	memory    int64   // of all of them, bytes; 0 where only root may know
	levels    []string
}

// Small cameras are what many buildings have many of.
const (
	smallWidth = 640
	smallRate  = 5
	smallTime  = 60 * time.Second
)

// measureSmall runs 1, 2, 4 and more small cameras side by side: what one costs must not grow with them.
func (b *bench) measureSmall(ctx context.Context, paths []string, r *doc) error {
	if b.small == 0 {
		return nil
	}
	c, ok, err := clipNamed(paths, manyClip)
	if err != nil || !ok {
		return err
	}
	small := filepath.Join(b.temp, "small.mp4")
	if err := convert(ctx, c.path, fmt.Sprintf("fps=%d,scale=%d:-2", smallRate, smallWidth), small, "-preset", "veryfast", "-crf", "23", "-g", fmt.Sprint(2*smallRate), "-pix_fmt", "yuv420p"); err != nil {
		return err
	}
	made, err := openClip(small)
	if err != nil {
		return err
	}
	made.name = manyClip + ", small"
	for n := 1; n <= b.small; n *= 2 {
		progress("%s: %d cameras for %v", made.name, n, smallTime)
		m, err := b.manyAtOnce(ctx, made, n, smallTime)
		if err != nil {
			return fmt.Errorf("%s, %d cameras: %w", made.name, n, err)
		}
		r.many = append(r.many, m)
	}
	return nil
}

// measureMany runs cameras side by side, one fewer each time until all stay
// protected.
func (b *bench) measureMany(ctx context.Context, c clip, r *doc) error {
	for n := b.many; n > 0; n-- {
		progress("%s: %d cameras for %v", c.name, n, b.manyTime)
		m, err := b.manyAtOnce(ctx, c, n, b.manyTime)
		if err != nil {
			return fmt.Errorf("%s, %d cameras: %w", c.name, n, err)
		}
		r.many = append(r.many, m)
		if m.protected == n {
			return nil
		}
	}
	return nil
}

func (b *bench) manyAtOnce(ctx context.Context, c clip, n int, span time.Duration) (manyResult, error) {
	cam, err := startCamera(ctx, c.path)
	if err != nil {
		return manyResult{}, err
	}
	defer cam.close()
	g, err := b.startGateway(ctx, cam.url())
	if err != nil {
		return manyResult{}, err
	}
	m := manyResult{clip: c, cameras: n, span: span}
	err = b.addCameras(ctx, g, cam.url(), n-1)
	if err == nil {
		err = g.endure(ctx, &m)
	}
	g.stop()
	return m, err
}

// holds adds up what the gateway's processes took and hold.
func (g *gatewayRun) holds() (cpu time.Duration, memory int64) {
	for _, p := range append(probe.Below(g.cmd.Process.Pid), g.cmd.Process.Pid) {
		cpu += probe.CPU(p)
		memory += probe.Share(p)
	}
	return cpu, memory
}

func (b *bench) addCameras(ctx context.Context, g *gatewayRun, url string, n int) error {
	for i := range n {
		out, err := exec.CommandContext(ctx, b.bauta, "camera", "add", fmt.Sprintf("camera-%d", i+2), url, "--data", g.data).CombinedOutput()
		if err != nil {
			return fmt.Errorf("bauta camera add: %w: %s", err, lastLines(string(out)))
		}
	}
	return nil
}

// endure watches all cameras for the time of m and fills in what it saw.
func (g *gatewayRun) endure(ctx context.Context, m *manyResult) error {
	before, err := g.allProtected(ctx, m.cameras)
	if err != nil {
		return err
	}
	left := map[string]bool{}
	began := time.Now()
	took, _ := g.holds()
	for time.Since(began) < m.span {
		if !sleepUntil(ctx, time.Now().Add(min(2*time.Second, m.span))) {
			return ctx.Err()
		}
		all, err := g.statuses(ctx)
		if err != nil {
			return err
		}
		for _, c := range all {
			left[c.ID] = left[c.ID] || c.Protection != "protected"
			if level := c.Metrics.Step; level != "normal" && !slices.Contains(m.levels, level) {
				m.levels = append(m.levels, level)
			}
		}
	}
	passed := time.Since(began).Seconds()
	cpu, memory := g.holds()
	m.cpu, m.memory = (cpu-took).Seconds()/passed, memory
	after, err := g.statuses(ctx)
	if err != nil {
		return err
	}
	m.slowest = float64(m.clip.fps)
	for i, c := range after {
		m.slates += c.Totals.Slates - before[i].Totals.Slates
		m.slowest = min(m.slowest, float64(c.Totals.Pictures-before[i].Totals.Pictures)/passed)
		if !left[c.ID] {
			m.protected++
		}
	}
	return nil
}

// allProtected waits until viewers of n cameras get masked frames.
func (g *gatewayRun) allProtected(ctx context.Context, n int) ([]cameraStatus, error) {
	for limit := time.Now().Add(liveStart); ; {
		all, err := g.statuses(ctx)
		if err != nil {
			return nil, err
		}
		waiting := slices.ContainsFunc(all, func(c cameraStatus) bool { return c.Protection != "protected" })
		if len(all) == n && !waiting {
			// The load of starting all at once is not what is measured.
			if !sleepUntil(ctx, time.Now().Add(liveSettle)) {
				return nil, ctx.Err()
			}
			return g.statuses(ctx)
		}
		if time.Now().After(limit) {
			return nil, fmt.Errorf("not all of %d cameras had a masked frame within %v", n, liveStart)
		}
		if !sleepUntil(ctx, time.Now().Add(200*time.Millisecond)) {
			return nil, ctx.Err()
		}
	}
}

func (d *doc) manyTable() string {
	if len(d.many) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n## Many cameras\n\nCameras that send the same clip, side by side through one gateway.\n\n")
	b.WriteString("| clip | cameras | size | a second | for | always protected | delivered by the slowest, a second | slates | CPU, cores | CPU a camera | memory a camera, MB | load steps |\n")
	b.WriteString("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, m := range d.many {
		fmt.Fprintf(&b, "| %s | %d | %dx%d | %.4g | %v | %d | %.1f | %d | %.2f | %.3f | %s | %s |\n", m.clip.name, m.cameras, m.clip.width, m.clip.height, m.clip.fps,
			m.span, m.protected, m.slowest, m.slates, m.cpu, m.cpu/float64(m.cameras), megabytes(m.memory/int64(m.cameras)), strings.Join(m.levels, ", "))
	}
	return b.String()
}
