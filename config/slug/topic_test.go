package slug

import (
	"strings"
	"testing"
)

func TestIsTopic(t *testing.T) {
	for topic, want := range map[string]bool{
		"homeassistant": true, "ha/site-1/status": true, "A_b.9": true, strings.Repeat("x", MaxTopic): true,
		"": false, "/": false, "ha/": false, "/ha": false, "ha//x": false, "ha/#": false, "+": false, "$SYS/x": false, "h a": false, "大厦": false, "ha\x00": false,
		"bauta": false, "bauta/hall/status": false, "bautas": true, strings.Repeat("x", MaxTopic+1): false,
	} {
		if got := IsTopic(topic); got != want {
			t.Errorf("%q: %v", topic, got)
		}
	}
}

func FuzzIsTopic(f *testing.F) {
	f.Add("homeassistant/status")
	f.Add("bauta/#")
	f.Fuzz(func(t *testing.T, topic string) {
		if IsTopic(topic) && (strings.ContainsAny(topic, "#+$\x00 \n") || strings.HasPrefix(topic, "/") || len(topic) > MaxTopic || topic == "") {
			t.Errorf("%q", topic)
		}
	})
}
