package cli

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"
)

// Table lines up columns. Chinese characters take two cells, so the
// standard library's tabwriter would misplace them.
type Table struct {
	rows [][]string
}

// Add appends a row; rows may have different numbers of cells.
func (t *Table) Add(cells ...string) { t.rows = append(t.rows, cells) }

// Print writes the rows with two spaces between the columns.
func (t *Table) Print(w io.Writer) {
	widths := t.widths()
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[i]-cells(cell)+2))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

func (t *Table) widths() []int {
	var out []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(out) {
				out = append(out, 0)
			}
			out[i] = max(out[i], cells(cell))
		}
	}
	return out
}

// cells is the number of terminal cells that s takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
