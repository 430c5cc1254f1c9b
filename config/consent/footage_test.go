package consent

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// copyOf is a token for a copy of yesterday's footage, which lies before it was issued.
func copyOf() Token {
	t := good()
	t.Purpose, t.Footage = SubjectAccess, Footage{From: now.AddDate(0, 0, -1), To: now.AddDate(0, 0, -1).Add(time.Hour)}
	return t
}

func TestFootageRoundTrip(t *testing.T) {
	raw := signed(t, copyOf())
	got, err := Open(raw, trust())
	if err != nil || !reflect.DeepEqual(got.Token, copyOf()) {
		t.Fatalf("%+v, %v", got.Token, err)
	}
	if err := got.Check(rules()); err != nil {
		t.Error(err)
	}
}

// A claim has full seconds: parts of one show less, never more.
func TestFootageIsCutInward(t *testing.T) {
	span := Footage{From: now.AddDate(0, 0, -1).Truncate(time.Second), To: now.AddDate(0, 0, -1).Add(time.Hour).Truncate(time.Second)}
	one := copyOf()
	one.Footage = Footage{From: span.From.Add(-time.Millisecond), To: span.To.Add(999 * time.Millisecond)}
	got, err := Open(signed(t, one), trust())
	if err != nil || !got.Footage.From.Equal(span.From) || !got.Footage.To.Equal(span.To) {
		t.Errorf("%v, want %v: %v", got.Footage, span, err)
	}
}

func TestFootageClaim(t *testing.T) {
	span := func(from, to any) map[string]any { return map[string]any{"from": from, "to": to} }
	hour := now.Unix()
	access := with(body(), "purpose", SubjectAccess)
	for name, v := range map[string]any{
		"number": 7, "text": "yesterday", "list": []int64{hour, hour + 1}, "empty": map[string]any{}, "no end": map[string]any{"from": hour},
		"no length": span(hour, hour), "backwards": span(hour+1, hour), "text in it": span("now", hour), "fraction": span(hour, float64(hour)+1.5),
		"before all film": span(0, hour), "after all film": span(hour, int64(1)<<40),
		"more": map[string]any{"from": hour, "to": hour + 1, "camera": "lobby"},
	} {
		_, err := Open(craft(header(tokenType), with(access, "footage", v), key(1)), trust())
		reason(t, name, err, ErrMalformed, "malformed")
		if err != nil && !strings.Contains(err.Error(), "footage") {
			t.Errorf("%s: %v does not name the claim", name, err)
		}
	}
	if _, err := Open(craft(header(tokenType), with(access, "footage", span(hour-7200, hour-3600)), key(1)), trust()); err != nil {
		t.Error(err)
	}
	// To a token for anything else it would be a limit that nobody heeds.
	_, err := Open(craft(header(tokenType), with(body(), "footage", span(hour, hour+1)), key(1)), trust())
	reason(t, "another purpose", err, ErrMalformed, "malformed")
	// One of an earlier version has none: it can be read, and counts nowhere.
	old, err := Open(craft(header(tokenType), access, key(1)), trust())
	if err != nil {
		t.Fatal(err)
	}
	reason(t, "none", old.Check(rules()), ErrFootage, "no_footage")
}

func TestFootageIsBounded(t *testing.T) {
	long := copyOf()
	long.Footage.To = long.Footage.From.Add(DefaultMaxLife + time.Second)
	reason(t, "long", long.Check(rules()), ErrLife, "life_too_long")
	long.Footage.To = long.Footage.From.Add(DefaultMaxLife)
	if err := long.Check(rules()); err != nil {
		t.Error(err)
	}
}

// What was filmed before a consent was signed is not covered by it, however far
// back its issuer dates it.
func TestCovers(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*Token)
		want   Footage
	}{
		{"usual", func(*Token) {}, Footage{good().NotBefore, good().Expires}},
		{"begins later", func(t *Token) { t.NotBefore = now }, Footage{now, good().Expires}},
		{"back-dated", func(t *Token) { t.NotBefore = now.AddDate(0, -1, 0) }, Footage{good().Issued, good().Expires}},
		{"subject access", func(t *Token) { *t = copyOf() }, copyOf().Footage},
		{"subject access without footage", func(t *Token) { t.Purpose = SubjectAccess }, Footage{}},
	} {
		token := good()
		c.change(&token)
		if got := token.Covers(); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// Every code has words that tell what it is about.
func TestCodesAreDistinct(t *testing.T) {
	seen := map[string]error{}
	for _, c := range codes {
		if other := seen[c.code]; other != nil {
			t.Errorf("%v and %v are both %s", c.err, other, c.code)
		}
		if seen[c.code] = c.err; Code(fmt.Errorf("wrapped: %w", c.err)) != c.code || errors.Is(c.err, ErrMalformed) != (c.code == "malformed") {
			t.Errorf("%s is not found again", c.code)
		}
	}
}
