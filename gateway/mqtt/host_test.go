package mqtt

import "testing"

func TestHostOf(t *testing.T) {
	for broker, want := range map[string]string{
		"tcp://b.example": "b.example:1883", "ssl://b.example": "b.example:8883", "tcp://10.0.0.1:2000": "10.0.0.1:2000", "ssl://[2001:db8::1]": "[2001:db8::1]:8883",
	} {
		if got := HostOf(broker); got != want {
			t.Errorf("HostOf(%s) = %s, want %s", broker, got, want)
		}
	}
}
