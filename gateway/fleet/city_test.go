package fleet

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

const (
	cityGateways = 1000
	cityCameras  = 8
)

// city publishes a thousand gateways, most of them in order.
func city(s *site) {
	for i := range cityGateways {
		name := fmt.Sprintf("building-%04d", i+1)
		all := states(name, cityCameras, 600)
		at := "bauta/" + name + "/"
		switch {
		case i%97 == 3:
			all[at+"compliance"], all[at+"compliance/m5"] = standingJSON("fail", 0.871), clauseJSON("fail", 1)
			all[at+"camera/cam-2/protection"] = "blocked"
		case i%61 == 7:
			all[at+"status"] = "offline"
		case i%29 == 5:
			all[at+"compliance"], all[at+"compliance/m9"] = standingJSON("warn", 0.962), clauseJSON("warn", 4)
			all[at+"camera/cam-4/protection"] = "offline"
		case i%41 == 9:
			all[at+"camera/cam-1/protection"], all[at+"camera/cam-7/protection"] = "over_masked", "unknown"
			all[at+"compliance"] = standingJSON("pass", 0.985)
		case i%3 == 0:
			all[at+"compliance"] = standingJSON("pass", 1)
		}
		for topic, payload := range all {
			s.say(topic, payload)
		}
	}
	s.sure("bauta/building-0001/status", "online")
}

// A city in a real browser: the whole is seen at once, changes arrive while one
// looks, and an open page does not grow. Ten seconds of changes; ten minutes
// with BAUTA_LONG=1, and then the times are demanded too, which a
// machine busy with other tests cannot keep.
func TestCity(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	s := newSite(t, m.Addr)
	city(s)
	b, url := serveStates(t, m.Addr)
	until(t, "all gateways and cameras are known", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.gateways) == cityGateways && b.cameras == cityGateways*cityCameras && b.clauses == cityGateways*len(clauseNames)
	})
	if i := b.Ignored(); i != (Ignored{}) {
		t.Errorf("ignored: %+v", i)
	}
	first, update, long := 10*time.Second, 10*time.Second, os.Getenv("BAUTA_LONG") != ""
	if long {
		first, update = 2*time.Second, time.Second
	}
	page := browser(t, 1440, 900)
	show(t, page, "about:blank")

	begun := time.Now()
	show(t, page, url+"?lang=en")
	until(t, "the page shows them", func() bool {
		return eval[bool](t, page, `document.querySelector('#list .name')?.textContent.startsWith('building-') ?? false`)
	})
	took := time.Since(begun)
	t.Logf("first view after %v", took)
	if took > first {
		t.Errorf("first view after %v", took)
	}
	if got := eval[string](t, page, `document.getElementById('total').textContent + ' ' + document.getElementById('nowOf').textContent`); !strings.Contains(got, "1,000 ") || !strings.Contains(got, "8,000 cameras") {
		t.Errorf("sums: %q", got)
	}
	if n := eval[int](t, page, `document.querySelectorAll('#list li').length`); n > 60 {
		t.Errorf("%d rows in the page: only those in sight should be", n)
	}
	if got := eval[string](t, page, `document.querySelector('#list .state').textContent`); got != "pictures withheld" {
		t.Errorf("the first row is %q, not the worst", got)
	}
	screenshot(t, page, "city-1440")

	begun = time.Now()
	s.sure("bauta/building-0002/camera/cam-1/protection", "blocked")
	until(t, "the update is seen", func() bool {
		return eval[bool](t, page, `[...document.querySelectorAll('#list .name')].some(n => n.textContent === 'building-0002')`)
	})
	took = time.Since(begun)
	t.Logf("update after %v", took)
	if took > update {
		t.Errorf("update after %v", took)
	}
	steady(t, s, func() float64 { return eval[float64](t, page, `(gc(), gc(), performance.memory.usedJSHeapSize / 1e6)`) }, long)
}

// steady changes things for a while and compares the page's memory.
func steady(t *testing.T, s *site, heap func() float64, long bool) {
	t.Helper()
	lasting := 10 * time.Second
	if long {
		lasting = 10 * time.Minute
	}
	words := []string{"protected", "over_masked", "blocked", "offline"}
	change := func(n int) {
		for i := range 20 {
			s.say(fmt.Sprintf("bauta/building-%04d/camera/cam-%d/protection", (n*37+i*53)%cityGateways+1, n%cityCameras+1), words[(n+i)%len(words)])
		}
		s.sure("bauta/building-0001/compliance", standingJSON([]string{"pass", "warn"}[n%2], 0.9))
	}
	begun, n := time.Now(), 0
	run := func(d time.Duration) {
		for end := time.Now().Add(d); time.Now().Before(end); n++ {
			change(n)
			time.Sleep(50 * time.Millisecond) // the load's own pace
		}
	}
	run(2 * time.Second)
	before := heap()
	run(lasting)
	after := heap()
	t.Logf("heap %.1f MB, after %v and %d rounds of changes %.1f MB", before, time.Since(begun).Round(time.Second), n, after)
	if after > before+3 {
		t.Errorf("the page's heap grew from %.1f to %.1f MB", before, after)
	}
}
