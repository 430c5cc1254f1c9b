package rtsp

import "testing"

func TestLocalAddress(t *testing.T) {
	for addr, want := range map[string]string{
		"[::]:8554": "127.0.0.1:8554", "0.0.0.0:1": "127.0.0.1:1", ":7": "127.0.0.1:7",
		"192.168.1.5:8554": "192.168.1.5:8554", "[::1]:5": "[::1]:5", "nowhere": "nowhere", "": "",
	} {
		if got := LocalAddress(addr); got != want {
			t.Errorf("LocalAddress(%s) = %s, want %s", addr, got, want)
		}
	}
}

func TestHasCredentials(t *testing.T) {
	for address, want := range map[string]bool{
		"rtsp://admin:topsecret@192.0.2.1/live": true, "rtsp://admin@192.0.2.1/live": true, "rtsp://192.0.2.1/live": false, "http://a:b@c/": false, "": false,
	} {
		if got := HasCredentials(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}
