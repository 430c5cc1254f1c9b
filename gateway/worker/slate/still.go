package slate

import (
	"bytes"
	"image"
	"image/jpeg"
	"time"
)

const stillQuality = 80

// Still is one frame of a slate as JPEG, for who takes pictures instead of a stream. The size is
// brought within bounds as New does it.
func Still(c Card, width, height int, now time.Time) []byte {
	width, height = Size(width, height)
	dst := image.NewGray(image.Rect(0, 0, width, height))
	lay := place(c, width, height)
	lay.draw(dst)
	lay.drawClock(dst, now)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, dst, &jpeg.Options{Quality: stillQuality}); err != nil {
		return nil // of a frame that is too large, which Size lets none be
	}
	return b.Bytes()
}
