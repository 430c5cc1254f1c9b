package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/clips"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// These tests run the whole way with the real worker: camera, worker, masked
// stream, broker. They need build/bauta-worker (make build) and a clip.

var builtWorker = filepath.Join("..", "..", "build", executable.Name)

// TestMain takes over the build ID of what lies in build/: the linker set it
// there, and this test binary has another one.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == deniedName {
		denyLockdown()
	}
	if len(os.Args) == 2 && os.Args[1] == process.Command { // as bauta is, this is the sealing process too
		os.Exit(process.Run(os.NewFile(3, "units"), os.NewFile(4, "replies")))
	}
	out, err := exec.Command(filepath.Join("..", "..", "build", "bauta"), "--version").Output()
	if _, id, ok := strings.Cut(strings.TrimSpace(string(out)), "(build "); ok && err == nil {
		wire.BuildID = strings.TrimSuffix(id, ")")
	}
	if scratch, err = os.MkdirTemp("", "bauta-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

func realParts() executable.Program {
	cfg := config.Default()
	cfg.Worker.Binary = builtWorker
	return executable.Find(cfg)
}

var workerTried = sync.OnceValue(func() error {
	_, err := executable.Try(context.Background(), realParts())
	return err
})

// needWorker ends a test where no real worker starts.
func needWorker(t *testing.T) {
	t.Helper()
	if err := workerTried(); err != nil {
		t.Fatalf("no worker to test with (make build): %v", err)
	}
}

// clip is a short clip with faces: small, and with a keyframe twice a second,
// so that a busy machine keeps up and cameras are online at once.
func clip(t *testing.T) string {
	t.Helper()
	return small(t, clips.Path(t, "closeup_480.mp4"))
}

// scratch is for what several tests share.
var scratch string

func small(t *testing.T, path string) string {
	t.Helper()
	out := filepath.Join(scratch, "small.mp4")
	if _, err := os.Stat(out); err == nil {
		return out
	}
	made := convert(t, path, "small.mp4", "-t", "3", "-an", "-vf", "scale=-2:360,fps=15", "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0")
	if err := os.Rename(made, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func realSettings(t *testing.T) config.Config {
	t.Helper()
	needWorker(t)
	cfg := settings(t)
	cfg.Worker.Binary = builtWorker
	return cfg
}

// startReal runs a daemon with the demo camera and waits for its first masked
// frame.
func startReal(t *testing.T) (*gateway.Gateway, *api.Client, string) {
	t.Helper()
	g, client := start(t, gateway.Options{Config: realSettings(t), Demo: clip(t)})
	awaitMasking(t, g, "demo")
	return g, client, viewer(t, g).URLs[0]
}

// awaitMasking waits for frames; a loaded host may blur them as a whole.
func awaitMasking(t *testing.T, g *gateway.Gateway, id media.CameraID) {
	t.Helper()
	eventually(t, string(id)+" is masked", func() bool {
		p := protection(g, id)
		return p == media.Protected || p == media.OverMasked
	})
}

func framesOf(g *gateway.Gateway, id media.CameraID) uint64 {
	return statusOf(g, id).Totals.Pictures
}

func TestE2EThreeViewers(t *testing.T) {
	need(t, "ffmpeg", "gst-launch-1.0")
	_, client, address := startReal(t)
	players := []player{
		ffmpegPlayer("tcp", address, 4),
		ffmpegPlayer("udp", address, 4),
		{"gst-launch-1.0", []string{"-q", "rtspsrc", "location=" + address, "protocols=tcp", "latency=200",
			"!", "rtph264depay", "!", "h264parse", "!", "avdec_h264", "!", "identity", "eos-after=40", "!", "fakesink"}, nil},
	}
	var all sync.WaitGroup
	for _, p := range players {
		all.Go(func() {
			frames, complaint, err := p.view(t.Context(), 3*patience)
			if err != nil || complaint != "" || p.frames != nil && frames < 10 {
				t.Errorf("%s: %d pictures, %v\n%s", p.name, frames, err, complaint)
			}
		})
	}
	eventually(t, "the viewers are counted", func() bool { return cameraStatus(t, client, "demo").Viewers > 0 })
	all.Wait()
	got := cameraStatus(t, client, "demo")
	if got.Worker.State != "masking" || got.Totals.Pictures == 0 || got.Source.Width == 0 {
		t.Errorf("status = %+v", got)
	}
}

func TestE2EViewersNeedTheLogin(t *testing.T) {
	_, _, address := startReal(t)
	w := &watcher{hashes: map[[32]byte]bool{}}
	for _, bad := range []string{withLogin(address, ""), withLogin(address, "viewer:wrong@")} {
		if err := w.connect(bad); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("%s: err = %v, want 401", bad, err)
		}
	}
}

func withLogin(address, login string) string {
	return "rtsp://" + login + address[strings.Index(address, "@")+1:]
}

// maxGap is the longest pause between two access units at a viewer. The slate
// comes within a second; the rest is for a busy machine.
const maxGap = 5 * time.Second

// long asks for the full lengths; the usual run is for every day.
func long() bool { return os.Getenv("BAUTA_LONG") != "" }

// workerPID waits for a living worker.
func workerPID(t *testing.T, g *gateway.Gateway, id media.CameraID) (pid int) {
	t.Helper()
	eventually(t, "a worker runs", func() bool {
		pid = statusOf(g, id).Worker.PID
		return pid != 0
	})
	return pid
}

// Cameras that come and go leave the viewers of another one alone.
func TestE2ECamerasDisturbNoOther(t *testing.T) {
	g, client, address := startReal(t)
	second, err := demo.Start(t.Context(), clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	w := watch(t, address)
	eventually(t, "the viewer has a picture", func() bool { n, _ := w.seen(); return n > 5 })
	w.forget()
	pid := workerPID(t, g, "demo")
	for range 2 {
		cam := api.NewCamera{ID: "second", Name: "Second", URL: second.URL(), User: second.User(), Password: second.Password()}
		if _, err := client.AddCamera(t.Context(), cam); err != nil {
			t.Fatal(err)
		}
		awaitMasking(t, g, "second")
		if err := client.RemoveCamera(t.Context(), "second"); err != nil {
			t.Fatal(err)
		}
	}
	w.assertConnected(t)
	if _, gap := w.seen(); gap > maxGap {
		t.Errorf("the other viewer waited %v", gap)
	}
	if workerPID(t, g, "demo") != pid {
		t.Error("the other camera has a new worker")
	}
}

func TestE2ECameraGoesAndComesBack(t *testing.T) {
	cfg := realSettings(t)
	cam, err := demo.Start(t.Context(), clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	addr := strings.TrimSuffix(strings.TrimPrefix(cam.URL(), "rtsp://"), "/demo")
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: cam.URL(), User: cam.User(), Password: cam.Password()}); err != nil {
		t.Fatal(err)
	}
	awaitMasking(t, g, "hall")
	w := watch(t, viewer(t, g).URLs[0])
	cam.Close()
	eventually(t, "the camera is offline", func() bool { return protection(g, "hall") == media.Offline })
	again, err := demo.StartAt(t.Context(), addr, clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	// It has another password now: a clear reason, and no login storm.
	eventually(t, "the login is refused", func() bool { return cameraStatus(t, client, "hall").Source.Reason == "unauthorized" })
	fixed := api.NewCamera{Name: "hall", URL: again.URL(), User: again.User(), Password: again.Password(), Replace: true}
	w.assertConnected(t)
	if _, err := client.AddCamera(t.Context(), fixed); err != nil {
		t.Fatal(err)
	}
	awaitMasking(t, g, "hall")
}

// Stopping takes less than ten seconds and leaves no worker behind.
func TestE2ECleanStop(t *testing.T) {
	g, client, _ := startReal(t)
	pid := workerPID(t, g, "demo")
	began := time.Now()
	g.Close()
	if spent := time.Since(began); spent > 9*time.Second {
		t.Errorf("Close took %v", spent)
	}
	if err := syscall.Kill(pid, 0); err == nil {
		t.Errorf("worker %d is still there", pid)
	}
	if _, err := client.Status(t.Context()); err == nil {
		t.Error("the daemon still answers")
	}
}

// mosquitto_sub, another make's client, sees every topic.
func TestE2ETopics(t *testing.T) {
	need(t, "mosquitto_sub")
	g, _, _ := startReal(t)
	host, port, _ := strings.Cut(g.Broker(), ":")
	cmd := exec.CommandContext(t.Context(), "mosquitto_sub", "-h", host, "-p", port, "-t", "bauta/#", "-v")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	missing := map[string]bool{"status online": true, "info {": true, "camera/demo/availability online": true,
		"camera/demo/protection ": true, "camera/demo/metrics {": true}
	watchdog := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer watchdog.Stop()
	for lines := bufio.NewScanner(out); len(missing) > 0 && lines.Scan(); {
		for want := range missing {
			if strings.HasPrefix(lines.Text(), "bauta/test/"+want) {
				delete(missing, want)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("not seen: %v", missing)
	}
}

func TestE2ECodecs(t *testing.T) {
	source := clip(t)
	tests := []struct {
		codec string
		args  []string
	}{
		{"H264", []string{"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "15", "-bf", "0"}},
		{"H265", []string{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=15:bframes=0:pools=1"}},
		{"MJPEG", []string{"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-huffman", "default", "-q:v", "5"}},
	}
	cfg := realSettings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	for _, test := range tests {
		t.Run(test.codec, func(t *testing.T) {
			r := startRelay(t)
			scaled := convert(t, source, "small.mp4", "-vf", "scale=320:240,fps=10", "-an", "-c:v", "libx264", "-preset", "ultrafast")
			r.feed(t, append([]string{"-re", "-stream_loop", "-1", "-i", scaled, "-an"}, test.args...)...)
			id := media.CameraID(strings.ToLower(test.codec))
			if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: test.codec, URL: r.url(), Transport: "tcp"}); err != nil {
				t.Fatal(err)
			}
			awaitMasking(t, g, id)
			if got := cameraStatus(t, client, id); got.Source.Codec != test.codec || got.Source.Width != 320 {
				t.Errorf("source = %+v", got.Source)
			}
			if err := client.RemoveCamera(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
}

// Each way to fail has its own reason, in the test and in the status.
func TestE2EBadCameras(t *testing.T) {
	good, err := demo.Start(t.Context(), clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer good.Close()
	sound, vp8 := startRelay(t), startRelay(t)
	sound.feed(t, "-re", "-f", "lavfi", "-i", "sine", "-c:a", "aac")
	vp8.feed(t, "-re", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10", "-c:v", "libvpx", "-b:v", "200k", "-deadline", "realtime", "-cpu-used", "8")
	log := &logTo{}
	_, client := start(t, gateway.Options{Config: settings(t), Log: log.logger()})
	tests := []struct {
		want string
		cam  api.NewCamera
	}{
		{"unauthorized", api.NewCamera{URL: good.URL(), User: good.User(), Password: "wrong-secret"}},
		{"not_found", api.NewCamera{URL: sound.url() + "/nothing"}},
		{"no_video", api.NewCamera{URL: sound.url()}},
		{"unknown_codec", api.NewCamera{URL: vp8.url()}},
		{"unreachable", api.NewCamera{URL: nobody}},
	}
	for _, test := range tests {
		test.cam.Name, test.cam.Transport = test.want, "tcp"
		if _, err := client.AddCamera(t.Context(), test.cam); err != nil {
			t.Fatal(err)
		}
		_, err := client.TestCamera(t.Context(), test.cam)
		if api, ok := err.(*api.Error); !ok || api.Reason != test.want {
			t.Errorf("test of %s: %v", test.want, err)
		}
		id := media.CameraID(strings.ReplaceAll(test.want, "_", "-"))
		eventually(t, test.want, func() bool {
			got := cameraStatus(t, client, id)
			return got.Source.Reason == test.want && got.Protection == media.Offline
		})
	}
	status, err := client.Status(t.Context())
	if err != nil || strings.Contains(fmt.Sprintf("%+v", status)+log.String(), "wrong-secret") {
		t.Errorf("the password is in status or log: %v", err)
	}
	for _, cam := range status.Cameras {
		if cam.Source.Attempts > 20 {
			t.Errorf("%s was tried %d times", cam.ID, cam.Source.Attempts)
		}
	}
}
