package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"github.com/bauta-gateway/bauta/config/zone"
)

func TestSVGIsXML(t *testing.T) {
	svg := SVG([]byte{0xff, 0xd8}, 640, 360, []zone.Zone{{ID: "a<b", Kind: "private", Points: zone.Everything().Points}})
	d := xml.NewDecoder(bytes.NewReader(svg))
	seen := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			seen[e.Name.Local]++
		}
	}
	if seen["image"] != 1 || seen["polygon"] != 1 || seen["text"] != 1 {
		t.Errorf("elements: %v", seen)
	}
}
