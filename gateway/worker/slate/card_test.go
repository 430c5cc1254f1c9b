package slate

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// inside reports whether all that a layout draws lies in the frame, below
// one another.
func inside(t *testing.T, l layout, width, height int) {
	t.Helper()
	bottom := 0
	lines := l.lines
	if l.format != "" {
		clock := l.clock
		clock.text = l.format
		lines = append(lines[:len(lines):len(lines)], clock)
	}
	for _, n := range lines {
		if n.x < 0 || n.y < bottom || n.x+textWidth(n.text)*n.scale > width || n.y+cellHeight*n.scale > height {
			t.Errorf("%dx%d: line %+v leaves its place", width, height, n)
		}
		bottom = n.y + cellHeight*n.scale
	}
	if r := l.rule; r.Min.X < 0 || r.Max.X > width || r.Min.Y < 0 || r.Max.Y > height {
		t.Errorf("%dx%d: rule %v leaves the frame", width, height, r)
	}
}

func TestNothingOverflows(t *testing.T) {
	long := Card{
		Title:  Text{strings.Repeat("unbreakable", 9), strings.Repeat("没有空格", 20)},
		Reason: Text{strings.Repeat("many words ", 30), strings.Repeat("很长,", 40)},
		Camera: strings.Repeat("Camera 摄像机 ", 10),
	}
	for _, card := range []Card{{}, testCard, long} {
		for w := 16; w < 4100; w += 1 + w/4 {
			for h := 16; h < 2200; h += 1 + h/4 {
				inside(t, place(card, w, h), w, h)
			}
		}
	}
}

// Everything stands on the usual frames, in large enough letters.
func TestAllTextShown(t *testing.T) {
	for _, size := range [][2]int{{320, 180}, {352, 288}, {640, 360}, {1280, 720}, {1080, 1920}, {1920, 1080}, {3840, 2160}} {
		l := place(testCard, size[0], size[1])
		for _, want := range []string{testCard.Title.EN, testCard.Title.ZH, testCard.Reason.EN, testCard.Reason.ZH, testCard.Camera} {
			found := false
			for _, n := range l.lines {
				found = found || n.text == want && n.scale*320 >= size[0]*2/3
			}
			if !found {
				t.Errorf("%v: %q is missing, broken or too small", size, want)
			}
		}
		if l.format != longClock {
			t.Errorf("%v: clock %q", size, l.format)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 60, ""},
		{"one two", 60, "one two"},
		{"one two three", 60, "one two|three"},
		{"one  two", 24, "one|two"},
		{"abcdefgh", 18, "abc|def|gh"},
		{"摄像机没有,发送", 60, "摄像机没|有,发送"},
		{"摄像机ab cd", 42, "摄像机|ab cd"},
		{"字", 6, ""},
	} {
		if got := strings.Join(wrap(c.in, c.width), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{"a\nb\x00": "a b ", "门😀": "门□", "\xff": "□"} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// The camera's name comes from a person: no text may break the layout.
func FuzzPlace(f *testing.F) {
	f.Add("Lobby 大厅", 320, 180)
	f.Add("e\u0301 \u202e\ufeff", 40, 400)
	f.Fuzz(func(t *testing.T, name string, width, height int) {
		if len(name) > 1000 {
			return
		}
		w, h := Size(width, height)
		c := testCard
		c.Camera, c.Reason.EN = name, name
		l := place(c, w, h)
		inside(t, l, w, h)
		for _, n := range l.lines {
			if !utf8.ValidString(n.text) {
				t.Errorf("%q is not UTF-8", n.text)
			}
		}
	})
}

func TestBits(t *testing.T) {
	var w bitWriter
	w.ue(0) // 1
	w.ue(5) // 00110
	w.se(1) // 010
	w.se(-2)
	w.put(3, 0b101)
	w.trailing()
	if want := []byte{0b10011001, 0b00010110, 0b11000000}; !bytes.Equal(w.b, want) {
		t.Errorf("%08b, want %08b", w.b, want)
	}
	w = bitWriter{b: []byte{0, 0, 0, 0, 0, 1, 0, 0, 4, 0, 0, 3}}
	if got, want := w.nalu(9), []byte{9, 0, 0, 3, 0, 0, 3, 0, 1, 0, 0, 4, 0, 0, 3, 3}; !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
}

func BenchmarkKeyframe4K(b *testing.B) {
	s := New(3840, 2160)
	s.SetCard(testCard)
	for b.Loop() {
		s.Next(testTime, true)
	}
}

func BenchmarkStill4K(b *testing.B) {
	s := New(3840, 2160)
	s.SetCard(testCard)
	s.Next(testTime, true)
	for b.Loop() {
		s.Next(testTime, false)
	}
}
