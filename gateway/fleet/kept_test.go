package fleet

import (
	"context"
	"encoding/csv"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// memory keeps what the page remembers, as a store does.
func memory() (Keeper, *[]byte) {
	var kept []byte
	return Keeper{Load: func() ([]byte, error) { return kept, nil }, Save: func(b []byte) error { kept = slices.Clone(b); return nil }}, &kept
}

// stays lets a state last long enough to be written down.
func stays(b *StateCache, now *time.Time) {
	for range 5 {
		b.refresh()
		*now = now.Add(10 * time.Second)
	}
	b.refresh()
	b.save(true)
}

// What happened and who has seen it survives a restart, and ends where the gateway is mended or worse.
func TestRemembers(t *testing.T) {
	keep, kept := memory()
	cfg := Config{Keep: keep, Who: func(id string) string { return map[string]string{"u1": "王芳"}[id] }}
	b, now := offlineCache(t, cfg)
	receiveAll(b, states("hall", 2, 600))
	stays(b, now)
	b.receive("bauta/hall/compliance", []byte(standingJSON("fail", 0.5)))
	stays(b, now)
	if err := b.Acknowledge("hall", "u1"); err != nil {
		t.Fatal(err)
	}
	stays(b, now)
	if b.Acknowledge("nobody", "u1") == nil {
		t.Error("a gateway that there is not")
	}
	if strings.Contains(string(*kept), "王芳") {
		t.Errorf("a name is kept: %s", *kept)
	}
	later := *now
	b, now = offlineCache(t, cfg)
	*now = later
	b.connection("", "")
	receiveAll(b, states("hall", 2, 600))
	b.receive("bauta/hall/compliance", []byte(standingJSON("fail", 0.5)))
	stays(b, now)
	if r := rowOf(t, b, "hall"); r.Ack != "王芳" {
		t.Errorf("%+v", r)
	}
	p := b.week()
	if len(p.Events) != 2 || p.Events[0].By != "王芳" || p.Events[1].From != good || p.Events[1].To != papers || len(p.Curve) == 0 {
		t.Errorf("%+v", p)
	}
	b.receive("bauta/hall/camera/cam-1/protection", []byte("blocked")) // worse
	stays(b, now)
	if r := rowOf(t, b, "hall"); r.Ack != "" || r.Rank != failing {
		t.Errorf("%+v", r)
	}
	for range 400 { // it is bounded
		receiveAll(b, states("hall", 2, 600))
		stays(b, now)
		b.receive("bauta/hall/camera/cam-1/protection", []byte("blocked"))
		stays(b, now)
	}
	if n := len(b.kept.Events); n != keptEvents || len(*kept) > 60<<10 {
		t.Errorf("%d events, %d bytes", n, len(*kept))
	}
}

// Others say which gateways are in trouble, and of which nobody knows: of all while the broker is away.
func TestOthers(t *testing.T) {
	b, now := offlineCache(t, Config{})
	for _, name := range []string{"own", "hall", "gate", "yard"} {
		receiveAll(b, states(name, 2, 600))
	}
	b.receive("bauta/own/compliance", []byte(standingJSON("fail", 0.5)))
	b.receive("bauta/hall/camera/cam-1/protection", []byte("blocked"))
	b.receive("bauta/gate/compliance", []byte(standingJSON("fail", 0.5)))
	b.receive("bauta/yard/status", []byte("offline"))
	b.receive("bauta/yard/info", []byte(`{"version":"1","policy_pack":"x","heartbeat_s":30,"site":"后院","console":"https://yard.example:8443/path"}`))
	b.refresh()
	if all, held := b.Others("own"); len(all) != 0 || !held("hall") {
		t.Errorf("right after the connection: %+v", all)
	}
	*now = now.Add(61 * time.Second)
	b.refresh()
	all, held := b.Others("own")
	got := map[string]Other{}
	for _, o := range all {
		got[o.ID] = o
	}
	if len(all) != 3 || !got["hall"].Blocked || !got["gate"].Failing || !got["yard"].Offline || got["yard"].Site != "后院" || got["yard"].Console != "https://yard.example:8443" || held("hall") || !held("unknown") {
		t.Errorf("%+v", all)
	}
	b.connection("refused", "")
	if all, held := b.Others("own"); len(all) != 0 || !held("hall") {
		t.Errorf("without a broker: %+v", all)
	}
}

// A table for spreadsheets, in both languages; a name that looks like a formula is text.
func TestExport(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	receiveAll(b, states("hall", 2, 600))
	b.receive("bauta/hall/info", []byte(`{"version":"1","policy_pack":"x","heartbeat_s":30,"site":"=cmd|' /C calc'!A0","console":"javascript:alert(1)"}`))
	b.refresh()
	for lang, want := range map[string]string{"en": "nothing to do", "zh-CN": "没有待办事项"} {
		w := httptest.NewRecorder()
		b.Handler("").ServeHTTP(w, httptest.NewRequest("GET", "/gateways.csv?lang="+lang, nil))
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][0] != "hall" || rows[1][2] != want || !strings.HasPrefix(rows[1][1], "'=") || rows[1][9] != "" || rows[1][6] != "99.9" {
			t.Errorf("%q, %v", rows, err)
		}
	}
}

