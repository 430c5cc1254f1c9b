//go:build linux

package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// The scripts run this test binary as bauta: the command line as users meet
// it, with real processes, sockets and files.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bauta": func() {
		if build := os.Getenv("TEST_BUILD"); build != "" {
			wire.BuildID = build
		}
		main()
	}, "stalledfs": stalledFS})
}

// workerBuild is the build ID of what lies in build/, empty where nothing that
// works does: the linker sets it there, and this test binary has another one.
var workerBuild = sync.OnceValue(func() string {
	out, err := exec.Command(filepath.Join("..", "..", "build", "bauta"), "--version").Output()
	if err != nil {
		return ""
	}
	_, id, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(string(out)), ")"), "(build ")
	wire.BuildID = id
	parts := executable.Find(config.Default())
	parts.Path = builtWorker()
	if _, err := executable.Try(context.Background(), parts); err != nil {
		return ""
	}
	return id
})

// Scripts stop where they would need a worker that cannot start, as under
// emulation; everywhere else it has to.
func TestBuiltWorkerStarts(t *testing.T) {
	if workerBuild() == "" {
		t.Fatal("build/bauta-worker is not there or does not start: run make build")
	}
}

func TestScripts(t *testing.T) {
	testscript.Run(t, scripts(clips.Path(t, "closeup_480.mp4"), filepath.Join("testdata", "script")))
}

// scripts are how the scripts of a folder run.
func scripts(clip, dir string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":     code,
			"waitsock": waitSocket,
			"mode":     mode,
			"onvif":    onvifCamera,
			"habit":    onvifHabit,
			"logsin":   logsIn,
			"seal":     sealFootage(clip), "samevideo": sameVideo(clip),
			"grepenv": grepenv, "console": console,
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "worker":
				return workerBuild() != "", nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("CLIP", clip)
			// A day on which a consent can begin, and when a recording may have begun that the
			// script's own tokens cover: they are issued within seconds.
			env.Setenv("TODAY", time.Now().Format(time.DateOnly))
			env.Setenv("LATER", time.Now().Add(consent.Skew/2).Format(time.RFC3339))
			env.Setenv("RELEASES", releases())
			env.Setenv("TEST_BUILD", workerBuild())
			real := "worker:\n  binary: " + strconv.Quote(builtWorker()) + "\n"
			if err := os.WriteFile(filepath.Join(env.WorkDir, "real.yaml"), []byte(real), 0o644); err != nil {
				return err
			}
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("LANG", "C")
			return nil
		},
	}
}

// releases are the stores that released versions made.
func releases() string { return absolute("..", "..", "config", "store", "testdata") }

func builtWorker() string { return absolute("..", "..", "build", "bauta-worker") }

func absolute(parts ...string) string {
	path, err := filepath.Abs(filepath.Join(parts...))
	if err != nil {
		panic(err) // the working directory is gone
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// code runs a command and compares its exit code: code 3 bauta status.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [argument...]")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("code: %v", err)
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("code: %v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// waitSocket waits until somebody answers on a Unix socket.
func waitSocket(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitsock path")
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("unix", ts.MkAbs(args[0]))
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("nobody listens on %s: %v", args[0], err)
		}
	}
}

// mode compares a file's permissions: mode 600 data/bauta.sock.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode OCTAL path")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := strconv.FormatUint(uint64(info.Mode().Perm()), 8); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// onvifCameras are those of the scripts, by their addresses.
var onvifCameras sync.Map

// onvifCamera starts a camera with accounts: onvif https NAME sets $NAME_SERVICE and
// $NAME_RTSP. Its administrator is admin with the password first-Secret1, another account
// is recorder.
func onvifCamera(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: onvif http|https NAME")
	}
	c, err := onviftest.New(args[0] == "https", "admin", "first-Secret1")
	ts.Check(err)
	ts.Defer(c.Close)
	c.Add("recorder", "old-Secret2", "Operator")
	onvifCameras.Store(c.Service(), c)
	ts.Setenv(args[1]+"_SERVICE", c.Service())
	ts.Setenv(args[1]+"_RTSP", c.RTSP())
}

// onvifHabit starts a device with a habit at an address of this host: habit HOST HABIT NAME
// sets $NAME_SERVICE. Its login is operator with the password S3cret &<pass>.
func onvifHabit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: habit HOST HABIT NAME")
	}
	h, ok := onviftest.With(args[1])
	if !ok {
		ts.Fatalf("no habit %q", args[1])
	}
	d, err := onviftest.Start(args[0], h)
	ts.Check(err)
	ts.Defer(d.Close)
	ts.Setenv(args[2]+"_SERVICE", d.Service())
}

// logsIn compares an account's password with what stands in a file, or in the argument:
// logsin $LOBBY_SERVICE admin sheet.html.
func logsIn(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: logsin SERVICE ACCOUNT PASSWORD|FILE")
	}
	c, ok := onvifCameras.Load(args[0])
	if !ok {
		ts.Fatalf("no camera at %s", args[0])
	}
	has := args[2]
	if b, err := os.ReadFile(ts.MkAbs(args[2])); err == nil {
		has = string(b)
	}
	if strings.Contains(has, c.(*onviftest.Camera).Password(args[1])) == neg {
		ts.Fatalf("logs in: %v", neg)
	}
}
