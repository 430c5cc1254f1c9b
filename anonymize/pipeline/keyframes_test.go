package pipeline

import (
	"image"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A still wall with the noise of a sensor, and another one.
const (
	wall      = "smptebars=s=640x360:r=15:d=%,noise=alls=60:all_seed=3,gblur=sigma=0.7,noise=alls=3:allf=t"
	otherWall = "pal75bars=s=640x360:r=15:d=%,noise=alls=60:all_seed=5,gblur=sigma=0.7,noise=alls=3:allf=t"
	// something moves through half of the frame.
	passing = "smptebars=s=640x360:r=15:d=%,noise=alls=60:all_seed=3,gblur=sigma=0.7,noise=alls=3:allf=t[w];" +
		"testsrc2=s=320x240:r=15:d=%[m];[w][m]overlay=x=20*t:y=60"
)

func shot(graph, seconds string) string {
	out := ""
	for _, c := range graph {
		if c == '%' {
			out += seconds
		} else {
			out += string(c)
		}
	}
	return out
}

// cutTo puts two shots one after the other.
func cutTo(a, b string) string { return a + "[a];" + b + "[b];[a][b]concat" }

// Cameras with few keyframes and little between them. No frame falls to
// pieces, least of all at the output's keyframes, and the size keeps to its bound.
func TestKeyframesAreNotStarved(t *testing.T) {
	for _, c := range []struct {
		name   string
		source string
		gop    int
		cuts   string // x264's scenecut: 0 codes a cut without a keyframe
		live   bool
		worst  float64
	}{
		{"still, one keyframe in 20 s", shot(wall, "36"), 300, "0", false, 0.93},
		{"still, live", shot(wall, "36"), 300, "0", true, 0.93},
		{"still, a keyframe every 3.3 s", shot(wall, "24"), 50, "0", false, 0.93},
		{"cut without a keyframe", cutTo(shot(wall, "8"), shot(otherWall, "16")), 300, "0", false, 0.93},
		{"cut with a keyframe", cutTo(shot(wall, "8"), shot(otherWall, "16")), 300, "40", false, 0.93},
		{"still, then moving", cutTo(shot(wall, "10"), shot(passing, "14")), 300, "0", false, 0.85},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := units(t, 0, c.source, "-g", strconv.Itoa(c.gop), "-sc_threshold", c.cuts, "-crf", "27")
			retime(list, 15)
			p, err := New(Config{Codec: media.H264, Live: c.live, Finder: &stubFinder{}, Settings: defaults})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Close)
			got := run(t, p, list)
			if len(got) != len(list) {
				t.Fatalf("%d results for %d units", len(got), len(list))
			}
			worst, at := likeSource(t, list, got)
			in, out := bytesOf(list), 0
			for _, r := range got {
				out += len(slices.Concat(r.NALUs...))
			}
			t.Logf("worst frame %d: %.3f; %d bytes for %d: %.2f; keyframes %v", at, worst, out, in, float64(out)/float64(in), keyframesOf(got))
			if worst < c.worst {
				t.Errorf("frame %d is %.3f like the source, want at least %v", at, worst, c.worst)
			}
			if ratio := float64(out) / float64(in); ratio > 1.55 {
				t.Errorf("output is %.2f times the input, want at most about 1.5", ratio)
			}
		})
	}
}

// A viewer who joins a calm camera gets a good keyframe at once, and so do those after.
func TestKeyframeForViewerIsGood(t *testing.T) {
	list := units(t, 0, shot(wall, "12"), "-g", "300", "-sc_threshold", "0", "-crf", "27")
	retime(list, 15)
	s := defaults
	s.LookAhead = 0
	p, err := New(Config{Codec: media.H264, Live: true, Finder: &stubFinder{}, Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	var got []wire.Result
	for _, u := range list {
		if u.Seq >= 70 && u.Seq < 130 && (u.Seq-70)%15 == 0 {
			p.RequestKeyframe()
		}
		if err := p.Push(u, time.Now(), func(r wire.Result) error { got = append(got, r); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if keys := keyframesOf(got); !slices.Equal(keys, []uint64{0, 70, 85, 100, 115}) {
		t.Errorf("keyframes at %v, want one at once for each viewer and no other", keys)
	}
	if worst, at := likeSource(t, list, got[:85]); worst < 0.93 {
		t.Errorf("frame %d is %.3f like the source", at, worst)
	}
	if worst, at := likeSource(t, list, got); worst < 0.9 {
		t.Errorf("after many viewers, frame %d is %.3f like the source", at, worst)
	}
}

// retime gives units made at 25 frames a second another rate.
func retime(list []wire.Unit, fps int) {
	for i := range list {
		list[i].PTS = media.Ticks90k(i * media.TicksPerSecond / fps)
	}
}

func bytesOf(list []wire.Unit) (n int) {
	for _, u := range list {
		n += len(slices.Concat(u.NALUs...))
	}
	return n
}

func keyframesOf(list []wire.Result) (seqs []uint64) {
	for _, r := range list {
		if r.Keyframe {
			seqs = append(seqs, r.Record.Seq)
		}
	}
	return seqs
}

// likeSource decodes both and finds the frame that is least like its source.
func likeSource(t *testing.T, list []wire.Unit, got []wire.Result) (worst float64, at int) {
	t.Helper()
	if len(got) > len(list) {
		t.Fatalf("%d results for %d units", len(got), len(list))
	}
	src, err := av.NewDecoder(av.H264, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	v := newViewer(t)
	worst = 1
	for i, u := range list[:len(got)] {
		if err := src.Send(u.NALUs, int64(u.Seq), u.Keyframe); err != nil {
			t.Fatal(err)
		}
		f, err := src.Receive()
		if err != nil || f == nil {
			t.Fatalf("source %d gives no frame: %v", i, err)
		}
		v.see(got[i], func(img *image.YCbCr) {
			if s := ssim(f.YCbCr(), img); s < worst {
				worst, at = s, i
			}
		})
		f.Close()
	}
	return worst, at
}

// ssim is the mean structural similarity of the luma, in blocks of 8 x 8.
func ssim(a, b *image.YCbCr) float64 {
	const c1, c2 = (0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255)
	sum, n := 0., 0
	for y := 0; y+8 <= a.Rect.Dy(); y += 8 {
		for x := 0; x+8 <= a.Rect.Dx(); x += 8 {
			var sa, sb, aa, bb, ab float64
			for j := y; j < y+8; j++ {
				for i := x; i < x+8; i++ {
					p, q := float64(a.Y[j*a.YStride+i]), float64(b.Y[j*b.YStride+i])
					sa, sb, aa, bb, ab = sa+p, sb+q, aa+p*p, bb+q*q, ab+p*q
				}
			}
			ma, mb := sa/64, sb/64
			va, vb, cov := aa/64-ma*ma, bb/64-mb*mb, ab/64-ma*mb
			sum += (2*ma*mb + c1) * (2*cov + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2))
			n++
		}
	}
	return sum / float64(n)
}
