package redact

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mp4"
)

var filmed = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

// The file's own time comes first, what a person says stands in for none, and
// where the two disagree neither is believed.
func TestTimeOfARecording(t *testing.T) {
	now := filmed.AddDate(0, 1, 0)
	var none time.Time
	for _, c := range []struct {
		what             string
		container, given time.Time
		source           TimeSource
		from             time.Time
		code             string
	}{
		{"the file's", filmed, none, FromContainer, filmed, ""},
		{"a person's", none, filmed, FromPerson, filmed, ""},
		{"both, the same", filmed, filmed.Add(consent.Skew), FromContainer, filmed, ""},
		{"neither", none, none, NoTime, none, "film_time_unknown"},
		{"a minute and a second apart", filmed, filmed.Add(-consent.Skew - time.Second), DisputedTime, none, "film_time_disputed"},
		{"the file's in local time", filmed.Add(8 * time.Hour), filmed, DisputedTime, none, "film_time_disputed"},
		{"a clock that was never set", time.Date(2000, 1, 1, 0, 3, 0, 0, time.UTC), none, NoTime, none, "film_time_unknown"},
		{"never set, and a person's", time.Date(1970, 1, 1, 0, 0, 9, 0, time.UTC), filmed, FromPerson, filmed, ""},
		{"yet to come", now.Add(time.Hour), none, NoTime, none, "film_time_unknown"},
		{"yet to come, and a person's", now.Add(time.Hour), filmed, FromPerson, filmed, ""},
		{"just now", now.Add(consent.Skew), none, FromContainer, now.Add(consent.Skew), ""},
	} {
		f := recordingOf(mp4.Info{Created: c.container, Duration: 900, Timescale: 30}, c.given, now)
		if f.Source != c.source || !f.From.Equal(c.from) || f.Container != c.container || f.Given != c.given {
			t.Errorf("%s: %+v", c.what, f)
		}
		if err := f.unknown(consent.Token{}); consent.Code(err) != c.code || (err == nil) != (c.code == "") {
			t.Errorf("%s: %v", c.what, err)
		}
		if known := !c.from.IsZero(); known != (f.To.Sub(f.From) == 30*time.Second) {
			t.Errorf("%s: it ends at %v", c.what, f.To)
		}
	}
}

// hourFrom is a recording of an hour that begins so long after the others.
func hourFrom(begin time.Duration) Recording {
	return Recording{Source: FromContainer, From: filmed.Add(begin), To: filmed.Add(begin + time.Hour)}
}

// tokenAt is signed at the time of the recording, for a day; f changes it.
func tokenAt(t *testing.T, f func(*consent.Token)) string {
	return consenttest.Token(t, func(c *consent.Token) {
		inRedact(c)
		c.Issued, c.NotBefore, c.Expires = filmed, filmed, filmed.Add(24*time.Hour)
		f(c)
	})
}

