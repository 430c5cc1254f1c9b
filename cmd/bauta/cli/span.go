package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Span is a time on the command line that may be in days or weeks, in English or Chinese.
type Span time.Duration

var days = regexp.MustCompile(`^(\d{1,6})\s*(d|day|days|天|日|w|week|weeks|周|hours|hour|小时)$`)

// UnmarshalText reads what users type: 30d, 30 days, 30天, 4 weeks, 720h.
func (s *Span) UnmarshalText(b []byte) error {
	typed := strings.ToLower(strings.TrimSpace(string(b)))
	if m := days.FindStringSubmatch(typed); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return err
		}
		*s = Span(time.Duration(n) * unit(m[2]))
		return nil
	}
	d, err := time.ParseDuration(typed)
	if err != nil {
		return fmt.Errorf("%q is no span of time: write 30d or 720h", string(b))
	}
	*s = Span(d)
	return nil
}

func unit(name string) time.Duration {
	switch name[0] {
	case 'h':
		return time.Hour
	case 'w':
		return 7 * 24 * time.Hour
	}
	switch name {
	case "小时":
		return time.Hour
	case "周":
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}
