package jpegscan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os/exec"
	"testing"
)

// frames makes three with ffmpeg, as a camera would.
func frames(t testing.TB, size string, more ...string) [][]byte {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is missing; `make setup-test` installs it")
	}
	args := append([]string{"-v", "error", "-f", "lavfi", "-i", "mandelbrot=s=" + size + ":r=5", "-frames:v", "3", "-c:v", "mjpeg"}, more...)
	out, err := exec.Command("ffmpeg", append(args, "-f", "mjpeg", "-")...).Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	var list [][]byte
	for _, p := range bytes.SplitAfter(out, []byte{0xff, markEOI}) {
		if len(p) > 0 {
			list = append(list, p)
		}
	}
	if len(list) != 3 {
		t.Fatalf("%d pictures", len(list))
	}
	return list
}

// restarting has a restart marker after each slice.
var restarting = []string{"-pix_fmt", "yuvj420p", "-threads", "4", "-thread_type", "slice", "-slices", "4"}

func find(t testing.TB, b []byte, mark byte) int {
	t.Helper()
	for i := 2; i+4 < len(b) && b[i] == 0xff; i += 2 + int(binary.BigEndian.Uint16(b[i+2:])) {
		if b[i+1] == mark {
			return i
		}
	}
	t.Fatalf("no marker %#x", mark)
	return 0
}

// resized is a copy whose frame header says another size.
func resized(t testing.TB, b []byte, width, height int) []byte {
	b = bytes.Clone(b)
	i := find(t, b, markSOF0)
	binary.BigEndian.PutUint16(b[i+5:], uint16(height))
	binary.BigEndian.PutUint16(b[i+7:], uint16(width))
	return b
}

func insert(b []byte, at int, what ...byte) []byte {
	return append(append(bytes.Clone(b[:at]), what...), b[at:]...)
}

func TestGoodFramesPass(t *testing.T) {
	var c Checker
	for _, size := range []string{"642x361", "17x9"} {
		for name, args := range map[string][]string{
			"4:2:0": {"-pix_fmt", "yuvj420p"}, "4:2:2": {"-pix_fmt", "yuvj422p"}, "4:4:4": {"-pix_fmt", "yuvj444p"},
			"usual codes": {"-pix_fmt", "yuvj420p", "-huffman", "default"}, "coarse": {"-pix_fmt", "yuvj420p", "-q:v", "31"},
			"fine": {"-pix_fmt", "yuvj422p", "-q:v", "1", "-qmin", "1"}, "restart markers": restarting,
		} {
			for _, b := range frames(t, size, args...) {
				w, h, err := c.Check(b)
				if got := fmt.Sprintf("%dx%d", w, h); err != nil || got != size {
					t.Errorf("%s %s: %s, %v", name, size, got, err)
				}
			}
		}
	}
}

func TestOddButHonestFramesPass(t *testing.T) {
	b := frames(t, "320x240", "-pix_fmt", "yuvj420p", "-huffman", "default")[0]
	huffman := find(t, b, markDHT)
	end := len(b) - 2
	var grey bytes.Buffer
	if err := jpeg.Encode(&grey, image.NewGray(image.Rect(0, 0, 33, 20)), nil); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"no codes":           append(bytes.Clone(b[:huffman]), b[huffman+2+int(binary.BigEndian.Uint16(b[huffman+2:])):]...),
		"no end":             b[:end],
		"zeros behind":       append(bytes.Clone(b), 0, 0, 0, 0, 0),
		"fill before marker": insert(b, huffman, 0xff, 0xff),
		"fill before end":    insert(b, end, 0xff, 0xff),
		"rounded up":         insert(b, end, 0xff, 0, 0xff, 0),
		"application data":   insert(b, 2, 0xff, 0xe5, 0, 6, 1, 2, 0xff, 0xd8),
		"no restarts":        insert(b, 2, 0xff, markDRI, 0, 4, 0, 0),
		"grey":               grey.Bytes(),
	} {
		if _, _, err := new(Checker).Check(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLyingFramesFail(t *testing.T) {
	b := frames(t, "640x368", "-pix_fmt", "yuvj420p")[1]
	r := frames(t, "640x368", restarting...)[1]
	wide := frames(t, "2560x1440", "-pix_fmt", "yuvj420p", "-huffman", "default")[1]
	first := bytes.Index(r, []byte{0xff, markRST0})
	if first < 0 {
		t.Fatal("ffmpeg made no restart markers")
	}
	again := bytes.Clone(r)
	again[first+1]++
	frame := find(t, b, markSOF0)
	twice := insert(b, frame, b[frame:frame+2+int(binary.BigEndian.Uint16(b[frame+2:]))]...)
	sampled := bytes.Clone(b)
	sampled[frame+11] = 0x21 // says 4:2:2
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"width wraps at 2048":      {resized(t, wide, 512, 1440), ErrDisagree},
		"both wrap":                {resized(t, wide, 512, 416), ErrDisagree},
		"half the width":           {resized(t, b, 320, 368), ErrDisagree},
		"one column less":          {resized(t, b, 624, 368), ErrDisagree},
		"one row less":             {resized(t, b, 640, 352), ErrDisagree},
		"one row more":             {resized(t, b, 640, 384), ErrDisagree},
		"twice the width":          {resized(t, b, 1280, 368), ErrDisagree},
		"no height":                {resized(t, b, 640, 0), ErrDisagree},
		"half, with restarts":      {resized(t, r, 320, 368), ErrDisagree},
		"one row less, restarts":   {resized(t, r, 640, 352), ErrDisagree},
		"wrong restart number":     {again, ErrDisagree},
		"a restart marker is lost": {append(bytes.Clone(r[:first]), r[first+2:]...), ErrDisagree},
		"restarts unannounced":     {insert(b, len(b)-2, 0xff, markRST0), ErrDisagree},
		"two frame headers":        {twice, ErrDisagree},
		"other sampling":           {sampled, ErrDisagree},
		"half of the data":         {b[:len(b)/2], ErrDisagree},
		"progressive":              {bytes.Replace(b, []byte{0xff, markSOF0, 0}, []byte{0xff, 0xc2, 0}, 1), ErrForm},
		"empty":                    {nil, ErrForm},
	} {
		if w, h, err := new(Checker).Check(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %dx%d, %v", name, w, h, err)
		}
	}
}

// What Check passes has the size that another reader finds.
func FuzzCheck(f *testing.F) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 24))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = byte(r.UintN(256))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(resized(f, b.Bytes(), 80, 24))
	f.Add(insert(b.Bytes(), 2, 0xff, markDRI, 0, 4, 0, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, h, err := new(Checker).Check(b)
		if err != nil {
			if !errors.Is(err, ErrForm) && !errors.Is(err, ErrDisagree) {
				t.Fatal(err)
			}
			return
		}
		if pw, ph, err := new(Checker).Plain(b); err == nil && (pw != w || ph != h || !bytes.HasSuffix(b, []byte{0xff, markEOI})) {
			t.Fatalf("%d x %d is plain, as %d x %d", w, h, pw, ph)
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(b)); err == nil && (c.Width != w || c.Height != h) {
			t.Fatalf("%d x %d, but %d x %d", w, h, c.Width, c.Height)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	p := frames(b, "1920x1080", "-pix_fmt", "yuvj420p", "-q:v", "4")[1]
	var c Checker
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		if _, _, err := c.Check(p); err != nil {
			b.Fatal(err)
		}
	}
}
