package rtsp

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A camera that was once seen to know digest or TLS is not sent the password in clear, until somebody says so.
func TestSourceNeverFallsBackToBasic(t *testing.T) {
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	basic := camOptions{clip: clip, login: true, methods: []auth.VerifyMethod{auth.VerifyMethodBasic}}
	digest := camOptions{clip: clip, login: true, methods: []auth.VerifyMethod{auth.VerifyMethodDigestMD5}}
	for _, c := range []struct {
		name   string
		cam    camOptions
		cfg    SourceConfig
		reason Reason // none: it plays
		secure bool   // learned
	}{
		{"never seen before", basic, SourceConfig{}, NoReason, false},
		{"digest is learned", digest, SourceConfig{}, NoReason, true},
		{"digest is known", digest, SourceConfig{SeenSecure: true}, NoReason, false},
		{"basic now", basic, SourceConfig{SeenSecure: true}, ReasonBasicOnly, false},
		{"basic, confirmed", basic, SourceConfig{SeenSecure: true, BasicLogin: true}, NoReason, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cam := startCamera(t, c.cam)
			c.cfg.URL, c.cfg.User, c.cfg.Password = cam.url(), camUser, camPass
			r, err := probe(t.Context(), c.cfg, camPace())
			var fault *Error
			switch {
			case c.reason == NoReason && err != nil:
				t.Fatal(err)
			case c.reason != NoReason && (!errors.As(err, &fault) || fault.Reason != c.reason):
				t.Fatalf("%v, expected %s", err, c.reason)
			case r.Learned != (Learned{Secure: c.secure}):
				t.Errorf("learned %+v", r.Learned)
			}
			if c.reason == ReasonBasicOnly && cam.basics.Load() > 0 {
				t.Error("the password was sent")
			}
		})
	}
}

// A camera of long ago is read encrypted too.
func TestSourceReadsOldTLS(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	cam := startCamera(t, camOptions{clip: clip, cert: certOf(t, key), old: true})
	r, err := probe(t.Context(), SourceConfig{URL: cam.url()}, camPace())
	if err != nil || len(r.Units) == 0 || r.Learned.Fingerprint == "" || !r.Learned.Secure {
		t.Errorf("%v, learned %+v", err, r.Learned)
	}
}

// Where a camera sends us is followed on its own host only, and never out of encryption.
func TestTargetFollows(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{ // want: the address, or the reason
		{"rtsp://cam/a", "rtsp://cam/b?token=1", "rtsp://cam/b?token=1"},
		{"rtsp://cam/a", "rtsp://CAM:8554/b", "rtsp://CAM:8554/b"},
		{"rtsp://cam:1/a/b", "/c", "rtsp://cam:1/c"},
		{"rtsp://cam/a/b", "c", "rtsp://cam/a/c"},
		{"rtsp://cam/a", "rtsps://cam/b", "rtsps://cam/b"},
		{"rtsp://cam/a", "rtsp://u:p@cam/b", "rtsp://cam/b"},
		{"rtsps://cam/a", "rtsp://cam/b", "moved"},
		{"rtsp://cam/a", "rtsp://other/b?token=xyz", "moved"},
		{"rtsp://cam/a", "rtsp://cam.evil/b", "moved"},
		{"rtsp://cam/a", "http://cam/b", "moved"},
		{"rtsp://cam/a", "rtsp://", "moved"},
		{"rtsp://cam/a", "::", "moved"},
	} {
		from, fault := newTarget(SourceConfig{URL: c.from, User: "u", Password: camPass})
		if fault != nil {
			t.Fatal(fault)
		}
		next, fault := from.follow(c.to)
		switch {
		case fault == nil && (next.url.String() != c.want || next.user != "u" || next.encrypted != strings.HasPrefix(c.want, "rtsps")):
			t.Errorf("%s, %s: %s", c.from, c.to, next.url)
		case fault != nil && (c.want != "moved" || fault.Reason != ReasonMoved || fault.Location != c.to || strings.Contains(fault.Error(), "xyz")):
			t.Errorf("%s, %s: %s, %+v", c.from, c.to, fault.Reason, fault)
		}
	}
}

// A camera may send us around its own host a few times, not for ever.
func TestSourceFollowsAFewTimes(t *testing.T) {
	var host string
	host = talkingHost(t, nil, func(method, _ string) string {
		if method == "DESCRIBE" {
			return "302 Found\r\nLocation: rtsp://" + host + "/again\r\n\r\n"
		}
		return "200 OK\r\n\r\n"
	})
	_, err := probe(context.Background(), SourceConfig{URL: "rtsp://" + host + "/"}, camPace())
	var fault *Error
	if !errors.As(err, &fault) || fault.Reason != ReasonProtocol || !strings.Contains(fault.Detail, "without end") {
		t.Errorf("%v", err)
	}
}

func TestAddressesOfCameras(t *testing.T) {
	for raw, want := range map[string]string{ // the address, and where to connect to for RTSP and for HTTP
		"rtsp://u:p@cam/x":                        "rtsp://cam/x cam:554 cam:80",
		"rtsps://cam/x":                           "rtsps://cam/x cam:322 cam:443",
		"rtspx://cam:7441/abc":                    "rtsps://cam:7441/abc cam:7441 cam:7441",
		"rtsps://cam:7441/abc?enableSrtp":         "rtsps://cam:7441/abc cam:7441 cam:7441",
		"rtsps://cam/abc?enableSrtp&x=1":          "rtsps://cam/abc?x=1 cam:322 cam:443",
		"rtsps://cam/abc?x=1&enableSrtp=true&y=2": "rtsps://cam/abc?x=1&y=2 cam:322 cam:443",
		"RTSP+HTTP://cam/x":                       "rtsp+http://cam/x cam:554 cam:80",
		"rtsps+http://cam/x":                      "rtsps+http://cam/x cam:322 cam:443",
	} {
		clean, _, _, err := SplitCredentials(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		target, fault := newTarget(SourceConfig{URL: raw})
		if fault != nil {
			t.Errorf("%s: %v", raw, fault)
			continue
		}
		if got := clean + " " + target.address(false) + " " + target.address(true); got != want {
			t.Errorf("%s: %s, expected %s", raw, got, want)
		}
	}
	for _, raw := range []string{"http://cam/x", "rtsp+ftp://cam/x", "rtsp://"} {
		if _, _, _, err := SplitCredentials(raw); err == nil {
			t.Errorf("%s is taken", raw)
		}
	}
}

// What the settings and the store let through is what a camera can be read by.
func TestSchemesAndTransportsOfTheSettings(t *testing.T) {
	if len(config.Schemes) != len(schemes) {
		t.Errorf("%d schemes are offered, %d known", len(config.Schemes), len(schemes))
	}
	for _, scheme := range config.Schemes {
		for _, transport := range config.Transports {
			if _, fault := newTarget(SourceConfig{URL: scheme + "://cam/x", Transport: transport}); fault != nil {
				t.Errorf("%s by %s: %v", scheme, transport, fault)
			}
		}
	}
}
