package gateway

import (
	"archive/zip"
	"bytes"
	"image/jpeg"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// A locked-down worker gives a masked picture of the running stream, on which
// the zones are drawn, alone and in the evidence.
func TestE2ESnapshot(t *testing.T) {
	_, client, _ := startReal(t)
	window := wire.Zone{ID: "window", Kind: wire.ZonePrivate, Points: []wire.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}}}
	if err := client.PutZone(t.Context(), "demo", NewZone{Zone: window}); err != nil {
		t.Fatal(err)
	}
	shot, err := client.Snapshot(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(shot.JPEG))
	if err != nil || size.Width < 320 || size.Width > 960 {
		t.Fatalf("%+v, %v", size, err)
	}
	if svg := string(zone.SVG(shot.JPEG, size.Width, size.Height, []wire.Zone{window})); !strings.Contains(svg, "window (private)") {
		t.Error("the zone is not in the drawing")
	}

	pack := filepath.Join(t.TempDir(), "pack.zip")
	today := policy.DateOf(time.Now())
	if err := client.Evidence(t.Context(), today, today, pack); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(pack)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("zones/demo.svg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var drawing bytes.Buffer
	if _, err := drawing.ReadFrom(f); err != nil || !strings.Contains(drawing.String(), "data:image/jpeg;base64,") {
		t.Errorf("the evidence's map has no picture: %v", err)
	}
}
