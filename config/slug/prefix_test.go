package slug

import (
	"strings"
	"testing"
)

func TestPrefix(t *testing.T) {
	for s, want := range map[string]bool{
		"bauta": true, "acme/bauta": true, "a/b/c/d": true, "acme-2/site-7": true, strings.Repeat("a", 31) + "/" + strings.Repeat("b", 31): true,
		"": false, "/bauta": false, "bauta/": false, "a//b": false, "a/b/c/d/e": false, "+": false, "#": false, "acme/#": false, "acme/+/x": false,
		"$SYS": false, "$share/x": false, "Acme": false, "acme.x": false, "a b": false, "a_b": false, "acme\x00": false, "é": false, "*": false, ">": false,
		"homeassistant": false, "homeassistant/x": false, strings.Repeat("a/", 32) + "a": false, strings.Repeat("a", 65): false,
	} {
		if Prefix(s) != want {
			t.Errorf("%q: want %v", s, want)
		}
	}
}

// What it takes is safe below any broker's rules, whatever comes in.
func FuzzPrefix(f *testing.F) {
	f.Add("acme/bauta")
	f.Add("+/$SYS")
	f.Fuzz(func(t *testing.T, s string) {
		if Prefix(s) && (len(s) == 0 || len(s) > MaxPrefix || strings.ContainsAny(s, "+#$*>. _\x00") || strings.HasPrefix(s, "/") || strings.HasSuffix(s, "/") || strings.Contains(s, "//")) {
			t.Errorf("%q is taken", s)
		}
	})
}
