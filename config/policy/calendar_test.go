package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

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
		got, known := ChinaCalendar().After(c.from, c.n)
		if got != c.want || !known {
			t.Errorf("%d working days after %s: %s, want %s (known: %v)", c.n, c.from, got, c.want, known)
		}
		if left := ChinaCalendar().Until(c.want, on(c.from)); left != c.n {
			t.Errorf("from %s to %s: %d working days, want %d", c.from, c.want, left, c.n)
		}
	}
	if got := ChinaCalendar().Until("2026-10-01", on("2026-10-15")); got != 0 {
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
		{ChinaCalendar(), "2026-11-20", 30, "2027-01-01"},
		{ChinaCalendar(), "2026-12-25", 7, "2027-01-03"}, // a Sunday may be moved
		{ChinaCalendar(), "2024-12-30", 2, "2025-01-02"}, // and 31 December off
		{Calendar{}, "2026-10-01", 30, "2026-10-31"},
	} {
		if got, known := c.calendar.After(c.from, c.n); got != c.want || known {
			t.Errorf("%d working days after %s: %s, want %s at the earliest (known: %v)", c.n, c.from, got, c.want, known)
		}
	}
	if got, known := ChinaCalendar().After("2026-11-19", 30); got != "2026-12-31" || !known {
		t.Errorf("the last known day is %s (known: %v)", got, known)
	}
}

// A December may be changed by the notice of the year after it.
func TestDecemberOfTheYearBefore(t *testing.T) {
	c, err := ParseCalendar([]byte("years: [{year: 2027, source: n, off: [2026-12-31..2027-01-02], work: [2026-12-27]}]"))
	if err != nil {
		t.Fatal(err)
	}
	c = ChinaCalendar().With(c)
	for d, want := range map[Date]bool{"2026-12-25": true, "2026-12-26": false, "2026-12-27": true, "2026-12-31": false, "2027-01-04": true} {
		if got, known := c.Working(d); got != want || !known {
			t.Errorf("%s: %v, want %v (known: %v)", d, got, want, known)
		}
	}
}

// randomYear is a year of which every eighth day is off or a moved working one.
func randomYear(r *rand.Rand, year int) CalendarYear {
	y := CalendarYear{Year: year, Source: "random"}
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
		all := Calendar{[]CalendarYear{randomYear(r, 2026), randomYear(r, 2027), randomYear(r, 2028)}}
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
			some := Calendar{append(append([]CalendarYear{}, all.Years[:missing]...), all.Years[missing+1:]...)}
			if estimate, known := some.After(from, n); estimate > day || known && estimate != day {
				t.Fatalf("%d working days after %s without %d: %s, the law says %s", n, from, all.Years[missing].Year, estimate, day)
			}
		}
	}
}

