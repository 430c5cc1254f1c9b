package drawing

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"

	"github.com/bauta-gateway/bauta/config/zone"
)

// colours by kind, distinguished by people who see few colours too: the label
// names the kind as well.
var colours = map[zone.Kind]string{
	zone.Private: "#d62728", zone.Masked: "#ff9f1c", zone.Moving: "#9467bd", zone.Consent: "#2ca02c", zone.Capture: "#1f77b4",
}

// SVG draws zones over a masked frame: a JPEG of width x height pixels,
// which is put into the drawing as it is. Any browser shows it. Without a
// frame the zones stand on grey.
func SVG(jpeg []byte, width, height int, zones []zone.Zone) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#808080"/>`+"\n", width, height)
	if len(jpeg) > 0 {
		fmt.Fprintf(&b, `<image width="%d" height="%d" href="data:image/jpeg;base64,%s"/>`+"\n", width, height, base64.StdEncoding.EncodeToString(jpeg))
	}
	for _, z := range zones {
		draw(&b, z, float64(width), float64(height))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func draw(b *bytes.Buffer, z zone.Zone, w, h float64) {
	colour := colours[z.Kind]
	fmt.Fprintf(b, `<polygon fill="%s" fill-opacity="0.25" stroke="%s" stroke-width="%.0f" points="`, colour, colour, max(2, w/400))
	left, top := 1.0, 1.0
	for _, p := range z.Points {
		fmt.Fprintf(b, "%.1f,%.1f ", p.X*w, p.Y*h)
		if p.Y < top || p.Y == top && p.X < left {
			left, top = p.X, p.Y
		}
	}
	b.WriteString("\"/>\n")
	size := max(12, h/36)
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-family="sans-serif" font-size="%.0f" fill="#fff" stroke="#000" stroke-width="%.1f" paint-order="stroke">%s (%s)</text>`+"\n",
		left*w+size/4, top*h+size*1.2, size, size/8, html.EscapeString(z.Shown()), z.Kind)
}
