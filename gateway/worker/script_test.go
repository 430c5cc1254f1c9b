package worker

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The tests' children are real processes: this very test program, started
// by a name that says what it does.
const scriptPrefix = "scripted-"

const testBuild = "test build"

func TestMain(m *testing.M) {
	if name, ok := strings.CutPrefix(filepath.Base(os.Args[0]), scriptPrefix); ok {
		playScript(name)
		os.Exit(0)
	}
	flag.Parse()
	// The tests spend their time waiting for children and clocks, not computing.
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// script returns the path of a program that plays name.
func script(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), scriptPrefix+name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fakeWorker is a child that masks by drawing a slate of its own.
type fakeWorker struct {
	in         *wire.Reader
	out        *wire.Writer
	hello      wire.Hello
	card       *slate.Slate
	small      *slate.Slate // the sub-stream
	wantSubKey bool
	wantKey    bool
	units      int
	begun      bool        // a keyframe came
	held       []wire.Unit // look-ahead
}

const frameWidth, frameHeight = 64, 48

func playScript(name string) {
	if name == "parent" {
		beParent()
	}
	a := &fakeWorker{in: wire.NewReader(os.NewFile(3, "in")), out: wire.NewWriter(os.NewFile(4, "out")), card: slate.New(frameWidth, frameHeight)}
	if kind, body, err := a.in.Next(); err != nil || kind != wire.KindHello || wire.UnmarshalJSONBody(body, &a.hello) != nil {
		os.Exit(9)
	}
	if a.beforeReady(name) {
		return
	}
	a.send(wire.KindReady, wire.MarshalJSONBody(wire.Ready{Build: a.hello.Build, ModelHash: "ab", Layers: []string{"none"}}))
	a.send(wire.KindNotice, wire.MarshalJSONBody(wire.Notice{Level: "debug", Text: "playing " + name}))
	for {
		kind, body, err := a.in.Next()
		if err != nil {
			a.afterEOF(name)
			return
		}
		switch kind {
		case wire.KindUnit:
			u, err := wire.UnmarshalUnit(body)
			if err != nil {
				os.Exit(8)
			}
			a.units++
			if a.begun = a.begun || u.Keyframe; !a.begun {
				a.answer(u, media.AwaitKeyframe)
				continue
			}
			a.perform(name, u)
		case wire.KindControl:
			var c wire.Control
			if wire.UnmarshalJSONBody(body, &c) != nil {
				os.Exit(7)
			}
			if a.control(name, c) {
				return
			}
		}
	}
}

// beParent runs a handle on the stubborn script beside this one and says its
// process id, until it is killed.
func beParent() {
	bin := filepath.Join(filepath.Dir(os.Args[0]), scriptPrefix+"stubborn")
	h := New(Config{Bin: bin, Hello: wire.Hello{Build: testBuild, Codec: media.H264}, Log: slog.New(slog.DiscardHandler)}, reporter{})
	h.Run(context.Background())
}

// reporter is an Output that prints the child's process id once it is ready.
type reporter struct{}

func (reporter) Clean(media.Clean)      {}
func (reporter) Sub(media.Clean)        {}
func (reporter) Decision(wire.Decision) {}
func (reporter) State(s State) {
	if s.Ready.Build != "" && s.PID != 0 {
		fmt.Println(s.PID)
	}
}

func (a *fakeWorker) send(kind wire.Kind, body []byte) {
	if a.out.Write(kind, body) != nil {
		os.Exit(6)
	}
}

func (a *fakeWorker) fail(code wire.FailCode, text string) {
	a.send(wire.KindFailed, wire.MarshalJSONBody(wire.Failed{Code: code, Text: text}))
}

// beforeReady plays what goes wrong before Ready; true ends the child.
func (a *fakeWorker) beforeReady(name string) bool {
	switch name {
	case "otherbuild":
		a.hello.Build = "another build"
	case "nomodel":
		a.fail(wire.FailModel, "no model at the path")
		return true
	case "inside":
		a.fail(wire.FailUnknown, fmt.Sprint("env ", os.Environ(), " args ", len(os.Args), " files ", openFiles()))
		return true
	case "unready":
		a.in.Next() // until it is killed
		return true
	case "early":
		a.send(wire.KindResult, wire.Result{Record: media.Record{Seq: 1, Code: media.Shed}}.Marshal())
	case "noisy":
		for i := range 10000 {
			fmt.Fprintln(os.Stderr, "line", i, strings.Repeat("x", 5000))
		}
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
	case "secondtime":
		if firstRun() {
			os.Exit(5)
		}
	}
	return false
}

// openFiles lists the descriptors that came with the start; the runtime's own
// are event queues and files under /sys.
func openFiles() string {
	var list []string
	for fd := range 64 {
		target, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
		if err == nil && !strings.HasPrefix(target, "anon_inode") && !strings.HasPrefix(target, "/sys/") {
			kind, _, _ := strings.Cut(target, ":")
			list = append(list, fmt.Sprintf("%d=%s", fd, kind))
		}
	}
	return strings.Join(list, ",")
}

func (a *fakeWorker) afterEOF(name string) {
	if name == "stubborn" {
		forever()
	}
}

// forever does nothing, in a way that the runtime does not take for a deadlock.
func forever() {
	for {
		syscall.Pause()
	}
}

func (a *fakeWorker) control(name string, c wire.Control) (end bool) {
	a.wantKey, a.wantSubKey = a.wantKey || c.Keyframe, a.wantSubKey || c.SubKeyframe
	if c.Settings != nil {
		a.hello.Settings = *c.Settings
	}
	if c.Snapshot {
		a.send(wire.KindSnapshot, snapshotOf(name))
	}
	if !c.End || name == "stubborn" {
		return false
	}
	if name != "unflushed" {
		a.flush(0)
	}
	return true
}

// snapshotOf is a JPEG whose size identifies the script.
func snapshotOf(name string) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 16*len(name), 16), image.YCbCrSubsampleRatio420), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// firstRun reports whether no child of this script has asked before.
func firstRun() bool { return os.Mkdir(os.Args[0]+".ran", 0o700) == nil }

