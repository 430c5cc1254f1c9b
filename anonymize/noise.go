package anonymize

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// Seed is the key of a camera's or a file's noise. Whoever knows it can take
// the noise off a mask, and then sees the tones of what lies around it.
type Seed [16]byte

// The noise of a mask is a tone of the whole, a slope each way and more for
// each cell. Most of it is in the first three because that is how surroundings differ:
// noise of single cells would average out, and the masks of one position could be told from
// those of another. That of cells keeps a mask from being so even that the encoder's own
// ripples are all that is in it. Noise moves slowly, so that it neither flickers nor costs
// the encoder much; after noisePeriod frames nothing is left of what it was.
const (
	noisePeriod = 24 // frames
	noiseWhole  = 24 // levels of luma at most, as the next two
	noiseSlope  = 16
	noiseCell   = 12
	// noiseChroma is the share of it on chroma: colours differ less from place
	// to place, and stand out more.
	noiseChroma = 0.25
)

// noise is what is added to the cells of a mask on one plane.
type noise [maxCells][maxCells]float64

// wholeTrack is the track of the noise of what is hidden whole; faces count from 0.
const wholeTrack = -1

// noiseWeak is how strong that noise is: it keeps a hidden frame from being
// taken for a dead camera, there is no place to hide, and the encoder has little time for it.
const noiseWeak = 0.4

// noiseOf is the noise of a track in a frame, plane by plane.
func (s Seed) noiseOf(track, frame int) [3]noise {
	frame += track * 7 // not all masks change pace in the same frame
	slot := math.Floor(float64(frame) / noisePeriod)
	x := float64(frame)/noisePeriod - slot
	// Sine and cosine keep the strength the same between two draws.
	b, a := math.Sincos(x * x * (3 - 2*x) * math.Pi / 2)
	from, to := s.draw(track, int(slot)), s.draw(track, int(slot)+1)
	for p := range from {
		for j := range from[p] {
			for i := range from[p][j] {
				from[p][j][i] = a*from[p][j][i] + b*to[p][j][i]
			}
		}
	}
	return from
}

// draw is the noise of a track as it is every noisePeriod frames.
func (s Seed) draw(track, slot int) (out [3]noise) {
	var key [32]byte
	copy(key[:], s[:])
	binary.LittleEndian.PutUint64(key[16:], uint64(track))
	binary.LittleEndian.PutUint64(key[24:], uint64(slot))
	r := rand.NewChaCha8(key)
	// Between -1 and 1.
	next := func() float64 { return float64(int64(r.Uint64())) / (1 << 63) }
	for p := range out {
		size := 1.0
		if p > 0 {
			size *= noiseChroma
		}
		if track == wholeTrack {
			size *= noiseWeak
		}
		whole, across, down := noiseWhole*next(), noiseSlope*next(), noiseSlope*next()
		for j := range maxCells {
			for i := range maxCells {
				u, v := float64(2*i)/(maxCells-1)-1, float64(2*j)/(maxCells-1)-1
				out[p][j][i] = size * (whole + across*u + down*v + noiseCell*next())
			}
		}
	}
	return out
}
