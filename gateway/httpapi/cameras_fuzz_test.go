package httpapi

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
)

// Whatever comes as a camera is refused as invalid, or is one that can be added; the
// cameras' own FuzzCameraRequest looks at what is stored of it.
func FuzzCameraBody(f *testing.F) {
	for _, seed := range []string{
		`{"name":"North gate","url":"rtsp://admin:topsecret@192.0.2.1/live"}`, `{"name":"大厅","url":"rtsps://[2001:db8::1]/a","look_ahead_ms":1e308}`,
		`{"name":"x","url":"rtsp://a","id":"../x"}`, `{`, `[]`, `{"name":{"a":1}}`, `{"nmae":"x"}`, `{"name":"x","url":"rtsp://%zz","rate_cap":-1}`, "\x00",
		`{"name":"x","url":"rtsp://h/","user":"u","password":"p","transport":"udp","mask":"solid","place":"lobby","replace":true}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var in api.NewCamera
		err := route.Body(httptest.NewRequest("POST", "/v1/cameras", strings.NewReader(raw)), &in)
		if err == nil {
			if err = camera.Check(in); err == nil {
				if clean, _, _, err := rtsp.SplitCredentials(in.URL); err != nil || rtsp.HasCredentials(clean) {
					t.Errorf("%q: a login stays in the address %q, %v", raw, clean, err)
				}
				return
			}
		}
		if refused := (*api.Error)(nil); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
			t.Errorf("%q: %v, want an error that says invalid", raw, err)
		}
	})
}
