//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is what these tests need of `go list -json`.
type listed struct {
	ImportPath string
	CgoFiles   []string
	Standard   bool
	Imports    []string
}

// dependencies lists a package and everything that it needs.
func dependencies(t *testing.T, cgo, pkg string) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,CgoFiles,Standard,Imports", pkg)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED="+cgo)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", pkg, err, stderr.String())
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// The supervisor holds the cameras' passwords and the network. A memory error
// in C code there would open both; Go code outside of the standard library's
// own has none. It also builds for any board without a cross compiler. cgo is
// switched on for the listing: a package that only falls back to pure Go when
// it is off would come back in a developer's build.
func TestSupervisorHasNoCgo(t *testing.T) {
	const module = "github.com/bauta-gateway/bauta/"
	// Boxes, the facts of the model, what is said to the worker, and the list of system calls that the process that
	// seals is locked down by, too.
	pure := []string{"detector/track", "detector/yunet", "anonymize/wire", "anonymize/sandbox/seccomp"}
	for _, p := range dependencies(t, "1", ".") {
		if len(p.CgoFiles) > 0 && !p.Standard {
			t.Errorf("%s uses cgo: %v", p.ImportPath, p.CgoFiles)
		}
		for _, codec := range []string{"gocv", "hardware/av", "bauta/detector", "bauta/anonymize"} {
			if strings.Contains(p.ImportPath, codec) && !slices.Contains(pure, strings.TrimPrefix(p.ImportPath, module)) {
				t.Errorf("%s decodes frames: that is the worker's alone", p.ImportPath)
			}
		}
	}
	for _, p := range dependencies(t, "0", ".") {
		if len(p.CgoFiles) > 0 {
			t.Errorf("with cgo off %s still uses it: %v", p.ImportPath, p.CgoFiles)
		}
	}
}

// The worker handles unmasked frames and bytes that a stranger made. It must
// have no words for the network, for starting programs, for the broker or the
// store: what is not linked in cannot be called by who takes it over.
func TestWorkerHasNoWayOut(t *testing.T) {
	forbidden := []string{
		"net", "net/http", "os/exec",
		"github.com/eclipse/paho.mqtt.golang", "github.com/mochi-mqtt/server/v2", "go.etcd.io/bbolt",
		"github.com/bluenviron/gortsplib/v4",
		"github.com/bauta-gateway/bauta/config/store",
		"github.com/bauta-gateway/bauta/gateway", "github.com/bauta-gateway/bauta/gateway/rtsp",
		"github.com/bauta-gateway/bauta/gateway/mqtt", "github.com/bauta-gateway/bauta/gateway/broker", "github.com/bauta-gateway/bauta/gateway/worker",
	}
	all := dependencies(t, "1", "../bauta-worker")
	for _, p := range all {
		if slices.Contains(forbidden, p.ImportPath) {
			t.Errorf("the worker links %s, imported by %v", p.ImportPath, importers(all, p.ImportPath))
		}
	}
}

// The other way round: frames are worked on by OpenCV through gocv, as README.md
// says, so that no second binding grows beside it.
func TestWorkerCallsOpenCVThroughGocv(t *testing.T) {
	isGocv := func(p listed) bool { return p.ImportPath == "gocv.io/x/gocv" }
	if !slices.ContainsFunc(dependencies(t, "1", "../bauta-worker"), isGocv) {
		t.Error("the worker does not link gocv.io/x/gocv")
	}
}

func importers(all []listed, path string) []string {
	var out []string
	for _, p := range all {
		if slices.Contains(p.Imports, path) {
			out = append(out, p.ImportPath)
		}
	}
	return out
}
