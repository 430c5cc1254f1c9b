package policy

import (
	"strings"
	"time"

	// The names of time zones are the same on every host, whatever is installed there.
	_ "time/tzdata"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// date reads a day that a pack writes as a number, such as 20250401; empty where
// the clause has none.
func (p Params) date(name string) civil.Date {
	if p[name] == 0 {
		return ""
	}
	return civil.Of(time.Date(p[name]/10000, time.Month(p[name]/100%100), p[name]%100, 0, 0, 0, 0, time.UTC))
}

// by is the finding with its day.
func (f Finding) by(due civil.Date) Finding {
	f.Due = due
	return f
}

// systemDue is the last day for the filing of a camera: params days after its first use,
// and for one that was in use before the rule of in_force, transition days after that.
// These are natural days: a holiday at the end moves nothing.
func systemDue(firstUse civil.Date, p Params) civil.Date {
	if inForce := p.date("in_force"); firstUse < inForce {
		return inForce.After(p["transition"])
	}
	return firstUse.After(p["days"])
}

// China has one time zone.
const chinaZone = "Asia/Shanghai"

// Location is the time zone by which the days of the site are told: the one that was
// said; without it China's for a site there, and elsewhere the host's.
func (s Site) Location(host *time.Location) *time.Location {
	name := s.TimeZone
	if name == "" && strings.HasPrefix(s.Jurisdiction, "CN") {
		name = chinaZone
	}
	if name == "" {
		return host
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // Check has refused such a name
		return host
	}
	return zone
}

// timeZone refuses what is no name of a time zone. Local is none: it would be another one
// on each host.
func timeZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return text.Fail(field.ErrInvalid, text.PolicyTimeZone, "time_zone", name)
	}
	return nil
}
