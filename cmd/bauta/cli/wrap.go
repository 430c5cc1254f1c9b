package cli

import (
	"io"
	"strings"
	"unicode"
)

// Columns is the width of the terminal behind w; 80 where it does not say.
func Columns(w io.Writer) int { return columns(w) }

// Wrap cuts a text into lines of at most so many cells: at spaces, and between Chinese
// characters, but never before a stop.
func Wrap(s string, width int) (lines []string) {
	line := ""
	for _, word := range pieces(s) {
		if line != "" && cells(line)+cells(strings.TrimRight(word, " ")) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += word
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces are what stays on one line: a word with the spaces behind it, or a Chinese
// character with the stops behind it.
func pieces(s string) (all []string) {
	runes, begin := []rune(s), 0
	for i := 1; i < len(runes); i++ {
		before, here := runes[i-1], runes[i]
		if before == ' ' && here != ' ' || wide(before) != wide(here) && before != ' ' && here != ' ' && !closes(here) && !opens(before) ||
			wide(before) && wide(here) && !closes(here) && !opens(before) {
			all, begin = append(all, string(runes[begin:i])), i
		}
	}
	return append(all, string(runes[begin:]))
}

// wide reports whether a character takes two cells and stands for itself.
func wide(r rune) bool { return unicode.Is(unicode.Han, r) || closes(r) || opens(r) }

func closes(r rune) bool { return strings.ContainsRune("，。：；？！）、”》…", r) }

func opens(r rune) bool { return strings.ContainsRune("（“《", r) }

// Pad fills a text with spaces up to so many cells, and with two at least.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(2, width-cells(s)))
}

// Width is how many cells a line takes.
func Width(line string) int { return cells(line) }
