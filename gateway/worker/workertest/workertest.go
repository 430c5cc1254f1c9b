// Package workertest is a worker for tests that sends a card in the place of each frame
// and keeps what it was sent, and a camera for it. Tests of the daemon see with it, from outside, whom a worker
// may show and what it has to hide.
package workertest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// name is the one by which a test's own program is started as a worker.
const name = "worker-of-a-test"

const (
	helloFile  = "hello"  // Hello, with the settings in force
	decideFile = "decide" // decisions to be sent; it goes once they are
	refuseFile = "refuse" // the code of each result, in place of a card
)

// patience is how long a test waits for the worker.
const patience = 60 * time.Second

func init() { // ahead of flags and tests, which are not for the worker
	if filepath.Base(os.Args[0]) == name {
		attend(filepath.Dir(os.Args[0]))
		os.Exit(0)
	}
}

const width, height = 64, 48 // of the card

// attend is the worker: it answers each access unit with a card.
func attend(dir string) {
	in, out := wire.NewReader(os.NewFile(3, "in")), wire.NewWriter(os.NewFile(4, "out"))
	var hello wire.Hello
	card, keyframe := slate.New(width, height), false
	for {
		kind, body, err := in.Next()
		if err != nil {
			return
		}
		switch kind {
		case wire.KindHello:
			must(wire.UnmarshalJSONBody(body, &hello))
			keep(dir, hello)
			must(out.Write(wire.KindReady, wire.MarshalJSONBody(wire.Ready{Build: hello.Build, Layers: []string{"none"}})))
		case wire.KindUnit:
			u, err := wire.UnmarshalUnit(body)
			must(err)
			result := answer(u, card, keyframe)
			if code := refused(dir); code != media.NoCode {
				result = wire.Result{Record: media.Record{Seq: u.Seq, PTS: u.PTS, Code: code}}
			}
			must(out.Write(wire.KindResult, result.Marshal()))
			keyframe = false
			for _, d := range wanted(dir) {
				d.Seq, d.PTS = u.Seq, u.PTS
				must(out.Write(wire.KindDecision, wire.MarshalJSONBody(d)))
			}
		case wire.KindControl:
			var c wire.Control
			must(wire.UnmarshalJSONBody(body, &c))
			keyframe = keyframe || c.Keyframe
			if c.Settings != nil {
				hello.Settings = *c.Settings
				keep(dir, hello)
			}
			if c.End {
				return
			}
		}
	}
}

