//go:build linux

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// holdPorts takes the ports of a settings file, as other programs would.
func holdPorts(t *testing.T) (file string, held map[string]int) {
	t.Helper()
	held = map[string]int{}
	for _, setting := range []string{"rtsp.address", "console.address", "mqtt.embedded_address"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		held[setting] = l.Addr().(*net.TCPAddr).Port
	}
	for port := 30000; held["rtsp.udp_address"] == 0; port += 2 {
		if c, err := net.ListenPacket("udp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			t.Cleanup(func() { c.Close() })
			held["rtsp.udp_address"] = port
		}
	}
	file = filepath.Join(t.TempDir(), "bauta.yaml")
	text := fmt.Sprintf("rtsp: {address: \"127.0.0.1:%d\", udp_address: \"127.0.0.1:%d\"}\nconsole: {address: \"127.0.0.1:%d\"}\nmqtt: {embedded_address: \"127.0.0.1:%d\"}\n",
		held["rtsp.address"], held["rtsp.udp_address"], held["console.address"], held["mqtt.embedded_address"])
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, held
}

// banner runs bauta until its last line is there, stops it and returns what it
// said on stdout.
func banner(t *testing.T, cmd *exec.Cmd, until ...func() bool) string {
	t.Helper()
	keyboard, terminal := pty(t)
	screen := onScreen(keyboard)
	cmd.Stdout = terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	eventually(t, "the last line", func() bool { return strings.Contains(screen(), "Ctrl+C") })
	for _, seen := range until {
		eventually(t, "what comes before the end", seen)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	return strings.ReplaceAll(screen(), "\r\n", "\n")
}

func TestFreePorts(t *testing.T) {
	file, held := holdPorts(t)
	said := banner(t, bauta(t, "run", "--config", file, "--data", filepath.Join(t.TempDir(), "data"), "--camera", "rtsp://127.0.0.1:9/live", "--free-ports"))
	at := map[string]string{
		"rtsp.address": `watch: rtsp://viewer:\S+@127\.0\.0\.1:%s/camera`, "console.address": `console: https://127\.0\.0\.1:%s/`,
		"mqtt.embedded_address": `mosquitto_sub -h 127\.0\.0\.1 -p %s -t`,
	}
	for setting, port := range held {
		line := fmt.Sprintf(`port %d \(%s\) is in use by \S+ \(process %d\): this run uses port (\d+) instead`, port, regexp.QuoteMeta(setting), os.Getpid())
		moved := regexp.MustCompile(line).FindStringSubmatch(said)
		if moved == nil {
			t.Errorf("nothing is said of %s:\n%s", setting, said)
			continue
		}
		if address := at[setting]; address != "" && !regexp.MustCompile(fmt.Sprintf(address, moved[1])).MatchString(said) {
			t.Errorf("port %s of %s is not in its address:\n%s", moved[1], setting, said)
		}
	}
}

// A service has its port or none: recorders look for it there.
func TestBusyPortFails(t *testing.T) {
	file, held := holdPorts(t)
	out, err := bauta(t, "run", "--config", file, "--data", filepath.Join(t.TempDir(), "data")).CombinedOutput()
	if err == nil {
		t.Error("it ran")
	}
	want := fmt.Sprintf(`port %d is in use by \S+ \(process %d\): stop that program, or choose another rtsp\.address`, held["rtsp.address"], os.Getpid())
	if !regexp.MustCompile(want).Match(out) {
		t.Errorf("%s", out)
	}
}

// opened runs with --open in this environment. The opener is a program that
// keeps the page and notes its argument, in the place of a desktop's.
func opened(t *testing.T, env ...string) (said, argument, data, page string) {
	t.Helper()
	bin, note := t.TempDir(), filepath.Join(t.TempDir(), "argument")
	data, page = filepath.Join(t.TempDir(), "data"), note+".page"
	script := "#!/bin/sh\ncp -p \"${1#file://}\" " + page + "\nprintf %s \"$1\" >" + note + ".new && mv " + note + ".new " + note + "\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := bauta(t, "run", "--config", settingsAt(t, "127.0.0.1:0"), "--data", data, "--open")
	cmd.Env = append(append(cmd.Env, "DISPLAY=", "WAYLAND_DISPLAY=", "PATH="+bin+":"+os.Getenv("PATH")), env...)
	if len(env) > 0 {
		said = banner(t, cmd, func() bool { return exists(note) })
	} else {
		said = banner(t, cmd)
	}
	b, _ := os.ReadFile(note) // not there where nothing was opened
	return said, string(b), data, page
}

func TestOpen(t *testing.T) {
	said, argument, data, kept := opened(t, "DISPLAY=:9")
	address := regexp.MustCompile(`(?m)^console: (https://\S+/#setup=([A-Z2-9]{4}-[A-Z2-9]{4})) `).FindStringSubmatch(said)
	if address == nil || !strings.HasPrefix(said, address[0]) {
		t.Fatalf("the first line is not the console's address:\n%s", said)
	}
	file := filepath.Join(data, "open-console.html")
	if argument != "file://"+file || strings.Contains(argument, address[2]) {
		t.Errorf("the browser is given %q", argument)
	}
	if page := string(bytesOf(t, kept)); !strings.Contains(page, `url=`+address[1]+`"`) {
		t.Errorf("the page does not lead to %s:\n%s", address[1], page)
	}
	if m := modeOf(t, kept); m != 0o600 {
		t.Errorf("others can read the set-up code: mode %o", m)
	}
	if exists(file) {
		t.Error("the set-up code is left in a file when the gateway has ended")
	}
}

func modeOf(t *testing.T, file string) os.FileMode {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestOpenWithoutDesktop(t *testing.T) {
	said, argument, _, _ := opened(t)
	if argument != "" || !strings.Contains(said, "the browser was not opened: no desktop is here") {
		t.Errorf("%q was opened:\n%s", argument, said)
	}
}
