package detector

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"gocv.io/x/gocv"
)

// confetti is a frame full of edges and badges.
func confetti(w, h int) *image.YCbCr {
	img := blank(w, h, 128)
	rnd := rand.New(rand.NewPCG(5, 1))
	addNoise(img, 60, rnd)
	for range 40 {
		pose{x: rnd.Float64() * float64(w), y: rnd.Float64() * float64(h), side: 20 + rnd.Float64()*60, narrow: 1, black: 20, white: 235}.draw(img, bitsOf[9])
	}
	return img
}

// Cameras share the cores, not each the host: OpenCV must not start threads of its own.
func TestOpenCVUsesOneThread(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	img := confetti(640, 360)
	used := func(who int) time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	const thread = 1 // RUSAGE_THREAD
	all, own := used(syscall.RUSAGE_SELF), used(thread)
	for range 10 {
		badges(t, img, 1)
	}
	all, own = used(syscall.RUSAGE_SELF)-all, used(thread)-own
	if own < 20*time.Millisecond || all > own+own/5 {
		t.Errorf("looking for badges took %v of this thread and %v of all", own, all)
	}
}

// An exception of OpenCV ends the process, as gocv is made: the supervisor shows a
// slate and starts another worker. So nothing that Badges does may lead to one; this
// shows what would happen, and that it cannot go unseen.
func TestExceptionEndsTheProcess(t *testing.T) {
	const child = "BAUTA_TEST_EXCEPTION"
	if os.Getenv(child) != "" {
		gocv.AdaptiveThreshold(gocv.NewMat(), &gocv.Mat{}, 255, gocv.AdaptiveThresholdMean, gocv.ThresholdBinaryInv, 2, 0)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestExceptionEndsTheProcess$")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "SIGABRT") {
		t.Errorf("the process went on: %v\n%s", err, out)
	}
}

// resident is the process's memory in bytes.
func resident(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	var size, pages int
	if err == nil {
		_, err = fmt.Sscan(string(b), &size, &pages)
	}
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// What OpenCV allocates, the garbage collector does not see: each Mat and each
// vector must be closed. One that is not costs some 100 kB a frame here.
func TestBadgesLeaveNothingBehind(t *testing.T) {
	img := confetti(320, 320)
	search := func(times int) {
		for range times {
			badges(t, img, 1)
		}
		runtime.GC()
	}
	search(50)
	before := resident(t)
	search(300)
	if grown := resident(t) - before; grown > 8<<20 {
		t.Errorf("300 frames left %d kB behind", grown>>10)
	}
}

// FuzzBadges looks for badges in frames of odd sizes, strides and parts: none
// may end the process.
func FuzzBadges(f *testing.F) {
	good := blank(64, 64, 90)
	pose{x: 32, y: 32, side: 30, narrow: 1, black: 20, white: 235}.draw(good, bitsOf[7])
	f.Add(good.Y, uint16(64), uint16(0), int16(0), int16(0), int16(64), int16(64), uint8(1))
	f.Add(good.Y[:63*64+1], uint16(61), uint16(3), int16(-5), int16(7), int16(300), int16(40), uint8(2))
	f.Fuzz(func(t *testing.T, luma []byte, width, gap uint16, x0, y0, x1, y1 int16, factor uint8) {
		w, stride := int(width), int(width)+int(gap%64)
		if w == 0 || len(luma) < stride {
			return
		}
		h := len(luma) / stride
		c := blank(w, h, 0)
		img := &image.YCbCr{Y: luma[:stride*h], Cb: c.Cb, Cr: c.Cr, YStride: stride, CStride: c.CStride, SubsampleRatio: c.SubsampleRatio, Rect: c.Rect}
		part := image.Rectangle{image.Pt(int(x0), int(y0)), image.Pt(int(x1), int(y1))}
		markers, err := Badges(img, part, 1+int(factor%8))
		if err != nil || len(markers) > maxMarkers {
			t.Errorf("%d markers, %v", len(markers), err)
		}
		for _, m := range markers {
			if m.ID < 1 || m.ID > 249 {
				t.Errorf("badge %d", m.ID)
			}
		}
	})
}
