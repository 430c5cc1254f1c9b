package badge

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
)

// dotsPerMM makes 305 dots per inch and each cell of the marker full dots.
const dotsPerMM = 12

// Image draws one card, one pixel for each twelfth of a millimetre.
func (b Badge) Image() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, Width*dotsPerMM, Height*dotsPerMM))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	for _, r := range b.draw() {
		draw.Draw(m, image.Rect(dots(r.x), dots(r.y), dots(r.x+r.w), dots(r.y+r.h)), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return m
}

func dots(mm float64) int { return int(math.Round(mm * dotsPerMM)) }

// PNG writes one card as an image that says its true size.
func (b Badge) PNG(w io.Writer) error {
	var plain bytes.Buffer
	if err := png.Encode(&plain, b.Image()); err != nil {
		return fmt.Errorf("badge: %w", err)
	}
	// Signature and IHDR are 33 bytes; pHYs has to stand before the pixels.
	const head = 8 + 12 + 13
	for _, part := range [][]byte{plain.Bytes()[:head], physical(), plain.Bytes()[head:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("badge: %w", err)
		}
	}
	return nil
}

// physical is the chunk that says how many dots make a metre (PNG, 11.3.4.3).
func physical() []byte {
	body := append([]byte("pHYs"), make([]byte, 9)...)
	binary.BigEndian.PutUint32(body[4:], dotsPerMM*1000)
	binary.BigEndian.PutUint32(body[8:], dotsPerMM*1000)
	body[12] = 1 // the unit is the metre
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	return binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
}
