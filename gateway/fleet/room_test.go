package fleet

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/policy"
)

// As many gateways as can be have room for all clauses that any law in force publishes.
func TestRoomForAllClausesOfAllGateways(t *testing.T) {
	for _, code := range []string{"CN-11", "CN-440305", "DE"} {
		published := 0
		for _, p := range policy.Select(code, "").Laws() {
			for _, c := range p.Clauses {
				if c.Check != "info" {
					published++
				}
			}
		}
		if published == 0 || published > clausesEach {
			t.Errorf("%s: a gateway publishes %d clauses, there is room for %d", code, published, clausesEach)
		}
	}
	for gateways, want := range map[int]int{0: DefaultGateways * clausesEach, 10: 10 * clausesEach} {
		if b, _ := offlineCache(t, Config{Gateways: gateways}); b.cfg.Clauses != want {
			t.Errorf("%d gateways: room for %d clauses, want %d", gateways, b.cfg.Clauses, want)
		}
	}
}

// What a clause takes is bounded, also where each gateway says something of its own as long as
// it may, and little where they all say the same.
func TestMemoryOfClauses(t *testing.T) {
	const gateways = 32
	for _, c := range []struct {
		name  string
		own   bool
		bound int
	}{{"all the same", false, 300}, {"each of its own", true, clauseBytes}} {
		before := heap()
		b, _ := offlineCache(t, Config{Gateways: gateways})
		for g := range gateways {
			topic := fmt.Sprintf("bauta/gw-%d/", g)
			b.receive(topic+"status", []byte("online"))
			for i := range clausesEach {
				said := "the same"
				if c.own {
					said = fmt.Sprint(g, " ", i)
				}
				long := strings.Repeat(said+" ", 400/len(said))
				b.receive(fmt.Sprintf("%scompliance/k%d", topic, i), fmt.Appendf(nil, `{"status":"warn","evidence":{"en":"a %[1]s","zh":"b %[1]s"},"next":{"en":"c %[1]s","zh":"d %[1]s"},"citation":{"en":"e","zh":"f"}}`, long))
			}
		}
		each := (heap() - before) / (gateways * clausesEach)
		if b.clauses != gateways*clausesEach || c.own && each < 1600 || each > c.bound {
			t.Errorf("%s: %d clauses of %d bytes, at most %d", c.name, b.clauses, each, c.bound)
		}
		t.Logf("%s: %d bytes", c.name, each)
		runtime.KeepAlive(b)
	}
}

// heap is what is in use.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
