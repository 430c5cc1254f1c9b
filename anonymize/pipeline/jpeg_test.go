package pipeline

import (
	"bytes"
	"encoding/binary"
	"os/exec"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Motion JPEG of 2560 x 1440 whose header has the size modulo 2048, as RTP's
// eight bits make it, would come out in strips. What lies is not shown, and
// what does not is, right after it too.
func TestMotionJPEGWithAFalseHeader(t *testing.T) {
	out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=2560x1440:r=25:d=0.4",
		"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-f", "mjpeg", "-").Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v; `make setup-test` installs it", err)
	}
	p, err := New(Config{Codec: media.MJPEG, Live: true, Finder: &stubFinder{}, Settings: defaults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	falseHeaders := map[uint64]bool{0: true, 3: true, 4: true, 8: true}
	codes := map[uint64]media.Code{}
	emit := func(r wire.Result) error { codes[r.Record.Seq] = r.Record.Code; return nil }
	for i, b := range bytes.SplitAfter(out, []byte{0xff, 0xd9})[:10] {
		if falseHeaders[uint64(i)] {
			frame := bytes.Index(b, []byte{0xff, 0xc0, 0, 17, 8})
			binary.BigEndian.PutUint16(b[frame+7:], 2560%2048)
		}
		u := wire.Unit{Seq: uint64(i), PTS: media.Ticks90k(i * 3600), Keyframe: true, NALUs: [][]byte{b}}
		if err := p.Push(u, time.Now(), emit); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.End(emit); err != nil {
		t.Fatal(err)
	}
	if len(codes) != 10 {
		t.Errorf("%d results for 10 units", len(codes))
	}
	for seq, code := range codes {
		want := media.Masked
		if falseHeaders[seq] {
			want = media.Disagreeing
		}
		if code != want {
			t.Errorf("frame %d: %v, want %v", seq, code, want)
		}
	}
}
