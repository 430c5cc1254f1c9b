package console_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/draw"
	_ "image/png"
	"io"
	"math"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// What the preview shows: the live stream, or else one frame after another, on
// which nobody is shown by consent.
const (
	liveOnly = "#stage[data-preview=live] video:not([hidden])"
	anything = "#stage video:not([hidden]), #stage img:not([hidden])"
)

// grab is the image of an element at this moment, in the stream's own size.
const grab = `(selector => {
	const e = document.querySelector(selector);
	const width = e?.videoWidth || e?.naturalWidth, height = e?.videoHeight || e?.naturalHeight;
	if (!width) return '';
	const canvas = document.createElement('canvas');
	Object.assign(canvas, {width, height});
	canvas.getContext('2d').drawImage(e, 0, 0, width, height);
	return canvas.toDataURL('image/png');
})(%s)`

// luma returns what an element of the preview shows, as luma; nil where it
// shows nothing.
func (b *browser) luma(selector string) *image.Gray {
	b.Helper()
	var data string
	b.js(fmt.Sprintf(grab, quoted(selector)), &data)
	_, encoded, ok := strings.Cut(data, ",")
	if !ok {
		return nil
	}
	png, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		b.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(png))
	if err != nil {
		b.Fatal(err)
	}
	grey := image.NewGray(img.Bounds())
	draw.Draw(grey, grey.Rect, img, image.Point{}, draw.Src)
	return grey
}

// spread is the standard deviation of the luma in a part of the frame.
func spread(g *image.Gray, x0, y0, x1, y1 float64) float64 {
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	var n, sum, squares float64
	for y := int(y0 * h); y < int(y1*h); y++ {
		for x := int(x0 * w); x < int(x1*w); x++ {
			v := float64(g.GrayAt(x, y).Y)
			n, sum, squares = n+1, sum+v, squares+v*v
		}
	}
	return math.Sqrt(max(0, squares/n-sum/n*sum/n))
}

// waitSolid waits until the middle of a zone is of one colour in the preview, and
// what lies right below it is not: a frame that is hidden whole proves nothing.
func (b *browser) waitSolid(x0, y0, x1, y1 float64) {
	b.Helper()
	b.waitSolidOn(anything, x0, y0, x1, y1)
}

// waitSolidOn is waitSolid of what an element shows.
func (b *browser) waitSolidOn(selector string, x0, y0, x1, y1 float64) {
	b.Helper()
	dx, dy := (x1-x0)*.15, (y1-y0)*.15
	last, rest := -1.0, -1.0
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if g := b.luma(selector); g != nil {
			last, rest = spread(g, x0+dx, y0+dy, x1-dx, y1-dy), spread(g, x1, y1, 1, 1)
			if last < 3 && rest > 10 {
				return
			}
		}
	}
	b.shoot("failed")
	b.Fatalf("the private area is not solid in the preview: its luma spreads by %.1f, the rest's by %.1f", last, rest)
}

// truth is the clip of badges: its frames, and who is where in each.
type truth struct {
	frames []*image.Gray
	small  [][]float64 // of the frames, to find one by
	faces  [][]wearer
}

type wearer struct {
	leak.Box
	badge int
}

const smallW, smallH = 64, 36

// scale is how much smaller the clip is than the one that the truth reports.
const scale = 2

func badgesTruth(t *testing.T, clip string) truth {
	t.Helper()
	known := clips.TruthOf(t, badgesClip(t))
	cmd := exec.Command("ffmpeg", "-v", "error", "-i", clip, "-vf", "scale=out_range=pc,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-")
	raw, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("no ffmpeg (make setup-test): %v", err)
	}
	var tr truth
	for _, list := range known.Frames {
		g := image.NewGray(image.Rect(0, 0, known.Width/scale, known.Height/scale))
		if _, err := io.ReadFull(raw, g.Pix); err != nil {
			t.Fatal(err)
		}
		var faces []wearer
		for _, f := range list {
			faces = append(faces, wearer{leak.Box{X: f.X / scale, Y: f.Y / scale, W: f.W / scale, H: f.H / scale}, f.Badge})
		}
		tr.frames, tr.small, tr.faces = append(tr.frames, g), append(tr.small, shrink(g)), append(tr.faces, faces)
	}
	_, _ = io.Copy(io.Discard, raw) // what the truth does not cover
	_ = cmd.Wait()
	return tr
}

