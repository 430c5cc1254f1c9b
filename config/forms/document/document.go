// Package document is a paper for people: titles, lines of label, value and source, and
// tables, printed as a web page, a PDF or a table for a spreadsheet.
//
// In: a Document, whose texts are in one language and whose values anybody may have typed.
// Out: HTML that runs nothing, PDF with its text in it, CSV without formulas. It starts no
// goroutines and reads one file, the font of a PDF.
package document

import (
	"fmt"
	"io"

	"github.com/bauta-gateway/bauta/config/text"
)

// Document is what is printed. Empty parts are left out.
type Document struct {
	Title string
	Lang  text.Lang
	// Notice stands above all: that it is a draft, and for whom it is.
	Notice string
	// Head are lines below the title, such as the gateway and the day.
	Head     []string
	Sections []Section
	// Foot are lines at the end.
	Foot []string
	// NotSaid stands where nothing was said.
	NotSaid string
	// Columns are the headings of rows: what, value, source.
	Columns [3]string
}

// Section has rows, tables, a code or some of them.
type Section struct {
	Title string
	// About explains it in small print.
	About  string
	Rows   []Row
	Tables []Table
	// Code is a text that is printed as a QR code; a table for a spreadsheet has none.
	Code string
}

// Row is one line of a form: the label, what was said, and where that comes from.
type Row struct {
	Label string
	// Value may have several lines; empty: nothing was said.
	Value, Source string
	// Mark says that it needs a second look, such as a change since the last time.
	Mark string
}

// Table has as many cells in each row as headings; an empty cell was not said.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	// Empty stands in place of no rows.
	Empty string
}

// maxColumns is how many columns a page takes side by side. Of a table that has more, each
// row is printed as a block of lines.
const maxColumns = 8

// Wide reports whether the rows are printed as blocks.
func (t Table) Wide() bool { return len(t.Head) > maxColumns }

// Format is how a document is printed.
type Format string

// The formats, which are the ends of their files' names too.
const (
	HTML Format = "html"
	PDF  Format = "pdf"
	CSV  Format = "csv"
)

// Formats are all of them.
var Formats = []Format{HTML, PDF, CSV}

// Type is the media type.
func (f Format) Type() string {
	switch f {
	case PDF:
		return "application/pdf"
	case CSV:
		return "text/csv; charset=utf-8"
	}
	return "text/html; charset=utf-8"
}

// Printer prints documents. Its zero value is the usual one.
type Printer struct {
	// Font is a TrueType file with Chinese characters; empty means DebianFont.
	Font string
}

// Print writes d in a format.
func (p Printer) Print(w io.Writer, d Document, f Format) error {
	switch f {
	case HTML:
		return d.html(w)
	case CSV:
		return d.csv(w)
	case PDF:
		return p.pdf(w, d)
	}
	return fmt.Errorf("format %q: use html, pdf or csv", f)
}
