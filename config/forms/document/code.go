package document

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// quiet is the white that readers want around a code, in modules.
const quiet = 4

// CodeSVG draws a text as a QR code: each black module as a square, those side by side in a
// row as one.
func CodeSVG(text string) ([]byte, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("a text of %d bytes does not go into a QR code: %w", len(text), err)
	}
	var path strings.Builder
	for _, r := range runs(c) {
		fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", r.x+quiet, r.y+quiet, r.n, r.n)
	}
	side := c.Size + 2*quiet
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, side, side, side, side, path.String()), nil
}

// run is n black modules side by side.
type run struct{ x, y, n int }

func runs(c *qr.Code) (all []run) {
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			n := 0
			for c.Black(x+n, y) && x+n < c.Size {
				n++
			}
			if n > 0 {
				all = append(all, run{x, y, n})
			}
			x += n
		}
	}
	return all
}

// Drawing is the section's code for the page; nothing without one.
func (s Section) Drawing() (template.HTML, error) {
	if s.Code == "" {
		return "", nil
	}
	svg, err := CodeSVG(s.Code)
	return template.HTML(svg), err // numbers and our own words alone
}

// codeSide is how wide a code is printed, in mm.
const codeSide = 52.0

// code draws the section's code into the PDF.
func (s *sheet) code(text string) error {
	if text == "" {
		return nil
	}
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return fmt.Errorf("a text of %d bytes does not go into a QR code: %w", len(text), err)
	}
	s.room(codeSide)
	s.fill(color{})
	module := codeSide / float64(c.Size+2*quiet)
	for _, r := range runs(c) {
		s.f.Rect(marginSide+float64(r.x+quiet)*module, s.y+float64(r.y+quiet)*module, float64(r.n)*module, module, "F")
	}
	s.y += codeSide
	return nil
}
