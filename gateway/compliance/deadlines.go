package compliance

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
)

// maxContentLine is how long a line of an iCalendar file should be at most, in bytes
// without its end (RFC 5545, 3.1).
const maxContentLine = 75

// Deadlines is an iCalendar file (RFC 5545) with the last day of each clause that has
// one, for the calendar programs of people. A clause keeps its UID, so that a program
// that asks again moves the entry. Without a deadline the file has no entries.
func Deadlines(gateway string, r Report, lang text.Lang) []byte {
	var b strings.Builder
	put := func(line string) { b.WriteString(fold(line)) }
	put("BEGIN:VCALENDAR")
	put("VERSION:2.0")
	put("PRODID:-//Bauta//Deadlines//EN")
	for _, c := range r.Clauses {
		if c.Due == "" {
			continue
		}
		title := text.DeadlineLast
		if c.Status == policy.Unknown {
			title = text.DeadlineEarliest
		}
		put("BEGIN:VEVENT")
		put("UID:" + escape(c.ID+"."+gateway) + "@bauta")
		put("DTSTAMP:" + r.Time.UTC().Format("20060102T150405Z"))
		put("DTSTART;VALUE=DATE:" + c.Due.Time().Format("20060102"))
		put("SUMMARY:" + escape(text.Of(lang, title, c.Citation)))
		put("DESCRIPTION:" + escape(strings.Join([]string{c.Duty.In(lang), c.Evidence.In(lang), c.Next.In(lang)}, "\n")))
		put("TRANSP:TRANSPARENT") // nobody is busy because of it
		put("END:VEVENT")
	}
	put("END:VCALENDAR")
	return []byte(b.String())
}

// escape makes a value of type TEXT (RFC 5545, 3.3.11), without other control characters.
func escape(s string) string {
	s = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "?"))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// fold breaks a line between characters and ends it; what goes on begins with a space.
func fold(line string) string {
	var b strings.Builder
	size := 0
	for _, r := range line {
		if size+utf8.RuneLen(r) > maxContentLine {
			b.WriteString("\r\n ")
			size = 1
		}
		b.WriteRune(r)
		size += utf8.RuneLen(r)
	}
	b.WriteString("\r\n")
	return b.String()
}
