package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
)

// estate is gateways around a broker that keeps nothing and takes a moment for each message.
type estate struct {
	mu   sync.Mutex
	all  []*node
	said map[consent.Kind]int
	lost func() bool // whether one delivery fails
}

// node is a gateway that knows the lists by their numbers alone.
type node struct {
	*Exchange
	mu    sync.Mutex
	known Known
	cut   bool // from the broker
}

func (n *node) number() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.known.Number
}

// learn takes a signed list or attestation, as whoever proves them does.
func (n *node) learn(kind consent.Kind, payload string) {
	var k Known
	if json.Unmarshal([]byte(payload), &k) != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if kind == consent.KindList && (k.Number > n.known.Number || k.Number == n.known.Number && k.Hash > n.known.Hash) {
		n.known.Number, n.known.Hash = k.Number, k.Hash
	}
	if kind == consent.KindAttestation && k.Attested > n.known.Attested {
		n.known.Attested = k.Attested
	}
}

// say delivers a message to all, each after a moment of its own.
func (e *estate) say(from *node, kind consent.Kind, name, payload string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if from != nil && from.isCut() {
		return false
	}
	e.said[kind]++
	for _, n := range e.all {
		if n.isCut() || e.lost() {
			continue
		}
		time.AfterFunc(5*time.Millisecond+rand.N(60*time.Millisecond), func() {
			if kind == consent.KindList || kind == consent.KindAttestation {
				n.learn(kind, payload)
				n.Answered(name)
				return
			}
			n.Receive(kind, name, []byte(payload))
		})
	}
	return true
}

func (n *node) isCut() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cut
}

// newEstate runs gateways until the test's context ends.
func newEstate(ctx context.Context, gateways int) *estate {
	e := &estate{said: map[consent.Kind]int{}, lost: func() bool { return false }}
	for i := range gateways {
		n := &node{known: Known{Issuer: "front-desk"}}
		n.Exchange = New(Config{
			Gateway: fmt.Sprintf("gw-%d", i),
			Known:   func() []Known { n.mu.Lock(); defer n.mu.Unlock(); return []Known{n.known} },
			Signed: func(string) (list, attestation string) {
				n.mu.Lock()
				defer n.mu.Unlock()
				raw := n.known.payload()
				return raw, raw
			},
			Say: func(kind consent.Kind, name, payload string) bool { return e.say(n, kind, name, payload) },
		})
		e.all = append(e.all, n)
		go n.Run(ctx)
	}
	return e
}

// until waits until all gateways have a list, and says how long that took.
func (e *estate) until(t *testing.T, number uint64, limit time.Duration) time.Duration {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		behind := 0
		for _, n := range e.all {
			if n.number() != number {
				behind++
			}
		}
		took := time.Since(begun)
		if behind == 0 {
			return took
		}
		if took > limit {
			t.Fatalf("%d of %d gateways are behind after %v", behind, len(e.all), took)
		}
	}
}

func (e *estate) count() map[consent.Kind]int {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := e.said
	e.said = map[consent.Kind]int{}
	return all
}

// One of a thousand knows more, whom the broker told it by itself: soon all know it, and
// neither their talk about it nor that of a calm day grows with their number.
func TestAThousandGatewaysAgree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := newEstate(ctx, 1000)
		time.Sleep(2 * time.Hour)
		e.count()
		time.Sleep(24 * time.Hour)
		if calm := e.count(); calm[consent.KindDigest] > 1000 || len(calm) > 1 {
			t.Errorf("a calm day has %v messages", calm)
		}
		e.all[500].learn(consent.KindList, `{"issuer":"front-desk","number":7,"hash":"7a"}`)
		e.all[500].Renew()
		took := e.until(t, 7, time.Minute)
		time.Sleep(time.Minute)
		said := e.count()
		t.Logf("a thousand know it after %v and %v messages", took, said)
		if said[consent.KindList] > 10 || said[consent.KindAsk] > 20 || said[consent.KindDigest] > 100 {
			t.Errorf("what one of a thousand knew took %v messages", said)
		}
	})
}

// Half of them were cut off, and a third of all messages is lost.
func TestWhoWasCutOffCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := newEstate(ctx, 40)
		e.lost = func() bool { return rand.N(3) == 0 }
		for _, n := range e.all[:20] {
			n.mu.Lock()
			n.cut = true
			n.mu.Unlock()
		}
		e.all[30].learn(consent.KindList, `{"issuer":"front-desk","number":3,"hash":"3a"}`)
		time.Sleep(time.Hour)
		for _, n := range e.all[:20] {
			n.mu.Lock()
			n.cut = false
			n.mu.Unlock()
			n.Renew()
		}
		t.Logf("all agree after %v", e.until(t, 3, 5*time.Minute))
	})
}

// Two lists with one number: all end up with the same one.
func TestTwoListsWithOneNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := newEstate(ctx, 10)
		for i, n := range e.all {
			n.learn(consent.KindList, fmt.Sprintf(`{"issuer":"front-desk","number":3,"hash":"%d"}`, i%2))
			n.Renew()
		}
		time.Sleep(5 * time.Minute)
		for _, n := range e.all {
			if n.mu.Lock(); n.known.Hash != "1" {
				t.Errorf("one has %+v", n.known)
			}
			n.mu.Unlock()
		}
	})
}

// Whoever writes nonsense, or claims what nobody has, makes a thousand gateways say little.
func TestLiarsAreNotLoud(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := newEstate(ctx, 1000)
		for _, n := range e.all {
			n.learn(consent.KindList, `{"issuer":"front-desk","number":3,"hash":"3a"}`)
		}
		time.Sleep(time.Hour)
		e.count()
		for i := range 60 {
			e.say(nil, consent.KindDigest, "front-desk", `{"issuer":"front-desk","number":9000,"hash":"ff","attested":9000000000}`)
			e.say(nil, consent.KindAsk, fmt.Sprint("liar-", i), `{"issuer":"front-desk","number":0}`)
			e.say(nil, consent.KindDigest, "front-desk", `{"issuer":"front-desk","number":-1}`)
			time.Sleep(time.Second)
		}
		said := e.count()
		t.Logf("in a minute a thousand say %v, 180 of it the liar's", said)
		if said[consent.KindList] > 20 || said[consent.KindAsk] > 60+20 || said[consent.KindDigest] > 120+300 {
			t.Errorf("a liar has them say %v", said)
		}
	})
}

func FuzzReceive(f *testing.F) {
	f.Add("digest", "front-desk", []byte(`{"issuer":"front-desk","number":9,"hash":"9a","attested":1790000000}`))
	f.Add("ask", "hall", []byte(`{"issuer":"front-desk","number":0}`))
	f.Fuzz(func(t *testing.T, kind, name string, payload []byte) {
		said := 0
		e := New(Config{
			Gateway: "gw", Known: func() []Known { return []Known{{Issuer: "front-desk", Number: 3, Hash: "3a"}} },
			Signed: func(string) (string, string) { return "list", "attestation" },
			Say:    func(consent.Kind, string, string) bool { said++; return true },
		})
		now := time.Now()
		e.step(now)
		e.take(message{consent.Kind(kind), name, payload})
		for range 100 {
			if now = e.step(now); now.IsZero() {
				t.Fatal("nothing is due any more")
			}
		}
		if len(e.issuers) != 1 || said > 110 {
			t.Errorf("%d issuers are talked about, in %d messages", len(e.issuers), said)
		}
	})
}
