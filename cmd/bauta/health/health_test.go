package health

import (
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// What was pinned and what was allowed stand in the status, of cameras that have such.
func TestStatusShowsTrust(t *testing.T) {
	for _, c := range []api.CameraStatus{{ID: "gate"}, {ID: "gate", Fingerprint: "0a0b", BasicLogin: true}} {
		var out strings.Builder
		report{w: &out, lang: text.EN}.camera(c)
		if got := out.String(); strings.Contains(got, "0a0b") != (c.Fingerprint != "") || strings.Contains(got, "--no-basic-login") != c.BasicLogin {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// A person at the command line reads what a command over MQTT hides, and how to take it back.
func TestStatusShowsACommand(t *testing.T) {
	for level, want := range map[string]string{"": "", "solid": "faces are solid", "picture": "the whole picture is blurred", "private": "the whole picture is hidden"} {
		var out strings.Builder
		report{w: &out, lang: text.EN}.camera(api.CameraStatus{ID: "gate", Mask: "blur", MaskLevel: level})
		if got := out.String(); strings.Contains(got, "--reset-level") != (level != "") || !strings.Contains(got, want) {
			t.Errorf("level %q: %s", level, got)
		}
	}
}
