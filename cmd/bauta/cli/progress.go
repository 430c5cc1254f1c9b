package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
)

// Progress is one line on the terminal that is written over and over:
//
//	[########--------]  52 %  131 frames, 32.1 a second  3s left
//
// A nil progress shows nothing.
type Progress struct {
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

// NewProgress begins a line for so many frames; nothing is drawn before At.
func (p *Program) NewProgress(total int64) *Progress {
	return &Progress{w: p.Stderr, lang: p.Lang, width: columns(p.Stderr), total: total, start: time.Now()}
}

// At says that n frames are done.
func (b *Progress) At(n int64) {
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

func (b *Progress) draw(line string) {
	n := cells(line)
	fmt.Fprint(b.w, "\r"+line+strings.Repeat(" ", max(0, b.drawn-n)))
	b.drawn = n
}

// End leaves the terminal on a clean line.
func (b *Progress) End() {
	if b == nil || b.drawn == 0 {
		return
	}
	fmt.Fprint(b.w, "\r"+strings.Repeat(" ", b.drawn)+"\r")
	b.drawn = 0
}

func (b *Progress) line(n int64, spent time.Duration) string {
	rate := float64(n) / max(spent.Seconds(), 0.001)
	share := min(float64(n)/float64(max(b.total, 1)), 1)
	tail := fmt.Sprintf(" %3.0f %%  %s", policy.Percent(share, 0), text.Of(b.lang, text.RedactProgress, n, rate))
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
