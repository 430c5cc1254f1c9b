package e2e

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// oven is a host whose one thermal zone is as hot as the test says: it begins to
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

func (o oven) options(base gateway.Options) gateway.Options {
	base.Host = gateway.Host{Root: os.DirFS(o.root), HeatEvery: 20 * time.Millisecond, HeatRest: 200 * time.Millisecond}
	return base
}

// The heat reaches the status and the audit log, and is left again. That the workers have
// it, package camera tests.
func TestHeatIsReported(t *testing.T) {
	cfg, o := settings(t), newOven(t)
	g, client := start(t, o.options(gateway.Options{Config: cfg, Transient: []api.NewCamera{{ID: "gate", Name: "Gate", URL: nobody}}}))
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
	for _, step := range []struct{ milli, heat string }{{"73000", "warm"}, {"78000", "hot"}, {"86000", "critical"}, {"40000", "cool"}} {
		o.heat(step.milli)
		eventually(t, step.heat, func() bool { return status().Heat == step.heat })
	}
	g.Close()
	var reported []string
	for _, e := range auditRecords(t, cfg.Store()) {
		if e.Action == "heat.changed" {
			reported = append(reported, e.Detail)
		}
	}
	const want = "cool>warm warm>hot hot>critical critical>hot hot>warm warm>cool"
	if got := strings.Join(reported, " "); got != want {
		t.Errorf("the audit log says %q, want %q", got, want)
	}
}

// A real worker degrades because of heat alone, and its masks stay on; frames are clear
// again after it.
func TestE2EHeat(t *testing.T) {
	need(t, "mosquitto_sub")
	o := newOven(t)
	g, client := start(t, o.options(gateway.Options{Config: realSettings(t), Demo: clip(t)}))
	received := listen(t, g)
	awaitMasking(t, g, "demo")
	faces := walkTest(t, client, "demo")
	for _, c := range []struct {
		milli string
		want  media.Degradation
	}{{"73000", media.DetectLess}, {"78000", media.LowerRate}, {"86000", media.BlurFrame}} {
		o.heat(c.milli)
		eventually(t, c.want.String(), func() bool { return stepOf(g, "demo") >= c.want })
		if s := cameraStatus(t, client, "demo"); s.Metrics.StepReason == "" {
			t.Errorf("at %v: %+v", c.want, s.Metrics)
		}
		faces.assertMasked()
	}
	eventually(t, "over-masked", func() bool { return protection(g, "demo") == media.OverMasked })
	eventually(t, "metrics that give the heat as the reason", func() bool { return received(`"step":"blur_picture","step_reason":"heat"`) })
	eventually(t, "the event", func() bool { return received(`bauta/test/event/heat`) })
	o.heat("40000")
	eventually(t, "no heat", func() bool {
		s, err := client.Status(t.Context())
		return err == nil && s.Gateway.Heat == "cool"
	})
	eventually(t, "clear frames with masks", func() bool {
		return protection(g, "demo") == media.Protected && stepOf(g, "demo") < media.BlurFrame
	})
	faces.assertMasked()
}

// stepOf is the degradation level in a camera's newest metrics.
func stepOf(g *gateway.Gateway, id media.CameraID) media.Degradation {
	name := statusOf(g, id).Metrics.Step
	for s := media.Normal; s <= media.BlurFrame; s++ {
		if s.String() == name {
			return s
		}
	}
	return media.Normal
}

// faces follows a walk test: what the worker did with the faces of each frame.
type faces struct {
	t      *testing.T
	client *api.Client
	path   string
	frames int
}

// walkTest begins one that lasts as long as any test here.
func walkTest(t *testing.T, client *api.Client, id media.CameraID) *faces {
	t.Helper()
	f := &faces{t, client, "/v1/cameras/" + string(id) + "/walktest", 0}
	if err := client.Call(t.Context(), "POST", f.path, map[string]int{"seconds": 600}, nil); err != nil {
		t.Fatal(err)
	}
	return f
}

// assertMasked fails where in any frame since the last time a face was not masked.
func (f *faces) assertMasked() {
	f.t.Helper()
	var seen api.WalkTest
	eventually(f.t, "frames with faces", func() bool {
		if err := f.client.Call(f.t.Context(), "GET", f.path, nil, &seen); err != nil {
			f.t.Fatal(err)
		}
		return seen.Pictures > f.frames && len(seen.Appearances) > 0
	})
	f.frames = seen.Pictures
	if !seen.AllMasked || !seen.Running {
		f.t.Errorf("a face left unmasked: %+v", seen)
	}
}

// listen collects what the broker sends; the result reports whether a line held a text.
func listen(t *testing.T, g *gateway.Gateway) func(string) bool {
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
