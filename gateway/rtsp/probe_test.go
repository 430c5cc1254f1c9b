package rtsp

import (
	"errors"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

// Who gets the stream is found out by a question alone.
func TestDescribe(t *testing.T) {
	c, err := onviftest.New(false, "admin", "s3cret")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	reason := func(user, password string) Reason {
		var fault *Error
		if _, err := Describe(t.Context(), SourceConfig{URL: c.RTSP(), User: user, Password: password}); err != nil && !errors.As(err, &fault) {
			t.Fatal(err)
		} else if fault != nil {
			return fault.Reason
		}
		return NoReason
	}
	for _, test := range []struct {
		user, password string
		want           Reason
	}{{"admin", "s3cret", NoReason}, {"admin", "wrong", ReasonUnauthorized}, {"", "", ReasonUnauthorized}} {
		if got := reason(test.user, test.password); got != test.want {
			t.Errorf("%s:%s: %q", test.user, test.password, got)
		}
	}
	c.Set(func(c *onviftest.Camera) { c.OpenRTSP = true })
	if got := reason("", ""); got != NoReason {
		t.Errorf("open: %q", got)
	}
	c.Set(func(c *onviftest.Camera) { c.Down = true })
	if got := reason("", ""); got == NoReason || got == ReasonUnauthorized {
		t.Errorf("down: %q", got)
	}
}
