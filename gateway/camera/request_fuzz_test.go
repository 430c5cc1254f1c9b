package camera

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Whatever comes as a camera is refused as invalid, or is a camera with a slug
// for its id and without a login in its address.
func FuzzCameraRequest(f *testing.F) {
	for _, seed := range []string{
		`{"name":"North gate","url":"rtsp://admin:topsecret@192.0.2.1/live"}`, `{"name":"大厅","url":"rtsps://[2001:db8::1]/a","look_ahead_ms":1e308}`,
		`{"name":"x","url":"rtsp://a","id":"../x"}`, `{"name":"x","url":"rtsp://%zz","rate_cap":-1}`,
		`{"name":"x","url":"rtsp://h/","user":"u","password":"p","transport":"udp","mask":"solid","place":"lobby","replace":true}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var in api.NewCamera
		if json.NewDecoder(strings.NewReader(raw)).Decode(&in) != nil {
			return // the handlers' part
		}
		rec, err := recordOf(in, func(media.CameraID) bool { return false })
		if err != nil {
			if refused := (*api.Error)(nil); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
				t.Errorf("%q: %v, want an error that says invalid", raw, err)
			}
			return
		}
		if _, err := media.ParseCameraID(string(rec.ID)); err != nil || rtsp.HasCredentials(rec.URL) {
			t.Errorf("%q makes camera %q at %q", raw, rec.ID, rec.URL)
		}
	})
}