// misbehaves picks the tenth unit of the first child.
func (a *fakeWorker) misbehaves() bool { return a.units == 10 && firstRun() }

// play answers one unit by the script.
func (a *fakeWorker) perform(name string, u wire.Unit) {
	switch name {
	case "mute":
		if a.units > 10 {
			return
		}
	case "ignoring":
		if a.units > 10 {
			forever()
		}
	case "crash":
		os.Exit(3)
	case "brokenunit":
		if a.hello.Use.Accelerator != "" && a.units > 20 {
			a.fail(wire.FailAccelerator, "accelerator vaapi: it gives no pictures")
			os.Exit(1)
		}
	case "baddriver":
		if a.hello.Use.Accelerator != "" && a.units > 20 {
			syscall.Kill(os.Getpid(), syscall.SIGSEGV)
			forever()
		}
	case "stuckdriver":
		if a.hello.Use.Accelerator != "" && a.units > 20 {
			forever()
		}
	case "twice":
		if a.misbehaves() {
			a.mask(u)
		}
	case "unknown":
		if a.misbehaves() {
			u.Seq += 1000
		}
	case "empty":
		if a.misbehaves() {
			a.answer(u, media.Masked)
			return
		}
	case "sneaky": // a frame without a record that it was masked
		if a.misbehaves() {
			a.send(wire.KindResult, wire.Result{Record: media.Record{Seq: u.Seq, Code: media.Undecodable}, NALUs: u.NALUs}.Marshal())
			return
		}
	case "talkative": // text beside a frame
		if a.misbehaves() {
			a.maskAs(u, func(nalus [][]byte) [][]byte {
				return append([][]byte{append([]byte{6, 5}, "secret original words"...)}, nalus...)
			})
			return
		}
	case "tailed": // text behind a frame's end
		if a.misbehaves() {
			a.maskAs(u, func(nalus [][]byte) [][]byte {
				last := len(nalus) - 1
				nalus[last] = append(append(bytes.Clone(nalus[last]), 0, 0, 0), "secret original words"...)
				return nalus
			})
			return
		}
	case "misnamed": // a sub-stream of another size than it says
		if a.misbehaves() {
			a.small = slate.New(frameWidth, frameHeight)
		}
	case "doubled": // two frames in one answer
		if a.misbehaves() {
			a.maskAs(u, func(nalus [][]byte) [][]byte { return append(nalus, nalus[len(nalus)-1]) })
			return
		}
	case "garbage":
		if a.misbehaves() {
			os.NewFile(4, "out").Write([]byte("no frame at all"))
		}
	case "slow":
		time.Sleep(1500 * time.Millisecond) // this is the part it plays, not a wait
	case "undecodable":
		if a.units > 10 {
			a.answer(u, media.Undecodable)
			return
		}
	case "lookahead", "unflushed":
		a.held = append(a.held, u)
		a.flush(5)
		return
	case "settings":
		a.send(wire.KindNotice, wire.MarshalJSONBody(wire.Notice{Level: "info", Text: "mask " + a.hello.Settings.Mask}))
	case "deciding":
		for _, show := range a.hello.Settings.Shows {
			a.send(wire.KindDecision, wire.MarshalJSONBody(wire.Decision{Seq: u.Seq, PTS: u.PTS, Track: 1, Shown: true, Token: show.Token, Zone: "lobby"}))
		}
	case "babbling":
		a.send(wire.KindDecision, wire.MarshalJSONBody(wire.Decision{Seq: u.Seq, Token: "a name\nand a line"}))
	case "poisoned":
		if bytes.Contains(u.NALUs[0], []byte("original 7.")) {
			os.Exit(4)
		}
	case "random":
		if rand.IntN(10) == 0 {
			os.Exit(2)
		}
	}
	a.mask(u)
}

