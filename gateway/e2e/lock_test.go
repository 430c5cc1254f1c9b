package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

// A camera that was taken over is read with its new password, also after a restart; a stream
// that opens without a login then is on record, and fails what access control rests on.
func TestLockedCamera(t *testing.T) {
	camera, err := onviftest.New(true, "admin", "first-Secret1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(camera.Close)
	camera.Add("recorder", "old-Secret2", "Operator")
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: camera.RTSP(), User: "admin", Password: "first-Secret1", Transport: "tcp"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the camera is read", func() bool { return camera.Played("admin", "first-Secret1") })
	done, err := client.LockCamera(t.Context(), "gate", api.LockRequest{Accounts: []string{"recorder"}, Address: camera.Service()})
	if err != nil || !slices.Equal(done.Accounts, []string{"admin", "recorder"}) || !strings.Contains(string(done.Sheet), camera.Password("admin")) {
		t.Fatalf("%v, %v", done.Accounts, err)
	}
	follows := func() bool { return camera.Played("admin", camera.Password("admin")) }
	eventually(t, "the camera is read with its new password", follows)
	if c := clauses(t, client)["p51"]; strings.Contains(c.Evidence.EN, "past the gateway") {
		t.Errorf("before there is a way around: %+v", c)
	}
	g.Close()
	camera.Set(func(c *onviftest.Camera) { c.OpenRTSP = true })
	var log logTo
	g, client = start(t, gateway.Options{Config: cfg, Log: log.logger()})
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(log.String())
		}
	})
	eventually(t, "the way around is found", func() bool {
		l, err := client.Lock(t.Context(), "gate")
		return err == nil && slices.Equal(l.Bypass, []string{"open_rtsp"})
	})
	eventually(t, "the clause fails", func() bool {
		c := clauses(t, client)["p51"]
		return c.Status == "fail" && strings.Contains(c.Evidence.EN, "gate") && c.Next.ZH == text.Of(text.ZhCN, text.NextBypass)
	})
	g.Close()
	var said []string
	for _, r := range auditRecords(t, cfg.Store()) {
		if strings.HasPrefix(r.Action, "camera.") {
			said = append(said, r.Action+" "+r.Subject+" "+r.Detail)
		}
	}
	for _, want := range []string{"camera.locked camera/gate accounts=2 failed=0 encrypted=true", "camera.bypass camera/gate open_rtsp"} {
		if !slices.Contains(said, want) {
			t.Errorf("the audit log lacks %q: %q", want, said)
		}
	}
}

// A camera that forgot its new password is not knocked at again and again: the gateway finds
// out which one it has, goes on with that and says so.
func TestLockedCameraForgets(t *testing.T) {
	camera, err := onviftest.New(false, "admin", "first-Secret1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(camera.Close)
	g, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: camera.RTSP(), User: "admin", Password: "first-Secret1", Transport: "tcp"}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.LockCamera(t.Context(), "gate", api.LockRequest{Accounts: []string{"admin"}, Plain: true, Address: camera.Service()}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the camera is read with its new password", func() bool { return camera.Played("admin", camera.Password("admin")) })
	camera.Reset()
	eventually(t, "the former password is found to work", func() bool {
		l, err := client.Lock(t.Context(), "gate")
		return err == nil && !l.Locked && slices.Equal(l.Bypass, []string{"former_onvif"})
	})
	eventually(t, "the camera is tried again", func() bool { return statusOf(g, "gate").Source.Reason != "unauthorized" })
}
