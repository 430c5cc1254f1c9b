package document

import (
	"strings"
	"unicode"
)

// Chinese punctuation that begins no line, and that ends none.
const (
	neverFirst = "，。、；：？！）》」』】〉”’…—·％,.;:?!)]}%"
	neverLast  = "（《「『【〈“‘([{"
)

// wrap breaks a text into lines that are no wider than this, one at least.
func (s *sheet) wrap(t string, is style, width float64) (lines []string) {
	for paragraph := range strings.SplitSeq(t, "\n") {
		lines = append(lines, s.wrapLine([]rune(strings.TrimRight(paragraph, " \r")), is, width)...)
	}
	return lines
}

func (s *sheet) wrapLine(runes []rune, is style, width float64) (lines []string) {
	first, last, w := 0, 0, 0.0 // of the line; last is where it may be broken
	for i := 0; i < len(runes); i++ {
		if i > first && breaks(runes[i-1], runes[i]) {
			last = i
		}
		w += s.widthOf(runes[i], is)
		if w <= width || i == first || runes[i] == ' ' {
			continue
		}
		if last <= first {
			last = i // one long word
		}
		lines = append(lines, strings.TrimRight(string(runes[first:last]), " "))
		first, i, w = last, last-1, 0
	}
	return append(lines, string(runes[first:]))
}

// breaks reports whether a line may end between two characters.
func breaks(a, b rune) bool {
	switch {
	case b == ' ' || strings.ContainsRune(neverFirst, b) || strings.ContainsRune(neverLast, a):
		return false
	case a == ' ' || a == '/' || a == '-':
		return true
	}
	return wide(a) || wide(b)
}

func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
