package document

import (
	"encoding/csv"
	"io"
	"strings"
)

// byteOrderMark tells spreadsheets that the text is UTF-8.
const byteOrderMark = "\ufeff"

// csv writes one table below the other. A line of a section has its label, value and source.
func (d Document) csv(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, line := range d.lines() {
		for i, cell := range line {
			line[i] = Harmless(cell)
		}
		if len(line) == 0 {
			line = []string{""}
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// lines are those of the file, as long as they are.
func (d Document) lines() (all [][]string) {
	add := func(cells ...string) { all = append(all, cells) }
	add(d.Title)
	if d.Notice != "" {
		add(d.Notice)
	}
	for _, line := range d.Head {
		add(line)
	}
	for _, s := range d.Sections {
		add()
		add(s.Title)
		if len(s.Rows) > 0 {
			add(d.Columns[:]...)
		}
		for _, r := range s.Rows {
			add(r.Label, d.said(r.Value), marked(r))
		}
		for _, t := range s.Tables {
			all = append(all, d.table(t)...)
		}
	}
	if len(d.Foot) > 0 {
		add()
	}
	for _, line := range d.Foot {
		add(line)
	}
	return all
}

func (d Document) table(t Table) (all [][]string) {
	if t.Title != "" {
		all = append(all, []string{t.Title})
	}
	if len(t.Rows) == 0 {
		return append(all, []string{t.Empty})
	}
	all = append(all, append([]string{}, t.Head...))
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = d.said(cell)
		}
		all = append(all, cells)
	}
	return all
}

func (d Document) said(value string) string {
	if value == "" {
		return d.NotSaid
	}
	return value
}

// marked is a row's source with its mark.
func marked(r Row) string {
	if r.Mark == "" {
		return r.Source
	}
	return strings.TrimSpace(r.Mark + "\n" + r.Source)
}

// formula are what a spreadsheet takes for the begin of one, also in the wide forms of
// Chinese keyboards; tab and line ends are skipped by some before they look.
const formula = "=+-@＝＋－＠\t\r\n"

// Harmless keeps a spreadsheet from running what somebody typed: behind an apostrophe it is
// a text.
func Harmless(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0\u3000")
	if first != "" && strings.ContainsRune(formula, []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}
