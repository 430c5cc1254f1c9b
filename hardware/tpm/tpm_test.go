package tpm

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// software starts a TPM in software and returns its socket.
func software(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("swtpm"); err != nil {
		t.Skip("swtpm is not in PATH: make setup-test installs it")
	}
	dir := t.TempDir()
	socket := filepath.Join(dir, "tpm.sock")
	cmd := exec.Command("swtpm", "socket", "--tpm2", "--tpmstate", "dir="+dir, "--server", "type=unixio,path="+socket, "--flags", "not-need-init,startup-clear")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(socket); err == nil {
			return socket
		}
		if time.Now().After(end) {
			t.Fatal("swtpm does not come up")
		}
	}
}

func TestCounter(t *testing.T) {
	path := software(t)
	c, err := Open(path, []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.Value()
	if err != nil {
		t.Fatal(err)
	}
	for i := uint64(1); i <= 3; i++ {
		if err := c.Step(); err != nil {
			t.Fatal(err)
		}
		if n, err := c.Value(); err != nil || n != first+i {
			t.Errorf("step %d: %d after %d, %v", i, n, first, err)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// No TPM, one that is none and one that says nothing: an error, in time.
func TestNoTPM(t *testing.T) {
	silent := filepath.Join(t.TempDir(), "silent.sock")
	l, err := net.Listen("unix", silent)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, path := range []string{filepath.Join(t.TempDir(), "none"), silent} {
		began := time.Now()
		if _, err := Open(path, []byte("one")); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", path, err)
		}
		if took := time.Since(began); took > patience+time.Second {
			t.Errorf("%s: %v", path, took)
		}
	}
}
