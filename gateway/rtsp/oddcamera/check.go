package oddcamera

import (
	"bytes"
	"crypto/sha256"
)

// Sent reports whether a mode's clip has this very NAL unit, or this image but for its headers:
// a client that mends what is odd ends with what ffmpeg made.
func (c *Camera) Sent(mode string, unit []byte) bool {
	k, err := c.clipOf(c.modes[mode])
	if err != nil {
		c.tb.Error(err)
		return false
	}
	return k.known()[fingerprint(k.codec, unit)]
}

// Sets are the parameter sets of a mode's clip; none for Motion JPEG.
func (c *Camera) Sets(mode string) [][]byte {
	k, err := c.clipOf(c.modes[mode])
	if err != nil {
		c.tb.Error(err)
		return nil
	}
	return k.sets
}

func (k *clip) known() map[[sha256.Size]byte]bool {
	k.once.Do(func() {
		k.units = map[[sha256.Size]byte]bool{}
		for _, f := range k.frames {
			for _, u := range f.units {
				k.units[fingerprint(k.codec, u)] = true
			}
		}
	})
	return k.units
}

func fingerprint(codec string, unit []byte) [sha256.Size]byte {
	if codec == "mjpeg" {
		return sha256.Sum256(parseImage(unit).scan)
	}
	return sha256.Sum256(bytes.TrimRight(unit, "\x00"))
}
