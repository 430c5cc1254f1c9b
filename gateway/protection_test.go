package gateway

import (
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestProtection(t *testing.T) {
	tests := []struct {
		name string
		now  situation
		want Protection
	}{
		{"just added", situation{starting: true}, Unknown},
		{"first try failed", situation{seen: true, starting: true}, Offline},
		{"worker still loads", situation{online: true, seen: true, starting: true}, Unknown},
		{"all is well", situation{online: true, seen: true, masking: true}, Protected},
		{"looks less often", situation{online: true, seen: true, masking: true, step: media.DetectLess}, Protected},
		{"leaves pictures out", situation{online: true, seen: true, masking: true, step: media.LowerRate}, Protected},
		{"whole picture blurred", situation{online: true, seen: true, masking: true, step: media.BlurPicture}, OverMasked},
		{"worker died", situation{online: true, seen: true}, Blocked},
		{"camera and worker gone", situation{seen: true}, Offline},
		{"camera gone, its last pictures still leave", situation{seen: true, masking: true}, Offline},
	}
	for _, test := range tests {
		if got := test.now.protection(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
