package camera

import (
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestProtection(t *testing.T) {
	tests := []struct {
		name string
		now  situation
		want media.Protection
	}{
		{"just added", situation{starting: true}, media.UnknownProtection},
		{"first try failed", situation{seen: true, starting: true}, media.Offline},
		{"worker still loads", situation{online: true, seen: true, starting: true}, media.UnknownProtection},
		{"all is well", situation{online: true, seen: true, masking: true}, media.Protected},
		{"detects less often", situation{online: true, seen: true, masking: true, degradation: media.DetectLess}, media.Protected},
		{"leaves frames out", situation{online: true, seen: true, masking: true, degradation: media.LowerRate}, media.Protected},
		{"whole frame blurred", situation{online: true, seen: true, masking: true, degradation: media.BlurFrame}, media.OverMasked},
		{"worker died", situation{online: true, seen: true}, media.Blocked},
		{"camera and worker gone", situation{seen: true}, media.Offline},
		{"camera gone, its last frames still leave", situation{seen: true, masking: true}, media.Offline},
	}
	for _, test := range tests {
		if got := test.now.protection(); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}
