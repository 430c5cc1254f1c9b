package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

func TestTableLinesUpChinese(t *testing.T) {
	var tab Table
	tab.Add("摄像机", "状态")
	tab.Add("hall", "ok")
	tab.Add("a", "")
	var out strings.Builder
	tab.Print(&out)
	want := "摄像机  状态\nhall    ok\na\n"
	if out.String() != want {
		t.Errorf("got\n%q, want\n%q", out.String(), want)
	}
}

func TestProgressLine(t *testing.T) {
	b := Progress{lang: text.EN, width: 80, total: 200}
	got := b.line(50, 2*time.Second)
	for _, want := range []string{"[####", " 25 %", "50 frames, 25.0 a second", "6s left"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if cells(got) >= 80 {
		t.Errorf("%q is %d cells wide", got, cells(got))
	}
	if done := b.line(200, time.Second); strings.Contains(done, "left") || !strings.Contains(done, "100 %") {
		t.Errorf("at the end: %q", done)
	}
	for _, width := range []int{1, 20, 40, 60, 200} {
		b.width = width
		if line := b.line(0, 0); strings.Contains(line, "[") && cells(line) >= width {
			t.Errorf("%d cells in a terminal of %d: %q", cells(line), width, line)
		}
	}
}

func TestProgressCleansUp(t *testing.T) {
	var out strings.Builder
	b := &Progress{w: &out, width: 60, total: 2}
	b.At(1)
	b.At(2)
	b.End()
	s := out.String()
	last := s[strings.LastIndexByte(strings.TrimSuffix(s, "\r"), '\r')+1:]
	if strings.TrimSpace(last) != "" || strings.Contains(s, "\n") {
		t.Errorf("the line stays: %q", s)
	}
	var none *Progress
	none.At(1) // a nil one shows nothing and does not panic
	none.End()
}

func TestReadPassword(t *testing.T) {
	for in, want := range map[string]string{
		"secret\n": "secret", "secret\r\n": "secret", "no end": "no end", " spaces \nsecond": " spaces ", "": "",
		strings.Repeat("x", maxPassword) + "\n": strings.Repeat("x", maxPassword),
	} {
		if got, err := ReadPassword(strings.NewReader(in)); err != nil || got != want {
			t.Errorf("readPassword(%q) = %q, %v", in, got, err)
		}
	}
	if _, err := ReadPassword(strings.NewReader(strings.Repeat("x", maxPassword+1))); err == nil {
		t.Error("a password without end was taken")
	}
}