func TestCalendarFiles(t *testing.T) {
	const good = "years: [{year: 2027, source: notice, off: [2027-01-01..2027-01-03, 2027-02-06], work: [2027-02-14]}]"
	c, err := ParseCalendar([]byte(good))
	if err != nil || len(c.Years) != 1 || len(c.Years[0].Off) != 4 || c.Years[0].Off[2] != "2027-01-03" || c.Years[0].Work[0] != "2027-02-14" {
		t.Fatalf("%+v, %v", c, err)
	}
	written, err := json.Marshal(ChinaCalendar().With(c))
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseCalendar(written)
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
		"year twice":  good[:len(good)-1] + ", {year: 2027, source: s, off: [2027-01-01]}]", "large": good + strings.Repeat(" ", MaxCalendar),
	} {
		_, err := ParseCalendar([]byte(bad))
		if !errors.Is(err, ErrInvalid) {
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
	b, err := os.ReadFile("packs/calendar-cn.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("years: [{year: 2027, source: n, off: [2026-12-31..2027-01-02], work: [2026-12-27]}]"))
	f.Add([]byte("a: &a [2027-01-01]\nyears: [{year: 2027, source: n, off: *a}]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCalendar(b)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		day, _ := c.After("2026-11-20", 30)
		written, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseCalendar(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if same, _ := again.After("2026-11-20", 30); same != day {
			t.Errorf("%s became %s", day, same)
		}
	})
}

// atMall are the facts of the cases' shopping centre on a day, with China's calendar.
func atMall(d Date) *Facts {
	f := good()
	f.Now, f.Calendar = on(d), ChinaCalendar()
	return f
}

// find runs a clause of the national pack.
func find(t *testing.T, check string, f *Facts) Finding {
	t.Helper()
	for _, c := range Load("cn-2025").Clauses {
		if c.Check == check {
			return c.Run(f)
		}
	}
	t.Fatalf("no clause with check %s", check)
	return Finding{}
}

// expect compares a finding with what a case wants; a day that is due is told in it.
func expect(t *testing.T, name string, got Finding, want Status, due Date) {
	t.Helper()
	said := got.Evidence.In(text.EN)
	if got.Status != want || got.Due != due || due != "" && !strings.Contains(said, string(due)) {
		t.Errorf("%s: %s, due %q, want %s, due %q: %s", name, got.Status, got.Due, want, due, said)
	}
}

func TestC11bEnrolmentDue(t *testing.T) {
	for _, c := range []struct {
		reached, today Date
		want           Status
		due            Date
	}{
		{"2026-09-01", "2026-10-16", Warn, "2026-10-19"}, {"2026-09-01", "2026-10-19", Warn, "2026-10-19"}, {"2026-09-01", "2026-10-20", Fail, "2026-10-19"},
		{"2026-08-10", "2026-09-20", Warn, "2026-09-20"}, {"2026-08-10", "2026-09-21", Fail, "2026-09-20"},
		{"2026-01-12", "2026-02-28", Warn, "2026-02-28"}, {"2025-06-01", "2025-07-14", Warn, "2025-07-14"}, {"2025-06-01", "2025-07-15", Fail, "2025-07-14"},
		{"2024-01-01", "2025-07-14", Warn, "2025-07-14"}, // those of before the order
		{"2026-11-20", "2026-12-01", Unknown, "2027-01-01"}, {"2026-11-20", "2027-01-04", Unknown, "2027-01-01"},
	} {
		f := atMall(c.today)
		enrolled(f, 105000, c.reached)
		expect(t, fmt.Sprintf("reached %s, today %s", c.reached, c.today), find(t, "enrolment_filing", f), c.want, c.due)
	}
	f := atMall("2026-10-16")
	enrolled(f, 105000, "2026-09-01")
	if said := find(t, "enrolment_filing", f).Evidence.In(text.EN); !strings.Contains(said, "1 working days left") {
		t.Errorf("%q", said)
	}
	f.Calendar = Calendar{}
	expect(t, "without a calendar", find(t, "enrolment_filing", f), Unknown, "2026-10-01")
}

// Once the next year's notice is there, the day is known.
func TestC30bNextYearsFile(t *testing.T) {
	next, err := ParseCalendar([]byte("years: [{year: 2027, source: n, off: [2027-01-01..2027-01-03]}]"))
	if err != nil {
		t.Fatal(err)
	}
	f := atMall("2027-01-04")
	enrolled(f, 105000, "2026-11-20")
	f.Calendar = ChinaCalendar().With(next)
	expect(t, "last day", find(t, "enrolment_filing", f), Warn, "2027-01-04")
	f.Now = on("2027-01-05")
	expect(t, "day after", find(t, "enrolment_filing", f), Fail, "2027-01-04")
}

func TestC31OlderSystems(t *testing.T) {
	for _, c := range []struct {
		firstUse, today Date
		want            Status
		due             Date
	}{
		{"2019-03-01", "2025-06-30", Warn, "2025-06-30"}, {"2019-03-01", "2025-07-01", Fail, "2025-06-30"}, {"2025-03-31", "2025-06-30", Warn, "2025-06-30"},
		{"2025-04-01", "2025-05-01", Warn, "2025-05-01"}, {"2025-04-01", "2025-05-02", Fail, "2025-05-01"},
		// Natural days: the last one stays though it is in the National Day holiday.
		{"2026-09-02", "2026-10-02", Warn, "2026-10-02"}, {"2026-09-02", "2026-10-03", Fail, "2026-10-02"},
		// C20b: thirty days after 2026-08-20.
		{"2026-08-20", "2026-09-19", Warn, "2026-09-19"}, {"2026-08-20", "2026-09-20", Fail, "2026-09-19"},
	} {
		f := atMall(c.today)
		f.Cameras[0].Commissioned, f.Records.Filings = c.firstUse, nil
		expect(t, fmt.Sprintf("in use since %s, today %s", c.firstUse, c.today), find(t, "system_filing", f), c.want, c.due)
	}
}

// The days in the packs that checks count from are those of their instruments.
func TestPacksCountFromTheDayInForce(t *testing.T) {
	p := Load("cn-2025")
	for _, c := range p.Clauses {
		if from := c.Params.date("in_force"); from != "" && from != p.Instrument(c.Instrument).InForce {
			t.Errorf("%s counts from %s, its instrument from %s", c.ID, from, p.Instrument(c.Instrument).InForce)
		}
	}
}

// C24b: the day is the site's.
func TestC24bTimeZone(t *testing.T) {
	host := time.FixedZone("host", -5*3600)
	evening := time.Date(2026, 10, 15, 18, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		site Site
		want Date
	}{
		{Site{}, "2026-10-15"}, {Site{Jurisdiction: "DE"}, "2026-10-15"}, {Site{Jurisdiction: "CN-310115"}, "2026-10-16"},
		{Site{TimeZone: "Asia/Shanghai"}, "2026-10-16"}, {Site{Jurisdiction: "CN", TimeZone: "Europe/Berlin"}, "2026-10-15"},
	} {
		if err := c.site.Check(); err != nil {
			t.Errorf("%+v: %v", c.site, err)
		}
		if got := DateOf(evening.In(c.site.Location(host))); got != c.want {
			t.Errorf("%+v: %s, want %s", c.site, got, c.want)
		}
	}
	for _, bad := range []string{"Mars/Base", "Local", "../../etc/passwd", "/etc/passwd", "asia shanghai", strings.Repeat("x", 5000)} {
		if err := (Site{TimeZone: bad}).Check(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
