package worker

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// lab keeps one real worker, locked down, and feeds it what no camera should
// send. A worker that ends is replaced by another.
type lab struct {
	hello    wire.Hello
	good     [][][]byte // access units that begin with a keyframe
	child    *child
	inFlight *inFlight
	units    chan message
	reported map[uint64]media.Ticks90k
	pts      media.Ticks90k
	late     <-chan time.Time   // when an input has taken too long
	codes    map[media.Code]int // answers to the good units after the bent ones
	died     int
}

const (
	// labPatience is for one input, for which a worker takes some milliseconds. Go ends the
	// process after ten seconds, without saying what it was.
	labPatience = 8 * time.Second
	// labHeld is how many of the newest units a worker may leave without an answer: 16 that
	// a decoder may have to put in order, as the stream before may have taught it, and some
	// room, as the pipeline has it.
	labHeld = 19
	// labSilence is after how long without an answer more units are sent.
	labSilence = 30 * time.Millisecond
	// labRounds is how often the clip has to follow at most: 36 frames, of which at least
	// 17 have their answer, two groups of pictures among them. A worker that leaves frames
	// out to catch up, as it may after a huge one, has as many as there is time for.
	labRounds = 6
)

func newLab(f *testing.F, codec media.Codec) *lab {
	f.Helper()
	bin := filepath.Join("..", "..", "build", "bauta-worker")
	out, err := exec.Command(filepath.Join("..", "..", "build", "bauta"), "--version").Output()
	_, id, ok := strings.Cut(strings.TrimSuffix(strings.TrimSpace(string(out)), ")"), "(build ")
	if _, missing := os.Stat(bin); err != nil || !ok || missing != nil {
		f.Fatalf("no worker to test with (make build): %v", err)
	}
	l := &lab{good: labClip(f, codec), hello: wire.Hello{Build: id, Camera: "lab", Codec: codec, Live: true}}
	f.Cleanup(func() {
		if l.child != nil {
			l.stop()
		}
	})
	return l
}

// labClip is a small test picture as ffmpeg encodes it, split into access units.
func labClip(f *testing.F, codec media.Codec) (units [][][]byte) {
	f.Helper()
	args := []string{"-v", "error", "-f", "lavfi", "-i", "testsrc=size=128x96:rate=25", "-frames:v", "6", "-threads", "1", "-pix_fmt", "yuv420p"}
	switch codec {
	case media.H264:
		args = append(args, "-c:v", "libx264", "-preset", "ultrafast", "-g", "6", "-bf", "0", "-bsf:v", "h264_metadata=aud=insert", "-f", "h264", "-")
	case media.H265:
		args = append(args, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:bframes=0:keyint=6",
			"-bsf:v", "hevc_metadata=aud=insert", "-f", "hevc", "-")
	case media.MJPEG:
		args = append(args, "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", "default", "-f", "mjpeg", "-")
	}
	out, err := exec.Command("ffmpeg", args...).Output()
	if err != nil {
		f.Fatalf("ffmpeg makes no frames: %v; make setup-test installs it", err)
	}
	if codec == media.MJPEG {
		for _, p := range bytes.SplitAfter(out, []byte{0xff, 0xd9}) {
			if len(p) > 0 {
				units = append(units, [][]byte{p})
			}
		}
		return units
	}
	for _, nal := range split(out) {
		if delimiter := codec == media.H264 && media.H264Type(nal) == h264.NALUTypeAccessUnitDelimiter || codec == media.H265 && media.H265Type(nal) == h265.NALUType_AUD_NUT; delimiter {
			units = append(units, nil)
		}
		units[len(units)-1] = append(units[len(units)-1], nal)
	}
	return units
}

// split takes NAL units apart at their start codes.
func split(b []byte) (nals [][]byte) {
	for _, n := range bytes.Split(b, []byte{0, 0, 1}) {
		if n = bytes.TrimRight(n, "\x00"); len(n) > 0 {
			nals = append(nals, n)
		}
	}
	return nals
}

func join(unit [][]byte) []byte { return bytes.Join(unit, []byte{0, 0, 1}) }

