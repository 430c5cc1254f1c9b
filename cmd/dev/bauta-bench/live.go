package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

// liveResult is one camera's through the gateway.
type liveResult struct {
	sentFrames, missing int
	p50, p99            time.Duration
	cpu                 float64 // of one core, 0 to 1 and above
	peak                int64   // bytes, of the largest process: the worker
	lookAhead           time.Duration
	leak                leak.Result
	// notes says what was not as it should be: slates, load steps.
	notes []string
}

const (
	liveStart  = 20 * time.Second // at most, until frames are masked
	liveSettle = 3 * time.Second  // the first frames are those of a start
	liveTail   = 2 * time.Second  // for what is under way at the end
)

// live plays a clip as a camera for a while and watches it through `bauta run`.
func (b *bench) live(ctx context.Context, c clip, faces [][]leak.Box) (liveResult, error) {
	cam, err := startCamera(ctx, c.path)
	if err != nil {
		return liveResult{}, err
	}
	defer cam.close()
	g, err := b.startGateway(ctx, cam.url())
	if err != nil {
		return liveResult{}, err
	}
	r, out, err := b.watch(ctx, cam, g)
	u := g.stop()
	r.cpu, r.peak = u.cpu.Seconds()/u.wall.Seconds(), u.peak
	if err == nil {
		r.leak, err = b.leakOfViewed(ctx, c, faces, out)
	}
	return r, err
}

// watch measures the frames that the camera sends within the given time.
func (b *bench) watch(ctx context.Context, cam *camera, g *gatewayRun) (liveResult, []viewed, error) {
	v, err := startViewer(g.stream)
	if err != nil {
		return liveResult{}, nil, fmt.Errorf("viewer: %w", err)
	}
	defer v.client.Close()
	if err := g.untilProtected(ctx); err != nil {
		return liveResult{}, nil, err
	}
	if !sleepUntil(ctx, time.Now().Add(liveSettle)) {
		return liveResult{}, nil, ctx.Err()
	}
	before, err := g.status(ctx)
	if err != nil {
		return liveResult{}, nil, err
	}
	began := time.Now()
	notes, err := g.observe(ctx, began.Add(b.liveTime))
	if err != nil {
		return liveResult{}, nil, err
	}
	ended := time.Now()
	after, err := g.status(ctx)
	if err != nil {
		return liveResult{}, nil, err
	}
	if n := after.Totals.Slates - before.Totals.Slates; n > 0 {
		notes = append(notes, fmt.Sprintf("%d slates", n))
	}
	if !sleepUntil(ctx, time.Now().Add(liveTail)) {
		return liveResult{}, nil, ctx.Err()
	}
	r, out, err := tally(cam, v, began, ended)
	r.notes, r.lookAhead = notes, time.Duration(after.LookAheadMS*float64(time.Millisecond))
	return r, out, err
}

// tally compares what was sent with what came over a span of time.
func tally(cam *camera, v *viewer, began, ended time.Time) (liveResult, []viewed, error) {
	out, err := cam.sentSoFar()
	if err != nil {
		return liveResult{}, nil, fmt.Errorf("camera: %w", err)
	}
	in, err := v.receivedSoFar()
	if err != nil {
		return liveResult{}, nil, err
	}
	var during []sent
	for _, s := range out {
		if s.written.After(began) && s.written.Before(ended) {
			during = append(during, s)
		}
	}
	took, missing := delays(during, in)
	if len(took) == 0 {
		return liveResult{}, nil, errors.New("none of the camera's frames was found again behind the gateway")
	}
	r := liveResult{sentFrames: len(during), missing: missing, p50: percentile(took, 50), p99: percentile(took, 99)}
	return r, align(during, in), nil
}

// gatewayRun is a `bauta run` of its own, with one camera.
type gatewayRun struct {
	bauta  string
	cmd    *exec.Cmd
	data   string
	stream string
	stderr *bytes.Buffer
	memory *memoryWatch
	began  time.Time
}

const gatewaySettings = `rtsp: {address: "127.0.0.1:0", udp: false, anonymous: true}
mqtt: {embedded_address: "127.0.0.1:0"}
console: {address: ""}
limits: {cameras: 256}
`

func (b *bench) startGateway(ctx context.Context, camera string) (*gatewayRun, error) {
	dir, err := os.MkdirTemp(b.temp, "live")
	if err != nil {
		return nil, err
	}
	settings := filepath.Join(dir, "bauta.yaml")
	if err := os.WriteFile(settings, []byte(gatewaySettings), 0o600); err != nil {
		return nil, err
	}
	g := &gatewayRun{bauta: b.bauta, data: filepath.Join(dir, "data"), stderr: &bytes.Buffer{}, began: time.Now()}
	g.cmd = exec.CommandContext(ctx, b.bauta, "run", "--config", settings, "--data", g.data, "--camera", camera, "--lang", "en")
	g.cmd.Stderr = g.stderr
	out, err := g.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := g.cmd.Start(); err != nil {
		return nil, err
	}
	g.memory = watchMemory(g.cmd.Process.Pid)
	lines := bufio.NewReader(out)
	first, _ := lines.ReadString('\n') // an early end shows as a line without address
	if g.stream = regexp.MustCompile(`rtsp://\S+`).FindString(first); g.stream == "" {
		g.stop()
		return nil, fmt.Errorf("bauta run did not start: %s", lastLines(g.stderr.String()))
	}
	return g, nil
}

func (g *gatewayRun) stop() usage {
	terminate(g.cmd)
	return usage{cpu: cpuOf(g.cmd.ProcessState), wall: time.Since(g.began), peak: g.memory.stop()}
}

