package civil

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// Calendar tells which days are working days: Monday to Friday without the days off,
// and with the moved working days. The zero Calendar knows no year.
type Calendar struct {
	// Years in their order, each once.
	Years []Notice `json:"years"`
}

// Notice are the days of one year's notice. Those of the December before may be
// among them, for a new year's holiday that begins there.
type Notice struct {
	Year int `json:"year"`
	// Source is the notice that the days are from.
	Source string `json:"source"`
	// Off are days off, also those that fall on a weekend; Work are the Saturdays
	// and Sundays that are worked instead.
	Off  []Date `json:"off"`
	Work []Date `json:"work"`
}

// The bounds of a calendar. China's notices have some 30 days off and 5 to 8 moved ones.
const (
	// MaxFile is how long a file may be, in bytes.
	MaxFile          = 32 << 10
	maxCalendarYears = 20
	maxDaysOff       = 100
	maxSource        = 300 // bytes
	firstYear        = 2000
	lastYear         = 2100
)

//go:embed calendar-cn.yaml
var china []byte

// chinese is the calendar that comes with the program. A mistake in it stops the program,
// and the tests of this package before that.
var chinese = sync.OnceValue(func() Calendar {
	c, err := Parse(china)
	if err != nil {
		panic(fmt.Sprintf("civil: calendar: %v", err))
	}
	return c
})

// China is China's calendar as far as it was known at the release. It is shared:
// do not write to it.
func China() Calendar { return chinese() }

// calendarFile is a calendar as it is written: days alone or as first..last.
type calendarFile struct {
	Years []struct {
		Year   int      `yaml:"year"`
		Source string   `yaml:"source"`
		Off    []string `yaml:"off"`
		Work   []string `yaml:"work"`
	} `yaml:"years"`
}

// Parse reads a file such as calendar-cn.yaml; the JSON of a Calendar is one
// too. It refuses, with an ErrInvalid, whatever could be a slip: unknown keys, a year twice,
// days of another year, days that are both off and worked, moved working days that are none.
func Parse(b []byte) (Calendar, error) {
	if len(b) > MaxFile {
		return Calendar{}, text.Fail(field.ErrInvalid, text.CalendarLarge, MaxFile)
	}
	var in calendarFile
	if err := yaml.UnmarshalWithOptions(b, &in, yaml.Strict()); err != nil {
		return Calendar{}, text.Fail(field.ErrInvalid, text.CalendarFile, yaml.FormatError(err, false, false))
	}
	if len(in.Years) == 0 || len(in.Years) > maxCalendarYears {
		return Calendar{}, text.Fail(field.ErrInvalid, text.CalendarYears, len(in.Years), maxCalendarYears)
	}
	var c Calendar
	for _, y := range in.Years {
		year := Notice{Year: y.Year, Source: y.Source}
		var err, err2 error
		year.Off, err = year.days(y.Off)
		year.Work, err2 = year.days(y.Work)
		if err := field.First(err, err2, year.check(c)); err != nil {
			return Calendar{}, err
		}
		c.Years = append(c.Years, year)
	}
	slices.SortFunc(c.Years, func(a, b Notice) int { return a.Year - b.Year })
	return c, nil
}

// days reads a list of days, in order.
func (y Notice) days(list []string) ([]Date, error) {
	all := []Date{}
	for _, one := range list {
		from, to, isRange := strings.Cut(one, "..")
		if !isRange {
			to = from
		}
		first, last := Date(from), Date(to)
		if !y.covers(first) || !y.covers(last) || last < first {
			return nil, text.Fail(field.ErrInvalid, text.CalendarDay, one, y.Year)
		}
		for d := first; d <= last; d = d.After(1) {
			if all = append(all, d); len(all) > maxDaysOff {
				return nil, text.Fail(field.ErrInvalid, text.CalendarDays, y.Year, maxDaysOff)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

// covers reports whether the year's notice may name a day.
func (y Notice) covers(d Date) bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && (t.Year() == y.Year || t.Year() == y.Year-1 && t.Month() == time.December)
}

func (y Notice) check(others Calendar) error {
	if y.Year < firstYear || y.Year > lastYear || others.Has(y.Year) {
		return text.Fail(field.ErrInvalid, text.CalendarYear, y.Year)
	}
	if len(y.Source) > maxSource || strings.TrimSpace(y.Source) == "" {
		return text.Fail(field.ErrInvalid, text.CalendarSource, y.Year, maxSource)
	}
	if len(y.Off) == 0 { // every year has a New Year's Day
		return text.Fail(field.ErrInvalid, text.CalendarNoDays, y.Year)
	}
	for _, d := range y.Work {
		if weekday(d) {
			return text.Fail(field.ErrInvalid, text.CalendarWeekday, string(d))
		}
	}
	all := slices.Sorted(slices.Values(slices.Concat(y.Off, y.Work)))
	for i, d := range all[1:] {
		if d == all[i] {
			return text.Fail(field.ErrInvalid, text.CalendarTwice, string(d))
		}
	}
	return field.Line("source", y.Source)
}

// Has reports whether the calendar knows a year.
func (c Calendar) Has(year int) bool {
	return slices.ContainsFunc(c.Years, func(y Notice) bool { return y.Year == year })
}

// With is the calendar with the years of another one, which take the place of its own.
func (c Calendar) With(other Calendar) Calendar {
	years := slices.Clone(other.Years)
	for _, y := range c.Years {
		if !other.Has(y.Year) {
			years = append(years, y)
		}
	}
	slices.SortFunc(years, func(a, b Notice) int { return a.Year - b.Year })
	return Calendar{years}
}

// Working reports whether a day is a working one; known is false where the calendar
// cannot tell, since any day of a year without a notice may become either. A December is
// known by the notice of its own year, though now and then the next one changes some days.
func (c Calendar) Working(d Date) (working, known bool) {
	for _, y := range slices.Backward(c.Years) { // of a December the later notice says more
		if slices.Contains(y.Work, d) {
			return true, true
		}
		if slices.Contains(y.Off, d) {
			return false, true
		}
	}
	return weekday(d), c.Has(d.Time().Year())
}

// After is the day n working days after d, which is not counted itself. Where the count
// gets to a day that the calendar does not know, known is false and the day is the
// earliest one that the law can mean: every unknown day is counted, weekends too, as one of
// them may be moved to before the holiday that it is worked for.
func (c Calendar) After(d Date, n int) (day Date, known bool) {
	known = true
	for n > 0 {
		d = d.After(1)
		working, sure := c.Working(d)
		if working || !sure {
			n--
		}
		known = known && sure
	}
	return d, known
}

// Until counts the working days after the day of now up to d, which is one of a known
// year; 0 where d is today or over.
func (c Calendar) Until(d Date, now time.Time) (n int) {
	for day := Of(now).After(1); day <= d; day = day.After(1) {
		if working, _ := c.Working(day); working {
			n++
		}
	}
	return n
}

func weekday(d Date) bool {
	w := d.Time().Weekday()
	return w != time.Saturday && w != time.Sunday
}
