package e2e

import (
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// What arm64 hosts show is what was tested on amd64: the arm64 worker redacts
// clip under qemu's user emulation, and its frames are compared with those
// of the worker built for this machine. packaging/test-arm64.sh makes both
// variables: the folder with Debian's arm64 libraries, and a worker built with the
// tag qemu, because emulated programs cannot have seccomp filters.
//
// Slow: minutes for each clip, for each instruction is translated.

func arm64Parts(t *testing.T) executable.Program {
	t.Helper()
	root, program := os.Getenv("BAUTA_ARM64_ROOT"), os.Getenv("BAUTA_ARM64_WORKER")
	if os.Getenv("BAUTA_LONG") == "" || root == "" || program == "" {
		t.Skip("an arm64 worker is compared only by packaging/test-arm64.sh")
	}
	qemu, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		t.Fatal(err)
	}
	parts := realParts()
	parts.Path = filepath.Join(t.TempDir(), "bauta-worker")
	// Links to lapack and blas go by way of /etc/alternatives, out of the root.
	const lib = "/usr/lib/aarch64-linux-gnu"
	wrapper := fmt.Sprintf("#!/bin/sh\nexec '%s' -L '%s' -E LD_LIBRARY_PATH=%s/lapack:%s/blas '%s'\n", qemu, root, lib, lib, program)
	if err := os.WriteFile(parts.Path, []byte(wrapper), 0o755); err != nil {
		t.Fatal(err)
	}
	return parts
}

// redactBoth redacts a clip on this machine and on arm64.
func redactBoth(t *testing.T, name string) (in, here, there string) {
	t.Helper()
	in = clips.Path(t, name)
	emulated := arm64Parts(t)
	o := redactOptions(t, in)
	// The noise of the other styles goes by the number of a track, which one track
	// more on one side changes for all later ones: here it counts where masks lie.
	o.Settings.Mask = "solid"
	report, err := redact.File(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	native := wire.BuildID
	wire.BuildID += "-qemu"
	defer func() { wire.BuildID = native }()
	e := o
	e.Patience = 10 * time.Minute
	e.Parts, e.Out = emulated, filepath.Join(t.TempDir(), "arm64.mp4")
	if keep := os.Getenv("BAUTA_ARM64_KEEP"); keep != "" {
		e.Out = filepath.Join(keep, "arm64-"+name)
	}
	emulatedReport, err := redact.File(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d pictures, %d faces in %.0f s here; %d faces in %.0f s on arm64", name, report.Frames, report.Faces, report.Seconds,
		emulatedReport.Faces, emulatedReport.Seconds)
	if emulatedReport.Frames != report.Frames || emulatedReport.ModelHash != report.ModelHash || emulatedReport.Shown != 0 {
		t.Errorf("arm64 reports %+v, here %+v", emulatedReport, report)
	}
	return in, o.Out, e.Out
}

// lumaReader reads the luma of a clip's frames one by one.
type lumaReader struct {
	pixels io.Reader
	size   image.Point
}

func openClip(t *testing.T, path string) lumaReader {
	t.Helper()
	r, err := mp4.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	return lumaReader{pixels: rawVideo(t, "format=gray", "-i", path), size: image.Pt(r.Info().Width, r.Info().Height)}
}

func (f lumaReader) next(t *testing.T) *image.Gray {
	t.Helper()
	p := image.NewGray(image.Rectangle{Max: f.size})
	_, err := io.ReadFull(f.pixels, p.Pix)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The two workers may round differently, in the last place of a face's corner;
// where a mask lies they must not differ.
const (
	farApart = 40    // of 255: a pixel that is masked in one clip and not in the other
	farShare = 0.002 // of a clip's pixels
	farFrame = 0.02  // of one frame's
)

func TestE2EArm64MasksAsHere(t *testing.T) {
	done := map[string]bool{} // one clip may stand in for all
	for _, name := range []string{"topdown_432.mp4", "closeup_480.mp4", "corridor_dark.mp4"} {
		path := clips.Path(t, name)
		if done[path] {
			continue
		}
		done[path] = true
		t.Run(strings.TrimSuffix(name, ".mp4"), func(t *testing.T) {
			in, here, there := redactBoth(t, name)
			compareClips(t, openClip(t, in), openClip(t, here), openClip(t, there))
		})
	}
}

func compareClips(t *testing.T, src, here, there lumaReader) {
	t.Helper()
	var sum, worst, changedHere, changedThere float64
	frames := 0
	for ; ; frames++ {
		s, a, b := src.next(t), here.next(t), there.next(t)
		if s == nil || a == nil || b == nil {
			if s != nil || a != nil || b != nil {
				t.Errorf("the films end at different pictures, one at %d", frames)
			}
			break
		}
		far := 0
		for i := range a.Pix {
			if d := int(a.Pix[i]) - int(b.Pix[i]); d > farApart || d < -farApart {
				far++
			}
		}
		share := float64(far) / float64(len(a.Pix))
		sum, worst = sum+share, max(worst, share)
		changedHere, changedThere = changedHere+leak.ChangedArea(s, a), changedThere+leak.ChangedArea(s, b)
	}
	n := float64(max(1, frames))
	t.Logf("%d pictures: %.5f of the pixels are far apart, %.5f in the worst picture; changed area %.4f here, %.4f on arm64",
		frames, sum/n, worst, changedHere/n, changedThere/n)
	if frames == 0 || sum/n > farShare || worst > farFrame {
		t.Error("arm64 masks elsewhere")
	}
	if changedHere == 0 || changedThere < 0.98*changedHere {
		t.Error("arm64 masks less")
	}
}
