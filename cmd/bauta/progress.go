package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// progress is one line on the terminal that is written over and over:
//
//	[########--------]  52 %  131 frames, 32.1 a second  3s left
//
// A nil progress shows nothing.
type progress struct {
	w     io.Writer
	lang  text.Lang
	width int // of the terminal in cells
	total int64
	start time.Time
	shown time.Time
	drawn int // cells of the last line
}

// redraw is the least time between two lines.
const redraw = 100 * time.Millisecond

func (p *program) newProgress(total int64) *progress {
	return &progress{w: p.stderr, lang: p.lang, width: columns(p.stderr), total: total, start: time.Now()}
}

// at tells that n pictures are done.
func (b *progress) at(n int64) {
	if b == nil {
		return
	}
	now := time.Now()
	if now.Sub(b.shown) < redraw && n < b.total {
		return
	}
	b.shown = now
	b.draw(b.line(n, now.Sub(b.start)))
}

func (b *progress) draw(line string) {
	n := cells(line)
	fmt.Fprint(b.w, "\r"+line+strings.Repeat(" ", max(0, b.drawn-n)))
	b.drawn = n
}

// end leaves the terminal on a clean line.
func (b *progress) end() {
	if b == nil || b.drawn == 0 {
		return
	}
	fmt.Fprint(b.w, "\r"+strings.Repeat(" ", b.drawn)+"\r")
	b.drawn = 0
}

func (b *progress) line(n int64, spent time.Duration) string {
	rate := float64(n) / max(spent.Seconds(), 0.001)
	share := min(float64(n)/float64(max(b.total, 1)), 1)
	tail := fmt.Sprintf(" %3.0f %%  %s", 100*share, text.Of(b.lang, text.RedactProgress, n, rate))
	if n > 0 && n < b.total {
		left := time.Duration(float64(b.total-n) / rate * float64(time.Second)).Round(time.Second)
		tail += "  " + text.Of(b.lang, text.RedactLeft, left)
	}
	// One cell stays free: a full line would make some terminals scroll.
	room := min(b.width-cells(tail)-3, 40)
	if room < 5 {
		return strings.TrimSpace(tail)
	}
	filled := int(share * float64(room))
	return "[" + strings.Repeat("#", filled) + strings.Repeat("-", room-filled) + "]" + tail
}
