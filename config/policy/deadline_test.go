package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// noon is a moment of a day at the site.
func noon(d civil.Date) time.Time { return d.Time().Add(13 * time.Hour) }

// atMall are the facts of the cases' shopping centre on a day, with China's calendar.
func atMall(d civil.Date) *Facts {
	f := good()
	f.Now, f.Calendar = noon(d), civil.China()
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
func expect(t *testing.T, name string, got Finding, want Status, due civil.Date) {
	t.Helper()
	said := got.Evidence.In(text.EN)
	if got.Status != want || got.Due != due || due != "" && !strings.Contains(said, string(due)) {
		t.Errorf("%s: %s, due %q, want %s, due %q: %s", name, got.Status, got.Due, want, due, said)
	}
}

func TestC11bEnrolmentDue(t *testing.T) {
	for _, c := range []struct {
		reached, today civil.Date
		want           Status
		due            civil.Date
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
	f.Calendar = civil.Calendar{}
	expect(t, "without a calendar", find(t, "enrolment_filing", f), Unknown, "2026-10-01")
}

// Once the next year's notice is there, the day is known.
func TestC30bNextYearsFile(t *testing.T) {
	next, err := civil.Parse([]byte("years: [{year: 2027, source: n, off: [2027-01-01..2027-01-03]}]"))
	if err != nil {
		t.Fatal(err)
	}
	f := atMall("2027-01-04")
	enrolled(f, 105000, "2026-11-20")
	f.Calendar = civil.China().With(next)
	expect(t, "last day", find(t, "enrolment_filing", f), Warn, "2027-01-04")
	f.Now = noon("2027-01-05")
	expect(t, "day after", find(t, "enrolment_filing", f), Fail, "2027-01-04")
}

func TestC31OlderSystems(t *testing.T) {
	for _, c := range []struct {
		firstUse, today civil.Date
		want            Status
		due             civil.Date
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
		want civil.Date
	}{
		{Site{}, "2026-10-15"}, {Site{Jurisdiction: "DE"}, "2026-10-15"}, {Site{Jurisdiction: "CN-310115"}, "2026-10-16"},
		{Site{TimeZone: "Asia/Shanghai"}, "2026-10-16"}, {Site{Jurisdiction: "CN", TimeZone: "Europe/Berlin"}, "2026-10-15"},
	} {
		if err := c.site.Check(); err != nil {
			t.Errorf("%+v: %v", c.site, err)
		}
		if got := civil.Of(evening.In(c.site.Location(host))); got != c.want {
			t.Errorf("%+v: %s, want %s", c.site, got, c.want)
		}
	}
	for _, bad := range []string{"Mars/Base", "Local", "../../etc/passwd", "/etc/passwd", "asia shanghai", strings.Repeat("x", 5000)} {
		if err := (Site{TimeZone: bad}).Check(); !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
