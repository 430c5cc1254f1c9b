package cli

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 8, []string{"one two", "three"}},
		{"incomprehensibilities", 8, []string{"incomprehensibilities"}},
		{"添加一台摄像机。", 8, []string{"添加一台", "摄像机。"}},
		{"添加一台，摄像机", 8, []string{"添加一", "台，摄像", "机"}},
		{"见 docs/cli.md。好", 16, []string{"见 docs/cli.md。", "好"}},
	} {
		if got := Wrap(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%q at %d: %q", c.text, c.width, got)
		}
	}
	if got := Pad("中文", 6); got != "中文  " {
		t.Errorf("%q", got)
	}
	if got := Pad("abcdef", 6); got != "abcdef  " {
		t.Errorf("%q", got)
	}
}