// start brings a worker up and waits until it is locked down.
func (l *lab) start(t *testing.T) {
	t.Helper()
	l.inFlight, l.units, l.reported = newInFlight(0), make(chan message, 64), map[uint64]media.Ticks90k{}
	l.units <- message{wire.KindHello, wire.MarshalJSONBody(l.hello)}
	var err error
	l.child, err = launch(programFor(filepath.Join("..", "..", "build", "bauta-worker"), l.hello), l.next, slog.New(slog.DiscardHandler), newAllowance())
	if err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case m, ok := <-l.child.messages:
			if !ok || m.kind == wire.KindFailed {
				t.Fatalf("no worker starts: %s", m.body)
			}
			if m.kind == wire.KindReady {
				return
			}
		case <-l.late:
			l.hangs(t, "is not ready in time")
		}
	}
}

// next is the child's source.
func (l *lab) next(quit <-chan struct{}) (message, bool) {
	select {
	case m := <-l.units:
		return m, true
	case <-quit:
		return message{}, false
	}
}

// hangs ends the input; the next one has another worker.
func (l *lab) hangs(t *testing.T, how string) {
	t.Helper()
	l.stop()
	t.Fatalf("the worker %s", how)
}

func (l *lab) stop() {
	l.child.stop(atOnce)
	l.child.ignore()
	<-l.child.gone
	l.child = nil
}

// feed sends a unit; false where the worker is gone.
func (l *lab) feed(t *testing.T, nalus [][]byte, key bool) (seq uint64, ok bool) {
	t.Helper()
	l.pts += media.TicksPerSecond / 25
	u := unit{keyframe: key, nalus: nalus}
	u.pts, u.ntp, u.came = l.pts, time.Now(), time.Now()
	seq = l.inFlight.add(u.fed, time.Now())
	l.reported[seq] = l.pts
	select {
	case l.units <- message{wire.KindUnit, u.marshal(seq, false)}:
		return seq, true
	case <-l.child.gone:
	case <-l.late:
		l.hangs(t, "takes no more units")
	}
	return seq, false
}

// feedClip feeds the good units once; last is the newest one's number.
func (l *lab) feedClip(t *testing.T) (last uint64, ok bool) {
	t.Helper()
	for i, unit := range l.good {
		if last, ok = l.feed(t, unit, i == 0 || l.hello.Codec == media.MJPEG); !ok {
			return last, false
		}
	}
	return last, true
}

// answers takes results until the worker is gone, all units up to last are
// settled, or those that must be are and nothing comes. It counts the answers to
// those after from.
func (l *lab) answers(t *testing.T, from, last uint64) (alive bool) {
	t.Helper()
	for !l.settled(last) {
		var silence <-chan time.Time
		if last < labHeld || l.settled(last-labHeld) {
			silence = time.After(labSilence)
		}
		select {
		case m, ok := <-l.child.messages:
			if !ok || m.kind == wire.KindFailed {
				return false
			}
			if m.kind != wire.KindResult {
				continue
			}
			own, err := wire.UnmarshalResult(m.body)
			res, _, _, refused := l.inFlight.evaluate(m.body)
			if err != nil || refused != nil {
				t.Fatalf("the worker breaks the protocol: %v, %v", err, refused)
			}
			if own.Record.PTS != l.reported[res.Record.Seq] {
				t.Fatalf("the answer to unit %d has the time of another: %d, not %d", res.Record.Seq, own.Record.PTS, l.reported[res.Record.Seq])
			}
			delete(l.reported, res.Record.Seq)
			if res.Record.Seq > from {
				l.codes[res.Record.Code]++
			}
		case <-silence:
			return true
		case <-l.late:
			oldest, next := l.open()
			l.hangs(t, fmt.Sprintf("hangs: no answer to unit %d, though %d were sent after it", oldest, next-1-oldest))
		}
	}
	return true
}

// settled reports whether all units up to seq have their answer.
func (l *lab) settled(seq uint64) bool {
	oldest, _ := l.open()
	return oldest > seq
}

// open is the oldest unit without an answer, or the next one, and the next one.
func (l *lab) open() (oldest, next uint64) {
	l.inFlight.mu.Lock()
	defer l.inFlight.mu.Unlock()
	oldest = l.inFlight.next
	for seq := range l.inFlight.open {
		oldest = min(oldest, seq)
	}
	return oldest, l.inFlight.next
}

