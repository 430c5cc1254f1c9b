package redact

import (
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mp4"
)

// TimeSource is where the time of a recording is from.
type TimeSource string

// The sources.
const (
	FromContainer TimeSource = "container" // the file's header
	FromPerson    TimeSource = "given"     // the person who makes the copy, where the header says nothing
	NoTime        TimeSource = "unknown"   // neither: no token counts
	DisputedTime  TimeSource = "disputed"  // the two disagree: no token counts
)

// Recording is what is known of when a file was recorded. A frame was recorded at From
// plus its time in the file.
type Recording struct {
	Source TimeSource `json:"source"`
	// From and To are the beginning and the end; zero where Source is unknown or disputed.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// Container is what the header says, whether it is believed or not; zero where
	// it says nothing. Given is what the person said.
	Container time.Time `json:"container,omitzero"`
	Given     time.Time `json:"given,omitzero"`
}

// firstRecording is the earliest time that a header is believed: before it no token
// covers anything, and what it names is a clock that was never set.
var firstRecording = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// BelievableTime reports whether a file can have been recorded then.
func BelievableTime(t, now time.Time) bool {
	return !t.Before(firstRecording) && !t.After(now.Add(consent.Skew))
}

// recordingOf takes the header's time, which is the beginning in UTC by the standard.
// Recorders are known that write their local time, or the end: nothing in the
// file tells, so where the person who makes the copy knows another time, nobody
// is shown rather than one of the two believed.
func recordingOf(info mp4.Info, given, now time.Time) Recording {
	f := Recording{Source: NoTime, Container: info.Created, Given: given}
	written, said := BelievableTime(info.Created, now), !given.IsZero()
	switch {
	case written && said && given.Sub(info.Created).Abs() > consent.Skew:
		f.Source = DisputedTime
		return f
	case written:
		f.Source, f.From = FromContainer, info.Created
	case said:
		f.Source, f.From = FromPerson, given
	default:
		return f
	}
	f.To = f.From.Add(time.Duration(float64(info.Duration) / float64(info.Timescale) * float64(time.Second)))
	return f
}

// unknown says why no token counts in this recording; nil where its time is known.
func (f Recording) unknown(consent.Token) error {
	switch f.Source {
	case FromContainer, FromPerson:
		return nil
	case DisputedTime:
		return text.Fail(consent.ErrRecordingDisputed, text.RecordingDisputed, utc(f.Container), utc(f.Given))
	}
	if f.Container.IsZero() {
		return text.Fail(consent.ErrRecordingTime, text.RecordingUnknown)
	}
	return text.Fail(consent.ErrRecordingTime, text.RecordingUnbelievable, utc(f.Container))
}

// outside says why a token covers no frame of it; nil where it covers one.
func (f Recording) outside(t consent.Token) error {
	of := t.Covers()
	before, after := f.To.Before(of.From), !f.From.Before(of.To)
	switch {
	case !before && !after:
		return nil
	case t.Purpose == consent.SubjectAccess:
		return text.Fail(consent.ErrOutside, text.RecordingOutside, utc(f.From), utc(f.To), utc(of.From), utc(of.To))
	case after:
		return text.Fail(consent.ErrExpired, text.RecordingAfter, utc(f.From), utc(of.To))
	}
	return text.Fail(consent.ErrNotYetValid, text.RecordingBefore, utc(f.To), utc(of.From))
}

// part is the span of the recording that a token covers.
func (f Recording) part(t consent.Token) (from, to time.Time) {
	from, to = f.From, f.To
	of := t.Covers()
	if of.From.After(from) {
		from = of.From
	}
	if of.To.Before(to) {
		to = of.To
	}
	return from, to
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
