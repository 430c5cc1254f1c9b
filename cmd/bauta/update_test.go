//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/store"
)

// halfUpdated is the data folder of 0.1.0 as an update leaves it whose gateway
// has not come up yet.
func halfUpdated(t *testing.T) (data string, before []byte) {
	t.Helper()
	data = t.TempDir()
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command("tar", "-xzf", filepath.Join(releases(), "0.1.0.tar.gz"), "-C", data).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	db := filepath.Join(data, "bauta.db")
	before = bytesOf(t, db)
	updated, err := store.Open(db, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := updated.Close(); err != nil {
		t.Fatal(err)
	}
	return data, before
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// settingsAt are those of a gateway that listens at this address for viewers.
func settingsAt(t *testing.T, address string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bauta.yaml")
	text := fmt.Sprintf("rtsp: {address: %q, udp: false}\nconsole: {address: \"127.0.0.1:0\"}\n%s", address, embedded)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A gateway that does not come up after an update leaves the store to the
// earlier version, byte for byte.
func TestUpdateThatDoesNotComeUp(t *testing.T) {
	data, before := halfUpdated(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	out, err := bauta(t, "run", "--config", settingsAt(t, taken.Addr().String()), "--data", data).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("the update is undone")) {
		t.Errorf("%v\n%s", err, out)
	}
	if !bytes.Equal(bytesOf(t, filepath.Join(data, "bauta.db")), before) {
		t.Errorf("the store is not what it was before the update\n%s", out)
	}
}

func TestUndoUpdateByCommand(t *testing.T) {
	data, before := halfUpdated(t)
	out, err := bauta(t, "restore", "--undo-update", "--data", data).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("bauta.db.undone")) {
		t.Errorf("%v\n%s", err, out)
	}
	if !bytes.Equal(bytesOf(t, filepath.Join(data, "bauta.db")), before) {
		t.Error("the store is not what it was before the update")
	}
}

// Once the gateway is up there is no way back: what it acknowledges since
// would be lost.
func TestUpdateThatComesUpIsKept(t *testing.T) {
	data, _ := halfUpdated(t)
	cmd := bauta(t, "run", "--config", settingsAt(t, "127.0.0.1:0"), "--data", data)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	undo := func() (string, int) {
		undo := bauta(t, "restore", "--undo-update", "--data", data)
		out, _ := undo.CombinedOutput()
		return string(out), undo.ProcessState.ExitCode()
	}
	eventually(t, "the daemon answers", func() bool { return bauta(t, "camera", "list", "--data", data).Run() == nil })
	if out, code := undo(); code != cli.ExitRefused {
		t.Errorf("while it runs: exit code %d\n%s", code, out)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if out, code := undo(); code != cli.ExitRefused || !bytes.Contains([]byte(out), []byte("no unfinished update")) {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
