// Package field checks single fields of what people enter: lines of text, choices, hashes.
//
// In: the field's name and what was given. Out: nil, or an error that wraps ErrInvalid and
// names the field in both languages. It knows no record and keeps nothing.
package field

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/text"
)

// ErrInvalid is what all errors about a value wrap.
var ErrInvalid = errors.New("invalid value")

// MaxLine bounds a free text, in bytes.
const MaxLine = 1000

func Line(field, s string) error {
	if len(s) > MaxLine || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return text.Fail(ErrInvalid, text.PolicyLine, text.Field(field), MaxLine)
	}
	return nil
}

// Required is a line that may not be empty.
func Required(field, s string) error {
	if strings.TrimSpace(s) == "" {
		return text.Fail(ErrInvalid, text.PolicyRequired, text.Field(field))
	}
	return Line(field, s)
}

// OneOf takes the empty word too.
func OneOf(field, s string, words ...string) error {
	if s == "" || slices.Contains(words, s) {
		return nil
	}
	return text.Fail(ErrInvalid, text.ConfigChoice, text.Field(field), s, strings.Join(words, ", "))
}

func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

func Hash(field, s string) error {
	if sha256Hex.MatchString(s) {
		return nil
	}
	return text.Fail(ErrInvalid, text.PolicyHash, text.Field(field))
}
