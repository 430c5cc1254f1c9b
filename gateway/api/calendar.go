package api

import (
	"bytes"
	"context"
	"net/http"

	"github.com/bauta-gateway/bauta/config/civil"
)

// Calendar is the answer of GET and PUT /v1/calendar.
type Calendar struct {
	// Today is the day at the site, whose time zone TimeZone names.
	Today    civil.Date `json:"today"`
	TimeZone string     `json:"time_zone"`
	// HostTimeZone is the gateway's own.
	HostTimeZone string         `json:"host_time_zone"`
	Years        []CalendarYear `json:"years"`
}

// CalendarYear is a year whose days off are known.
type CalendarYear struct {
	civil.Notice
	// Own: the manager brought it; else it came with the program.
	Own bool `json:"own"`
}

// Calendar asks for the calendar of working days.
func (c *Client) Calendar(ctx context.Context) (Calendar, error) {
	var out Calendar
	return out, c.Call(ctx, http.MethodGet, "/v1/calendar", nil, &out)
}

// SetCalendar sends a calendar file, whose years take the place of the same ones.
func (c *Client) SetCalendar(ctx context.Context, file []byte) (Calendar, error) {
	var out Calendar
	res, err := c.stream(ctx, http.MethodPut, "/v1/calendar", bytes.NewReader(file))
	if err != nil {
		return out, err
	}
	defer res.Body.Close()
	return out, decode(res, &out)
}