// The page as a person uses it inside of a console: no fault of the rules for accessibility, controls for
// fingers, cards one below another, words before codes, the way back, orders and what happened.
func TestPageForPeople(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	s := newSite(t, m.Addr)
	hall(s)
	s.sure("bauta/gate/info", `{"version":"1.4.0","policy_pack":"cn-2025","heartbeat_s":600,"site":"北门","console":"https://gate.example"}`)
	b, _ := serveStates(t, m.Addr)
	web := httptest.NewServer(b.Handler("/fleet"))
	defer func() { web.CloseClientConnections(); web.Close() }()
	page := browser(t, 1366, 800)
	rules, err := os.ReadFile(filepath.Join("..", "..", "build", "axe", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Logf("no axe-core (make setup-axe): %v", err)
	}
	for _, lang := range []string{"en", "zh-CN"} {
		for _, width := range []int64{1366, 360} {
			if err := chromedp.Run(page, chromedp.EmulateViewport(width, 800)); err != nil {
				t.Fatal(err)
			}
			show(t, page, web.URL+"/fleet/?lang="+lang)
			until(t, "the rows", func() bool { return strings.Contains(eval[string](t, page, rowNames), "北门gate") })
			if rules != nil {
				eval[int](t, page, string(rules)+"; 0")
				for _, fault := range axeRun(t, page) {
					t.Errorf("%s %d: %s", lang, width, fault)
				}
			}
			if over := eval[int](t, page, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s %d: %d px too wide", lang, width, over)
			}
			screenshot(t, page, "people-"+lang+"-"+map[int64]string{1366: "pc", 360: "phone"}[width])
			if width > 400 {
				continue
			}
			small := eval[[]string](t, page, `[...document.querySelectorAll('button, input:not([type=checkbox]), select, a.button, .back, .lang')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.tagName + ' ' + e.textContent + ' ' + e.getBoundingClientRect().height)`)
			if len(small) > 0 {
				t.Errorf("%s: too small for a finger: %q", lang, small)
			}
			if n := eval[int](t, page, `[...document.querySelectorAll('.card')].filter(c => c.getBoundingClientRect().right > innerWidth).length`); n > 0 {
				t.Errorf("%d cards are out of sight", n)
			}
			if h := eval[float64](t, page, `document.querySelector('.lang').getBoundingClientRect().height`); h > 50 {
				t.Errorf("the language takes two lines: %v", h)
			}
		}
	}
	if got := eval[string](t, page, `document.querySelector('#clauses button').textContent`); strings.HasPrefix(got, "m") || !strings.Contains(got, "m5") {
		t.Errorf("a code before words: %q", got)
	}
	if got := eval[string](t, page, `document.querySelector('.back').getAttribute('href')`); got != "/" {
		t.Errorf("back leads to %q", got)
	}
	if err := chromedp.Run(page, chromedp.SetValue("#sort", "name"), chromedp.Evaluate(`document.getElementById('sort').dispatchEvent(new Event('change'))`, nil)); err != nil {
		t.Fatal(err)
	}
	rowsAre(t, page, "北门gate hall pool yard")
	if err := chromedp.Run(page, chromedp.Evaluate(`[...document.querySelectorAll('#list button')].find(b => b.textContent.includes('gate')).click()`, nil)); err != nil {
		t.Fatal(err)
	}
	until(t, "the way to its console", func() bool {
		return eval[string](t, page, `document.querySelector('#sheet a.button')?.href ?? ''`) == "https://gate.example/"
	})
}

// axeRun are all faults by the rules, and one that is an experiment there: what a control is called has to
// begin with what it shows, for who speaks to it.
func axeRun(t *testing.T, page context.Context) (out []string) {
	t.Helper()
	const script = `axe.run(document, {rules: {'label-content-name-mismatch': {enabled: true}}}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)))`
	if err := chromedp.Run(page, chromedp.Evaluate(script, &out, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) })); err != nil {
		t.Fatal(err)
	}
	return out
}
