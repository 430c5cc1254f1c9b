package onvif

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// clock is a device's, by which it judges how old a token is.
type clock struct {
	ahead time.Duration // of ours
	date  time.Time     // of the newest answer's header
}

func (c *clock) header(date string) {
	if at, err := http.ParseTime(date); err == nil {
		c.date = at
	}
}

// readClock asks the device for the time. That needs no login (ONVIF core specification,
// section 5.9); where a device wants one, or says nothing, the time in its HTTP answers
// counts, or ours.
func (c *client) readClock(ctx context.Context) error {
	user := c.user
	c.user = ""
	body, err := c.once(ctx, c.service, "<tds:GetSystemDateAndTime/>")
	c.user = user
	var refused *fault
	if err != nil && !errors.Is(err, ErrLogin) && !errors.As(err, &refused) {
		return err
	}
	now := time.Now()
	if at, ok := deviceTime(body); ok {
		c.clock.ahead = at.Sub(now)
	} else if !c.clock.date.IsZero() {
		c.clock.ahead = c.clock.date.Sub(now)
	}
	return nil
}

// deviceTime reads the answer to GetSystemDateAndTime: UTC, or the local time and the zone.
func deviceTime(body *soapxml.Node) (time.Time, bool) {
	if at, ok := moment(body.Find("UTCDateTime")); ok {
		return at, true
	}
	at, ok := moment(body.Find("LocalDateTime"))
	west := zone(body.Value("TimeZone", "TZ"))
	if body.Value("DaylightSavings") == "true" {
		west -= time.Hour
	}
	return at.Add(west), ok
}

// posix is a time zone as POSIX writes it, up to its offset: CST-8, <+08>-8, EST5EDT,M3.2.0,M11.1.0.
var posix = regexp.MustCompile(`^(?:[A-Za-z]{1,10}|<[^>]{1,10}>)([+-]?)([0-9]{1,2})(?::?([0-9]{2}))?`)

// zone is how far a zone is west of UTC; what cannot be read is UTC.
func zone(s string) time.Duration {
	m := posix.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi(m[3])
	west := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if m[1] == "-" {
		west = -west
	}
	return west
}

// moment reads a date and time; false: there is none, or none that a calendar has.
func moment(n *soapxml.Node) (time.Time, bool) {
	var v [6]int
	for i, path := range [][]string{{"Date", "Year"}, {"Date", "Month"}, {"Date", "Day"}, {"Time", "Hour"}, {"Time", "Minute"}, {"Time", "Second"}} {
		var err error
		if v[i], err = strconv.Atoi(n.Value(path...)); err != nil {
			return time.Time{}, false
		}
	}
	at := time.Date(v[0], time.Month(v[1]), v[2], v[3], v[4], min(v[5], 59), 0, time.UTC) // a leap second is 60
	y, m, d := at.Date()
	ok := y == v[0] && int(m) == v[1] && d == v[2] && at.Hour() == v[3] && at.Minute() == v[4] && y >= 1970 && y < 2200
	return at, ok
}
