package slate

import (
	"image"
	"time"
)

// Text is one text in both languages of the slate.
type Text struct{ EN, ZH string }

// Card is what a slate says. Empty texts leave no gap.
type Card struct {
	// Title says what this frame is; Reason why there is no other.
	Title, Reason Text
	// Camera is the camera's name for people.
	Camera string
}

// Luma of the parts. All differ by multiples of lumaStep, which is what keeps
// large text cheap, and lie within the limited range.
const (
	inkBackground = 32
	inkRule       = 96
	inkMinor      = 160
	inkText       = 224
)

// line is one line of text in its place.
type line struct {
	text  string
	x, y  int
	scale int
	ink   byte
}

// layout is a card fitted into a frame.
type layout struct {
	lines []line
	rule  image.Rectangle
	// clock is the place of the time; its text is one of the formats, empty
	// where not even the short one fits.
	clock  line
	format string
}

// The formats of the time, the second for narrow frames.
const (
	longClock  = "2006-01-02 15:04:05"
	shortClock = "15:04:05"
)

// place fits the card into width x height pixels: with the largest text that
// has room, and at the smallest size without the parts that matter least.
func place(c Card, width, height int) layout {
	c = Card{Text{clean(c.Title.EN), clean(c.Title.ZH)}, Text{clean(c.Reason.EN), clean(c.Reason.ZH)}, clean(c.Camera)}
	for _, body := range scales(width, height) {
		for _, title := range []int{2 * body, body} {
			if k := newColumn(c, width, height, title, body); k.fits(title > body) {
				return k.layout()
			}
		}
	}
	for _, drop := range []func(){
		func() { c.Camera = "" },
		func() { c.Title.EN = "" },
		func() { c.Title.ZH = "" },
		func() { c.Reason.EN = "" },
	} {
		drop()
		if k := newColumn(c, width, height, 1, 1); k.fits(false) {
			return k.layout()
		}
	}
	return layout{}
}

// scales lists the sizes of text to try, the best one first. From 4 on they
// are multiples of 4, so that the font's squares cover whole 4x4 blocks and
// need no raw macroblocks; a 1080p slate would take 400 KB otherwise.
func scales(width, height int) []int {
	var out []int
	ideal := min(float64(width)/320, float64(height)/180) * 1.2
	for s := int(ideal) / 4 * 4; s >= 4; s -= 4 {
		out = append(out, s)
	}
	if ideal >= 2 {
		out = append(out, 2)
	}
	return append(out, 1)
}

// column is a card's text set in lines, before it has a place in the frame.
type column struct {
	width, height int // the frame's
	margin        int // around the column
	unit          int // the grid that keeps squares of text on whole blocks
	body          int // scale of all but the title
	broken        bool
	used          int // height of the lines so far
	lay           layout
}

func newColumn(c Card, width, height, title, body int) *column {
	k := &column{width: width, height: height, body: body, unit: min(body, 4)}
	k.margin = k.grid(min(width, height) / 16)
	k.paragraph(c.Title.ZH, title, inkText)
	k.paragraph(c.Title.EN, title, inkText)
	k.broken = len(k.lay.lines) > 2
	k.separator()
	k.paragraph(c.Reason.ZH, body, inkText)
	k.paragraph(c.Reason.EN, body, inkText)
	k.gap()
	k.add(truncate(c.Camera, k.room()/body, "…"), body, inkMinor)
	k.addClock()
	return k
}

func (k *column) grid(n int) int { return n / k.unit * k.unit }

// room is the width for text in pixels.
func (k *column) room() int { return k.width - 2*k.margin }

func (k *column) paragraph(s string, scale int, ink byte) {
	for _, text := range wrap(s, k.room()/scale) {
		k.add(text, scale, ink)
	}
}

func (k *column) add(text string, scale int, ink byte) {
	if text == "" {
		return
	}
	k.lay.lines = append(k.lay.lines, line{text, k.margin, k.used, scale, ink})
	k.used += cellHeight * scale
}

func (k *column) gap() { k.used += k.grid(cellHeight / 2 * k.body) }

// separator puts a rule between the title and what follows.
func (k *column) separator() {
	if k.used == 0 {
		return
	}
	k.gap()
	thick := k.body
	k.lay.rule = image.Rect(k.margin, k.used, k.margin+k.grid(k.room()/4), k.used+thick)
	k.used += thick
	k.gap()
}

func (k *column) addClock() {
	for _, f := range []string{longClock, shortClock} {
		if textWidth(f)*k.body <= k.room() {
			k.lay.format = f
			k.lay.clock = line{"", k.margin, k.used, k.body, inkMinor}
			k.used += cellHeight * k.body
			return
		}
	}
}

// fits reports whether the column has room; whole asks for titles of one line.
func (k *column) fits(whole bool) bool {
	return k.used <= k.height-2*k.margin && k.room() >= 6*k.body && !(whole && k.broken)
}

// layout centres the column from top to bottom.
func (k *column) layout() layout {
	down := k.grid((k.height - k.used) / 2)
	l := k.lay
	for i := range l.lines {
		l.lines[i].y += down
	}
	l.clock.y += down
	l.rule = l.rule.Add(image.Pt(0, down))
	return l
}

// draw paints everything but the time.
func (l layout) draw(dst *image.Gray) {
	fill(dst, dst.Rect, inkBackground)
	fill(dst, l.rule, inkRule)
	for _, t := range l.lines {
		drawText(dst, t.x, t.y, t.scale, t.ink, t.text)
	}
}

// drawClock paints the time over an earlier one.
func (l layout) drawClock(dst *image.Gray, now time.Time) {
	if l.format == "" {
		return
	}
	text, c := now.Format(l.format), l.clock
	fill(dst, image.Rect(c.x, c.y, c.x+textWidth(text)*c.scale, c.y+cellHeight*c.scale), inkBackground)
	drawText(dst, c.x, c.y, c.scale, c.ink, text)
}