func (a *fakeWorker) flush(keep int) {
	for len(a.held) > keep {
		a.mask(a.held[0])
		a.held = a.held[1:]
	}
}

// answer answers u without a frame.
func (a *fakeWorker) answer(u wire.Unit, code media.Code) {
	a.send(wire.KindResult, wire.Result{Record: media.Record{Seq: u.Seq, Code: code}}.Marshal())
}

// mask answers u with a frame.
func (a *fakeWorker) mask(u wire.Unit) {
	a.maskAs(u, func(nalus [][]byte) [][]byte { return nalus })
}

// maskAs is mask with other NAL units.
func (a *fakeWorker) maskAs(u wire.Unit, change func([][]byte) [][]byte) {
	nalus, key := a.card.Next(time.Unix(1, 0).Add(u.PTS.Duration()), a.wantKey)
	a.wantKey = false
	a.send(wire.KindResult, wire.Result{
		Record:   media.Record{Seq: u.Seq, PTS: u.PTS, NTP: u.NTP, Code: media.Masked, Width: frameWidth, Height: frameHeight},
		Keyframe: key, NALUs: change(nalus), Sub: a.smaller(u),
	}.Marshal())
}

// smaller is the frame in the sub-stream, where one is wanted.
func (a *fakeWorker) smaller(u wire.Unit) wire.Small {
	if a.hello.Settings.Sub.FPS == 0 {
		return wire.Small{}
	}
	if a.small == nil {
		a.small = slate.New(frameWidth/2, frameHeight/2)
	}
	nalus, _ := a.small.Next(time.Unix(1, 0).Add(u.PTS.Duration()/100), a.wantSubKey) // at keyframes far between
	a.wantSubKey = false
	return wire.Small{Width: frameWidth / 2, Height: frameHeight / 2, NALUs: nalus}
}
