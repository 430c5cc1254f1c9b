package executable

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware"
)

func TestWorth(t *testing.T) {
	soft := wire.TrialPart{PSNR: 42, Time: 8 * time.Millisecond, Processor: 8 * time.Millisecond}
	part := func(psnr float64, clock, processor time.Duration) wire.TrialPart {
		return wire.TrialPart{PSNR: psnr, Time: clock * time.Millisecond, Processor: processor * time.Millisecond}
	}
	for _, c := range []struct {
		name           string
		part           wire.TrialPart
		decode, encode string // why not
	}{
		{"good", part(42, 5, 1), "", ""},
		{"slow on the clock, but in time", part(42, 30, 1), "", ""},
		{"too slow", part(42, 40, 1), "too slow", "too slow"},
		{"no gain", part(42, 8, 7), "saves too little", "saves too little"},
		{"other pictures", part(38, 5, 1), "differ", ""},
		{"garbage", part(12, 5, 1), "differ", "differ"},
		{"broken", wire.TrialPart{Error: "no surface"}, "no surface", "no surface"},
	} {
		trial := wire.Trial{Decode: c.part, Encode: c.part, SoftwareDecode: soft, SoftwareEncode: soft}
		for want, err := range map[*string]error{&c.decode: worthDecoding(trial), &c.encode: worthEncoding(trial)} {
			if (err == nil) != (*want == "") || err != nil && !strings.Contains(text.Explain(text.EN, err), *want) {
				t.Errorf("%s: %v, want %q", c.name, err, *want)
			}
		}
	}
}

func TestChooseAccelerator(t *testing.T) {
	pi := hardware.At(fstest.MapFS{"sys/class/video4linux/video10/name": &fstest.MapFile{Data: []byte("bcm2835-codec-decode\n")}})
	nowhere := Program{Path: "/nowhere/bauta-worker"}
	choose := func(host hardware.Host, p Program, want string) (map[string]string, wire.Use) {
		all, use := ChooseAccelerator(context.Background(), host, p, want, text.EN)
		if len(all) != len(hardware.Accelerators) {
			t.Errorf("%d candidates", len(all))
		}
		why := map[string]string{}
		for _, c := range all {
			why[c.Name] = strings.Join(c.Why, "; ")
		}
		return why, use
	}
	why, use := choose(hardware.At(fstest.MapFS{}), nowhere, "auto")
	if use.Accelerator != "" || !strings.Contains(why["vaapi"], "no device file") {
		t.Errorf("a host without any: %v, %+v", why, use)
	}
	why, use = choose(pi, nowhere, "auto")
	if use.Accelerator != "" || !strings.Contains(why["v4l2m2m"], "bauta-worker not found") {
		t.Errorf("without a worker: %v, %+v", why, use)
	}
	why, use = choose(pi, nowhere, "none")
	if use.Accelerator != "" || !strings.Contains(why["v4l2m2m"], "worker.accelerator") {
		t.Errorf("switched off: %v, %+v", why, use)
	}
	why, use = choose(pi, nowhere, "v4l2m2m")
	if use.Accelerator != "v4l2m2m" || !use.Decode || len(use.Devices) != 1 || use.Devices[0] != "/dev/video10" || !strings.Contains(why["v4l2m2m"], "chosen") {
		t.Errorf("by name: %v, %+v", why, use)
	}
}
