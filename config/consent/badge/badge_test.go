package badge

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent/marker"
)

var seven = Badge{Number: 7, Expires: time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC)}

// python runs a script with OpenCV, which knows the markers better than we do.
func python(t *testing.T, script string, args ...string) string {
	t.Helper()
	const program = "/usr/bin/python3"
	if err := exec.Command(program, "-c", "import cv2.aruco").Run(); err != nil {
		t.Skip("Python's OpenCV is not installed: nothing to compare with")
	}
	out, err := exec.Command(program, append([]string{"-c", script}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// find prints the sorted ids of the markers in each image. Ghosts of a few
// pixels, which OpenCV sees in small print, are no markers.
const find = `
import sys, cv2
d = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250)
for path in sys.argv[1:]:
    m = cv2.imread(path, 0)
    if hasattr(cv2.aruco, 'detectMarkers'): corners, ids = cv2.aruco.detectMarkers(m, d)[:2]
    else: corners, ids = cv2.aruco.ArucoDetector(d).detectMarkers(m)[:2]
    found = [] if ids is None else zip(corners, ids.ravel())
    print(sorted(int(i) for c, i in found if cv2.arcLength(c, True) > 4 * 20))
`

func save(t *testing.T, name string, write func(io.Writer) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// All markers on one image are found by OpenCV under their ids.
func TestMarkersAreArUco(t *testing.T) {
	const size, columns = 10 * (cells + 2), 16
	m := image.NewGray(image.Rect(0, 0, columns*size, (len(marker.Patterns)+columns-1)/columns*size))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	want := []string{}
	for id := range marker.Patterns {
		want = append(want, fmt.Sprint(id))
		for y, row := range Bits(id) {
			for x, white := range row {
				for p := 0; p < 100 && !white; p++ {
					m.SetGray(id%columns*size+(x+1)*10+p%10, id/columns*size+(y+1)*10+p/10, color.Gray{})
				}
			}
		}
	}
	path := save(t, "all.png", func(w io.Writer) error { return png.Encode(w, m) })
	if got := python(t, find, path); got != "["+strings.Join(want, ", ")+"]" {
		t.Errorf("OpenCV finds %s", got)
	}
}

func TestBits(t *testing.T) {
	seen := map[[cells][cells]bool]int{}
	for id := range marker.Patterns {
		b := Bits(id)
		if twin, twice := seen[b]; twice {
			t.Errorf("%d looks like %d", id, twin)
		}
		seen[b] = id
	}
	for _, id := range []int{-1, 250} {
		if Bits(id) != [cells][cells]bool{} {
			t.Errorf("there is a marker %d", id)
		}
	}
}

// A cell of white on all sides of the marker, in which nothing is printed.
func TestQuietZone(t *testing.T) {
	for _, r := range seven.draw() {
		inMarker := r.x >= left && r.y >= top && r.x+r.w <= left+Marker+1e-9 && r.y+r.h <= top+Marker+1e-9
		below := r.y >= top+Marker+cell
		if !inMarker && !below {
			t.Errorf("%+v is in the white zone", r)
		}
	}
	if left < cell || top < cell {
		t.Error("the marker is too near to the card's edge")
	}
}

// A badge says the last day, the hour only where it says something, and the areas by their names.
func TestLines(t *testing.T) {
	shanghai := time.FixedZone("", 8*3600)
	for _, test := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2027, 11, 29, 15, 59, 59, 0, time.UTC).In(shanghai), "有效期至 / valid until 2027-11-29"},
		{time.Date(2027, 11, 29, 16, 0, 0, 0, time.UTC).In(shanghai), "有效期至 / valid until 2027-11-29"},
		{time.Date(2027, 11, 29, 4, 30, 0, 0, time.UTC).In(shanghai), "有效期至 / valid until 2027-11-29 12:30 +08:00"},
	} {
		lines := Badge{Number: 7, Expires: test.at, Areas: []string{"前台", "North lobby"}}.lines()
		if lines[1].text != test.want || lines[2].text != "区域 / areas: 前台, North lobby" {
			t.Errorf("%+v", lines)
		}
	}
}

func TestTextFits(t *testing.T) {
	y := top + Marker + cell
	for _, l := range (Badge{Number: 249, Expires: seven.Expires, Areas: []string{strings.Repeat("前台", 40)}}).lines() {
		if l.width() > Width-2*margin {
			t.Errorf("%q is %.1f mm wide", l.text, l.width())
		}
		y += l.height()
	}
	if y > Height-2 {
		t.Errorf("the text ends at %.1f mm", y)
	}
}

func TestPNG(t *testing.T) {
	path := save(t, "badge.png", seven.PNG)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil || m.Bounds().Dx() != 1152 || m.Bounds().Dy() != 1680 {
		t.Fatalf("%v, %v", m.Bounds(), err)
	}
	at := bytes.Index(b, []byte("pHYs"))
	if at < 0 || binary.BigEndian.Uint32(b[at+4:]) != 12000 || b[at+12] != 1 {
		t.Error("the image does not know its size")
	}
	if got := python(t, find, path); got != "[7]" {
		t.Errorf("OpenCV finds %s", got)
	}
}

// pdfRects reads the rectangles of each page back, as a printer would.
func pdfRects(t *testing.T, b []byte) (pages [][]rect) {
	t.Helper()
	for _, part := range bytes.Split(b, []byte("stream\n"))[1:] {
		if !bytes.HasPrefix(part, []byte{0x78}) { // what follows "endstream"
			continue
		}
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		var page []rect
		for l := range strings.Lines(string(content)) {
			var r rect
			if n, _ := fmt.Sscanf(l, "%f %f %f %f re", &r.x, &r.y, &r.w, &r.h); n == 4 {
				page = append(page, r)
			}
		}
		pages = append(pages, page)
	}
	return pages
}

func TestPDFIsTrueToSize(t *testing.T) {
	var out bytes.Buffer
	if err := seven.PDF(&out); err != nil {
		t.Fatal(err)
	}
	pages := pdfRects(t, out.Bytes())
	if len(pages) != 1 || len(pages[0]) != len(seven.draw()) {
		t.Fatalf("%d pages", len(pages))
	}
	first := pages[0][0] // the marker's upper border
	if mm := first.w / point; mm < Marker-0.01 || mm > Marker+0.01 {
		t.Errorf("the marker is %.3f mm wide", mm)
	}
	if !bytes.Contains(out.Bytes(), []byte("MediaBox [ 0 0 272.126 396.850 ]")) {
		t.Error("the page has another size than the card")
	}
	// Each offset of the cross-reference table leads to its object.
	table := regexp.MustCompile(`(\d{10}) 00000 n `).FindAllSubmatch(out.Bytes(), -1)
	for i, m := range table {
		var at int
		fmt.Sscanf(string(m[1]), "%d", &at)
		if want := fmt.Sprintf("%d 0 obj", i+1); !bytes.HasPrefix(out.Bytes()[at:], []byte(want)) {
			t.Errorf("no %s at %d", want, at)
		}
	}
	if len(table) != 4 {
		t.Errorf("%d objects", len(table))
	}
}

func TestSheet(t *testing.T) {
	var badges []Badge
	for n := 1; n <= 5; n++ {
		badges = append(badges, Badge{Number: n, Expires: seven.Expires})
	}
	var out bytes.Buffer
	if err := Sheet(&out, badges); err != nil {
		t.Fatal(err)
	}
	pages := pdfRects(t, out.Bytes())
	if len(pages) != 2 {
		t.Fatalf("%d pages", len(pages))
	}
	x0, y0 := corner(0, 0)
	x1, y1 := corner(across, down)
	for _, r := range cutMarks() {
		if r.x < 3 || r.y < 3 || r.x+r.w > sheetWidth-3 || r.y+r.h > sheetHeight-3 {
			t.Errorf("cut mark %+v is where printers do not print", r)
		}
		if r.x+r.w > x0 && r.x < x1 && r.y+r.h > y0 && r.y < y1 {
			t.Errorf("cut mark %+v is on a card", r)
		}
	}
}

// render prints a PDF to images with a program that is not ours.
func render(t *testing.T, pdf string, dpi float64) []string {
	t.Helper()
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Fatal("pdftoppm (poppler-utils) is not installed: make setup-test installs it")
	}
	base := strings.TrimSuffix(pdf, ".pdf")
	if out, err := exec.Command("pdftoppm", "-r", fmt.Sprint(dpi), "-gray", "-png", pdf, base).CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	pages, err := filepath.Glob(base + "-*.png")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages", err)
	}
	slices.Sort(pages)
	return pages
}

