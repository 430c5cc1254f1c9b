package gateway

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// oven is a box whose one thermal zone is as hot as the test says: it begins to
// slow down at 80 degrees.
type oven struct {
	t    *testing.T
	root string
}

const ovenZone = "sys/class/thermal/thermal_zone0"

func newOven(t *testing.T) oven {
	o := oven{t, t.TempDir()}
	if err := os.MkdirAll(filepath.Join(o.root, ovenZone), 0o700); err != nil {
		t.Fatal(err)
	}
	o.write("trip_point_0_type", "passive\n")
	o.write("trip_point_0_temp", "80000\n")
	o.heat("50000\n")
	return o
}

// write replaces a file as a whole, as the kernel does.
func (o oven) write(name, text string) {
	o.t.Helper()
	path := filepath.Join(o.root, ovenZone, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		o.t.Fatal(err)
	}
}

func (o oven) heat(milli string) { o.write("temp", milli) }

func (o oven) options(base Options) Options {
	base.root, base.heatEvery, base.heatRest = os.DirFS(o.root), 20*time.Millisecond, 200*time.Millisecond
	return base
}

func TestFloor(t *testing.T) {
	for heat, want := range map[hardware.Heat]media.Step{
		hardware.Cool: media.Normal, hardware.Warm: media.DetectLess, hardware.Hot: media.LowerRate, hardware.Critical: media.BlurPicture,
	} {
		if got := floor(heat); got != want {
			t.Errorf("%v asks for %v, want %v", heat, got, want)
		}
	}
}

func TestStepReason(t *testing.T) {
	for _, c := range []struct {
		step, floor media.Step
		want        string
	}{
		{media.Normal, media.Normal, ""}, {media.Normal, media.LowerRate, ""}, {media.DetectLess, media.Normal, "load"},
		{media.LowerRate, media.LowerRate, "heat"}, {media.DetectLess, media.LowerRate, "heat"}, {media.BlurPicture, media.LowerRate, "load"},
	} {
		if got := stepReason(c.step, c.floor); got != c.want {
			t.Errorf("%v above %v: %q, want %q", c.step, c.floor, got, c.want)
		}
	}
}

// The heat reaches the status, the workers' settings and the audit trail, and is
// left again.
func TestHeatIsTold(t *testing.T) {
	o := newOven(t)
	g, client := start(t, o.options(Options{Config: settings(t), Guests: []api.NewCamera{{ID: "gate", Name: "Gate", URL: nobody}}}))
	status := func() api.GatewayStatus {
		s, err := client.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s.Gateway
	}
	if s := status(); s.Heat != "cool" || s.Temperature == nil || *s.Temperature != 50 || len(s.Thermal.Zones) != 1 {
		t.Fatalf("status: %+v", s)
	}
	for _, step := range []struct {
		milli, heat string
		floor       media.Step
	}{{"73000", "warm", media.DetectLess}, {"78000", "hot", media.LowerRate}, {"86000", "critical", media.BlurPicture}, {"40000", "cool", media.Normal}} {
		o.heat(step.milli)
		eventually(t, step.heat, func() bool { return status().Heat == step.heat && g.camera("gate").floor() == step.floor })
	}
	told := func() string {
		var all []string
		_, err := g.store.Trail(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
			var e store.Entry
			err := json.Unmarshal(l.Text, &e)
			if e.Action == "heat.changed" {
				all = append(all, e.Detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(all, " ")
	}
	const want = "cool>warm warm>hot hot>critical critical>hot hot>warm warm>cool"
	eventually(t, want, func() bool { return told() == want })
}

// A real worker climbs the ladder because of heat alone, and its masks stay on;
// the picture is clear again after it.
func TestE2EHeat(t *testing.T) {
	need(t, "mosquitto_sub")
	o := newOven(t)
	g, client := start(t, o.options(Options{Config: realSettings(t), Demo: clip(t)}))
	said := listen(t, g)
	awaitMasking(t, g, "demo")
	cam := g.camera("demo")
	for _, step := range []struct {
		milli string
		want  media.Step
	}{{"73000", media.DetectLess}, {"78000", media.LowerRate}, {"86000", media.BlurPicture}} {
		o.heat(step.milli)
		eventually(t, step.want.String(), func() bool { return cam.meter.step() >= step.want })
		if s := cameraStatus(t, client, "demo"); s.Metrics.StepReason == "" {
			t.Errorf("at %v: %+v", step.want, s.Metrics)
		}
		assertMasked(t, cam)
	}
	eventually(t, "over-masked", func() bool { return cam.now() == media.OverMasked })
	eventually(t, "metrics that give the heat as the reason", func() bool { return said(`"step":"blur_picture","step_reason":"heat"`) })
	eventually(t, "the event", func() bool { return said(`bauta/test/event/heat`) })
	o.heat("40000")
	eventually(t, "no heat", func() bool { return cam.floor() == media.Normal })
	eventually(t, "clear pictures with masks", func() bool { return cam.now() == media.Protected && cam.meter.step() < media.BlurPicture })
	assertMasked(t, cam)
}

// assertMasked looks at the newest picture's record.
func assertMasked(t *testing.T, c *camera) {
	t.Helper()
	c.meter.mu.Lock()
	defer c.meter.mu.Unlock()
	if r := c.meter.last; r.Code != media.Masked || r.Shown != 0 || r.Masked != r.Faces {
		t.Errorf("a picture left with the record %+v", r)
	}
}

// listen collects what the broker says; the result tells whether a line held a text.
func listen(t *testing.T, g *Gateway) func(string) bool {
	t.Helper()
	host, port, _ := strings.Cut(g.Broker(), ":")
	cmd := exec.CommandContext(t.Context(), "mosquitto_sub", "-h", host, "-p", port, "-t", "bauta/#", "-v")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all strings.Builder
	var reading sync.WaitGroup
	reading.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			mu.Lock()
			all.WriteString(lines.Text() + "\n")
			mu.Unlock()
		}
	})
	t.Cleanup(func() { cmd.Process.Kill(); reading.Wait(); cmd.Wait() })
	return func(text string) bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Contains(all.String(), text)
	}
}
