package paths

import (
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"

	"github.com/bauta-gateway/bauta/gateway/onvif"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
)

// Parameter sets of 1280x720 and 640x360, as ffmpeg writes them.
var (
	large = []byte{0x67, 0x64, 0x00, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0xc0, 0xf1, 0x83, 0x19, 0x60}
	pps   = []byte{0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0}
)

// server is a camera that speaks RTSP alone, with streams at some paths.
type server struct {
	*gortsplib.Server
	user, password string
	paths          []string
	sets           map[string][]byte // by path

	mu      sync.Mutex
	streams map[string]*gortsplib.ServerStream
	asked   []string
	wrong   int
	open    int
	most    int
}

func serve(t *testing.T, s *server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	s.Server = &gortsplib.Server{Handler: s, RTSPAddress: at}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.streams = map[string]*gortsplib.ServerStream{}
	for _, path := range s.paths {
		f := &format.H264{PayloadTyp: 96, PacketizationMode: 1, SPS: s.sets[path]}
		if f.SPS != nil {
			f.PPS = pps
		}
		stream := &gortsplib.ServerStream{Server: s.Server, Desc: &description.Session{Medias: []*description.Media{{Type: description.MediaTypeVideo, Formats: []format.Format{f}}}}}
		if err := stream.Initialize(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stream.Close)
		s.streams[path] = stream
	}
	return at
}

// OnConnOpen counts connections.
func (s *server) OnConnOpen(*gortsplib.ServerHandlerOnConnOpenCtx) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open++
	s.most = max(s.most, s.open)
}

// OnConnClose counts them too.
func (s *server) OnConnClose(*gortsplib.ServerHandlerOnConnCloseCtx) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}

// OnDescribe answers as cameras do: who has no login learns nothing.
func (s *server) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := ctx.Path
	if ctx.Query != "" {
		path += "?" + ctx.Query
	}
	if s.user != "" && !ctx.Conn.VerifyCredentials(ctx.Request, s.user, s.password) {
		if len(ctx.Request.Header["Authorization"]) > 0 {
			s.wrong++
		}
		return &base.Response{StatusCode: base.StatusUnauthorized}, nil, liberrors.ErrServerAuth{}
	}
	s.asked = append(s.asked, path)
	if stream := s.streams[path]; stream != nil {
		return &base.Response{StatusCode: base.StatusOK}, stream, nil
	}
	return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
}

func host(t *testing.T, typed string) Host {
	t.Helper()
	h, ok := Read(typed)
	if !ok {
		t.Fatalf("%q is no host", typed)
	}
	return h
}

func reason(t *testing.T, err error) rtsp.Reason {
	t.Helper()
	var e *rtsp.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v has no reason", err)
	}
	return e.Reason
}