func answer(u wire.Unit, card *slate.Slate, keyframe bool) wire.Result {
	if u.CatchUp {
		return wire.Result{Record: media.Record{Seq: u.Seq, Code: media.Shed}}
	}
	nalus, key := card.Next(time.Unix(1, 0).Add(u.PTS.Duration()), keyframe)
	return wire.Result{
		Record:   media.Record{Seq: u.Seq, PTS: u.PTS, NTP: u.NTP, Code: media.Masked, Width: width, Height: height},
		Keyframe: key, NALUs: nalus,
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// keep writes in one step what holds for the worker now.
func keep(dir string, hello wire.Hello) {
	whole, err := json.Marshal(hello)
	must(err)
	path := filepath.Join(dir, helloFile+"-"+string(hello.Camera))
	must(os.WriteFile(path+".new", whole, 0o600))
	must(os.Rename(path+".new", path))
}

// wanted takes the decisions that a test wants to be sent.
func wanted(dir string) (all []wire.Decision) {
	path := filepath.Join(dir, decideFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	must(json.Unmarshal(whole, &all))
	must(os.Remove(path))
	return all
}

// refused is the code with which a test wants frames to be refused; NoCode: it does not.
func refused(dir string) (code media.Code) {
	whole, err := os.ReadFile(filepath.Join(dir, refuseFile))
	if err != nil {
		return media.NoCode
	}
	must(json.Unmarshal(whole, &code))
	return code
}

// Refuse has the workers answer each access unit with this code from now on.
func (w *Worker) Refuse(t *testing.T, code media.Code) {
	t.Helper()
	whole, err := json.Marshal(code)
	path := filepath.Join(w.dir, refuseFile)
	if err == nil {
		err = errors.Join(os.WriteFile(path+".new", whole, 0o600), os.Rename(path+".new", path))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Worker is the program of all cameras of a daemon.
type Worker struct {
	// Path for the settings' worker.binary.
	Path string
	dir  string
}

// New makes the program, with a folder of its own.
func New(t *testing.T) *Worker {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := &Worker{dir: t.TempDir()}
	w.Path = filepath.Join(w.dir, name)
	if err := os.Symlink(self, w.Path); err != nil {
		t.Fatal(err)
	}
	return w
}

// Forget what was sent, so that Settings and Await take what comes next.
func (w *Worker) Forget(t *testing.T) {
	t.Helper()
	old, err := filepath.Glob(filepath.Join(w.dir, helloFile+"-*"))
	for _, path := range old {
		err = errors.Join(err, os.Remove(path))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Settings are what the worker of a camera was sent last; false before that.
func (w *Worker) Settings(t *testing.T, id media.CameraID) (s wire.Settings, ok bool) {
	t.Helper()
	whole, err := os.ReadFile(filepath.Join(w.dir, helloFile+"-"+string(id)))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false
	}
	var hello wire.Hello
	if err == nil {
		err = json.Unmarshal(whole, &hello)
	}
	if err != nil {
		t.Fatal(err)
	}
	return hello.Settings, true
}

// Shown are the tokens that a camera's worker was sent last, in their order.
func (w *Worker) Shown(t *testing.T, id media.CameraID) (tokens []string) {
	t.Helper()
	s, _ := w.Settings(t, id)
	for _, one := range s.Shows {
		tokens = append(tokens, one.Token)
	}
	return tokens
}

// Kind is what the worker has to do with a point of the frame.
func (w *Worker) Kind(t *testing.T, id media.CameraID, p zone.Point) zone.Kind {
	t.Helper()
	s, _ := w.Settings(t, id)
	return zone.At(s.Zones, p)
}

// Decide has a worker send decisions with the next access unit.
func (w *Worker) Decide(t *testing.T, all ...wire.Decision) {
	t.Helper()
	whole, err := json.Marshal(all)
	path := filepath.Join(w.dir, decideFile)
	if err == nil {
		err = errors.Join(os.WriteFile(path+".new", whole, 0o600), os.Rename(path+".new", path))
	}
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return
		}
		if time.Now().After(end) {
			t.Fatal("no worker took the decisions")
		}
	}
}

// Await waits until a camera's worker was sent exactly these tokens.
func (w *Worker) Await(t *testing.T, id media.CameraID, what string, tokens ...string) {
	t.Helper()
	slices.Sort(tokens)
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if _, sent := w.Settings(t, id); sent && slices.Equal(w.Shown(t, id), tokens) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: the worker may show %v, want %v", what, w.Shown(t, id), tokens)
		}
	}
}

// Camera plays a clip until the test ends: the worker starts with the first access unit.
func Camera(t *testing.T) *demo.Camera {
	t.Helper()
	return CameraOf(t, "160x120")
}

// CameraOf is one whose frames have this size.
func CameraOf(t *testing.T, size string) *demo.Camera {
	t.Helper()
	c, err := demo.Start(t.Context(), clip(t, size), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// clip has keyframes alone, so that nobody waits for the next one.
func clip(t *testing.T, size string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip.mp4")
	args := strings.Fields("-v error -nostdin -f lavfi -i testsrc2=size=" + size + ":rate=15 -frames:v 15 -threads 1 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 1")
	if out, err := exec.Command("ffmpeg", append(args, path)...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg, which make setup-test installs: %v\n%s", err, out)
	}
	return path
}
