package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
)

func TestTableGoesBetweenItsLines(t *testing.T) {
	dir, doc := t.TempDir(), filepath.Join(t.TempDir(), "reliability.md")
	t.Setenv("BAUTA_FAULTLOG", dir)
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "disk full", Ends: "change refused"}, 0)
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "SIGKILL", Ends: "slate", Bound: time.Second}, 250*time.Millisecond)
	if err := write(dir, doc); err == nil || !strings.Contains(err.Error(), "skipped") {
		t.Errorf("a table without some topics: %v", err)
	}
	for _, topic := range []string{"camera", "viewer", "broker", "box"} {
		faultlog.Check(t, faultlog.Row{Topic: topic, Fault: "away", Ends: "back"}, 0)
	}
	if err := os.WriteFile(doc, []byte("# Faults\n"+begin+"old\n"+end+"after\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, doc); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	got := string(page)
	worker, store := strings.Index(got, "| worker | SIGKILL | slate | 1s | 250ms | `TestTableGoesBetweenItsLines` |"), strings.Index(got, "| store | disk full | change refused | at all times | 0s |")
	if worker < 0 || store < worker || strings.Contains(got, "old") || !strings.HasPrefix(got, "# Faults\n") || !strings.HasSuffix(got, end+"after\n") {
		t.Errorf("page:\n%s", got)
	}
}

func TestNothingToWrite(t *testing.T) {
	if err := write(t.TempDir(), "none.md"); err == nil || !strings.Contains(err.Error(), "make reliability") {
		t.Errorf("err = %v", err)
	}
	if _, err := insert([]byte("no lines"), ""); err == nil {
		t.Error("a page without the two lines was taken")
	}
}
