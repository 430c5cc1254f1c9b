package e2e

import (
	"context"
	"errors"
	"image/jpeg"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	httpdigest "github.com/icholy/digest"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/onvif"
)

// onvifAddress is the device service of all cameras, as the status says it.
func onvifAddress(t *testing.T, client *api.Client) string {
	t.Helper()
	s, err := client.Status(t.Context())
	if err != nil || s.Gateway.ONVIF == "" {
		t.Fatalf("no ONVIF: %v", err)
	}
	return s.Gateway.ONVIF
}

// soapAs asks with HTTP digest and returns the answer.
func soapAs(t *testing.T, v api.Viewer, at, body string) string {
	t.Helper()
	envelope := `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tev="http://www.onvif.org/ver10/events/wsdl"><s:Body>` + body + `</s:Body></s:Envelope>`
	c := http.Client{Timeout: patience, Transport: &httpdigest.Transport{Username: v.User, Password: v.Password}}
	res, err := c.Post(at, "application/soap+xml", strings.NewReader(envelope))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", body, res.Status, err, b)
	}
	return string(b)
}

// between is what stands between two marks.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// A recorder finds all cameras by one address, plays one, fetches a masked snapshot, and learns that a camera is gone.
func TestE2ERecorderByONVIF(t *testing.T) {
	cfg := realSettings(t)
	cfg.ONVIF.Address = "127.0.0.1:0"
	yard, err := demo.Start(t.Context(), clip(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer yard.Close()
	log := &logTo{}
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip(t), Log: log.logger(), Transient: []api.NewCamera{
		{ID: "yard", Name: "Yard", URL: yard.URL(), User: yard.User(), Password: yard.Password(), Transport: "tcp"},
	}})
	awaitMasking(t, g, "demo")
	awaitMasking(t, g, "yard")
	v, address := viewer(t, g), onvifAddress(t, client)

	streams, err := onvif.Streams(t.Context(), address, v.User, v.Password)
	if err != nil || len(streams) != 4 {
		t.Fatalf("%d streams, %v", len(streams), err)
	}
	main, sub, sent := streams[2], streams[3], statusOf(g, "yard").Source
	if main.Width != sent.Width || main.Height != sent.Height || main.FPS < 1 || main.Codec != "H264" || sub.Width != sent.Width/2 || !strings.HasSuffix(main.URL, "/yard") || sub.URL != main.URL+"/sub" {
		t.Errorf("%+v, %+v", main, sub)
	}
	if _, err := onvif.Streams(t.Context(), address, v.User, "wrong"); !errors.Is(err, onvif.ErrLogin) {
		t.Errorf("a wrong login: %v", err)
	}
	u, err := url.Parse(main.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(v.User, v.Password)
	w := watch(t, u.String())
	eventually(t, "a picture", func() bool { n, _ := w.seen(); return n > 3 })

	checkONVIFSnapshot(t, v, strings.Replace(address, "device_service", "snapshot/yard", 1), sent.Width)
	checkONVIFEvents(t, v, address, yard.Close)
	if strings.Contains(log.String(), v.Password) {
		t.Error("the log has the password")
	}
}

func checkONVIFSnapshot(t *testing.T, v api.Viewer, at string, width int) {
	t.Helper()
	c := http.Client{Timeout: patience, Transport: &httpdigest.Transport{Username: v.User, Password: v.Password}}
	res, err := c.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	frame, err := jpeg.Decode(res.Body)
	if err != nil || frame.Bounds().Dx() != width {
		t.Errorf("snapshot: %s, %v", res.Status, err)
	}
}

func checkONVIFEvents(t *testing.T, v api.Viewer, address string, stop func()) {
	t.Helper()
	made := soapAs(t, v, address, `<tev:CreatePullPointSubscription/>`)
	at := between(made, "<wsa:Address>", "</wsa:Address>")
	if first := soapAs(t, v, at, `<tev:PullMessages><tev:Timeout>PT0S</tev:Timeout></tev:PullMessages>`); strings.Count(first, "Initialized") != 6 || strings.Contains(first, `Value="true"`) {
		t.Errorf("the first messages: %s", first)
	}
	began := time.Now()
	stop()
	eventually(t, "the event", func() bool {
		got := soapAs(t, v, at, `<tev:PullMessages><tev:Timeout>PT5S</tev:Timeout></tev:PullMessages>`)
		return strings.Contains(got, "tns1:VideoSource/SignalLoss") && strings.Contains(got, `Value="yard"`) && strings.Contains(got, `Value="true"`)
	})
	t.Logf("the loss came after %v", time.Since(began))
}

// Three hundred idle connections and fifty slow ones at the door for recorders: viewers of RTSP and the console do not notice.
func TestE2ECrowdAtONVIF(t *testing.T) {
	cfg := realSettings(t)
	cfg.ONVIF.Address = "127.0.0.1:0"
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip(t)})
	awaitMasking(t, g, "demo")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	crowded := unnoticed(t, g, client, func() {
		door := hostOf(t, onvifAddress(t, client))
		for range 300 {
			dialFrom(t, "127.0.0.9", door)
		}
		for range 50 {
			go sendSlowly(ctx, door, "127.0.0.8")
		}
	})
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "300 idle and 50 slow connections at the ONVIF door", Ends: "viewers from elsewhere join, those who watch stay", Bound: 5 * time.Second}, crowded.join)
}

// sendSlowly sends requests byte by byte, on one connection after another, until ctx ends.
func sendSlowly(ctx context.Context, door, local string) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}
	for ctx.Err() == nil {
		c, err := d.DialContext(ctx, "tcp", door)
		if err != nil {
			return
		}
		for _, b := range []byte("POST /onvif/device_service HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n" + strings.Repeat(" ", 9999)) {
			if _, err := c.Write([]byte{b}); err != nil || ctx.Err() != nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		c.Close()
	}
}
