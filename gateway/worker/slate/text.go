package slate

import (
	"image"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// The font's cell: 16 rows, of which glyphs fill about 12; Latin letters are 6
// and Chinese characters 12 pixels wide.
const (
	cellHeight = 16
	ascent     = 12
)

var face font.Face = bitmapfont.FaceSC

// maxText bounds a text in characters; none of the gateway's own is near it.
const maxText = 200

// clean replaces what the font cannot draw, control characters and
// characters beyond the basic plane, and cuts what is too long.
func clean(s string) string {
	runes := []rune(s)
	runes = runes[:min(len(runes), maxText)]
	for i, r := range runes {
		switch {
		case unicode.IsControl(r):
			runes[i] = ' '
		case r > 0xffff || r == utf8.RuneError:
			runes[i] = '□'
		}
	}
	return string(runes)
}

// textWidth is the width of s in pixels at scale 1.
func textWidth(s string) int { return font.MeasureString(face, s).Ceil() }

// drawText puts s with the left upper corner of its first cell at x, y. Each
// of the font's pixels becomes a square of scale pixels. What lies outside
// dst is left out.
func drawText(dst *image.Gray, x, y, scale int, ink byte, s string) {
	pen := 0
	for _, r := range s {
		dr, mask, at, advance, ok := face.Glyph(fixed.P(pen, ascent), r)
		if !ok {
			continue
		}
		for j := range dr.Dy() {
			for i := range dr.Dx() {
				if _, _, _, a := mask.At(at.X+i, at.Y+j).RGBA(); a != 0 {
					fill(dst, square(x+(dr.Min.X+i)*scale, y+(dr.Min.Y+j)*scale, scale), ink)
				}
			}
		}
		pen += advance.Ceil()
	}
}

func square(x, y, side int) image.Rectangle { return image.Rect(x, y, x+side, y+side) }

func fill(dst *image.Gray, r image.Rectangle, v byte) {
	r = r.Intersect(dst.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := dst.Pix[dst.PixOffset(r.Min.X, y):dst.PixOffset(r.Max.X, y)]
		for i := range row {
			row[i] = v
		}
	}
}

// wrap breaks s into lines no wider than width at scale 1: between words,
// between Chinese characters, and inside a word that is too long by itself.
// The result is empty where not even one character fits.
func wrap(s string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, piece := range pieces(s) {
		if used+textWidth(strings.TrimRight(piece, " ")) > width && line != "" {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		for line == "" && textWidth(strings.TrimRight(piece, " ")) > width {
			head := truncate(piece, width, "")
			if head == "" {
				return nil
			}
			lines = append(lines, head)
			piece = piece[len(head):]
		}
		line += piece
		used += textWidth(piece)
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// pieces cuts s into what may not be broken: words with the blanks after
// them, and single Chinese characters with the punctuation after them.
func pieces(s string) []string {
	var out []string
	var last rune
	for _, r := range s {
		if n := len(out); n > 0 && !mayBreak(last, r) {
			out[n-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		last = r
	}
	return out
}

func mayBreak(a, b rune) bool {
	switch {
	case unicode.IsSpace(b) || unicode.Is(unicode.Mn, b):
		return false
	case unicode.IsSpace(a):
		return true
	case unicode.IsPunct(b):
		return false
	}
	return unicode.Is(unicode.Han, a) || unicode.Is(unicode.Han, b) || unicode.IsPunct(a) && a > 0x2fff
}

// truncate returns as much of s as fits into width, ending in mark where
// something was cut off.
func truncate(s string, width int, mark string) string {
	if textWidth(s) <= width {
		return s
	}
	used := textWidth(mark)
	for i, r := range s {
		if used += textWidth(string(r)); used > width {
			if i == 0 {
				return ""
			}
			return s[:i] + mark
		}
	}
	return s
}
