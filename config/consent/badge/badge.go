// Package badge draws the badges that consent tokens bind to: an ArUco marker
// of DICT_4X4_250 with its number, its expiry and how to wear it, in Chinese
// and English, on a card for the chest. It draws no name: who wears which
// number, only the issuer's own files tell.
//
// A card is 96 mm wide and 140 mm high, which goes into a usual A6 badge
// holder; four fit on an A4 sheet. The marker on it is 72 mm wide, with a
// white zone of one cell (12 mm) all around, which a camera needs to find it.
//
// In: a number and a day. Out: a PDF or PNG. It starts no goroutines and reads no file.
package badge

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"time"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/consent/marker"
	"github.com/bauta-gateway/bauta/config/text"
)

// Sizes in millimetres.
const (
	Width  = 96.0
	Height = 140.0
	Marker = 72.0

	cell   = Marker / cells
	left   = (Width - Marker) / 2 // one cell
	top    = cell
	margin = 6.0
)

// cells is a marker's width in cells: 4 of the pattern, one of black border on each side.
const cells = 6

// Bits returns the cells of a marker in rows from the top, its black border
// included; true is white. Ids reach from 0 to 249; others are all black.
func Bits(id int) (bits [cells][cells]bool) {
	if id < 0 || id >= len(marker.Patterns) {
		return bits
	}
	for i := range 16 {
		bits[1+i/4][1+i%4] = marker.Patterns[id]>>(15-i)&1 == 1
	}
	return bits
}

// Badge is what stands on a card.
type Badge struct {
	// Number is the marker's id, 1 to 249.
	Number int
	// Expires is the end of the consent, shown in its own time zone.
	Expires time.Time
	// Areas are the names of those in which it counts; none: they are not said.
	Areas []string
}

// rect is a filled rectangle in millimetres from the card's top left corner.
type rect struct{ x, y, w, h float64 }

// draw returns the black parts of a card.
func (b Badge) draw() (black []rect) {
	for y, row := range Bits(b.Number) {
		for x := 0; x < cells; x++ {
			run := x
			for run < cells && !row[run] {
				run++
			}
			if run > x {
				black = append(black, rect{left + float64(x)*cell, top + float64(y)*cell, float64(run-x) * cell, cell})
				x = run
			}
		}
	}
	y := top + Marker + cell
	for _, line := range b.lines() {
		black = append(black, line.draw(y)...)
		y += line.height()
	}
	return black
}

// line is one centred line of text; dot is the size of one pixel of the font in millimetres.
type line struct {
	text string
	dot  float64
}

// lines are in both languages whatever the user's: who wears the badge may
// read either.
func (b Badge) lines() []line {
	const large, small = 0.42, 0.25
	lines := []line{{fmt.Sprintf("%s %d", text.Of(text.ZhCN, text.BadgeNumber), b.Number), large}}
	lines = append(lines, line{both(text.BadgeUntil, b.until()), small})
	if len(b.Areas) > 0 {
		lines = append(lines, fitting(both(text.BadgeAreas, strings.Join(b.Areas, ", ")), small))
	}
	for _, lang := range []text.Lang{text.ZhCN, text.EN} {
		for _, key := range []text.Key{text.BadgeWear, text.BadgeShows, text.BadgeLost} {
			lines = append(lines, line{text.Of(lang, key), small})
		}
	}
	return lines
}

// both are the words of a line in both languages, with what they say once.
func both(key text.Key, said string) string {
	return text.Of(text.ZhCN, key, "/") + " " + text.Of(text.EN, key, said)
}

// fitting is a line that is cut where the card ends.
func fitting(s string, dot float64) line {
	l := line{s, dot}
	for runes := []rune(s); l.width() > Width-2*margin; l.text = string(runes) + "..." {
		runes = runes[:len(runes)-1]
	}
	return l
}

// until is the last day; with the hour and its zone only where it is not the end of that day.
func (b Badge) until() string {
	if day, whole := civil.Last(b.Expires); whole {
		return string(day)
	}
	return b.Expires.Format("2006-01-02 15:04 -07:00")
}

var face = bitmapfont.FaceSC

func (l line) height() float64 { return l.dot * float64(face.Metrics().Height.Ceil()+1) }

// width is what the line takes of the card, in millimetres.
func (l line) width() float64 { return l.dot * float64(font.MeasureString(face, l.text).Ceil()) }

// draw turns each run of the font's pixels into a rectangle, so that text is
// as sharp in print as the marker.
func (l line) draw(y float64) (black []rect) {
	metrics := face.Metrics()
	w, h := font.MeasureString(face, l.text).Ceil(), metrics.Height.Ceil()
	pixels := image.NewAlpha(image.Rect(0, 0, w, h))
	d := font.Drawer{Dst: pixels, Src: image.NewUniform(color.Opaque), Face: face, Dot: fixed.Point26_6{Y: metrics.Ascent}}
	d.DrawString(l.text)
	x0 := (Width - l.width()) / 2
	for py := range h {
		for px := 0; px < w; px++ {
			run := px
			for run < w && pixels.AlphaAt(run, py).A >= 128 {
				run++
			}
			if run > px {
				black = append(black, rect{x0 + float64(px)*l.dot, y + float64(py)*l.dot, float64(run-px) * l.dot, l.dot})
				px = run
			}
		}
	}
	return black
}
