package fleet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// standingWith is what a gateway says of its rules, with this protected share in JSON.
func standingWith(share string) string {
	return strings.Replace(standingJSON("pass", 0.5), `"protected_share":0.5`, `"protected_share":`+share, 1)
}

// C25: a gateway whose cameras sent nothing has no share, is not in the mean, and is
// understood; so is one that does not tell.
func TestC25NothingSent(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	receiveAll(b, states("hall", 1, 30))
	receiveAll(b, states("gate", 1, 30))
	for _, payload := range []string{standingWith("null"), `{"state":"pass"}`} {
		b.receive("bauta/hall/compliance", []byte(standingWith("0.75")))
		b.receive("bauta/hall/compliance", []byte(payload))
		if r := rowOf(t, b, "hall"); r.Share != noShare || r.Grade != "d" {
			t.Errorf("%s: %+v", payload, r)
		}
		if s := takeSample(b.now(), b.gateways); s.Share != 99.9 {
			t.Errorf("%s: the mean is %v", payload, s.Share)
		}
	}
	b.receive("bauta/gate/compliance", []byte(standingWith("null")))
	b.refresh()
	if s := takeSample(b.now(), b.gateways); s.Share != noShare {
		t.Errorf("the mean of none is %v", s.Share)
	}
	if i := b.Ignored(); i != (Ignored{}) {
		t.Errorf("ignored: %+v", i)
	}
}

// C25b: each share and their mean round down, and no further than to the tenth.
func TestC25bRoundsDown(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	for payload, want := range map[string]float64{"1": 100, "0.9999": 99.9, "0.99996": 99.9, "0.57": 57, "0": 0} {
		receiveAll(b, states("hall", 1, 30))
		b.receive("bauta/hall/compliance", []byte(standingWith(payload)))
		if r := rowOf(t, b, "hall"); r.Share != want {
			t.Errorf("%s: %v %%, want %v", payload, r.Share, want)
		}
	}
	for _, c := range []struct {
		shares []string
		want   float64
	}{{[]string{"0.999", "0.999", "0.999"}, 99.9}, {[]string{"1", "1", "0.9999"}, 99.9}, {[]string{"1", "1", "1"}, 100}} {
		for i, share := range c.shares {
			receiveAll(b, states(fmt.Sprint("hall", i), 1, 30))
			b.receive(fmt.Sprintf("bauta/hall%d/compliance", i), []byte(standingWith(share)))
		}
		b.receive("bauta/hall/status", nil)
		b.refresh()
		if s := takeSample(b.now(), b.gateways); s.Share != c.want {
			t.Errorf("the mean of %v is %v, want %v", c.shares, s.Share, c.want)
		}
	}
}

// What the page shows: "not measured", and 100 % of all of it alone.
func TestSharesOnPage(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	s := newSite(t, m.Addr)
	_, url := serveStates(t, m.Addr)
	for topic, payload := range states("hall", 1, 600) {
		s.say(topic, payload)
	}
	s.sure("bauta/hall/compliance", standingWith("null"))
	page := browser(t, 1440, 900)
	meter, mean := `document.querySelector('#list .meter span:last-child').textContent`, `document.getElementById('share').textContent`
	shows := func(want string) {
		t.Helper()
		until(t, want, func() bool {
			return eval[bool](t, page, fmt.Sprintf("%s === %q && %s === %q", meter, want, mean, want))
		})
	}
	show(t, page, url+"?lang=zh-CN")
	rowsAre(t, page, "hall")
	shows("未测量")
	show(t, page, url+"?lang=en")
	rowsAre(t, page, "hall")
	shows("not measured")
	screenshot(t, page, "unmeasured")
	for share, want := range map[string]string{"0.9999": "99.9 %", "0.641": "64.1 %", "1": "100 %"} {
		s.sure("bauta/hall/compliance", standingWith(share))
		shows(want)
	}
}
