package camera

import (
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What is wrong with a request by itself is found without a set, too.
func TestCheck(t *testing.T) {
	span, long, rate, fast := 300.0, 2000.0, 5.0, 99.0
	for _, test := range []struct {
		name string
		n    api.NewCamera
		want api.Code
	}{
		{"good", api.NewCamera{Name: "one", URL: nobody, LookAheadMS: &span, RateCap: &rate, MaxSize: "3840x2160", SubSize: "quarter", SubFPS: 5}, ""},
		{"without Latin letters", api.NewCamera{Name: "大厅", URL: nobody}, ""},
		{"no name", api.NewCamera{URL: nobody}, api.CodeInvalid},
		{"long name", api.NewCamera{Name: strings.Repeat("x", 101), URL: nobody}, api.CodeInvalid},
		{"control characters", api.NewCamera{Name: "a\tb", URL: nobody}, api.CodeInvalid},
		{"bad id", api.NewCamera{Name: "x", ID: "No Slug", URL: nobody}, api.CodeInvalid},
		{"no address", api.NewCamera{Name: "x"}, api.CodeInvalid},
		{"not RTSP", api.NewCamera{Name: "x", URL: "http://127.0.0.1/"}, api.CodeInvalid},
		{"transport", api.NewCamera{Name: "x", URL: nobody, Transport: "pigeon"}, api.CodeInvalid},
		{"mask", api.NewCamera{Name: "x", URL: nobody, Mask: "gaussian"}, api.CodeInvalid},
		{"cover", api.NewCamera{Name: "x", URL: nobody, Cover: "nothing"}, api.CodeInvalid},
		{"mounting", api.NewCamera{Name: "x", URL: nobody, Mounting: "45"}, api.CodeInvalid},
		{"look-ahead", api.NewCamera{Name: "x", URL: nobody, LookAheadMS: &long}, api.CodeInvalid},
		{"sub-stream's size", api.NewCamera{Name: "x", URL: nobody, SubSize: "tiny"}, api.CodeInvalid},
		{"sub-stream's rate", api.NewCamera{Name: "x", URL: nobody, SubFPS: 31}, api.CodeInvalid},
		{"size", api.NewCamera{Name: "x", URL: nobody, MaxSize: "4k"}, api.CodeInvalid},
		{"rate cap", api.NewCamera{Name: "x", URL: nobody, RateCap: &fast}, api.CodeInvalid},
	} {
		if err := Check(test.n); code(err) != test.want {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		for lang, key := range map[text.Lang]string{text.EN: "_", text.ZhCN: test.name} { // JSON's keys are not for people
			if said := text.ForPeople(lang, Check(test.n)); test.want != "" && strings.Contains(said, key) {
				t.Errorf("%s in %s: %s", test.name, lang, said)
			}
		}
	}
}

// Names in any script, with or without numbers, alike or not, give ids that are free.
func TestFreeIDs(t *testing.T) {
	known := map[media.CameraID]bool{}
	for _, test := range []struct{ name, id string }{
		{"走廊 10 层", "zoulang-10-ceng"}, {"大堂 10 号", "datang-10-hao"}, {"走廊 10 层", "zoulang-10-ceng-2"}, {"走廊 10 层", "zoulang-10-ceng-3"},
		{"2楼东", "2-loudong"}, {"2楼西", "2-louxi"}, {"10", "camera-10"}, {"North Gate", "north-gate"}, {"north gate", "north-gate-2"},
	} {
		rec, err := recordOf(api.NewCamera{Name: test.name, URL: nobody}, func(id media.CameraID) bool { return known[id] })
		if err != nil || string(rec.ID) != test.id || rec.Name != test.name {
			t.Errorf("%s: %q, %v, want %s", test.name, rec.ID, err, test.id)
		}
		known[rec.ID] = true
	}
	if rec, err := recordOf(api.NewCamera{Name: "North gate", URL: nobody, Replace: true}, func(id media.CameraID) bool { return known[id] }); err != nil || rec.ID != "north-gate" {
		t.Errorf("replaced: %q, %v", rec.ID, err)
	}
}

// Whatever a name holds, its id is a slug or there is none, and no password of
// the address is left in what is stored in the open.
func FuzzNewCamera(f *testing.F) {
	f.Add("North gate", "rtsp://admin:topsecret@192.0.2.1:554/live")
	f.Add("大厅", "rtsps://user@[2001:db8::1]/a?b=c")
	f.Add("\x00", "rtsp://a:b@c@d/")
	f.Fuzz(func(t *testing.T, name, address string) {
		rec, err := recordOf(api.NewCamera{Name: name, URL: address}, func(media.CameraID) bool { return false })
		if err != nil {
			return
		}
		if _, err := media.ParseCameraID(string(rec.ID)); err != nil {
			t.Errorf("name %q: %v", name, err)
		}
		if rtsp.HasCredentials(rec.URL) {
			t.Errorf("address %q is stored as %q", address, rec.URL)
		}
	})
}
