package policy

import (
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// Date is a day as 2006-01-02; empty means none.
type Date string

// DateOf is the day of t, by its own clock.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Time is the day's begin in UTC, zero for no valid day.
func (d Date) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// Days is how many days lie between d and the day of now; negative ones lie ahead.
func (d Date) Days(now time.Time) int {
	return int(DateOf(now).Time().Sub(d.Time()).Hours() / 24)
}

// After is the day n days later.
func (d Date) After(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

func valid(field string, d Date) error {
	if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
		return text.Fail(ErrInvalid, text.PolicyDate, field, string(d))
	}
	return nil
}

func optional(field string, d Date) error {
	if d == "" {
		return nil
	}
	return valid(field, d)
}
