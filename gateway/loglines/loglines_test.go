package loglines

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

func TestLinesAreKept(t *testing.T) {
	r := New()
	var out bytes.Buffer
	log := slog.New(r.Handler(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelWarn})))
	log.Debug("too small")
	log.Info("camera is online", "camera", "gate")
	log.With("camera", "gate").WithGroup("more").Error("it ended", "why", "a reason")
	all, last := r.Lines(Filter{})
	if len(all) != 2 || last != 2 || all[0].Text != `"camera is online" camera=gate` || all[0].Level != "info" || all[1].Text != `"it ended" camera=gate more.why="a reason"` || all[0].Time.IsZero() {
		t.Errorf("%+v", all)
	}
	if strings.Contains(out.String(), "online") || !strings.Contains(out.String(), "it ended") {
		t.Errorf("the log itself: %q", out.String())
	}
	for _, c := range []struct {
		f    Filter
		want int
	}{{Filter{After: 1}, 1}, {Filter{Level: slog.LevelError}, 1}, {Filter{Text: "ONLINE"}, 1}, {Filter{Text: "nothing"}, 0}, {Filter{Most: 1}, 1}} {
		if got, last := r.Lines(c.f); len(got) != c.want || last != 2 {
			t.Errorf("%+v: %+v", c.f, got)
		}
	}
}

// Of an address only its host is kept: the rest may be a password.
func TestAddressesHaveNoLogin(t *testing.T) {
	for line, want := range map[string]string{
		`tried rtsp://admin:s3cret@192.168.1.5:554/live/s3cret?pw=s3cret twice`: `tried rtsp://192.168.1.5:554 twice`,
		`rtsps://u:s3/cr@et@cam.example/x`:                                      `rtsps://cam.example`,
		`rtsp+http://u:s3cret@h/x`:                                              `rtsp+http://h`,
		`url="https://h?token=s3cret"`:                                          `url="https://h"`,
		`listening on 127.0.0.1:8554`:                                           `listening on 127.0.0.1:8554`,
	} {
		if got := clean(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if long := clean(strings.Repeat("摄", 1000)); len(long) > maxLength+4 || !strings.HasSuffix(long, "摄 ...") {
		t.Errorf("a long line: %d bytes, %q", len(long), long[len(long)-10:])
	}
}

func TestRingIsBounded(t *testing.T) {
	r := New()
	log := slog.New(r.Handler(slog.DiscardHandler))
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range maxLines {
				log.Info(fmt.Sprint(i, j))
				if j%500 == 0 {
					r.Lines(Filter{Most: 3})
				}
			}
		})
		if i > 0 {
			all.Wait() // one after another, but for the first two
		}
	}
	all.Wait()
	lines, last := r.Lines(Filter{})
	if len(lines) > maxLines || len(lines) < maxLines*8/10 || last != 4*maxLines || lines[len(lines)-1].Seq != last {
		t.Errorf("%d lines, the last is %d", len(lines), last)
	}
}
