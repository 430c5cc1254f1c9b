//go:build linux

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
)

// The page is there before its broker is, says where, and ends with its context.
func TestDashboard(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("sesame sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		c := dashboardCommand{Broker: "tcp://127.0.0.1:1", Listen: "127.0.0.1:0", ViewerPasswordFile: secret}
		done <- c.Run(&cli.Program{Ctx: ctx, Stdout: in, Stderr: io.Discard})
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(line, "http://")
	host, _, _ := strings.Cut(rest, "/")
	for password, want := range map[string]int{"sesame sesame": 200, "": 401} {
		r, _ := http.NewRequest("GET", "http://"+host+"/", nil)
		if password != "" {
			r.SetBasicAuth("viewer", password)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatalf("%v after %q", err, line)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%q: %d", password, resp.StatusCode)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