// At a marker width of 30 pixels, the least that cameras are asked for, every
// badge of a sheet is read back.
func TestPrintedMarkersAreRead(t *testing.T) {
	var badges []Badge
	for n := 1; n <= 249; n += 8 {
		badges = append(badges, Badge{Number: n, Expires: seven.Expires})
	}
	const pixels = 30
	pages := render(t, save(t, "sheet.pdf", func(w io.Writer) error { return Sheet(w, badges) }), pixels*25.4/Marker)
	got := strings.Split(python(t, find, pages...), "\n")
	for i := range pages {
		want := []int{}
		for _, b := range badges[i*PerSheet : min(len(badges), (i+1)*PerSheet)] {
			want = append(want, b.Number)
		}
		if text := strings.ReplaceAll(fmt.Sprint(want), " ", ", "); got[i] != text {
			t.Errorf("page %d: OpenCV finds %s, want %s", i+1, got[i], text)
		}
	}
}

// The PDF and the PNG show the same.
func TestPDFIsLikePNG(t *testing.T) {
	page := render(t, save(t, "badge.pdf", seven.PDF), dotsPerMM*25.4)[0]
	f, err := os.Open(page)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	printed, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	drawn := seven.Image()
	differ := 0
	for y := 1; y < drawn.Rect.Dy()-1; y++ {
		for x := 1; x < drawn.Rect.Dx()-1; x++ {
			near := color.GrayModel.Convert(printed.At(x, y)).(color.Gray).Y
			if (near < 128) != (drawn.GrayAt(x, y).Y < 128) {
				differ++
			}
		}
	}
	if share := float64(differ) / float64(drawn.Rect.Dx()*drawn.Rect.Dy()); share > 0.02 {
		t.Errorf("%.1f %% of the pixels differ", 100*share)
	}
}
