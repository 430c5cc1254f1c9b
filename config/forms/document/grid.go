package document

// cell is one of a table, with its letters and its ground; no ground is white.
type cell struct {
	text string
	is   style
	fill *color
}

var (
	plain = style{size: sizeText, color: black}
	small = style{size: sizeSmall, color: gray}
)

func headings(all []string) (cells []cell) {
	for _, t := range all {
		cells = append(cells, cell{text: t, is: style{size: sizeSmall, bold: true, color: black}, fill: &tint})
	}
	return cells
}

// grid draws rows with their heading, which is drawn again on each page.
func (s *sheet) grid(widths []float64, head []cell, rows [][]cell) {
	again := func() {
		if len(head) > 0 {
			s.cells(widths, head)
		}
	}
	s.room(16)
	again()
	for _, row := range rows {
		s.row(widths, row, again)
	}
}

// row draws one row; one that does not fit goes to the next page, and one that is higher
// than a page is cut between two lines.
func (s *sheet) row(widths []float64, row []cell, again func()) {
	cut, lines, height := s.cut(widths, row)
	whole := s.bottom - marginTop - 2*padding - 12 // with a heading
	for first := 0; first < lines; {
		fit := int((s.bottom - s.y - 2*padding) / height)
		if fit < lines-first && (fit < 3 || first == 0 && float64(lines)*height <= whole) {
			s.newPage()
			again()
			fit = int((s.bottom - s.y - 2*padding) / height)
		}
		n := max(1, min(fit, lines-first))
		s.draw(widths, row, part(cut, first, n))
		first += n
	}
}

// cells draws a row that is known to be short.
func (s *sheet) cells(widths []float64, row []cell) {
	cut, _, _ := s.cut(widths, row)
	s.draw(widths, row, cut)
}

// cut breaks the texts of a row into lines, and says how many there are at most and how
// high the highest is.
func (s *sheet) cut(widths []float64, row []cell) (cut [][]string, most int, height float64) {
	for i, c := range row {
		lines := s.wrap(c.text, c.is, widths[i]-2*padding)
		cut = append(cut, lines)
		most, height = max(most, len(lines)), max(height, c.is.height())
	}
	return cut, most, height
}

// part is some lines of each cell.
func part(cut [][]string, first, n int) (all [][]string) {
	for _, lines := range cut {
		all = append(all, lines[min(first, len(lines)):min(first+n, len(lines))])
	}
	return all
}

func (s *sheet) draw(widths []float64, row []cell, cut [][]string) {
	x, height := marginSide, 0.0
	for i, c := range row {
		height = max(height, float64(len(cut[i]))*c.is.height()+2*padding)
	}
	for i, c := range row {
		s.f.SetDrawColor(border.r, border.g, border.b)
		s.f.SetLineWidth(0.2)
		kind := "D"
		if c.fill != nil {
			s.fill(*c.fill)
			kind = "FD"
		}
		s.f.Rect(x, s.y, widths[i], height, kind)
		y := s.y + padding
		for _, line := range cut[i] {
			s.write(x+padding, y+c.is.baseline(), line, c.is)
			y += c.is.height()
		}
		x += widths[i]
	}
	s.y += height
}

func (s *sheet) fill(c color) { s.f.SetFillColor(c.r, c.g, c.b) }

// The narrowest column and the widest that a text asks for by itself, in mm.
const (
	leastColumn = 14.0
	mostColumn  = 52.0
)

// shares gives each column a width by the longest of its texts.
func (s *sheet) shares(head []cell, rows [][]cell) []float64 {
	widths, sum := make([]float64, len(head)), 0.0
	for i, c := range head {
		widths[i] = max(leastColumn, min(mostColumn, s.measure(c.text, c.is)+2*padding+0.5))
	}
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], min(mostColumn, s.measure(c.text, c.is)+2*padding+0.5))
		}
	}
	for _, w := range widths {
		sum += w
	}
	for i := range widths {
		widths[i] *= s.width / sum
	}
	return widths
}
