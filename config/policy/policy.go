// Package policy holds the rules that a site is evaluated by. A pack is a data
// file: clauses with their duty in both languages, where they come from, and
// the name of a check. A check is a small Go function over Facts; it knows no
// clock, no disk and no network.
//
// Thresholds and checks whose source is "policy" are this product's choice,
// not law; clauses that nobody could verify say so. None of this is legal advice.
//
// In: Facts, and records of the operator. Out: of each clause a status with its reason
// and next step in both languages. It starts no goroutines.
package policy

import (
	"errors"

	"github.com/bauta-gateway/bauta/config/text"
)

// ErrInvalid is what all errors about a value wrap.
var ErrInvalid = errors.New("invalid value")

// Status is how a clause stands. The words are the same over MQTT.
type Status string

// The states of a clause. Info is one that nothing can be checked of.
const (
	Pass    Status = "pass"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Unknown Status = "unknown"
	Info    Status = "info"
)

// Line is one line of the catalogue with its arguments.
type Line struct {
	Key  text.Key
	Args []any
}

// In tells the line in lang; the zero Line is empty.
func (l Line) In(lang text.Lang) string {
	if l.Key == "" {
		return ""
	}
	return text.Of(lang, l.Key, l.Args...)
}

// Finding is what a check found: evidence, and what to do next unless it is a pass.
type Finding struct {
	Status   Status
	Evidence Line
	Next     Line
	// Due is the last day on which what is wanted can be done in time, or the
	// earliest that it can be; empty: there is none.
	Due Date
}

func pass(key text.Key, args ...any) Finding {
	return Finding{Status: Pass, Evidence: Line{key, args}}
}

func warn(next, key text.Key, args ...any) Finding {
	return Finding{Status: Warn, Evidence: Line{key, args}, Next: Line{Key: next}}
}

func fail(next, key text.Key, args ...any) Finding {
	return Finding{Status: Fail, Evidence: Line{key, args}, Next: Line{Key: next}}
}

func unknown(next, key text.Key, args ...any) Finding {
	return Finding{Status: Unknown, Evidence: Line{key, args}, Next: Line{Key: next}}
}