func TestRead(t *testing.T) {
	for typed, want := range map[string]Host{
		"192.168.1.20": {Name: "192.168.1.20"}, " 192.168.1.20:8554 ": {"192.168.1.20", 8554}, "camera.lan": {Name: "camera.lan"}, "Door-1": {Name: "Door-1"},
		"fd00::7": {Name: "fd00::7"}, "[fd00::7]": {Name: "fd00::7"}, "[fd00::7]:554": {"fd00::7", 554},
	} {
		if got, ok := Read(typed); !ok || got != want {
			t.Errorf("%q: %+v, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "rtsp://192.168.1.20", "192.168.1.20/live", "admin:x@192.168.1.20", "192.168.1.20:0", "192.168.1.20:99999", "a b", "摄像机", strings.Repeat("a", 300)} {
		if got, ok := Read(typed); ok {
			t.Errorf("%q was read as %+v", typed, got)
		}
	}
}

// Each maker's path is found with the camera's own port, and its smaller streams come along, behind it.
func TestFindsMakersPaths(t *testing.T) {
	t.Parallel()
	s := &server{user: "admin", password: "x", paths: []string{"/cam/realmonitor?channel=1&subtype=0", "/cam/realmonitor?channel=1&subtype=1"},
		sets: map[string][]byte{"/cam/realmonitor?channel=1&subtype=1": large}}
	at := serve(t, s)
	found, err := Find(t.Context(), host(t, at), rtsp.SourceConfig{User: "admin", Password: "x"})
	if err != nil || len(found) != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	// The size that is known makes it the largest, though it is the maker's small one.
	if found[0].URL != "rtsp://"+at+"/cam/realmonitor?channel=1&subtype=1" || found[0].Width != 1280 || found[0].Height != 720 || found[0].Codec != "H264" || found[0].Maker != "Dahua" || !found[0].Tried {
		t.Errorf("%+v", found)
	}
	if s.most > 2 || s.wrong > 0 {
		t.Errorf("%d connections at a time, %d wrong logins", s.most, s.wrong)
	}
}

// A wrong login is tried once, and none is not tried on.
func TestWrongLoginEndsIt(t *testing.T) {
	t.Parallel()
	s := &server{user: "admin", password: "x", paths: []string{"/stream1"}}
	at := serve(t, s)
	if _, err := Find(t.Context(), host(t, at), rtsp.SourceConfig{User: "admin", Password: "wrong"}); reason(t, err) != rtsp.ReasonUnauthorized {
		t.Errorf("%v", err)
	}
	if s.wrong != 1 {
		t.Errorf("%d wrong logins", s.wrong)
	}
	if _, err := Find(t.Context(), host(t, at), rtsp.SourceConfig{}); reason(t, err) != rtsp.ReasonUnauthorized || s.wrong != 1 {
		t.Errorf("without a login: %v, %d", err, s.wrong)
	}
}

// What does not answer says so at once, or after one path's time.
func TestReasons(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mute.Close() })
	elsewhere := &server{paths: []string{"/my/own/path"}}
	for what, c := range map[string]struct {
		at   string
		want rtsp.Reason
		most time.Duration
	}{
		"closed": {closed.Addr().String(), rtsp.ReasonUnreachable, 2 * time.Second}, "mute": {mute.Addr().String(), rtsp.ReasonTimeout, allTime},
		"elsewhere": {serve(t, elsewhere), ReasonNoPath, allTime},
	} {
		begin := time.Now()
		_, err := Find(t.Context(), host(t, c.at), rtsp.SourceConfig{})
		if reason(t, err) != c.want || time.Since(begin) > c.most {
			t.Errorf("%s: %v after %v", what, err, time.Since(begin))
		}
		t.Logf("%s: %s after %v", what, c.want, time.Since(begin).Round(time.Millisecond))
	}
	if _, err := Find(t.Context(), Host{Name: "8.8.8.8"}, rtsp.SourceConfig{}); !errors.Is(err, onvif.ErrAddress) {
		t.Errorf("not a local address: %v", err)
	}
	for _, m := range makers {
		if !slices.Contains(elsewhere.asked, strings.TrimSuffix(m.main, "/")) && !slices.Contains(elsewhere.asked, m.main) {
			t.Errorf("%s was not tried: %v", m.main, elsewhere.asked)
		}
	}
}

// A device that speaks ONVIF names its streams itself, at its host alone and at its service's port.
func TestAsksByONVIF(t *testing.T) {
	t.Parallel()
	d, err := onviftest.Start("127.0.8.1", onviftest.Habit{Name: "token", Login: "token"})
	if err != nil {
		t.Skipf("no second loopback address on this host: %v", err)
	}
	t.Cleanup(d.Close)
	at := strings.TrimSuffix(strings.TrimPrefix(d.Service(), "http://"), "/onvif/device_service")
	for _, typed := range []string{"127.0.8.1", at} {
		begin := time.Now()
		found, err := Find(t.Context(), host(t, typed), rtsp.SourceConfig{User: onviftest.User, Password: onviftest.Password})
		if err != nil || len(found) == 0 || found[0].Tried || !strings.HasPrefix(found[0].URL, "rtsp://127.0.8.1") {
			t.Errorf("%s: %+v, %v", typed, found, err)
		}
		t.Logf("%s: after %v: %+v", typed, time.Since(begin).Round(time.Millisecond), found)
	}
	if n, basics := d.Wrong(); n > 0 || basics > 0 {
		t.Errorf("%d wrong logins, %d in clear", n, basics)
	}
	if _, err := Find(t.Context(), host(t, "127.0.8.1"), rtsp.SourceConfig{User: onviftest.User, Password: "wrong"}); !errors.Is(err, onvif.ErrLogin) {
		t.Errorf("a wrong login: %v", err)
	}
	if n, _ := d.Wrong(); n > 2 {
		t.Errorf("%d wrong logins", n)
	}
}

func TestNamed(t *testing.T) {
	h := Host{Name: "camera.lan"}
	for in, want := range map[string]string{
		"rtsp://192.168.1.20/live?a=1": "rtsp://camera.lan/live?a=1", "rtsp://192.168.1.20:8554/live": "rtsp://camera.lan:8554/live",
	} {
		if got := h.Named(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}
