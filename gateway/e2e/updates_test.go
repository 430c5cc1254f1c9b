package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// fakeApt stands for an apt that knows a newer package; gateway/upkeep tries the real one.
const fakeApt = `#!/bin/sh
echo "bauta:
  Installed: 0.2.0-1~deb12
  Candidate: 0.3.0-1~deb12
  Version table:
     0.3.0-1~deb12 500
        500 https://packages.example.org/apt bookworm/main amd64 Packages"
`

// A newer package that apt knows is in the status, and in what is published.
func TestNewerPackageIsSaid(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "apt-cache"), []byte(fakeApt), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	need(t, "dpkg")
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg, Host: gateway.Host{UpdatesAfter: time.Millisecond}})
	eventually(t, "the status says it", func() bool {
		s, err := client.Status(t.Context())
		u := s.Gateway.Update
		return err == nil && u != nil && u.Newer == "0.3.0-1~deb12" && u.Installed == "0.2.0-1~deb12" && u.Repository
	})
	said := make(chan string, 100)
	c := brokertest.Client(t, g.Broker())
	c.Subscribe("bauta/test/info", 1, func(_ paho.Client, m paho.Message) { said <- string(m.Payload()) })
	limit := time.After(patience)
	for {
		select {
		case info := <-said:
			if strings.Contains(info, `"newer":"0.3.0-1~deb12"`) {
				return
			}
		case <-limit:
			t.Fatal("info does not say it")
		}
	}
}
