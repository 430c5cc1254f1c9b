package field

import (
	"errors"
	"strings"
	"testing"
)

// The check digit is over all others (GB 32100-2015): one that is wrong, or two that changed
// places, are found.
func TestCreditCode(t *testing.T) {
	const real = "91350100M000100Y43" // the standard's own example
	for _, good := range []string{"", real} {
		if err := CreditCode("credit_code", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, why := range map[string]string{
		real[:17]: "18 characters", real + "3": "18 characters", strings.ToLower(real): "18 characters", "913501O0M000100Y43": "18 characters",
		"三" + real[3:]: "18 characters", " " + real[1:]: "18 characters", "91350100M000100Y44": "last character", "19350100M000100Y43": "last character", "91350100M000100YI3": "18 characters",
	} {
		if err := CreditCode("credit_code", bad); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for i := range 17 {
		for _, c := range creditDigits {
			changed := real[:i] + string(c) + real[i+1:]
			if err := CreditCode("credit_code", changed); (err == nil) != (changed == real) {
				t.Errorf("%s: %v", changed, err)
			}
		}
	}
}
