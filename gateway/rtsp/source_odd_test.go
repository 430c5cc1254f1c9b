package rtsp

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/rtsp/oddcamera"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	oddAtOnce = 72              // cameras read side by side
	oddFirst  = 8 * time.Second // for the first keyframe, on a machine that does a lot else
	oddExtra  = 8 * time.Second // longer than the watch, where the times do not agree at once
	oddStep   = 10 * time.Millisecond
	oddSlack  = 250 * time.Millisecond
)

// oddWatch is for how long each odd camera is read.
func oddWatch() time.Duration {
	if os.Getenv("BAUTA_LONG") != "" {
		return 20 * time.Second
	}
	return 2500 * time.Millisecond
}

// Each odd habit is read as the table promises: access units as long as reality, byte for byte
// what the camera encoded, or the right reason.
func TestOddCameras(t *testing.T) {
	cam, slots := oddcamera.Start(t, oddcamera.Options{}), make(chan struct{}, oddAtOnce)
	modes, wg := oddModes(), sync.WaitGroup{}
	defer wg.Wait()
	faults := make([]chan string, len(modes))
	for i := range faults {
		faults[i] = make(chan string, 1)
	}
	wg.Go(func() {
		for i, m := range modes {
			if !oddChosen(t, m.name) {
				faults[i] <- "not read: write -run 'TestOddCameras/NAME'"
				continue
			}
			slots <- struct{}{}
			wg.Go(func() {
				faults[i] <- readOdd(t, cam, m.Mode)
				<-slots
			})
		}
	})
	for i, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			if fault := <-faults[i]; fault != "" {
				t.Errorf("%s (%s): %s", m.name, m.Habit, fault)
			}
		})
	}
}

// oddMode is a mode by one transport.
type oddMode struct {
	oddcamera.Mode
	name string
}

// oddModes are all as a camera is read unless somebody says otherwise, and those whose packets
// are odd by each transport; in the long form all that can be had by it.
func oddModes() (all []oddMode) {
	for _, m := range oddcamera.Modes() {
		all = append(all, oddMode{m, m.Name})
		if m.Expect != oddcamera.Plays || m.Group != oddcamera.Packets && os.Getenv("BAUTA_LONG") == "" {
			continue
		}
		for _, transport := range m.Transports() {
			by := m
			by.Transport = transport
			all = append(all, oddMode{by, m.Name + "-by-" + transport})
		}
	}
	// Large frames first: ffmpeg needs a while for them.
	slices.SortStableFunc(all, func(a, b oddMode) int { return b.Width*b.Height - a.Width*a.Height })
	return all
}

// oddChosen reports whether -run asks for this one: all are read at once, more than the
// testing package would have run in parallel.
func oddChosen(t *testing.T, name string) bool {
	_, wanted, _ := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	re, err := regexp.Compile(wanted)
	if err != nil {
		t.Fatal(err)
	}
	return re.MatchString(name)
}

// readOdd reads one mode and says what is wrong; empty: nothing.
func readOdd(t *testing.T, cam *oddcamera.Camera, m oddcamera.Mode) string {
	cam.Sets(m.Name) // so that ffmpeg's time does not count
	user, password := cam.Login(m.Name)
	k := &camSink{t: t}
	s := NewSource(SourceConfig{ID: "odd", URL: cam.URL(m.Name), User: user, Password: password, Transport: m.Transport}, k, slog.New(slog.NewTextHandler(k, nil)))
	s.pace = camPace()
	if m.Expect != oddcamera.Plays {
		s.pace.stall, s.pace.keyless = 2*time.Second, 4*time.Second
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	if m.Expect != oddcamera.Plays {
		return oddReason(k, m)
	}
	return oddPlays(k, cam, m)
}

// seen is a snapshot of what came.
func (k *camSink) seen() (fault *SourceState, raws []media.Raw) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.states {
		if s.Phase == Waiting {
			return &s, k.raws
		}
	}
	return nil, k.raws
}

