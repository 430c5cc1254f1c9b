// Package exchange keeps the gateways that share a broker equally well informed of what
// issuers withdrew, whatever the broker keeps or loses.
//
// Each gateway says now and then what it knows of an issuer's list: number, hash and how new
// it is known to be. Who is behind asks; one of those who know more answers with the signed list. How
// often a gateway speaks follows the Trickle algorithm (RFC 6206): rarely, and not at all
// where others have just said the same, but soon after anything is new. A thousand gateways
// say little more than ten.
//
// In: what this gateway knows, and what others say. Out: digests, questions and answers for
// the broker. One goroutine, Run, owns all of it. It proves nothing and must change nothing:
// who takes an answer looks at the issuer's signature alone.
package exchange

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
)

const (
	// shortest and longest are Trickle's Imin and Imax; enough is its k.
	shortest = 4 * time.Second
	longest  = 17 * time.Minute // 4 s doubled eight times
	enough   = 2
	// answerWithin is when the last of those who could answer would; steep makes most of
	// them wait almost that long, so that the first is heard by all others.
	answerWithin = 6 * time.Second
	steep        = 10
	// rest is the least time between two questions, and between two answers, about one issuer.
	rest = 10 * time.Second
	// inboxSize bounds what was heard and waits; one more is dropped and counted.
	inboxSize = 256
	// maxDigest bounds a digest or a question in bytes.
	maxDigest = 512
)

// Known is what a gateway has of an issuer.
type Known struct {
	Issuer string `json:"issuer"`
	// Number and Hash are its list's; 0 and empty: it has none.
	Number uint64 `json:"number"`
	Hash   string `json:"hash,omitempty"`
	// Attested is how new that list is known to be, in seconds since 1970; 0: not known.
	Attested int64 `json:"attested,omitempty"`
}

// worth is by how much newer an attestation has to be to be worth a message, in seconds.
const worth = 15 * 60

// same reports whether neither has anything to tell the other.
func (k Known) same(other Known) bool {
	return k.Number == other.Number && k.Hash == other.Hash && max(k.Attested-other.Attested, other.Attested-k.Attested) < worth
}

// lacks reports whether the other may have something that k has not. Of two lists with one
// number each side takes the other's.
func (k Known) lacks(other Known) bool {
	return other.Number > k.Number || other.Number == k.Number && other.Hash != k.Hash || other.Attested >= k.Attested+worth
}

// Config is what the exchange works with. The functions may be called from Run's goroutine
// and must not wait.
type Config struct {
	// Gateway is this one's name, in its questions.
	Gateway string
	// Known is what this gateway has, of all issuers that it trusts.
	Known func() []Known
	// Signed are an issuer's list and attestation as they were signed; empty where there is none.
	Signed func(issuer string) (list, attestation string)
	// Say sends a message to all; false where it could not.
	Say func(kind consent.Kind, name, payload string) bool
}

// Exchange is one gateway's part. Its methods may be called from any goroutine.
type Exchange struct {
	cfg     Config
	inbox   chan message
	renew   chan struct{} // holds one
	dropped atomic.Uint64
	issuers map[string]*issuer // Run's alone
}

// message is what another gateway said.
type message struct {
	kind    consent.Kind
	name    string
	payload []byte
}

// issuer is how far the talk about one issuer has come.
type issuer struct {
	last     Known // what was known when it was looked at last
	interval time.Duration
	begun    time.Time
	at       time.Time // when to speak in this interval
	spoken   bool
	equal    int       // how many have said the same in this interval
	ask      time.Time // zero: nothing to ask
	asked    time.Time // when it was asked last, by whomever
	answer   time.Time // zero: nothing to answer
	answered time.Time // when it was answered last, by whomever
	lacking  Known     // what who asks has
}

// New makes one; Run makes it work.
func New(cfg Config) *Exchange {
	return &Exchange{cfg: cfg, inbox: make(chan message, inboxSize), renew: make(chan struct{}, 1), issuers: map[string]*issuer{}}
}

// Receive takes a digest or a question that the broker brought. It never waits.
func (e *Exchange) Receive(kind consent.Kind, name string, payload []byte) {
	e.put(message{kind, name, payload})
}

// Answered is called when a list or an attestation came for all that is the issuer's by its
// signature: nobody else can keep a gateway from its answer. It never waits.
func (e *Exchange) Answered(issuer string) { e.put(message{kind: consent.KindList, name: issuer}) }

func (e *Exchange) put(m message) {
	select {
	case e.inbox <- m:
	default:
		e.dropped.Add(1)
	}
}

// Renew is called when something is new here, or the broker may have lost what it kept.
func (e *Exchange) Renew() {
	select {
	case e.renew <- struct{}{}:
	default: // it is due already
	}
}

// Dropped counts what came faster than it could be taken.
func (e *Exchange) Dropped() uint64 { return e.dropped.Load() }

