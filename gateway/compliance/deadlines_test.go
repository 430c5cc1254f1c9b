package compliance

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
)

// unfold reads the lines of an iCalendar file and checks their form.
func unfold(t *testing.T, file []byte) []string {
	t.Helper()
	s := string(file)
	if !strings.HasSuffix(s, "\r\n") || !utf8.ValidString(s) || strings.Count(s, "\n") != strings.Count(s, "\r\n") || strings.Count(s, "\r") != strings.Count(s, "\r\n") {
		t.Errorf("the ends of the lines: %q", s)
	}
	for line := range strings.SplitSeq(s, "\r\n") {
		if len(line) > 75 {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n ", ""), "\r\n"), "\r\n")
}

func TestDeadlines(t *testing.T) {
	words := func(s string) Text { return Text{EN: s, ZH: strings.Repeat("备案", 40) + s} }
	r := Report{Time: time.Date(2026, 10, 16, 9, 30, 0, 0, time.FixedZone("", 8*3600)), Clauses: []Clause{
		{ID: "m15", Status: policy.Warn, Due: "2026-10-19", Citation: words("Order 19, Article 15"), Duty: words(`a;b\c`), Evidence: words("two\r\nlines\x07"), Next: words("file")},
		{ID: "m9", Status: policy.Fail, Citation: words("without a day")},
		{ID: "s799-14", Status: policy.Unknown, Due: "2027-01-01", Citation: words("Decree 799")},
	}}
	got := unfold(t, Deadlines("mall", r, text.EN))
	want := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bauta//Deadlines//EN",
		"BEGIN:VEVENT", "UID:m15.mall@bauta", "DTSTAMP:20261016T013000Z", "DTSTART;VALUE=DATE:20261019", `SUMMARY:last day: Order 19\, Article 15`,
		`DESCRIPTION:a\;b\\c\ntwo\nlines\nfile`, "TRANSP:TRANSPARENT", "END:VEVENT",
		"BEGIN:VEVENT", "UID:s799-14.mall@bauta", "DTSTAMP:20261016T013000Z", "DTSTART;VALUE=DATE:20270101", "SUMMARY:last day not known yet\\, earliest: Decree 799",
		`DESCRIPTION:\n\n`, "TRANSP:TRANSPARENT", "END:VEVENT",
		"END:VCALENDAR",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	zh := unfold(t, Deadlines("mall", r, text.ZhCN))
	if said := strings.Join(zh, "\n"); !strings.Contains(said, strings.Repeat("备案", 40)+`Order 19\, Article 15`) || len(zh) != len(want) {
		t.Errorf("%s", said)
	}
	if none := unfold(t, Deadlines("mall", Report{}, text.EN)); len(none) != 4 {
		t.Errorf("without a deadline: %q", none)
	}
}
