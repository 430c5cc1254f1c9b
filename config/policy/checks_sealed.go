package policy

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Sealed is how a gateway keeps the originals of a camera, encrypted to two groups of keys.
type Sealed struct {
	// Days that they are kept, and why longer than the law wants.
	Days int
	Why  string
	// Since is the start of the oldest footage; zero: there is none.
	Since time.Time
	// Stopped: nothing is being sealed, though the camera may send.
	Stopped bool
	// Missing is how much is missing in between, without the times in which the camera sent nothing.
	Missing time.Duration
	// Changed: a segment is not as it was sealed.
	Changed bool
	// Lasts is for how many days the disk lasts; 0: nobody knows yet.
	Lasts int
}

const (
	// missingTolerated is what may be missing of a camera: restarts and updates.
	missingTolerated = 10 * time.Minute
	// openedWithin is how long a trial of opening counts, in months.
	openedWithin = 12
)

// sealed sorts the cameras whose originals this gateway keeps by what is wrong with them, the worst
// first; ok where it keeps those of all, or something is wrong with some.
func (f *Facts) sealed() (found Finding, ok bool) {
	of := func(wrong func(*Sealed) bool) []media.CameraID {
		return which(f, func(c CameraFacts) bool { return c.Sealed == nil || !wrong(c.Sealed) })
	}
	for _, w := range []struct {
		wrong func(*Sealed) bool
		found func(text.Key, text.Key, ...any) Finding
		next  text.Key
		key   text.Key
	}{
		{func(s *Sealed) bool { return s.Changed }, fail, text.NextSealedVerify, text.FoundSealedChanged},
		{func(s *Sealed) bool { return s.Since.IsZero() && s.Stopped }, fail, text.NextSealed, text.FoundSealedNothing},
		{func(s *Sealed) bool { return s.Stopped }, warn, text.NextSealed, text.FoundSealedStopped},
		{func(s *Sealed) bool { return s.Missing > missingTolerated }, warn, text.NextSealed, text.FoundSealedGaps},
		{func(s *Sealed) bool { return s.Lasts > 0 && s.Lasts < s.Days }, warn, text.NextSealedDisk, text.FoundSealedDisk},
		{func(*Sealed) bool { return !f.opened() }, warn, text.NextSealedOpen, text.FoundSealedUntried},
	} {
		if bad := of(w.wrong); len(bad) > 0 {
			return w.found(w.next, w.key, f.list(bad)), true
		}
	}
	kept := of(func(*Sealed) bool { return true })
	return pass(Measured, text.FoundSealed, len(kept)), len(kept) > 0 && len(kept) == len(f.Cameras)
}

// opened reports whether sealed originals were opened within a year, as a trial or for a
// reason.
func (f *Facts) opened() bool {
	return slices.ContainsFunc(f.Records.Exports, func(e register.Export) bool {
		return e.Manner == register.MannerOpenSealed && !e.Refused && !f.older(e.Date, openedWithin)
	})
}