// confined checks from outside whether the lock-down still holds.
func (l *lab) confined(t *testing.T) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d", l.child.cmd.Process.Pid)
	b, err := os.ReadFile(proc + "/status")
	if err != nil || strings.Contains(string(b), "State:\tZ") {
		return // it ended meanwhile
	}
	for _, want := range []string{"Seccomp:\t2", "NoNewPrivs:\t1"} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("the worker has not %q any more", want)
		}
	}
	tasks, _ := filepath.Glob(proc + "/task/*/children")
	for _, task := range tasks {
		if children, err := os.ReadFile(task); err == nil && len(bytes.TrimSpace(children)) > 0 {
			t.Errorf("the worker has started %s", children)
		}
	}
}

// flipped is the clip with bytes changed in each unit: a decoder's coverage is
// unknown here, so each input tries several at once.
func (l *lab) flipped(seed uint64) (bent [][][]byte) {
	random := rand.New(rand.NewPCG(seed, 0))
	for _, unit := range l.good {
		var copies [][]byte
		for _, n := range unit {
			n = bytes.Clone(n)
			for range 1 + random.IntN(4) {
				n[random.IntN(len(n))] ^= 1 << random.IntN(8)
			}
			copies = append(copies, n)
		}
		bent = append(bent, copies)
	}
	return bent
}

// try sends a good keyframe, the bent units and good ones again.
func (l *lab) try(t *testing.T, bent [][][]byte, key bool) {
	t.Helper()
	l.late, l.codes = time.After(labPatience), map[media.Code]int{}
	if l.child == nil {
		l.start(t)
	}
	if _, ok := l.feed(t, l.good[0], true); !ok {
		l.lost(t)
		return
	}
	var from uint64
	for _, unit := range bent {
		var ok bool
		if from, ok = l.feed(t, unit, key); !ok {
			l.lost(t)
			return
		}
	}
	for round := 1; ; round++ {
		last, alive := l.feedClip(t)
		if alive {
			alive = l.answers(t, from, last)
		}
		switch {
		case !alive:
			l.lost(t)
			return
		case l.codes[media.Masked] > 0 && l.settled(from):
			l.confined(t)
			return
		case round >= labRounds && l.codes[media.Shed] == 0:
			t.Fatalf("no frame of the good units that follow the bent ones: %v", l.codes)
		}
	}
}

// lost is allowed: the next one is a new worker.
func (l *lab) lost(t *testing.T) {
	l.died++
	l.stop()
	t.Logf("the worker ended by it, the %d. time", l.died)
}

// Access units that no camera should send meet the real decoder in the real
// lock-down. The worker may refuse them or die, but it never hangs, never
// answers with a frame for another unit, and never leaves its sandbox.
func FuzzSandbox(f *testing.F) {
	codecs := []media.Codec{media.H264, media.H265, media.MJPEG}
	labs := map[media.Codec]*lab{}
	for i, codec := range codecs {
		l := newLab(f, codec)
		labs[codec] = l
		for j, unit := range l.good[:3] {
			b := join(unit)
			f.Add(uint8(i), j == 0, b, uint64(0))
			f.Add(uint8(i), true, b[:len(b)*2/3], uint64(j+1))
		}
	}
	f.Add(uint8(0), true, []byte("\x67\x42\xc0\x1e\xff\xff\xff\xff\x00\x00\x01\x68\xce\x00\x00\x01\x65\x88"), uint64(1))
	f.Add(uint8(1), true, []byte("\x42\x01\x01\xff\xff\xff\xff\xff\x00\x00\x01\x26\x01\xaf"), uint64(2))
	f.Add(uint8(2), true, []byte("\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"), uint64(3))
	f.Fuzz(func(t *testing.T, codec uint8, key bool, b []byte, seed uint64) {
		l := labs[codecs[int(codec)%len(codecs)]]
		unit := split(b)
		if l.hello.Codec == media.MJPEG {
			unit = [][]byte{b}
		}
		if len(unit) == 0 || len(b) == 0 {
			return
		}
		bent := [][][]byte{unit}
		if seed != 0 {
			bent = append(bent, l.flipped(seed)...)
		}
		l.try(t, bent, key)
	})
}
