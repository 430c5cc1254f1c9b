package consenttest

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
)

// desk issues tokens in these tests.
var Key = consent.NewKey()

// token is for badge 7 in the zone lobby, from a minute ago for an hour; f changes it.
func Token(t *testing.T, f func(*consent.Token)) string {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Second)
	c := consent.Token{
		Issuer: "front-desk", Subject: "p-2041", ID: consent.NewID(), Issued: now.Add(-time.Minute), NotBefore: now.Add(-time.Minute),
		Expires: now.Add(time.Hour), Zones: []string{"lobby"}, Purpose: "care", Basis: consent.Separate,
		Statement: strings.Repeat("0a", 32), Badge: 7, Age: consent.Adult,
	}
	if f != nil {
		f(&c)
	}
	raw, err := consent.Sign(c, Key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func ID(t *testing.T, raw string) string {
	t.Helper()
	c, err := consent.Peek(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func Peek(t *testing.T, raw string) consent.Token {
	t.Helper()
	c, err := consent.Peek(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
