package e2e

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// known are the years of the calendar in force, those that the manager brought with a plus.
func known(t *testing.T, client *api.Client) string {
	t.Helper()
	c, err := client.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return yearsOf(c)
}

func yearsOf(c api.Calendar) string {
	var all []string
	for _, y := range c.Years {
		mark := ""
		if y.Own {
			mark = "+"
		}
		all = append(all, strconv.Itoa(y.Year)+mark)
	}
	return strings.Join(all, " ")
}

// The manager brings next year's days off: they count at once and after a restart, are on
// the audit log, and a file that is none changes nothing.
func TestC30bNextYearIsBrought(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if got := known(t, client); got != "2025 2026" {
		t.Errorf("built in: %s", got)
	}
	var refused *api.Error
	for _, bad := range []string{"", "pack: cn", "years: [{year: 2027, source: n, off: [2028-01-01]}]"} {
		if _, err := client.SetCalendar(t.Context(), []byte(bad)); !errors.As(err, &refused) || refused.Code != api.CodeInvalid || refused.Message == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := client.SetCalendar(t.Context(), make([]byte, civil.MaxFile+1)); !errors.As(err, &refused) || refused.Code != api.CodeTooLarge {
		t.Errorf("a large file: %v", err)
	}
	got, err := client.SetCalendar(t.Context(), []byte("years: [{year: 2027, source: notice, off: [2027-01-01..2027-01-03]}]"))
	if err != nil || yearsOf(got) != "2025 2026 2027+" {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := client.SetCalendar(t.Context(), []byte("years: [{year: 2026, source: corrected, off: [2026-01-01]}]")); err != nil {
		t.Fatal(err)
	}
	g.Close()
	g, client = start(t, gateway.Options{Config: cfg})
	if got := known(t, client); got != "2025 2026+ 2027+" {
		t.Errorf("after the restart: %s", got)
	}
	g.Close()
	log := auditLog(t, cfg.Store())
	if !slices.ContainsFunc(log, func(l string) bool {
		return strings.Contains(l, "calendar.changed") && strings.Contains(l, "years=2027 sha256=")
	}) {
		t.Errorf("not on the audit log: %v", log)
	}
}

// C24b: the day is the site's, whatever the host's clock says.
func TestC24bSiteDay(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	for _, name := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago"} { // a day apart, always
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.SetSite(t.Context(), policy.Site{TimeZone: name}); err != nil {
			t.Fatal(err)
		}
		before := civil.Of(time.Now().In(zone))
		c, err := client.Calendar(t.Context())
		if after := civil.Of(time.Now().In(zone)); err != nil || c.Today != before && c.Today != after || c.TimeZone != name {
			t.Errorf("%s: %s in %s, want %s; %v", name, c.Today, c.TimeZone, before, err)
		}
		r, err := client.Compliance(t.Context())
		if _, offset := r.Time.Zone(); err != nil || offset != offsetOf(zone) {
			t.Errorf("%s: evaluated at %v, %v", name, r.Time, err)
		}
		if err := client.Evidence(t.Context(), c.Today, c.Today, filepath.Join(t.TempDir(), "pack.zip")); err != nil {
			t.Error(err)
		}
		recordsOfDay(t, client, name, c.Today)
	}
	var refused *api.Error
	if err := client.SetSite(t.Context(), policy.Site{TimeZone: "Mars/Base"}); !errors.As(err, &refused) || refused.Code != api.CodeInvalid ||
		refused.Message != text.Of(text.EN, text.PolicyTimeZone, "time_zone", "Mars/Base") {
		t.Errorf("a zone of nowhere: %v", err)
	}
}

// recordsOfDay proves that records and answers are of the site's day.
func recordsOfDay(t *testing.T, client *api.Client, name string, today civil.Date) {
	t.Helper()
	complaint := register.Complaint{Date: today, Content: name}
	_, early := client.PutRecord(t.Context(), register.KindComplaint, complaint)
	complaint.Date = today.After(1)
	_, late := client.PutRecord(t.Context(), register.KindComplaint, complaint)
	reply(t, client, policy.AskIncident, policy.Answer{Says: policy.No})
	site, err := client.Site(t.Context())
	if c, err := client.Calendar(t.Context()); err != nil || c.Today != today {
		t.Skipf("midnight came: %s, %v", c.Today, err)
	}
	if early != nil {
		t.Errorf("%s: a record of today: %v", name, early)
	}
	refusedAs(t, name, late, "after today")
	if got := site.Answers[policy.AskIncident]; err != nil || got.Date != today {
		t.Errorf("%s: answered on %s, %v", name, got.Date, err)
	}
}

// What is due stands in the clause and in the file for calendar programs.
func TestDeadlinesFile(t *testing.T) {
	g, client := start(t, gateway.Options{Config: settings(t)})
	m := manager(t, g)
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	if err := client.SetSite(t.Context(), policy.Site{Class: policy.Art7}); err != nil { // the others file nothing
		t.Fatal(err)
	}
	c, err := client.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SetFacts(t.Context(), "gate", policy.Camera{Commissioned: c.Today}); err != nil {
		t.Fatal(err)
	}
	if got := clauseOf(t, client, "s799-14"); got.Due != c.Today.After(30) || got.Status != policy.Warn {
		t.Errorf("%+v", got)
	}
	res := m.send("GET", "/api/v1/deadlines.ics", nil)
	defer res.Body.Close()
	file, err := io.ReadAll(res.Body)
	day := "DTSTART;VALUE=DATE:" + strings.ReplaceAll(string(c.Today.After(30)), "-", "")
	if err != nil || res.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.Contains(string(file), day) {
		t.Errorf("%s, %v\n%s", res.Status, err, file)
	}
}

func offsetOf(zone *time.Location) int {
	_, offset := time.Now().In(zone).Zone()
	return offset
}
