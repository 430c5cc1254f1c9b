package e2e

import (
	"errors"
	"testing"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// A camera is tried in the worker that would mask it: what that cannot mask does not work,
// however well it is read.
func TestCamerasAreTriedInTheWorker(t *testing.T) {
	_, client := start(t, gateway.Options{Config: realSettings(t)})
	long := []string{"-t", "2", "-an", "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0"}
	for _, c := range []struct {
		name, reason string
		args         []string
	}{
		{"usual", "", []string{"-vf", "scale=-2:360,fps=15", "-pix_fmt", "yuv420p"}},
		{"tiny", "unsupported_size", []string{"-vf", "scale=80:64,fps=15", "-pix_fmt", "yuv420p"}},
		{"full-colour", "", []string{"-vf", "scale=-2:360,fps=15", "-pix_fmt", "yuv444p10le"}},
	} {
		made := convert(t, clips.Path(t, "closeup_480.mp4"), c.name+".mp4", append(c.args, long...)...)
		cam, err := demo.Start(t.Context(), made, quiet())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cam.Close)
		got, err := client.TestCamera(t.Context(), api.NewCamera{Name: c.name, URL: cam.URL(), User: cam.User(), Password: cam.Password(), Transport: "tcp"})
		var refused *api.Error
		switch {
		case c.reason == "" && (err != nil || got.MaskedWidth != got.Width || got.MaskedHeight != got.Height || got.Width == 0):
			t.Errorf("%s: %+v, %v", c.name, got, err)
		case c.reason != "" && (!errors.As(err, &refused) || refused.Reason != c.reason):
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}
