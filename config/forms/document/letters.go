package document

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/encoding/charmap"

	"github.com/bauta-gateway/bauta/config/text"
)

// DebianFont is where Debian's package fonts-droid-fallback has its font. It has Chinese
// characters and their punctuation; all others are the built-in letters of PDF.
const DebianFont = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"

// ErrNoFont: there is no font with Chinese characters.
var ErrNoFont = errors.New("no font for Chinese characters")

// style is how letters look; the size is in points.
type style struct {
	size  float64
	bold  bool
	color color
}

// height is that of a line, baseline how far below its top the letters stand, in mm.
func (is style) height() float64   { return is.size * lineHeight / pointsPerMM }
func (is style) baseline() float64 { return is.size * 1.06 / pointsPerMM }

// letter is a character as it is printed.
type letter struct {
	r    rune
	bold bool
}

// The names of the fonts within the PDF.
const (
	latinFont   = "Helvetica"
	chineseFont = "chinese"
)

// absent stands for a character that no font has, as printers in China and Japan mark it.
const absent = '〓'

// latin is a character in the encoding of the built-in letters.
func latin(r rune) (byte, bool) {
	b, ok := charmap.Windows1252.EncodeRune(r)
	return b, ok && !unicode.IsControl(r)
}

// needsFont reports whether some text has characters beyond the built-in letters.
func (d Document) needsFont() bool {
	for _, line := range d.lines() {
		for _, cell := range line {
			if strings.ContainsFunc(cell, func(r rune) bool { _, ok := latin(r); return !ok && !unicode.IsControl(r) }) {
				return true
			}
		}
	}
	return false
}

// takeFont reads the font; of it, the PDF has the characters that are used.
func (s *sheet) takeFont(file string) error {
	if file == "" {
		file = DebianFont
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return text.Fail(errors.Join(ErrNoFont, err), text.FormNoFont, file)
	}
	if s.chinese, err = sfnt.Parse(b); err != nil {
		return text.Fail(errors.Join(ErrNoFont, err), text.FormNoFont, file)
	}
	s.f.AddUTF8FontFromBytes(chineseFont, "", b)
	if err := s.f.Error(); err != nil {
		return fmt.Errorf("font %s: %w", file, err)
	}
	return nil
}

// shown is the character that is printed for one: itself, or absent.
func (s *sheet) shown(r rune) rune {
	if _, ok := latin(r); ok {
		return r
	}
	if unicode.IsControl(r) {
		return ' '
	}
	if r > 0xffff || s.chinese == nil {
		return absent
	}
	if i, err := s.chinese.GlyphIndex(nil, r); err != nil || i == 0 {
		return absent
	}
	return r
}

// font selects the one for a character.
func (s *sheet) font(r rune, is style) {
	if _, ok := latin(r); !ok {
		s.f.SetFont(chineseFont, "", is.size)
		return
	}
	weight := ""
	if is.bold {
		weight = "B"
	}
	s.f.SetFont(latinFont, weight, is.size)
}

// widthOf is a character's, in mm.
func (s *sheet) widthOf(r rune, is style) float64 {
	r = s.shown(r)
	key := letter{r, is.bold}
	w, known := s.widths[key]
	if !known {
		s.font(r, style{size: 100, bold: is.bold})
		w = s.f.GetStringWidth(encoded(r)) / 100
		s.widths[key] = w
	}
	return w * is.size
}

// encoded is a character as its font wants it.
func encoded(r rune) string {
	if b, ok := latin(r); ok {
		return string([]byte{b})
	}
	return string(r)
}

func (s *sheet) measure(t string, is style) (w float64) {
	for _, r := range t {
		w += s.widthOf(r, is)
	}
	return w
}

// write puts a line's letters at a place, in as few runs of one font as there are.
func (s *sheet) write(x, y float64, line string, is style) {
	s.f.SetTextColor(is.color.r, is.color.g, is.color.b)
	runes := []rune(line)
	for first := 0; first < len(runes); {
		_, isLatin := latin(s.shown(runes[first]))
		run, w, n := "", 0.0, first
		for ; n < len(runes); n++ {
			r := s.shown(runes[n])
			if _, ok := latin(r); ok != isLatin {
				break
			}
			run, w = run+encoded(r), w+s.widthOf(r, is)
		}
		s.font(s.shown(runes[first]), is)
		s.put(x, y, run, is, isLatin)
		x, first = x+w, n
	}
}

// put writes one run. The Chinese font has no bold letters: their outlines are drawn too.
func (s *sheet) put(x, y float64, run string, is style, isLatin bool) {
	if isLatin || !is.bold {
		s.f.Text(x, y, run)
		return
	}
	s.f.SetDrawColor(is.color.r, is.color.g, is.color.b)
	s.f.SetLineWidth(is.size * 0.03 / pointsPerMM)
	s.f.SetTextRenderingMode(2)
	s.f.Text(x, y, run)
	s.f.SetTextRenderingMode(0)
}

func number(n int) string { return strconv.Itoa(n) }
