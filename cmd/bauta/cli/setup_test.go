package cli

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// What a terminal shows is read back by another program's reader.
func TestCodeOnTheTerminal(t *testing.T) {
	address := SetupAddress("https://192.168.1.5:8443/", "ABCD-2345")
	drawing := halfBlocks(address, 80)
	if halfBlocks(address, 20) != "" {
		t.Error("it is drawn where it has no room")
	}
	const scale = 4
	lines := strings.Split(strings.TrimSpace(drawing), "\n")
	img := image.NewGray(image.Rect(0, 0, 60*scale, 2*len(lines)*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for row, line := range lines {
		_, line, _ = strings.Cut(line, "231m")
		for column, c := range []rune(strings.TrimSuffix(line, "\x1b[0m")) {
			for half, black := range []bool{c == '█' || c == '▀', c == '█' || c == '▄'} {
				for i := range scale * scale {
					if black {
						img.SetGray(column*scale+i%scale, (2*row+half)*scale+i/scale, color.Gray{})
					}
				}
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil || got.GetText() != address {
		t.Errorf("%v, %v", got, err)
	}
	if len(lines) > 24 {
		t.Errorf("%d lines", len(lines))
	}
}

func TestFingerprint(t *testing.T) {
	if got := Fingerprint("0aff10"); got != "0A:FF:10" {
		t.Error(got)
	}
	for address, here := range map[string]bool{"https://127.0.0.1:8443/": true, "https://[::1]:8443/": true, "https://localhost:8443/": true, "https://192.168.1.5:8443/": false, "https://box.lan/": false} {
		if onlyHere(address) != here {
			t.Error(address)
		}
	}
}
