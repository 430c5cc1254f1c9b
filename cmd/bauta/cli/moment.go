package cli

import (
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// Moment is a day or a minute on the command line, in this PC's time zone.
type Moment struct {
	at  time.Time
	Day bool
}

// UnmarshalText reads what users type.
func (m *Moment) UnmarshalText(b []byte) error {
	s := string(b)
	if at, err := time.ParseInLocation("2006-01-02", s, time.Local); err == nil {
		*m = Moment{at, true}
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if at, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			*m = Moment{at, false}
			return nil
		}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return text.Fail(err, text.UsageMoment, s)
	}
	*m = Moment{at, false}
	return nil
}

// Begin is the moment in UTC, or the first one of the day.
func (m *Moment) Begin() time.Time { return m.at.UTC().Truncate(time.Second) }

// End of a day is its last moment: who writes a date means to include it.
func (m *Moment) End() time.Time {
	if m.Day {
		return m.at.AddDate(0, 0, 1).UTC()
	}
	return m.Begin()
}
