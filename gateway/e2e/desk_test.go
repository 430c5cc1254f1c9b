package e2e

import (
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/worker/workertest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// desk is a gateway that may show people: it has the camera hall with the zone lobby and
// trusts the front desk, and its worker keeps what it is sent.
type desk struct {
	o      gateway.Options
	g      *gateway.Gateway
	client *api.Client
	worker *workertest.Worker
	hall   *demo.Camera
}

// newDesk is one without a camera; open starts it.
func newDesk(t *testing.T, o gateway.Options) *desk {
	t.Helper()
	d := &desk{o: o, worker: workertest.New(t), hall: workertest.Camera(t)}
	d.o.Config.Worker.Binary = d.worker.Path
	return d
}

// open starts the gateway, for the first time or again.
func (d *desk) open(t *testing.T) {
	t.Helper()
	d.worker.Forget(t)
	d.g, d.client = start(t, d.o)
}

// addHall adds the camera.
func (d *desk) addHall(t *testing.T) {
	t.Helper()
	if _, err := d.client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: d.hall.URL(), User: d.hall.User(), Password: d.hall.Password(), Transport: "tcp"}); err != nil {
		t.Fatal(err)
	}
}

// consenting starts a desk with all of it.
func consenting(t *testing.T, cfg config.Config, log *logTo) *desk {
	t.Helper()
	d := newDesk(t, gateway.Options{Config: cfg, Log: log.logger()})
	d.open(t)
	d.addHall(t)
	trust(t, d.client)
	setZones(t, d.client, "hall", lobby())
	return d
}

// sync waits until the worker knows all that holds by now: settings reach it in order,
// so one that is changed here comes after all others.
func (d *desk) sync(t *testing.T) {
	t.Helper()
	turned := media.Mounting("0")
	if cameraStatus(t, d.client, "hall").Mounting == turned {
		turned = "180"
	}
	if err := d.client.SetMounting(t.Context(), "hall", turned); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the worker has the mounting", func() bool {
		s, _ := d.worker.Settings(t, "hall")
		return s.Mounting == turned
	})
}

// shown are the tokens that the camera's worker was sent last.
func (d *desk) shown(t *testing.T) []string {
	t.Helper()
	d.sync(t)
	return d.worker.Shown(t, "hall")
}

// shows fails where the worker was sent others than these tokens.
func (d *desk) shows(t *testing.T, when string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := d.shown(t); !slices.Equal(got, want) {
		t.Errorf("%s: %v is shown, want %v", when, got, want)
	}
}

// kind is what the worker has to do with a point of the frame.
func (d *desk) kind(t *testing.T, p zone.Point) zone.Kind {
	t.Helper()
	return d.worker.Kind(t, "hall", p)
}

// refused is how many revocations from the broker were refused.
func (d *desk) refused(t *testing.T) uint64 {
	t.Helper()
	s, err := d.client.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Gateway.Consents.RevocationsRefused
}
