package consent

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// claims takes a statement's members one by one and remembers the first that
// is wrong. What is left at the end was not known.
type claims struct {
	members map[string]json.RawMessage
	bad     string
}

var errTwice = errors.New("a member comes twice")

// readClaims reads one JSON object. A member that comes twice is refused:
// readers differ in which of the two they take.
func readClaims(body []byte) (*claims, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.Join(err, errors.New("not an object"))
	}
	c := &claims{members: map[string]json.RawMessage{}}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		key := name.(string) // members of an object have names
		if _, twice := c.members[key]; twice {
			return nil, errTwice
		}
		c.members[key] = value
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	return c, nil
}

// take moves a member into a variable; false where it is not there or of
// another type.
func (c *claims) take(name string, into any) bool {
	value, ok := c.members[name]
	delete(c.members, name)
	return ok && !bytes.Equal(value, []byte("null")) && json.Unmarshal(value, into) == nil
}

func (c *claims) fault(name string) {
	if c.bad == "" {
		c.bad = name
	}
}

func (c *claims) word(name string, good func(string) bool) string {
	var s string
	if !c.take(name, &s) || !good(s) {
		c.fault(name)
	}
	return s
}

// when reads a whole number of seconds since 1970.
func (c *claims) when(name string) time.Time {
	var n int64
	if !c.take(name, &n) || n < earliestTime.Unix() || n > latestTime.Unix() {
		c.fault(name)
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

func (c *claims) zones() []string {
	var zones []string
	ok := c.take("zones", &zones) && len(zones) > 0 && len(zones) <= MaxZones
	for i, z := range zones {
		ok = ok && (ValidName(z) || z == AnyZone && len(zones) == 1) && !slices.Contains(zones[:i], z)
	}
	if !ok {
		c.fault("zones")
	}
	return zones
}

// footage reads a span of footage, which a token for SubjectAccess may name and
// no other: to another it would be a limit that nobody heeds.
func (c *claims) footage(purpose string) (f Footage) {
	if _, there := c.members["footage"]; !there {
		return f
	}
	inner := c.object("footage")
	f = Footage{From: inner.when("from"), To: inner.when("to")}
	if inner.end() != nil || !f.To.After(f.From) || purpose != SubjectAccess {
		c.fault("footage")
	}
	return f
}

// object reads a member that is an object itself, as strictly.
func (c *claims) object(name string) *claims {
	var value json.RawMessage
	if c.take(name, &value) {
		if inner, err := readClaims(value); err == nil {
			return inner
		}
	}
	c.fault(name)
	return &claims{members: map[string]json.RawMessage{}}
}

// one reads the object in which exactly one of the members stands.
func (c *claims) one(name string, members ...string) (inner *claims, which string) {
	inner = c.object(name)
	for _, m := range members {
		if _, ok := inner.members[m]; ok && len(inner.members) == 1 {
			return inner, m
		}
	}
	c.fault(name)
	return inner, ""
}

func (c *claims) badge(name string) int {
	var n int
	if !c.take(name, &n) || !ValidBadge(n) {
		c.fault(name)
	}
	return n
}

// end tells the first fault, or a member that nobody asked for.
func (c *claims) end() error {
	if c.bad != "" {
		return text.Fail(ErrMalformed, text.ConsentClaim, c.bad)
	}
	for _, name := range slices.Sorted(maps.Keys(c.members)) {
		return text.Fail(ErrMalformed, text.ConsentUnknownClaim, name[:min(len(name), 40)])
	}
	return nil
}

func matches(p *regexp.Regexp) func(string) bool { return p.MatchString }

func oneOf[T ~string](all []T) func(string) bool {
	return func(s string) bool { return slices.Contains(all, T(s)) }
}