// cameraStatus is the part of `bauta status --json` that matters here.
type cameraStatus struct {
	ID          string
	Protection  string
	LookAheadMS float64 `json:"look_ahead_ms"`
	Worker      struct{ Reason, Detail string }
	Metrics     struct{ Step string }
	Totals      struct{ Pictures, Slates, Dropped uint64 }
}

func (g *gatewayRun) status(ctx context.Context) (cameraStatus, error) {
	all, err := g.statuses(ctx)
	if err != nil {
		return cameraStatus{}, err
	}
	if len(all) != 1 {
		return cameraStatus{}, fmt.Errorf("bauta status names %d cameras, not 1", len(all))
	}
	return all[0], nil
}

// statuses are those of all cameras, by id.
func (g *gatewayRun) statuses(ctx context.Context) ([]cameraStatus, error) {
	b, err := exec.CommandContext(ctx, g.bauta, "status", "--json", "--data", g.data).Output()
	if err != nil {
		return nil, fmt.Errorf("bauta status: %w: %s", err, lastLines(g.stderr.String()))
	}
	var s struct{ Cameras []cameraStatus }
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("bauta status: %w", err)
	}
	return s.Cameras, nil
}

// untilProtected waits until viewers get masked frames.
func (g *gatewayRun) untilProtected(ctx context.Context) error {
	limit := time.Now().Add(liveStart)
	for {
		s, err := g.status(ctx)
		switch {
		case err == nil && s.Protection == "protected":
			return nil
		case time.Now().After(limit):
			return errors.Join(fmt.Errorf("no masked frame within %v: %s %s %s", liveStart, s.Protection, s.Worker.Reason, s.Worker.Detail), err)
		case !sleepUntil(ctx, time.Now().Add(200*time.Millisecond)):
			return ctx.Err()
		}
	}
}

// observe asks now and then, until a time, whether the camera stays protected
// and at which level of degradation. Seldom: each status costs the measured computer a
// process.
func (g *gatewayRun) observe(ctx context.Context, until time.Time) ([]string, error) {
	var notes []string
	note := func(s string) {
		if s != "" && !strings.Contains(strings.Join(notes, " "), s) {
			notes = append(notes, s)
		}
	}
	for time.Now().Before(until) {
		next := time.Now().Add(5 * time.Second)
		if next.After(until) {
			next = until
		}
		if !sleepUntil(ctx, next) {
			return nil, ctx.Err()
		}
		s, err := g.status(ctx)
		if err != nil {
			return nil, err
		}
		if s.Protection != "protected" {
			note(s.Protection)
		}
		if s.Metrics.Step != "normal" {
			note("load step " + s.Metrics.Step)
		}
	}
	return notes, nil
}

// viewed is an access unit that the viewer got and the frame of the clip in
// it; -1 for one that is not measured.
type viewed struct {
	nalus [][]byte
	frame int
}

// align says which frame of the clip each access unit shows, from the
// first keyframe among the frames sent on; both are in the order of capture.
func align(out []sent, in []received) []viewed {
	which := map[int]int{}
	for _, s := range out {
		if i := find(in, s.captured); i >= 0 {
			which[i] = s.frame
		}
	}
	var list []viewed
	for i, r := range in {
		frame, ok := which[i]
		if len(list) == 0 && (!ok || !isKeyframe(r.nalus)) {
			continue
		}
		if !ok {
			frame = -1
		}
		list = append(list, viewed{r.nalus, frame})
	}
	return list
}

func isKeyframe(nalus [][]byte) bool {
	const idr = 5
	for _, n := range nalus {
		if len(n) > 0 && n[0]&0x1f == idr {
			return true
		}
	}
	return false
}

// leakOfViewed measures what a viewer got as measureLeak does a file.
func (b *bench) leakOfViewed(ctx context.Context, c clip, faces [][]leak.Box, list []viewed) (leak.Result, error) {
	path := filepath.Join(b.temp, "live.h264")
	if err := writeAnnexB(path, list); err != nil {
		return leak.Result{}, err
	}
	out, err := openVideo(ctx, path, c.width, c.height, "gray")
	if err != nil {
		return leak.Result{}, err
	}
	defer out.close()
	src := source{clip: c}
	defer src.close()
	var m leak.Meter
	rect := image.Rect(0, 0, c.width, c.height)
	a, o := image.NewGray(rect), image.NewGray(rect)
	for n, s := range list {
		if err := out.read(o.Pix); err != nil {
			return leak.Result{}, fmt.Errorf("frame %d of %d that a viewer got: %w", n, len(list), err)
		}
		if s.frame < 0 {
			continue
		}
		if err := src.seek(ctx, s.frame, a.Pix); err != nil {
			return leak.Result{}, err
		}
		m.Add(a, o, faces[s.frame])
	}
	return m.Result(), nil
}

func writeAnnexB(path string, list []viewed) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, s := range list {
		for _, n := range s.nalus {
			if _, err := f.Write(append([]byte{0, 0, 0, 1}, n...)); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	return f.Close()
}

// source reads a clip's frames by number, again from the front where a
// number is lower than the last.
type source struct {
	clip
	video *video
	next  int
}

func (s *source) seek(ctx context.Context, frame int, pix []byte) (err error) {
	if s.video == nil || frame < s.next {
		s.close()
		if s.video, err = openVideo(ctx, s.path, s.width, s.height, "gray"); err != nil {
			return err
		}
		s.next = 0
	}
	for ; s.next <= frame; s.next++ {
		if err := s.video.read(pix); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("frame %d of the clip: %w", frame, err)
		}
	}
	return nil
}

func (s *source) close() {
	if s.video != nil {
		s.video.close()
		s.video = nil
	}
}