// Run speaks and listens until ctx ends.
func (e *Exchange) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.renew:
			for _, i := range e.issuers {
				i.restart(time.Now())
			}
		case h := <-e.inbox:
			e.take(h)
		case <-timer.C:
		}
		timer.Reset(time.Until(e.step(time.Now())))
	}
}

// step does what is due and returns when the next is.
func (e *Exchange) step(now time.Time) (next time.Time) {
	next = now.Add(longest)
	known := e.cfg.Known()
	for name := range e.issuers {
		if !slices.ContainsFunc(known, func(k Known) bool { return k.Issuer == name }) {
			delete(e.issuers, name) // it is trusted no more
		}
	}
	for _, k := range known {
		i, there := e.issuers[k.Issuer]
		if !there {
			i = &issuer{last: k}
			i.restart(now)
			e.issuers[k.Issuer] = i
		}
		if !i.last.same(k) {
			i.restart(now)
		}
		i.last = k
		e.due(i, now)
		for _, at := range []time.Time{i.at, i.begun.Add(i.interval), i.ask, i.answer} {
			if at.After(now) && at.Before(next) {
				next = at
			}
		}
	}
	return next
}

// due speaks, asks and answers where the time for it has come.
func (e *Exchange) due(i *issuer, now time.Time) {
	name := i.last.Issuer
	if !i.ask.IsZero() && !now.Before(i.ask) {
		i.ask, i.asked = time.Time{}, now
		e.cfg.Say(consent.KindAsk, e.cfg.Gateway, i.last.payload())
	}
	if !i.answer.IsZero() && !now.Before(i.answer) {
		i.answer, i.answered = time.Time{}, now
		e.reply(name, i)
	}
	if !i.spoken && !now.Before(i.at) {
		i.spoken = true
		if i.equal < enough {
			e.cfg.Say(consent.KindDigest, name, i.last.payload())
		}
	}
	if !now.Before(i.begun.Add(i.interval)) {
		i.begin(now, min(2*i.interval, longest))
	}
}

// reply says what whoever asked lacks.
func (e *Exchange) reply(name string, i *issuer) {
	list, attestation := e.cfg.Signed(name)
	if list != "" && (i.last.Number > i.lacking.Number || i.last.Number == i.lacking.Number && i.last.Hash != i.lacking.Hash) {
		e.cfg.Say(consent.KindList, name, list)
	}
	if attestation != "" && i.last.Attested >= i.lacking.Attested+worth {
		e.cfg.Say(consent.KindAttestation, name, attestation)
	}
}

func (k Known) payload() string {
	b, err := json.Marshal(k)
	if err != nil {
		panic("exchange: " + err.Error()) // strings and numbers always encode
	}
	return string(b)
}

// take notes what another gateway said.
func (e *Exchange) take(h message) {
	now := time.Now()
	if h.kind == consent.KindList {
		if i := e.issuers[h.name]; i != nil {
			i.answer, i.answered = time.Time{}, now // who still lacks something says so
		}
		return
	}
	other, ok := readKnown(h.payload)
	if h.kind == consent.KindDigest {
		ok = ok && other.Issuer == h.name
	}
	i := e.issuers[other.Issuer]
	if !ok || i == nil || h.kind == consent.KindAsk && h.name == e.cfg.Gateway {
		return
	}
	switch {
	case i.last.same(other) && h.kind == consent.KindAsk:
		i.ask, i.asked = time.Time{}, now // the answer is for all
	case i.last.same(other):
		i.equal++
	default:
		i.differs(other, now, h.kind == consent.KindDigest)
	}
}

// differs has asked what the other may know, and answered what it may not. Both wait for a
// while, for others may be sooner.
func (i *issuer) differs(other Known, now time.Time, offers bool) {
	if offers && i.last.lacks(other) && i.ask.IsZero() {
		i.ask = later(now, i.asked.Add(rest)).Add(late(answerWithin))
	}
	if other.lacks(i.last) && i.answer.IsZero() {
		i.answer, i.lacking = later(now, i.answered.Add(rest)).Add(late(answerWithin)), other
	}
	i.restart(now)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// readKnown reads a digest or a question; false for what is none.
func readKnown(payload []byte) (k Known, ok bool) {
	ok = len(payload) <= maxDigest && json.Unmarshal(payload, &k) == nil && k.Attested >= 0 && k.Attested < math.MaxInt64-worth
	return k, ok
}

// restart begins with the shortest interval, unless it is in that already.
func (i *issuer) restart(now time.Time) {
	if i.interval != shortest {
		i.begin(now, shortest)
	}
}

// begin is a new interval; when to speak in it is drawn from its second half.
func (i *issuer) begin(now time.Time, interval time.Duration) {
	i.begun, i.interval, i.spoken, i.equal = now, interval, false, 0
	i.at = now.Add(interval/2 + rand.N(interval/2))
}

// late draws a time up to within, rarely much before it: of a thousand that draw, a few come
// well before the rest, who hear them.
func late(within time.Duration) time.Duration {
	return max(0, time.Duration(float64(within)*(1+math.Log(1-rand.Float64())/steep)))
}
