package badge

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
)

// The sheet is A4 in millimetres; cards stand edge to edge in its middle.
const (
	sheetWidth  = 210.0
	sheetHeight = 297.0
	across      = 2
	down        = 2
	// PerSheet is how many cards an A4 sheet holds.
	PerSheet = across * down

	cutLength = 4.0 // of a mark, in the margin
	cutGap    = 1.0 // between a mark and the card
	cutWidth  = 0.2
)

// point is a millimetre in PDF's unit, 1/72 inch.
const point = 72 / 25.4

// PDF writes one card on a page of its own size.
func (b Badge) PDF(w io.Writer) error {
	return writePDF(w, Width, Height, [][]rect{b.draw()})
}

// Sheet writes cards on A4 sheets, PerSheet each, with marks where to cut. It
// has to be printed at 100 %, not fitted to the page.
func Sheet(w io.Writer, badges []Badge) error {
	var pages [][]rect
	for i, b := range badges {
		if i%PerSheet == 0 {
			pages = append(pages, cutMarks())
		}
		n := i % PerSheet
		x, y := corner(n%across, n/across)
		page := &pages[len(pages)-1]
		for _, r := range b.draw() {
			*page = append(*page, rect{x + r.x, y + r.y, r.w, r.h})
		}
	}
	return writePDF(w, sheetWidth, sheetHeight, pages)
}

// corner is the top left one of a card on the sheet.
func corner(column, row int) (x, y float64) {
	return (sheetWidth-across*Width)/2 + float64(column)*Width, (sheetHeight-down*Height)/2 + float64(row)*Height
}

// cutMarks stand in the margins, so that nothing of them is on a cut card.
func cutMarks() (marks []rect) {
	x0, y0 := corner(0, 0)
	x1, y1 := corner(across, down)
	for i := range across + 1 {
		x, _ := corner(i, 0)
		for _, y := range []float64{y0 - cutGap - cutLength, y1 + cutGap} {
			marks = append(marks, rect{x - cutWidth/2, y, cutWidth, cutLength})
		}
	}
	for i := range down + 1 {
		_, y := corner(0, i)
		for _, x := range []float64{x0 - cutGap - cutLength, x1 + cutGap} {
			marks = append(marks, rect{x, y - cutWidth/2, cutLength, cutWidth})
		}
	}
	return marks
}

// writePDF writes pages of black rectangles: PDF 1.4 needs no more than a
// catalogue, the pages and their content. Markers are exact, text has no font
// that could be missing.
func writePDF(w io.Writer, width, height float64, pages [][]rect) error {
	var out bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(offsets)}, args...)...)
	}
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 3+2*i)
	}
	object("<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>")
	object("<< /Type /Pages /Count %d /Kids [ %s] /MediaBox [ 0 0 %.3f %.3f ] >>", len(pages), kids.String(), width*point, height*point)
	for _, page := range pages {
		object("<< /Type /Page /Parent 2 0 R /Resources << >> /Contents %d 0 R >>", len(offsets)+2)
		content := deflate(operators(height, page))
		object("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", len(content), content)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, table)
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("badge: %w", err)
	}
	return nil
}

// operators paint a page. PDF counts from the bottom left.
func operators(height float64, page []rect) []byte {
	b := []byte("0 g\n")
	for _, r := range page {
		b = fmt.Appendf(b, "%.4f %.4f %.4f %.4f re\n", r.x*point, (height-r.y-r.h)*point, r.w*point, r.h*point)
	}
	return append(b, "f\n"...)
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b) // neither fails into memory
	z.Close()
	return out.Bytes()
}
