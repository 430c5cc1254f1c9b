//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An older copy of the store: the status says so, and only a person who says yes
// has the gateway go on with it.
func TestAcceptOlderByCommand(t *testing.T) {
	run, data := daemon(t, embedded)
	must(t, "camera", "add", "Gate", "rtsp://127.0.0.1:9/live", "--data", data)
	ended(t, run)
	if err := os.Mkdir(data+"-anchor", 0o700); err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(data, "bauta.db")
	old, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	run = runAgain(t, data)
	eventually(t, "it is up", func() bool { return len(statusOf(t, data).Cameras) == 1 })
	if code, text := said(t, "restore", "--accept-older", "--yes", "--data", data); code != 4 || !strings.Contains(text, "no older one") {
		t.Errorf("accepted what is no older one: exit code %d\n%s", code, text)
	}
	must(t, "consent", "revoke", "--badge", "7", "--data", data)
	ended(t, run)

	if err := os.WriteFile(db, old, 0o600); err != nil {
		t.Fatal(err)
	}
	run = runAgain(t, data)
	eventually(t, "it is up", func() bool { return statusOf(t, data).Gateway.OlderStore == "file" })
	if text := must(t, "status", "--data", data); !strings.Contains(text, "attention: ") || !strings.Contains(text, "--accept-older") {
		t.Errorf("status:\n%s", text)
	}
	for _, answer := range []string{"no\n", ""} {
		if code := answered(t, answer, data); code != 4 {
			t.Errorf("%q: exit code %d", answer, code)
		}
	}
	if by := statusOf(t, data).Gateway.OlderStore; by != "file" {
		t.Errorf("after no: %q", by)
	}
	if code := answered(t, "yes\n", data); code != 0 {
		t.Errorf("yes: exit code %d", code)
	}
	if by := statusOf(t, data).Gateway.OlderStore; by != "" {
		t.Errorf("after yes: %q", by)
	}
	ended(t, run)
}

func answered(t *testing.T, answer, data string) int {
	t.Helper()
	cmd := bauta(t, "restore", "--accept-older", "--data", data)
	cmd.Stdin = strings.NewReader(answer)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	t.Logf("%q: %s", answer, out)
	return cmd.ProcessState.ExitCode()
}
