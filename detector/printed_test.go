package detector

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent/badge"
)

// What `bauta consent badge` prints is what this package reads: every number,
// as a page of paper brought to 30 pixels for the marker, the least that cameras are asked for.
func TestPrintedBadgesAreRead(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Fatal("pdftoppm (poppler-utils) is not installed: make setup-test installs it")
	}
	var all []badge.Badge
	for n := 1; n <= 249; n++ {
		all = append(all, badge.Badge{Number: n, Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)})
	}
	read := map[int]int{}
	for _, page := range printed(t, all, 30) {
		found, err := Badges(page, page.Rect, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found {
			read[m.ID]++
		}
	}
	for n := 1; n <= 249; n++ {
		if read[n] != 1 {
			t.Errorf("badge %d was read %d times", n, read[n])
		}
		delete(read, n)
	}
	if len(read) > 0 {
		t.Errorf("badges that nobody printed: %v", read)
	}
}

// printed brings sheets of badges to frames in which a marker is `wide` pixels.
func printed(t *testing.T, badges []badge.Badge, wide float64) (pages []*image.YCbCr) {
	t.Helper()
	base := filepath.Join(t.TempDir(), "sheet")
	f, err := os.Create(base + ".pdf")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := badge.Sheet(f, badges); err != nil {
		t.Fatal(err)
	}
	dpi := fmt.Sprint(wide * 25.4 / badge.Marker)
	if out, err := exec.Command("pdftoppm", "-r", dpi, "-gray", "-png", f.Name(), base).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	names, _ := filepath.Glob(base + "-*.png")
	for _, name := range names {
		pages = append(pages, scan(t, name))
	}
	return pages
}

func scan(t *testing.T, name string) *image.YCbCr {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	grey, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewYCbCr(grey.Bounds(), image.YCbCrSubsampleRatio420)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			v, _, _, _ := grey.At(x, y).RGBA()
			img.Y[img.YOffset(x, y)] = byte(v >> 8)
		}
	}
	return img
}
