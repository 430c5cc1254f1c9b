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
