package civil

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// on is a moment of a day at the site.
func on(d Date) time.Time { return d.Time().Add(13 * time.Hour) }

// Days that were counted by hand, the first of them by the authority itself.
func TestC30WorkingDays(t *testing.T) {
	for _, c := range []struct {
		from Date
		n    int
		want Date
	}{
		{"2025-06-01", 30, "2025-07-14"}, {"2026-01-12", 30, "2026-02-28"}, {"2026-08-10", 30, "2026-09-20"}, {"2026-09-01", 30, "2026-10-19"},
		{"2026-04-20", 20, "2026-05-20"}, {"2026-02-13", 1, "2026-02-14"}, {"2026-02-14", 1, "2026-02-24"}, {"2026-10-15", 0, "2026-10-15"},
	} {
		got, known := China().After(c.from, c.n)
		if got != c.want || !known {
			t.Errorf("%d working days after %s: %s, want %s (known: %v)", c.n, c.from, got, c.want, known)
		}
		if left := China().Until(c.want, on(c.from)); left != c.n {
			t.Errorf("from %s to %s: %d working days, want %d", c.from, c.want, left, c.n)
		}
	}
	if got := China().Until("2026-10-01", on("2026-10-15")); got != 0 {
		t.Errorf("a day that is over: %d", got)
	}
}

// A count that gets to a year without a notice is an estimate, and the earliest day.
func TestC30bUnknownYear(t *testing.T) {
	for _, c := range []struct {
		calendar Calendar
		from     Date
		n        int
		want     Date
	}{
		{China(), "2026-11-20", 30, "2027-01-01"},
		{China(), "2026-12-25", 7, "2027-01-03"}, // a Sunday may be moved
		{China(), "2024-12-30", 2, "2025-01-02"}, // and 31 December off
		{Calendar{}, "2026-10-01", 30, "2026-10-31"},
	} {
		if got, known := c.calendar.After(c.from, c.n); got != c.want || known {
			t.Errorf("%d working days after %s: %s, want %s at the earliest (known: %v)", c.n, c.from, got, c.want, known)
		}
	}
	if got, known := China().After("2026-11-19", 30); got != "2026-12-31" || !known {
		t.Errorf("the last known day is %s (known: %v)", got, known)
	}
}

// A December may be changed by the notice of the year after it.
func TestDecemberOfTheYearBefore(t *testing.T) {
	c, err := Parse([]byte("years: [{year: 2027, source: n, off: [2026-12-31..2027-01-02], work: [2026-12-27]}]"))
	if err != nil {
		t.Fatal(err)
	}
	c = China().With(c)
	for d, want := range map[Date]bool{"2026-12-25": true, "2026-12-26": false, "2026-12-27": true, "2026-12-31": false, "2027-01-04": true} {
		if got, known := c.Working(d); got != want || !known {
			t.Errorf("%s: %v, want %v (known: %v)", d, got, want, known)
		}
	}
}

// randomYear is a year of which every eighth day is off or a moved working one.
func randomYear(r *rand.Rand, year int) Notice {
	y := Notice{Year: year, Source: "random"}
	for d := Date(fmt.Sprintf("%d-01-01", year)); d.Time().Year() == year; d = d.After(1) {
		switch {
		case r.IntN(8) > 0:
		case weekday(d):
			y.Off = append(y.Off, d)
		default:
			y.Work = append(y.Work, d)
		}
	}
	return y
}

