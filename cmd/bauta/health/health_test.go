package health

import (
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/worker"
)

// What only another user than root gets is not missing to root.
func TestAbsentLayers(t *testing.T) {
	if got := absent(worker.BestEffort, 0); len(got) > 0 {
		t.Errorf("all are there, and absent are %v", got)
	}
	if got := absent(nil, 990); !slices.Equal(got, worker.BestEffort) {
		t.Errorf("a user lacks %v, want %v", got, worker.BestEffort)
	}
	want := slices.DeleteFunc(slices.Clone(worker.BestEffort), func(l string) bool { return l == worker.MemoryClosed })
	if got := absent(nil, 0); !slices.Equal(got, want) {
		t.Errorf("root lacks %v, want %v", got, want)
	}
}

func TestMemorySizes(t *testing.T) {
	for n, want := range map[int64]string{512 << 20: "512 MB", 3 << 30: "3.0 GB"} {
		if got := memory(n); got != want {
			t.Errorf("memory(%d) = %s, want %s", n, got, want)
		}
	}
}

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
