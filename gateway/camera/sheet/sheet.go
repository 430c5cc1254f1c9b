// Package sheet writes cameras and what is said of them as a table for spreadsheet programs, and
// reads such a table back, from whichever language, program and encoding.
//
// In: cameras, or a file. Out: a file in CSV, or one entry for each of its rows. It starts no
// goroutines. It never writes a password, and no cell that a spreadsheet program would take for a
// formula; what it reads is a stranger's: rows, columns and cells are bounded.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// Bounds on a file that is read.
const (
	MaxBytes = 1 << 20
	MaxRows  = 1000
	maxCell  = 4096 // bytes
)

// ErrFile says that a file as a whole cannot be read.
var ErrFile = errors.New("the table cannot be read")

// Camera is one with what is said of it.
type Camera struct {
	Settings api.CameraSettings
	Facts    policy.Camera
}

// Entry is what a row says. Bad is why it cannot be taken, Column in which cell; 0 is none.
type Entry struct {
	Row    int
	ID     string
	Change api.CameraChange
	Facts  api.FactsChange
	Bad    error
	Column text.Key
}

// Write makes the table, with a byte order mark, by which spreadsheet programs know UTF-8.
func Write(w io.Writer, lang text.Lang, cameras []Camera) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = text.Of(lang, c.word)
	}
	rows := [][]string{head}
	for _, camera := range cameras {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = neutral(c.get(camera, lang))
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}

// Differences are the columns in which two states of a camera differ.
func Differences(a, b Camera) (all []text.Key) {
	for _, c := range columns {
		if c.get(a, text.EN) != c.get(b, text.EN) {
			all = append(all, c.word)
		}
	}
	return all
}

// Read reads the rows. An error wraps ErrFile and is of the file as a whole; what is wrong with
// one row stands in its entry.
func Read(file []byte) ([]Entry, error) {
	if len(file) > MaxBytes {
		return nil, text.Fail(ErrFile, text.CSVLarge, MaxBytes>>10)
	}
	plain, err := decode(file)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(strings.NewReader(plain))
	in.Comma, in.FieldsPerRecord = separator(plain), -1
	head, err := in.Read()
	if err != nil {
		return nil, broken(err)
	}
	order, err := header(head)
	if err != nil {
		return nil, err
	}
	var all []Entry
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, broken(err)
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue
		}
		if len(all) == MaxRows {
			return nil, text.Fail(ErrFile, text.CSVRows, MaxRows)
		}
		line, _ := in.FieldPos(0)
		all = append(all, entry(line, order, cells))
	}
}

func broken(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return text.Fail(ErrFile, text.CSVBroken, at.Line)
	}
	return text.Fail(ErrFile, text.CSVEmpty)
}

// decode makes UTF-8 of what spreadsheet programs save: UTF-8 and UTF-16 with a mark, or the
// Chinese encoding.
func decode(b []byte) (string, error) {
	var err error
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		b, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
	case !utf8.Valid(b):
		b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	}
	if err != nil || !utf8.Valid(b) || bytes.ContainsRune(b, utf8.RuneError) || bytes.IndexByte(b, 0) >= 0 {
		return "", text.Fail(ErrFile, text.CSVEncoding)
	}
	return string(b), nil
}

// separator is the one of comma, semicolon and tab that the first line has most of.
func separator(s string) rune {
	first, _, _ := strings.Cut(s, "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

// header finds the column of each cell of the first row; -1: an empty cell at its end.
func header(cells []string) ([]int, error) {
	var order []int
	for _, cell := range cells {
		name := strings.TrimSpace(cell)
		at := slices.IndexFunc(columns, func(c column) bool { return c.called(name) })
		switch {
		case name == "":
			at = -1
		case at < 0:
			return nil, text.Fail(ErrFile, text.CSVColumn, name)
		case slices.Contains(order, at):
			return nil, text.Fail(ErrFile, text.CSVTwice, name)
		}
		order = append(order, at)
	}
	if !slices.ContainsFunc(order, func(at int) bool { return at >= 0 }) {
		return nil, text.Fail(ErrFile, text.CSVEmpty)
	}
	return order, nil
}

// entry reads a row up to its first bad cell.
func entry(line int, order []int, cells []string) Entry {
	e := Entry{Row: line}
	for i, cell := range cells {
		cell = strings.TrimSpace(raw(cell))
		if i >= len(order) || order[i] < 0 {
			if cell != "" {
				e.Bad = text.Fail(nil, text.CSVCells)
				return e
			}
			continue
		}
		c := columns[order[i]]
		err := error(nil)
		if len(cell) > maxCell {
			err = text.Fail(nil, text.CSVCellLarge, maxCell)
		} else if cell != "" || !c.keeps {
			err = c.set(&e, cell)
		}
		if err != nil {
			e.Bad, e.Column = err, c.word
			return e
		}
	}
	return e
}

// neutral writes an apostrophe before what would be computed, and before what would be taken for
// such a cell when it is read.
func neutral(s string) string {
	if computed(s) {
		return "'" + s
	}
	return s
}

// raw is a cell as it was before neutral.
func raw(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && computed(rest) {
		return rest
	}
	return s
}

func computed(s string) bool {
	plain := strings.TrimLeft(s, "'")
	return document.Harmless(plain) != plain
}
