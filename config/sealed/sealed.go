// Package sealed is the form in which original footage is kept: encrypted so that two
// groups of persons have to act together to open it, and chained so that what is
// changed, missing or out of order shows.
//
// In: access units as a camera sent them, and public keys. Out: segments of some minute
// each, and from segments, shares and identities the access units again. It starts no
// goroutine, reads no clock, knows no gateway, and works the same on every system.
// It never keeps a key longer than the call that needs it, and never prints one.
//
// # A segment
//
// A segment is one file, written from front to end and never changed after:
//
//	8 bytes     "BAUTASG1"
//	4 bytes     length of the header, big endian
//	header      JSON in clear: camera, sequence number, start, hash of the segment
//	            before, which keys; nothing personal
//	body        an age file (age-encryption.org/v1) of the access units
//	trailer     JSON in clear: length, count of access units, why it ended
//	4 bytes     length of the trailer, big endian
//	8 bytes     "BAUTAEND"
//
// The file key of the age file is cut in two halves, both of 16 bytes, of which each alone
// is random: half A is random and half B is the file key XOR half A. Each half is cut by Shamir's scheme into one
// share for each holder of a group, of which as many are needed as the group says. Each
// share is an age file of its own to that holder's public key. So the tools of age, and
// its plugins for hardware tokens, open a share.
//
// A file that ends without a trailer is torn: the process that wrote it died. What
// it holds in whole chunks of 64 KiB opens all the same.
//
// # The chain
//
// Each header names the SHA-256 of the whole file before, torn or not. Who changes, drops,
// swaps or inserts a segment breaks the chain at that place; who writes it anew from there
// on to its end ends in another hash than the one in the audit log.
package sealed

import (
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// What goes wrong; errors.Is finds them.
var (
	ErrKeys    = errors.New("keys cannot be used")
	ErrFormat  = errors.New("not a sealed segment")
	ErrDamaged = errors.New("segment is damaged")
	ErrShares  = errors.New("shares do not open the segment")
	ErrRequest = errors.New("request cannot be used")
)

// Sum is the SHA-256 of a segment's file. The zero value stands for none: the first
// segment of a camera.
type Sum [32]byte

// MarshalText writes it in lower-case hex, and nothing for none.
func (s Sum) MarshalText() ([]byte, error) {
	if s == (Sum{}) {
		return nil, nil
	}
	return []byte(hex.EncodeToString(s[:])), nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Sum) UnmarshalText(b []byte) error {
	*s = Sum{}
	if len(b) == 0 {
		return nil
	}
	n, err := hex.Decode(s[:], b[:min(len(b), 2*len(s))])
	if err != nil || n != len(s) || len(b) != 2*len(s) {
		return fmt.Errorf("%w: a hash is 64 characters of 0-9 and a-f", ErrFormat)
	}
	return nil
}

func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// Gap is a time in which nothing of the camera was sealed.
type Gap struct {
	// Since is when the segment before ended, by the gateway's clock.
	Since time.Time `json:"since"`
	// Reason is one of the Gap words.
	Reason string `json:"reason"`
}

// Reasons for a gap, and for the end of a segment.
const (
	EndFull    = "full"    // the segment was long enough: the next follows without a gap
	EndStopped = "stopped" // the gateway or the camera's sealing was stopped
	EndCamera  = "camera"  // the camera sent nothing more
	EndDisk    = "disk"    // the disk could not be written
	EndSlow    = "slow"    // more came than could be written, and was dropped
	EndProcess = "process" // the sealing process, or the gateway, died
)

// Header stands in clear at the start of a segment.
type Header struct {
	Camera media.CameraID `json:"camera"`
	// Sequence counts a camera's segments from 1.
	Sequence uint64 `json:"sequence"`
	// Start is when the first access unit came, by the gateway's clock, in UTC.
	Start time.Time `json:"start"`
	// Previous is the hash of the segment before; none for the first.
	Previous Sum `json:"previous"`
	// Gap is what is missing between the segment before and this one; nil: nothing.
	Gap *Gap `json:"gap,omitempty"`
	// Keys is the Keys.ID that it is sealed to.
	Keys string `json:"keys"`
}

// Trailer stands in clear at the end of a segment.
type Trailer struct {
	// Length is from the first access unit to the end of the last, in milliseconds, by a
	// clock that nobody sets.
	Length int64 `json:"length_ms"`
	// Units is how many access units it holds.
	Units int `json:"units"`
	// End is why it ended: one of the End words.
	End string `json:"end"`
}

// Duration is Length as a span.
func (t Trailer) Duration() time.Duration { return time.Duration(t.Length) * time.Millisecond }

const (
	magic    = "BAUTASG1"
	endMagic = "BAUTAEND"
	// maxClear bounds the header and the trailer.
	maxClear = 16 << 10
)

// BlockSegments is how many segments lie in one folder: a day of full ones.
const BlockSegments = 1440

// Suffix is how the name of a segment's file ends.
const Suffix = ".sealed"

// Block is the number of the folder in which a segment lies, from 0.
func Block(sequence uint64) uint64 { return (sequence - 1) / BlockSegments }

// BlockPath is the folder of a block below the root of all sealed footage, with slashes.
func BlockPath(camera media.CameraID, block uint64) string {
	return path.Join(string(camera), fmt.Sprintf("%06d", block))
}

// Path is where a segment lies below the root of all sealed footage, with slashes. It
// goes by the sequence number and not by the date, so that a clock that is set back
// mixes up nothing.
func Path(camera media.CameraID, sequence uint64) string {
	return path.Join(BlockPath(camera, Block(sequence)), fmt.Sprintf("%010d%s", sequence, Suffix))
}

// SequenceOf reads the sequence number from the name of a segment's file.
func SequenceOf(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, Suffix)
	if !ok || len(digits) != 10 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil && n > 0
}
