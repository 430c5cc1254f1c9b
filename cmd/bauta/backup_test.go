//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// desk is an issuer with tokens for the badges 1 to n.
func desk(t *testing.T, data string, n int) (tokens []string) {
	t.Helper()
	dir := t.TempDir()
	statement := filepath.Join(dir, "form.txt")
	if err := os.WriteFile(statement, []byte("I agree."), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "consent", "keygen", "--dir", dir, "front-desk")
	must(t, "consent", "issuer", "add", filepath.Join(dir, "front-desk.pub"), "--data", data)
	for i := range n {
		out := filepath.Join(dir, fmt.Sprintf("%d.jwt", i+1))
		must(t, "consent", "issue", "--key", filepath.Join(dir, "front-desk.key"), "--badge", fmt.Sprint(i+1), "--zone", "*", "--purpose", "care",
			"--age", "adult", "--statement", statement, "--subject", fmt.Sprintf("p-%d", i+1), "--out", out)
		tokens = append(tokens, out)
	}
	return tokens
}

// states maps badges to the states of their consents.
func states(t *testing.T, data string) map[int]api.ConsentState {
	t.Helper()
	out, err := bauta(t, "consent", "list", "--all", "--json", "--data", data).Output()
	var all []api.Consent
	if err == nil {
		err = json.Unmarshal(out, &all)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	by := map[int]api.ConsentState{}
	for _, c := range all {
		by[c.Badge] = c.State
	}
	return by
}

// The whole way with real processes: a backup while changes are made holds all
// that was acknowledged before; a restore while the gateway runs brings it back
// in the same process; who withdrew meanwhile stays masked; and another host
// takes a sealed backup with one command.
func TestBackupAndRestoreWhileRunning(t *testing.T) {
	run, data := daemon(t, embedded)
	tokens := desk(t, data, 3)
	must(t, append([]string{"consent", "import", "--data", data}, tokens...)...)
	must(t, "camera", "add", "Gate", "rtsp://admin@127.0.0.1:9/live", "--data", data)

	dir := t.TempDir()
	plain, sealed, secret := filepath.Join(dir, "plain"), filepath.Join(dir, "sealed"), filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("correct horse battery\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := range 5 {
			said(t, "zone", "add", "gate", fmt.Sprintf("z%d", i), "--kind", "private", "--rect", "0,0,0.5,0.5", "--data", data)
		}
	})
	must(t, "backup", plain, "--data", data)
	writer.Wait()
	must(t, "backup", sealed, "--passphrase-file", secret, "--data", data)
	for _, f := range []string{plain, sealed} {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f, info.Mode(), err)
		}
	}
	if b, err := os.ReadFile(sealed); err != nil || !bytes.HasPrefix(b, []byte("age-encryption.org/")) || bytes.Contains(b, []byte("gate")) {
		t.Errorf("the sealed backup is readable: %v", err)
	}

	must(t, "consent", "revoke", "--badge", "1", "--data", data)
	must(t, "consent", "revoke", "--subject", "p-2", "--data", data)
	must(t, "camera", "remove", "gate", "--data", data)
	login := func() string { first, _, _ := strings.Cut(must(t, "viewer", "--data", data), "\n"); return first }
	viewer := login()
	text := must(t, "restore", plain, "--data", data)
	if !strings.Contains(text, "2 revocations carried over (2 consents") {
		t.Errorf("it says:\n%s", text)
	}
	if got := states(t, data); got[1] != api.ConsentRevoked || got[2] != api.ConsentRevoked || got[3] == api.ConsentRevoked || len(got) != 3 {
		t.Errorf("consents: %v", got)
	}
	if got := statusOf(t, data); len(got.Cameras) != 1 || got.Cameras[0].ID != "gate" {
		t.Errorf("cameras: %+v", got.Cameras)
	}
	if again := login(); again != viewer {
		t.Errorf("the viewers' login went from %s to %s", viewer, again)
	}
	pack := filepath.Join(dir, "pack.zip")
	must(t, "evidence", "export", "--from", "2020-01-01", "--to", "2099-12-31", "-o", pack, "--data", data)
	must(t, "evidence", "verify", pack)

	// What is no backup, and a wrong passphrase, change nothing.
	wrong := filepath.Join(dir, "wrong")
	if err := os.WriteFile(wrong, []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{sealed, "--passphrase-file", wrong}, {pack}} {
		if code, text := said(t, append([]string{"restore", "--data", data}, args...)...); code != 4 {
			t.Errorf("restore %v: exit code %d\n%s", args, code, text)
		}
	}
	if code, _ := said(t, "backup", filepath.Join(dir, "x"), "--passphrase-file", secret+"/no", "--data", data); code != 2 {
		t.Errorf("without the passphrase: exit code %d", code)
	}
	ended(t, run)

	// Stopped, on another host, and back.
	other := filepath.Join(t.TempDir(), "data")
	must(t, "restore", sealed, "--passphrase-file", secret, "--data", other)
	if code, text := said(t, "restore", plain, "--data", filepath.Join(t.TempDir(), "data")); code != 4 || !strings.Contains(text, "--seal") {
		t.Errorf("a backup without its key on another host: exit code %d\n%s", code, text)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(other), "bauta.yaml"), []byte("rtsp: {address: \"127.0.0.1:0\", udp: false}\nconsole: {address: \"\"}\n"+embedded), 0o600); err != nil {
		t.Fatal(err)
	}
	run = runAgain(t, other)
	eventually(t, "the other host has it", func() bool { return len(statusOf(t, other).Cameras) == 1 })
	ended(t, run)
	must(t, "backup", filepath.Join(dir, "stopped"), "--data", other)
}

