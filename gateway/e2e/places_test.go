package e2e

import (
	"errors"
	"net"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// trap listens where a camera would be and counts who comes.
func trap(t *testing.T) (url string, calls *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	calls = &atomic.Int32{}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			conn.Close()
		}
	}()
	return "rtsp://" + l.Addr().String() + "/live", calls
}

func prohibited(t *testing.T, err error) string {
	t.Helper()
	var refused *api.Error
	if !errors.As(err, &refused) || refused.Code != api.CodeProhibited {
		t.Fatalf("err = %v, want code %s", err, api.CodeProhibited)
	}
	return refused.Message
}

// A camera in a public toilet is never connected to: not when it is added,
// tried, changed or replaced, and not after a restart. Only its removal frees
// its name. An ordinary camera at the same address proves that the trap works.
func TestProhibitedPlaceIsNeverDialled(t *testing.T) {
	t.Parallel() // it waits most of its time
	for _, pack := range config.Packs {
		t.Run(pack, func(t *testing.T) {
			cfg := settings(t)
			cfg.Policy.Pack = pack
			url, calls := trap(t)
			g, client := start(t, gateway.Options{Config: cfg})
			_, err := client.AddCamera(t.Context(), api.NewCamera{ID: "wc", Name: "公共卫生间", URL: url, Place: policy.PublicToilet})
			packs := policy.Select("", pack)
			if msg := prohibited(t, err); !strings.Contains(msg, packs.Prohibitions(policy.PublicToilet).In(text.EN)) || !strings.Contains(msg, "public toilet") {
				t.Errorf("the refusal does not name the clause: %s", msg)
			}
			_, err = api.NewClient(cfg.Socket(), text.ZhCN).TestCamera(t.Context(), api.NewCamera{Name: "x", URL: url, Place: policy.ChangingRoom})
			if msg := prohibited(t, err); !strings.Contains(msg, packs.Prohibitions(policy.ChangingRoom).In(text.ZhCN)) || !strings.Contains(msg, "更衣室") {
				t.Errorf("in Chinese: %s", msg)
			}
			refusedEverywhere(t, client, url)
			g.Close()

			g, client = start(t, gateway.Options{Config: cfg})
			refusedEverywhere(t, client, url)
			eventually(t, "the slate", func() bool { return cameraStatus(t, client, "wc").Totals.Slates > 3 })
			if n := calls.Load(); n != 0 {
				t.Fatalf("%d connections to a camera in a prohibited place", n)
			}
			if err := client.RemoveCamera(t.Context(), "wc"); err != nil {
				t.Fatal(err)
			}
			if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "wc", Name: "gate", URL: url, Place: "entrance"}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "a connection to an ordinary camera", func() bool { return calls.Load() > 0 })
			g.Close()
		})
	}
}

func refusedEverywhere(t *testing.T, client *api.Client, url string) {
	t.Helper()
	if got := cameraStatus(t, client, "wc"); got.Protection != media.Blocked || got.Source.Reason != "blocked" || !got.Stored {
		t.Errorf("status = %+v", got)
	}
	_, err := client.TestStored(t.Context(), "wc")
	prohibited(t, err)
	prohibited(t, client.SetFacts(t.Context(), "wc", policy.Camera{Place: "entrance"}))
	_, err = client.AddCamera(t.Context(), api.NewCamera{ID: "wc", Name: "gate", URL: url, Place: "entrance", Replace: true})
	prohibited(t, err)
}

// A place that turns out to be prohibited cuts a running camera off.
func TestPlaceSetLater(t *testing.T) {
	cfg := settings(t)
	url, calls := trap(t)
	_, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "room", Name: "room", URL: url, Place: "lobby", Purpose: "fire-safety"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a connection", func() bool { return calls.Load() > 0 })
	facts, err := client.Facts(t.Context(), "room")
	if err != nil || facts.Place != "lobby" || facts.Purpose != "fire-safety" {
		t.Errorf("%+v, %v", facts, err)
	}
	facts.Place = policy.MedicalRoom
	prohibited(t, client.SetFacts(t.Context(), "room", facts))
	if got := cameraStatus(t, client, "room"); got.Protection != media.Blocked {
		t.Errorf("status = %+v", got)
	}
	n := calls.Load()
	eventually(t, "the slate, for longer than the pauses between the first tries", func() bool {
		got := cameraStatus(t, client, "room")
		return got.Totals.Slates > 3 && time.Since(got.Since) > 1500*time.Millisecond
	})
	if calls.Load() != n {
		t.Error("the camera is still connected to")
	}
	if err := client.SetFacts(t.Context(), "nobody", facts); err == nil {
		t.Error("facts of no camera were taken")
	}
}

func TestSite(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	site := policy.Site{Class: policy.Art7, Mode: policy.DetectOnly, Contact: "12345"}
	if err := client.SetSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	var refused *api.Error
	if err := client.SetSite(t.Context(), policy.Site{Class: "home"}); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("an unknown class: %v", err)
	}
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	if got, err := client.Site(t.Context()); err != nil || !reflect.DeepEqual(got, site) {
		t.Errorf("%+v, %v", got, err)
	}
}
