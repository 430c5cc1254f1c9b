package e2e

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/rtsp/oddcamera"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A camera that got another password is given it while it runs: areas, facts and the stream's
// address stay, and all that leaves meanwhile is the slate and masked frames.
func TestE2EPasswordChanges(t *testing.T) {
	cfg := realSettings(t)
	cam, err := demo.Start(t.Context(), clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	addr := strings.TrimSuffix(strings.TrimPrefix(cam.URL(), "rtsp://"), "/demo")
	g, client := start(t, gateway.Options{Config: cfg})
	added, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: cam.URL(), User: cam.User(), Password: cam.Password(), Place: "lobby", Purpose: "public-safety"})
	if err != nil {
		t.Fatal(err)
	}
	desk := zone.Zone{ID: "desk", Kind: zone.Private, Points: []zone.Point{{X: .1, Y: .1}, {X: .3, Y: .1}, {X: .3, Y: .3}}}
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: desk}); err != nil {
		t.Fatal(err)
	}
	awaitMasking(t, g, "hall")
	cam.Close()
	again, err := demo.StartAt(t.Context(), addr, clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	eventually(t, "the login is refused", func() bool { return cameraStatus(t, client, "hall").Source.Reason == "unauthorized" })
	password := again.Password()
	if tried, err := client.TestChange(t.Context(), "hall", api.CameraChange{Password: &password}); err != nil || tried.MaskedWidth == 0 {
		t.Fatalf("the new password is tried: %+v, %v", tried, err)
	}
	before, pid := watch(t, viewer(t, g).URLs[0]), workerPID(t, g, "hall")
	begin := time.Now()
	changed, err := client.ChangeCamera(t.Context(), "hall", api.CameraChange{Password: &password})
	if err != nil || changed.Stream != added.Stream {
		t.Fatalf("%+v, %v", changed, err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the worker of before is there: %v", err)
	}
	after := watch(t, viewer(t, g).URLs[0])
	awaitMasking(t, g, "hall")
	t.Logf("masked again %v after the new password", time.Since(begin).Round(10*time.Millisecond))
	if zones, err := client.Zones(t.Context(), "hall"); err != nil || len(zones.Zones) != 1 {
		t.Errorf("areas: %+v, %v", zones, err)
	}
	if facts, err := client.Facts(t.Context(), "hall"); err != nil || facts.Place != "lobby" || facts.Purpose != "public-safety" {
		t.Errorf("facts: %+v, %v", facts, err)
	}
	shown, err := client.Camera(t.Context(), "hall")
	if err != nil || !shown.HasPassword || strings.Contains(shown.URL, password) {
		t.Errorf("shown: %+v, %v", shown, err)
	}
	eventually(t, "viewers get frames", func() bool { return framesOf(g, "hall") > 20 })
	before.assertNothingOf(t, clip(t))
	after.assertNothingOf(t, clip(t))
}

// A host alone is enough to test, to add and to change a camera.
func TestE2EHostAlone(t *testing.T) {
	cam := oddcamera.Start(t, oddcamera.Options{Paths: map[string]string{"/Streaming/Channels/101": "digest-md5", "/Streaming/Channels/102": "digest-qop"}})
	at := strings.TrimSuffix(strings.TrimPrefix(cam.URL("digest-md5"), "rtsp://"), "/digest-md5")
	g, client := start(t, gateway.Options{Config: realSettings(t)})
	n := api.NewCamera{Name: "gate", URL: at, User: "admin", Password: "secret"}
	begin := time.Now()
	tried, err := client.TestCamera(t.Context(), n)
	if err != nil || tried.URL != "rtsp://"+at+"/Streaming/Channels/101" || len(tried.Streams) != 2 || tried.Streams[0].Maker != "Hikvision" || tried.MaskedWidth == 0 {
		t.Fatalf("%+v, %v", tried, err)
	}
	t.Logf("found, tried and masked after %v", time.Since(begin).Round(10*time.Millisecond))
	if _, err := client.AddCamera(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	awaitMasking(t, g, "gate")
	url := "rtsp://" + at + "/digest-md5"
	if _, err := client.ChangeCamera(t.Context(), "gate", api.CameraChange{URL: &url}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.ChangeCamera(t.Context(), "gate", api.CameraChange{URL: &at}); err != nil {
		t.Fatal(err)
	}
	if now, err := client.Camera(t.Context(), "gate"); err != nil || now.URL != "rtsp://"+at+"/Streaming/Channels/101" {
		t.Errorf("%+v, %v", now, err)
	}
	awaitMasking(t, g, "gate")
	n.Password = "wrong"
	if _, err := client.TestCamera(t.Context(), n); err == nil || !strings.Contains(err.Error(), "login") {
		t.Errorf("a wrong password: %v", err)
	}
	n.Name, n.Place = "dorm", policy.Prohibited[0]
	before := len(cam.Requests("digest-md5"))
	if _, err := client.AddCamera(t.Context(), n); err == nil || len(cam.Requests("digest-md5")) != before && protection(g, "gate") != media.Protected {
		t.Errorf("a prohibited place: %v", err)
	}
}