// oddReason waits for the reason of a hopeless mode; no access unit may come before it.
func oddReason(k *camSink, m oddcamera.Mode) string {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		fault, raws := k.seen()
		if fault == nil && len(raws) == 0 {
			continue
		}
		if fault == nil && m.Expect.Reason == string(ReasonDisagreeing) && contradicted(raws) {
			return ""
		}
		if fault == nil {
			return fmt.Sprintf("access units, want none and reason %q", m.Expect.Reason)
		}
		if string(fault.Reason) != m.Expect.Reason || len(raws) > 0 {
			return fmt.Sprintf("%d access units, then reason %q (%s), want %q at once", len(raws), fault.Reason, fault.Detail, m.Expect.Reason)
		}
		return ""
	}
	return fmt.Sprintf("neither access units nor a reason, want %q", m.Expect.Reason)
}

// contradicted reports whether the worker would refuse every image for its size.
func contradicted(raws []media.Raw) bool {
	for _, r := range raws {
		if _, _, err := new(jpegscan.Checker).Check(r.NALUs[0]); err == nil {
			return false
		}
	}
	return true
}

// oddView is what was seen of a mode so far.
type oddView struct {
	began, latest time.Time // when the first and the latest access unit were seen
	first         int       // the index of the one that was seen first
	raws          []media.Raw
	starved       time.Duration // for how long the machine had no time for this test
}

// update takes a snapshot, at most one each oddStep where there is time.
func (v *oddView) update(last time.Time, raws []media.Raw) (now time.Time) {
	now = time.Now()
	v.starved += max(0, now.Sub(last)-5*oddStep)
	if len(raws) > len(v.raws) {
		if v.latest = now; v.began.IsZero() {
			v.began, v.first = now, len(raws)-1
		}
		v.raws = raws
	}
	return now
}

// oddPlays reads for a while and compares the times with the clock. On a busy machine that
// takes longer: what is wrong stays wrong.
func oddPlays(k *camSink, cam *oddcamera.Camera, m oddcamera.Mode) string {
	var v oddView
	started, now, watch := time.Now(), time.Now(), oddWatch()
	for ; ; time.Sleep(oddStep) {
		fault, raws := k.seen()
		now = v.update(now, raws)
		switch {
		case fault != nil:
			return fmt.Sprintf("%d access units, then reason %q: %s", len(raws), fault.Reason, fault.Detail)
		case v.began.IsZero() && now.Sub(started) > oddFirst+m.Late+2*v.starved:
			return fmt.Sprintf("no keyframe after %v; asked: %q", now.Sub(started), cam.Requests(m.Name))
		case !v.began.IsZero() && now.Sub(v.began) > watch:
			off := v.compareTimes(m)
			if off == "" || watch >= oddWatch()+oddExtra {
				return cmp.Or(off, compareUnits(cam, m, v.raws))
			}
			watch += oddWatch() / 2
		}
	}
}

// compareTimes compares what came with the clock.
func (v *oddView) compareTimes(m oddcamera.Mode) string {
	took, raws := v.latest.Sub(v.began), v.raws
	span := raws[len(raws)-1].PTS.Duration() - raws[v.first].PTS.Duration()
	if off := (span - took).Abs(); off > took/10+oddSlack+v.starved {
		return fmt.Sprintf("%d access units whose times advance %v in %v", len(raws), span, took)
	}
	fps := cmp.Or(m.FPS, 10)
	if want := int(max(took, oddWatch()).Seconds() * float64(fps) * 0.8); len(raws)-v.first < want {
		return fmt.Sprintf("%d access units in %v, want %d", len(raws)-v.first, took, want)
	}
	for i, r := range raws {
		if i > 0 && r.PTS <= raws[i-1].PTS {
			return fmt.Sprintf("access unit %d is at %d, the one before it at %d", i, r.PTS, raws[i-1].PTS)
		}
	}
	return ""
}

// compareUnits wants the NAL units that the camera encoded, and all sets in the first frame.
func compareUnits(cam *oddcamera.Camera, m oddcamera.Mode, raws []media.Raw) string {
	for i, r := range raws {
		for _, u := range r.NALUs {
			if !cam.Sent(m.Name, u) {
				return fmt.Sprintf("access unit %d of %d has a unit of %d bytes that the camera did not encode, it begins with %x", i, len(raws), len(u), u[:min(len(u), 16)])
			}
		}
	}
	first := slices.Clone(raws[0].NALUs)
	for i, u := range first {
		first[i] = bytes.TrimRight(u, "\x00") // zeros behind a unit are nothing
	}
	for _, set := range cam.Sets(m.Name) {
		if !containsNALU(first, set) {
			return fmt.Sprintf("the first keyframe is without the parameter set %x", set)
		}
	}
	return ""
}