// What a token shows in a recording is decided by when the file was recorded.
func TestTokensByTheTimeOfTheRecording(t *testing.T) {
	day := 24 * time.Hour
	access := func(from, to time.Duration, more func(*consent.Token)) string {
		return tokenAt(t, func(c *consent.Token) {
			c.Purpose, c.Footage = consent.SubjectAccess, consent.Footage{From: filmed.Add(from), To: filmed.Add(to)}
			c.Issued, c.NotBefore, c.Expires = filmed.Add(30*day), filmed.Add(30*day), filmed.Add(40*day)
			if more != nil {
				more(c)
			}
		})
	}
	care := tokenAt(t, func(*consent.Token) {})
	for _, c := range []struct {
		what, raw string
		recording Recording
		code      string
		from, to  time.Duration // what is shown, from when it was filmed on
	}{
		{"care, while it counted", care, hourFrom(0), "", 0, time.Hour},
		{"care, over today", care, hourFrom(23 * time.Hour), "", 23 * time.Hour, day},
		{"care, the film runs past its end", care, hourFrom(day - 30*time.Minute), "", day - 30*time.Minute, day},
		{"care, film after its end", care, hourFrom(day), "expired", 0, 0},
		{"care, film before it", care, hourFrom(-2 * time.Hour), "not_yet_valid", 0, 0},
		{"care, the film begins before it", care, hourFrom(-30 * time.Minute), "", 0, 30 * time.Minute},
		{"care that begins after the film", tokenAt(t, func(c *consent.Token) { c.NotBefore = filmed.Add(2 * time.Hour) }), hourFrom(0), "not_yet_valid", 0, 0},
		{"care, dated back by its issuer", tokenAt(t, func(c *consent.Token) { c.NotBefore, c.Issued = filmed.Add(-day), filmed.Add(2*time.Hour) }), hourFrom(0), "not_yet_valid", 0, 0},
		{"access", access(-day, day, nil), hourFrom(0), "", 0, time.Hour},
		{"access, the film runs past it", access(0, 10*time.Minute, nil), hourFrom(0), "", 0, 10 * time.Minute},
		{"access to other film", access(-day, 0, nil), hourFrom(0), "outside_footage", 0, 0},
		{"access to later film", access(2*time.Hour, day, nil), hourFrom(0), "outside_footage", 0, 0},
		{"access that is over today", access(-day, day, func(c *consent.Token) { c.Expires = c.Issued.Add(time.Hour) }), hourFrom(0), "expired", 0, 0},
		{"access that begins tomorrow", access(-day, day, func(c *consent.Token) { c.NotBefore = c.Issued.Add(2 * day) }), hourFrom(0), "not_yet_valid", 0, 0},
		{"access without footage", tokenAt(t, func(c *consent.Token) { c.Purpose = consent.SubjectAccess }), hourFrom(0), "no_footage", 0, 0},
		{"no time", care, Recording{Source: NoTime}, "film_time_unknown", 0, 0},
		{"a time that cannot be", care, Recording{Source: NoTime, Container: firstRecording.AddDate(-20, 0, 0)}, "film_time_unknown", 0, 0},
		{"no time, access", access(-day, day, nil), Recording{Source: NoTime}, "film_time_unknown", 0, 0},
		{"two times", care, Recording{Source: DisputedTime, Container: filmed, Given: filmed.Add(day)}, "film_time_disputed", 0, 0},
	} {
		j := terms()
		j.Rules.Now = filmed.Add(31 * day)
		if strings.HasPrefix(c.what, "access") || strings.HasSuffix(c.what, "access") {
			j.Purpose = consent.SubjectAccess
		}
		all := j.Evaluate(c.recording, []string{c.raw}, []string{"t.jwt"})
		one := all.Tokens[0]
		if one.Used != (c.code == "") || one.Code != c.code || one.Used == (one.Message != "") {
			t.Errorf("%s: %+v", c.what, one)
			continue
		}
		shown := len(granted(t, all)) == 1
		if shown != one.Used {
			t.Errorf("%s: granted %v", c.what, shown)
		}
		if one.Used && (!one.From.Equal(filmed.Add(c.from)) || !one.To.Equal(filmed.Add(c.to))) {
			t.Errorf("%s: shown from %v until %v", c.what, one.From, one.To)
		}
		j.Lang = text.ZhCN
		if zh := j.Evaluate(c.recording, []string{c.raw}, []string{"t.jwt"}).Tokens[0]; !one.Used && (zh.Message == one.Message || strings.Contains(zh.Message+one.Message, "%!")) {
			t.Errorf("%s: %q", c.what, zh.Message)
		}
	}
}

// The purpose of the copy decides, not that of any token.
func TestACopyHasOnePurpose(t *testing.T) {
	j := terms()
	j.Rules.Now = filmed.Add(2 * time.Hour)
	raws := []string{tokenAt(t, func(*consent.Token) {}), tokenAt(t, func(c *consent.Token) { c.Purpose, c.Badge = "event", 8 }),
		tokenAt(t, func(c *consent.Token) {
			c.Purpose, c.Badge, c.Footage = consent.SubjectAccess, 9, consent.Footage{From: filmed, To: filmed.Add(time.Hour)}
		})}
	for purpose, want := range map[string]int{"care": 0, "event": 1, consent.SubjectAccess: 2, "access-control": -1} {
		j.Purpose = purpose
		all := j.Evaluate(hourFrom(0), raws, []string{"0", "1", "2"})
		for i, one := range all.Tokens {
			if one.Used != (i == want) || !one.Used && one.Code != "wrong_purpose" {
				t.Errorf("for %s: %+v", purpose, one)
			}
		}
		if all.Purpose != purpose {
			t.Errorf("the report says %q, want %q", all.Purpose, purpose)
		}
	}
}