// shrink averages a frame into few cells.
func shrink(g *image.Gray) []float64 {
	sums, counts := make([]float64, smallW*smallH), make([]float64, smallW*smallH)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for y := 0; y < h; y += 3 {
		for x := 0; x < w; x += 3 {
			i := y*smallH/h*smallW + x*smallW/w
			sums[i] += float64(g.GrayAt(x, y).Y)
			counts[i]++
		}
	}
	for i := range sums {
		sums[i] /= max(1, counts[i])
	}
	return sums
}

// match finds the clip's frame that a preview shows: the one from which it
// differs least, masks and all.
func (tr truth) match(g *image.Gray) int {
	small, best, at := shrink(g), math.Inf(1), 0
	for i, other := range tr.small {
		sum := 0.0
		for j := range small {
			sum += min(20, math.Abs(small[j]-other[j])) // a solid zone differs everywhere alike
		}
		if sum < best {
			best, at = sum, i
		}
	}
	return at
}

// cell is the side of the squares that sharp compares, in pixels; about half of
// it is judged, so that a face in it is not missed by much.
const cell = 80

// sharp reports whether a preview has the detail of the clip's frame in some
// places at least: one that is blurred or hidden whole has it nowhere.
func sharp(frame, g *image.Gray) bool {
	count := 0
	for y := 0; y+cell <= g.Rect.Dy(); y += cell {
		for x := 0; x+cell <= g.Rect.Dx(); x += cell {
			if d, ok := leak.Detail(frame, g, leak.Box{X: float64(x), Y: float64(y), W: cell, H: cell}); ok && d > leak.Threshold {
				count++
			}
		}
	}
	return count >= 5
}

// seen reads the live preview and reports whether the wearer of a badge was in the
// frame, and the frame clear, and the highest correlation of the wearer's and of any other face's
// detail with the original.
func (b *browser) seen(tr truth, badge int) (there bool, own, others float64) {
	b.Helper()
	g := b.luma(liveOnly)
	if g == nil || g.Rect != tr.frames[0].Rect {
		return false, 0, 0
	}
	at := tr.match(g)
	for _, near := range []int{at - 1, at, at + 1} { // neighbours are alike when little
		if near < 0 || near >= len(tr.frames) {
			continue
		}
		for _, f := range tr.faces[near] {
			if f.W < 20 || f.X < 0 || f.X+f.W > float64(g.Rect.Dx()) {
				continue
			}
			d, ok := leak.Detail(tr.frames[near], g, f.Box)
			switch {
			case !ok:
			case f.badge == badge:
				there, own = true, max(own, d)
			default:
				others = max(others, d)
			}
		}
	}
	return there && sharp(tr.frames[at], g), own, others
}

// waitShown waits until the wearer's face is seen in the preview.
func (b *browser) waitShown(tr truth, badge int) {
	b.Helper()
	best := 0.0
	for end := time.Now().Add(3 * patience); time.Now().Before(end); {
		_, own, others := b.seen(tr, badge)
		if others > leak.Threshold {
			b.Fatalf("a face without consent is seen (%.2f)", others)
		}
		if best = max(best, own); best > leak.Threshold {
			return
		}
	}
	b.shoot("failed")
	b.Fatalf("the wearer of badge %d is not seen: at best %.2f", badge, best)
}

// overloaded reports whether viewers get nothing but blurred frames or the slate.
func (b *browser) overloaded() bool {
	return b.is("fetch('/api/v1/cameras').then(r => r.json()).then(list => list.some(c => ['over_masked', 'blocked'].includes(c.protection)))")
}

// neverShown reads the preview until the wearer was in enough frames, and
// in none of them seen.
func (b *browser) neverShown(tr truth, badge int) {
	b.Helper()
	count := 0
	for end := time.Now().Add(3 * patience); count < 12; {
		there, own, others := b.seen(tr, badge)
		if own > leak.Threshold || others > leak.Threshold {
			b.shoot("failed")
			b.Fatalf("a face is seen that must not be: %.2f, %.2f", own, others)
		}
		if there {
			count++
		}
		if time.Now().After(end) {
			if !b.overloaded() {
				b.Fatalf("the wearer of badge %d was in %d frames only", badge, count)
			}
			b.Skipf("the machine is so busy that the whole frame is blurred: the wearer was recognised in %d frames only", count)
		}
	}
}