// Whatever the notice of an unknown year will say, the day is none before the estimate;
// and where all is known, counting there and back agrees, and more days end later.
func TestCountingHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 4))
	for range 500 {
		all := Calendar{[]Notice{randomYear(r, 2026), randomYear(r, 2027), randomYear(r, 2028)}}
		from, n := Date("2026-01-01").After(r.IntN(700)), 1+r.IntN(40)
		day, known := all.After(from, n)
		if working, _ := all.Working(day); !known || !working || day <= from {
			t.Fatalf("%d working days after %s are on %s (known: %v)", n, from, day, known)
		}
		if left := all.Until(day, on(from)); left != n {
			t.Fatalf("%d working days from %s to %s, want %d", left, from, day, n)
		}
		if before, _ := all.After(from, n-1); before >= day {
			t.Fatalf("%d working days after %s: %s, one more: %s", n-1, from, before, day)
		}
		for missing := range all.Years {
			some := Calendar{append(append([]Notice{}, all.Years[:missing]...), all.Years[missing+1:]...)}
			if estimate, known := some.After(from, n); estimate > day || known && estimate != day {
				t.Fatalf("%d working days after %s without %d: %s, the law says %s", n, from, all.Years[missing].Year, estimate, day)
			}
		}
	}
}

func TestCalendarFiles(t *testing.T) {
	const good = "years: [{year: 2027, source: notice, off: [2027-01-01..2027-01-03, 2027-02-06], work: [2027-02-14]}]"
	c, err := Parse([]byte(good))
	if err != nil || len(c.Years) != 1 || len(c.Years[0].Off) != 4 || c.Years[0].Off[2] != "2027-01-03" || c.Years[0].Work[0] != "2027-02-14" {
		t.Fatalf("%+v, %v", c, err)
	}
	written, err := json.Marshal(China().With(c))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(written)
	if err != nil || len(again.Years) != 3 || again.Years[0].Year != 2025 || again.Years[2].Source != "notice" {
		t.Errorf("its JSON is read as %+v, %v", again, err)
	}
	for name, bad := range map[string]string{
		"empty": "", "no YAML": "years: [", "another thing": "pack: cn", "no years": "years: []", "unknown key": strings.Replace(good, "off", "of", 1),
		"no source": strings.Replace(good, "notice", `" "`, 1), "long source": strings.Replace(good, "notice", strings.Repeat("n", 301), 1),
		"line break": strings.Replace(good, "notice", `"a\nb"`, 1), "year": strings.Replace(good, "2027", "1999", 1), "other year": strings.Replace(good, "2027-02-06", "2028-02-06", 1),
		"November": strings.Replace(good, "2027-02-06", "2026-11-30", 1), "no day": strings.Replace(good, "2027-02-06", "2027-02-30", 1),
		"backwards": strings.Replace(good, "2027-01-03", "2026-12-31", 1), "half a span": strings.Replace(good, "2027-02-06", "2027-02-06..", 1),
		"long span": strings.Replace(good, "2027-01-03", "2027-08-03", 1), "weekday": strings.Replace(good, "2027-02-14", "2027-02-15", 1),
		"both": strings.Replace(good, "2027-02-14", "2027-01-02", 1), "twice": strings.Replace(good, "2027-02-06", "2027-01-02", 1),
		"nothing off": strings.Replace(good, "2027-01-01..2027-01-03, 2027-02-06", "", 1),
		"year twice":  good[:len(good)-1] + ", {year: 2027, source: s, off: [2027-01-01]}]", "large": good + strings.Repeat(" ", MaxFile),
	} {
		_, err := Parse([]byte(bad))
		if !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, lang := range text.Langs {
			if said := text.Explain(lang, err); strings.Contains(said, "%!") || strings.Contains(said, "\n") {
				t.Errorf("%s: %q", name, said)
			}
		}
	}
}

// What is read is a calendar that can be counted with, and is read again as it was.
func FuzzCalendar(f *testing.F) {
	b, err := os.ReadFile("calendar-cn.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("years: [{year: 2027, source: n, off: [2026-12-31..2027-01-02], work: [2026-12-27]}]"))
	f.Add([]byte("a: &a [2027-01-01]\nyears: [{year: 2027, source: n, off: *a}]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b)
		if err != nil {
			if !errors.Is(err, field.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		day, _ := c.After("2026-11-20", 30)
		written, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if same, _ := again.After("2026-11-20", 30); same != day {
			t.Errorf("%s became %s", day, same)
		}
	})
}
