//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onSmallDisk runs a command with a disk of some KiB at dir, of which so much is free. The
// disk is its own: nobody else sees it, and it goes with the command.
func onSmallDisk(t *testing.T, dir string, size, free int, cmd *exec.Cmd) (code int, said string) {
	t.Helper()
	// The test binary is bauta where it is called so.
	script := fmt.Sprintf(`mount -t tmpfs -o size=%dk,mode=700 tmpfs "$0" && if [ %[2]d -gt 0 ]; then head -c %[2]dk /dev/zero >"$0/fill"; fi
		ln -s "$1" "$0.bin" && shift && exec -a bauta "$0.bin" "$@"`, size, size-free)
	c := exec.Command("unshare", append([]string{"-rm", "bash", "-c", script, dir, cmd.Path}, cmd.Args[1:]...)...)
	c.Env = cmd.Env
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Skipf("no disk of our own: %v", err)
	}
	if strings.Contains(string(out), "unshare:") || strings.Contains(string(out), "mount:") {
		t.Skipf("no disk of our own: %s", out)
	}
	return c.ProcessState.ExitCode(), string(out)
}

// A full disk is said to be full, whatever was to be written on it.
func TestFullDisk(t *testing.T) {
	_, data := daemon(t, "mqtt: {embedded_address: \"127.0.0.1:0\"}\n")
	for _, c := range []struct {
		name, want string
		free       int
		args       func(dir string) []string
		not        []string
	}{
		{"backup", "no space left in", 16, func(dir string) []string { return []string{"backup", dir + "/b.bak", "--data", data} }, []string{"no backup of bauta", "/."}},
		{"backup where nothing fits", "no space left in", 0, func(dir string) []string { return []string{"backup", dir + "/b.bak", "--data", data} }, []string{"no backup of bauta", "/."}},
		{"doctor", "soon nothing can be stored", 64, func(dir string) []string { return []string{"doctor", "--data", dir} }, nil},
		{"run", "no space left for the store", 0, func(dir string) []string {
			return []string{"run", "--config", filepath.Join(filepath.Dir(data), "bauta.yaml"), "--data", dir + "/new"}
		}, []string{"as the user that owns it"}},
		{"run with a key alone", "no space left for the store", 8, func(dir string) []string {
			return []string{"run", "--config", filepath.Join(filepath.Dir(data), "bauta.yaml"), "--data", dir + "/new"}
		}, []string{"as the user that owns it"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "full")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			code, said := onSmallDisk(t, dir, 128, c.free, bauta(t, c.args(dir)...))
			if code != 1 || !strings.Contains(said, c.want) {
				t.Errorf("exit code %d, and said is %q", code, said)
			}
			for _, not := range c.not {
				if strings.Contains(said, not) {
					t.Errorf("it says %q: %q", not, said)
				}
			}
		})
	}
}
