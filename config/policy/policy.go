// Package policy holds the rules that a site is evaluated by. A pack is a data
// file: clauses with their duty in both languages, where they come from, and
// the name of a check. A check is a small Go function over Facts; it knows no
// clock, no disk and no network.
//
// Thresholds and checks whose source is "policy" are this product's choice,
// not law; clauses that nobody could verify say so. None of this is legal advice.
//
// In: Facts, and records of the operator. Out: of each clause a status with its basis, its
// reason and next step in both languages. It starts no goroutines. What nobody answered is
// never in order.
package policy

import (
	"math"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/text"
)

// Status is how a clause stands. The words are the same over MQTT.
type Status string

// The states of a clause. Unknown is one that waits for an answer, Info one that nothing can
// be checked of, NotApplicable one that a fact takes out; the last two are not published.
const (
	Pass          Status = "pass"
	Warn          Status = "warn"
	Fail          Status = "fail"
	Unknown       Status = "unknown"
	Info          Status = "info"
	NotApplicable Status = "not_applicable"
)

// ranks of the states, the best first; those that are not published have none.
var ranks = []Status{Pass, Warn, Unknown, Fail}

// Rank orders the states that colour a site: the worse, the higher; 0 for the others.
func (s Status) Rank() int {
	for i, r := range ranks {
		if s == r {
			return i + 1
		}
	}
	return 0
}

// Basis is what a status rests on; empty where nobody said anything yet.
type Basis string

// The bases. Only what was measured is shown in green.
const (
	Measured Basis = "measured" // the gateway saw it
	Recorded Basis = "recorded" // a record with a day, most with a document's hash
	Declared Basis = "declared" // only told
	Design   Basis = "design"   // it cannot happen here; the evidence names the test that proves it
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

// Finding is what a check found: evidence, and what to do next where something is wanting.
type Finding struct {
	Status   Status
	Basis    Basis
	Evidence Line
	Next     Line
	// Asks is the question that is to be answered; empty: none is.
	Asks Question
	// absent says that nothing is on record, which is not known where records cannot be read.
	absent bool
	// unconfirmed says of an unknown condition that the clause is taken out by what was
	// declared, were it confirmed: what fails here may not be owed at all.
	unconfirmed bool
	// Due is the last day on which what is wanted can be done in time, or the
	// earliest that it can be; empty: there is none.
	Due civil.Date
}

func pass(basis Basis, key text.Key, args ...any) Finding {
	return Finding{Status: Pass, Basis: basis, Evidence: Line{key, args}}
}

// byDesign is a duty that this program cannot break; test proves it.
func byDesign(test string, key text.Key, args ...any) Finding {
	return pass(Design, key, append(args, test)...)
}

// spared is a clause that a fact takes out.
func spared(key text.Key, args ...any) Finding {
	return Finding{Status: NotApplicable, Evidence: Line{key, args}}
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

// lacks is a fail because of what is not on record.
func lacks(next, key text.Key, args ...any) Finding {
	f := fail(next, key, args...)
	f.absent = true
	return f
}

// ask is an answer that is wanting; the next step names the question.
func ask(q Question) Finding {
	return Finding{Status: Unknown, Evidence: Line{text.FoundUnanswered, []any{q.Word()}}, Next: Line{text.NextAnswer, []any{string(q)}}, Asks: q}
}

// Share is the part, 0 to 1, of the time in which cameras sent that viewers got masked
// frames. Where nothing was sent there is none: nil, told as text.ShareNone.
func Share(protected, sent float64) *float64 {
	if sent <= 0 {
		return nil
	}
	share := protected / sent
	return &share
}

// Percent is a share in percent, rounded down: 100 only where it is all.
func Percent(share float64, decimals int) float64 {
	return steps(share, decimals+2) / math.Pow10(decimals)
}

// RoundDown cuts a number of at least 0 after so many decimals.
func RoundDown(v float64, decimals int) float64 {
	return steps(v, decimals) / math.Pow10(decimals)
}

// steps counts the steps of this size that fit into v. The product alone may be off by
// one: 100 * 0.57 is below 57.
func steps(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	n := math.Floor(v * scale)
	switch {
	case n/scale > v:
		n--
	case (n+1)/scale <= v:
		n++
	}
	return n
}
