package camera

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func masked(t *testing.T, rec media.Record) media.Clean {
	t.Helper()
	rec.Code = media.Masked
	c, err := media.Vouch([][]byte{{0x65}}, true, rec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMeter(t *testing.T) {
	start := time.Unix(1000, 0)
	m := newMeter(start)
	for i := range 10 {
		m.clean(masked(t, media.Record{Faces: i, Masked: i, Held: 200 * time.Millisecond, Degradation: media.DetectLess}))
	}
	m.clean(media.VouchSlate([][]byte{{0x65}}, true, 0, start))
	got := m.period(start.Add(5 * time.Second))
	want := api.CameraMetrics{FPS: 2, LatencyMS: 200, Faces: 9, Masked: 9, Step: "detect_less"}
	if got != want {
		t.Errorf("first period = %+v, want %+v", got, want)
	}
	if latest, totals := m.read(); latest != want || totals.Pictures != 10 || totals.Slates != 1 {
		t.Errorf("read = %+v, %+v", latest, totals)
	}
	empty := m.period(start.Add(10 * time.Second))
	if empty.FPS != 0 || empty.Faces != 0 || empty.LatencyMS != 0 {
		t.Errorf("a period without frames = %+v", empty)
	}
}

// Recorders are given the rate of the stream as it is, from its first seconds on.
func TestRates(t *testing.T) {
	began := time.Now()
	m := newMeter(began)
	if fps, kbps := m.rates(began.Add(time.Second)); fps != 0 || kbps != 0 {
		t.Errorf("of nothing: %v, %d", fps, kbps)
	}
	m.count, m.bytes = 30, 250_000
	if fps, kbps := m.rates(began.Add(2 * time.Second)); fps != 15 || kbps != 1000 {
		t.Errorf("of two seconds: %v, %d", fps, kbps)
	}
	m.period(began.Add(5 * time.Second))
	if fps, kbps := m.rates(began.Add(6 * time.Second)); fps != 6 || kbps != 400 {
		t.Errorf("of a period: %v, %d", fps, kbps)
	}
}