// A camera that came after the backup leaves the broker with the restore: no
// state of it is left to look good.
func TestRestoreClearsTheBroker(t *testing.T) {
	if _, err := exec.LookPath("mosquitto"); err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	broker := startMosquitto(t)
	_, data := daemon(t, "mqtt: {broker: \"tcp://"+broker+"\"}\ngateway: {name: box}\n")
	backup := filepath.Join(t.TempDir(), "b")
	must(t, "backup", backup, "--data", data)
	must(t, "camera", "add", "later", "rtsp://127.0.0.1:9/live", "--data", data)
	seen := subscribed(t, broker, "bauta/box/camera/later/protection")
	eventually(t, "its state", func() bool { return seen() == "offline" })
	must(t, "restore", backup, "--data", data)
	host, port, _ := strings.Cut(broker, ":")
	eventually(t, "nothing of it is retained", func() bool {
		out, _ := exec.Command("mosquitto_sub", "-h", host, "-p", port, "-t", "bauta/box/camera/later/protection", "-C", "1", "-W", "1").Output()
		return len(out) == 0 // and it gave up waiting
	})
}

// A daemon that is killed between taking a backup in and putting it in place
// starts with what it had; a second restore works.
func TestKilledDuringRestore(t *testing.T) {
	run, data := daemon(t, embedded)
	must(t, "camera", "add", "Gate", "rtsp://127.0.0.1:9/live", "--data", data)
	backup := filepath.Join(t.TempDir(), "b")
	must(t, "backup", backup, "--data", data)
	rounds := 1
	if os.Getenv("BAUTA_LONG") != "" {
		rounds = 5
	}
	for round := range rounds {
		must(t, "camera", "add", fmt.Sprintf("later %d", round), "rtsp://127.0.0.1:9/live", "--data", data)
		db := filepath.Join(data, "bauta.db")
		before, err := os.Stat(db)
		if err != nil {
			t.Fatal(err)
		}
		restore := bauta(t, "restore", backup, "--data", data)
		if err := restore.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the backup is taken in", func() bool {
			now, err := os.Stat(db)
			return exists(db+".staged") || err == nil && !os.SameFile(before, now)
		})
		run.Process.Kill()
		run.Wait()
		restore.Process.Kill()
		restore.Wait()
		run = runAgain(t, data)
		began := time.Now()
		eventually(t, "it is back", func() bool { n := len(statusOf(t, data).Cameras); return n >= 1 })
		faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "SIGKILL in the middle of a restore", Ends: "after the next start all is as before, or restored as a whole",
			Bound: 10 * time.Second}, time.Since(began))
		must(t, "restore", backup, "--data", data)
		if got := statusOf(t, data); len(got.Cameras) != 1 {
			t.Errorf("round %d: %d cameras", round, len(got.Cameras))
		}
	}
}
