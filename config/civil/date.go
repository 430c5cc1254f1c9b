// Package civil tells days and working days: a Date is a day of the site's calendar without
// an hour, a Calendar has the days off and the moved working days of the years that it knows.
//
// In: dates as people write them, files of the State Council's notices. Out: days, and how
// many working days lie between two; known is false where a year is missing. It has no clock.
package civil

import (
	"time"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// Date is a day as 2006-01-02; empty means none.
type Date string

// Of is the day of t, by its own clock.
func Of(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time is the day's begin in UTC, zero for no valid day.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// Days is how many days lie between d and the day of now; negative ones lie ahead.
func (d Date) Days(now time.Time) int {
	return int(Of(now).Time().Sub(d.Time()).Hours() / 24)
}

// After is the day n days later.
func (d Date) After(n int) Date { return Of(d.Time().AddDate(0, 0, n)) }

// Begin is the first moment of the day in a time zone.
func (d Date) Begin(zone *time.Location) time.Time {
	year, month, day := d.Time().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// End is the last second of the day in a time zone.
func (d Date) End(zone *time.Location) time.Time { return d.After(1).Begin(zone).Add(-time.Second) }

// Last is the day that ends with a moment; false where the moment is within its day, so that the
// hour says something.
func Last(t time.Time) (Date, bool) {
	last := t.Add(-time.Second)
	return Of(last), last.Hour() == 23 && last.Minute() == 59
}

func Valid(name string, d Date) error {
	if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
		return text.Fail(field.ErrInvalid, text.PolicyDate, text.Field(name), string(d))
	}
	return nil
}

func Optional(name string, d Date) error {
	if d == "" {
		return nil
	}
	return Valid(name, d)
}
