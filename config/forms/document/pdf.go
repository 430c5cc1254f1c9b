package document

import (
	"io"
	"slices"
	"time"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
)

// The measures of a page, in mm; sizes of letters are in points.
const (
	marginSide   = 14.0
	marginTop    = 14.0
	marginBottom = 16.0
	padding      = 1.4 // within a cell
	pointsPerMM  = 72 / 25.4
	lineHeight   = 1.42 // of a letter's size

	sizeTitle   = 16.0
	sizeSection = 12.5
	sizeTable   = 10.5
	sizeText    = 9.5
	sizeSmall   = 8.0
)

// columnsAcross is how many columns still stand side by side on an upright page.
const columnsAcross = 5

type color struct{ r, g, b int }

var (
	black  = color{20, 24, 28}
	gray   = color{70, 80, 90}
	brown  = color{138, 58, 0}
	border = color{139, 148, 158}
	tint   = color{238, 241, 244}
	warm   = color{255, 246, 229}
)

// sheet is a PDF while it is written. Errors stay in f until the end.
type sheet struct {
	f   *fpdf.Fpdf
	doc Document
	// chinese has the characters that the built-in letters lack; nil: none is needed.
	chinese *sfnt.Font
	widths  map[letter]float64
	y       float64
	// width and bottom of what may be written on.
	width, bottom float64
}

func (p Printer) pdf(w io.Writer, d Document) error {
	s, err := p.sheet(d)
	if err != nil {
		return err
	}
	s.newPage()
	s.top()
	for _, section := range d.Sections {
		s.section(section)
		if err := s.code(section.Code); err != nil {
			return err
		}
	}
	s.y += 4
	for _, line := range d.Foot {
		s.paragraph(line, style{size: sizeSmall, color: gray})
	}
	return s.f.Output(w)
}

// sheet opens an empty PDF.
func (p Printer) sheet(d Document) (*sheet, error) {
	orientation := "P"
	if d.across() {
		orientation = "L"
	}
	s := &sheet{f: fpdf.New(orientation, "mm", "A4", ""), doc: d, widths: map[letter]float64{}}
	width, height := s.f.GetPageSize()
	s.width, s.bottom = width-2*marginSide, height-marginBottom
	s.f.SetAutoPageBreak(false, 0)
	s.f.SetTitle(d.Title, true)
	s.f.SetLang(string(d.Lang))
	s.f.SetCatalogSort(true)
	s.f.SetCreationDate(time.Now())
	s.f.AliasNbPages(pageCount)
	s.f.SetFooterFunc(s.footer)
	if d.needsFont() {
		if err := s.takeFont(p.Font); err != nil {
			return nil, err
		}
	}
	return s, s.f.Error()
}

// across reports whether a table needs the page on its side.
func (d Document) across() bool {
	for _, section := range d.Sections {
		if slices.ContainsFunc(section.Tables, func(t Table) bool { return !t.Wide() && len(t.Head) > columnsAcross && len(t.Rows) > 0 }) {
			return true
		}
	}
	return false
}

// pageCount stands for the number of pages until it is known.
const pageCount = "{:pages:}"

func (s *sheet) newPage() {
	s.f.AddPage()
	s.y = marginTop
}

// footer has the title and the number of the page.
func (s *sheet) footer() {
	is := style{size: sizeSmall, color: gray}
	y := s.bottom + 7
	lines := s.wrap(s.doc.Title, is, s.width-40)
	s.write(marginSide, y, lines[0], is)
	s.write(marginSide+s.width-s.measure("99 / 99", is), y, number(s.f.PageNo())+" / "+pageCount, is)
}

func (s *sheet) top() {
	if s.doc.Notice != "" {
		s.fill(warm)
		s.cells([]float64{s.width}, []cell{{text: s.doc.Notice, is: style{size: sizeText, bold: true, color: color{92, 55, 0}}, fill: &warm}})
		s.y += 4
	}
	s.paragraph(s.doc.Title, style{size: sizeTitle, bold: true, color: black})
	for _, line := range s.doc.Head {
		s.paragraph(line, style{size: sizeSmall, color: gray})
	}
}

// paragraph writes a text over the whole width.
func (s *sheet) paragraph(t string, is style) {
	for _, line := range s.wrap(t, is, s.width) {
		s.room(is.height())
		s.write(marginSide, s.y+is.baseline(), line, is)
		s.y += is.height()
	}
	s.y += 0.8
}

// room goes to the next page where less than this is left.
func (s *sheet) room(mm float64) {
	if s.y+mm > s.bottom {
		s.newPage()
	}
}

func (s *sheet) section(is Section) {
	s.y += 4
	s.room(24) // a heading is not left alone at the end of a page
	if is.Title != "" {
		s.paragraph(is.Title, style{size: sizeSection, bold: true, color: black})
	}
	if is.About != "" {
		s.paragraph(is.About, style{size: sizeSmall, color: gray})
	}
	s.y += 0.8
	s.rows(is.Rows)
	for _, t := range is.Tables {
		s.table(t)
	}
}

// rows are the lines of a form: label, value and source.
func (s *sheet) rows(all []Row) {
	if len(all) == 0 {
		return
	}
	widths := []float64{s.width * 0.28, s.width * 0.44, s.width * 0.28}
	var rows [][]cell
	for _, r := range all {
		rows = append(rows, []cell{{text: r.Label, is: plain}, s.value(r.Value), {text: marked(r), is: small}})
	}
	s.grid(widths, headings(s.doc.Columns[:]), rows)
}

// value is a cell with what was said, or that nothing was.
func (s *sheet) value(v string) cell {
	if v == "" {
		return cell{text: s.doc.NotSaid, is: style{size: sizeText, color: brown}}
	}
	return cell{text: v, is: plain}
}

func (s *sheet) table(t Table) {
	if t.Title != "" {
		s.y += 3
		s.room(18)
		s.paragraph(t.Title, style{size: sizeTable, bold: true, color: black})
	}
	switch {
	case len(t.Rows) == 0:
		s.paragraph(t.Empty, style{size: sizeText, color: brown})
	case t.Wide():
		s.blocks(t)
	default:
		s.list(t)
	}
	s.y += 2
}

func (s *sheet) list(t Table) {
	var rows [][]cell
	for _, r := range t.Rows {
		var row []cell
		for _, v := range r {
			c := s.value(v)
			c.is.size = sizeSmall
			row = append(row, c)
		}
		rows = append(rows, row)
	}
	head := headings(t.Head)
	s.grid(s.shares(head, rows), head, rows)
}

// blocks prints each row as lines of two labels with their values.
func (s *sheet) blocks(t Table) {
	widths := []float64{s.width * 0.2, s.width * 0.3, s.width * 0.2, s.width * 0.3}
	for i, r := range t.Rows {
		var rows [][]cell
		for n := 0; n < len(r); n += 2 {
			row := []cell{{text: t.Head[n], is: small, fill: &tint}, s.value(r[n])}
			if n+1 < len(r) {
				row = append(row, cell{text: t.Head[n+1], is: small, fill: &tint}, s.value(r[n+1]))
			} else {
				row = append(row, cell{}, cell{})
			}
			rows = append(rows, row)
		}
		s.room(20)
		s.paragraph(number(i+1), style{size: sizeTable, bold: true, color: black})
		s.grid(widths, nil, rows)
		s.y += 3
	}
}
