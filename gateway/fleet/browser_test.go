package fleet

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// hall is a small site with one of everything.
func hall(s *site) {
	for i, name := range []string{"hall", "gate", "pool", "yard"} {
		for topic, payload := range states(name, 3+i, 600) {
			s.say(topic, payload)
		}
	}
	s.say("bauta/gate/camera/cam-2/protection", "blocked")
	s.say("bauta/gate/compliance", standingJSON("fail", 0.7))
	s.say("bauta/gate/compliance/m5", clauseJSON("fail", 1))
	s.say("bauta/pool/camera/cam-1/protection", "over_masked")
	s.say("bauta/yard/status", "offline")
	s.sure("bauta/yard/info", `{"version":"1.3.9","model_hash":"","config_hash":"","policy_pack":"cn-2025","heartbeat_s":600}`)
}

const rowNames = `[...document.querySelectorAll('#list .name')].map(n => n.textContent).join(' ')`

func rowsAre(t *testing.T, page context.Context, want string) {
	t.Helper()
	var got string
	defer func() {
		if t.Failed() {
			t.Logf("rows are %q", got)
		}
	}()
	until(t, "rows "+want, func() bool { got = eval[string](t, page, rowNames); return got == want })
}

// One visit shows it all: order, filters by mouse and keyboard, details, both
// languages, both widths, a gateway that goes, a broker that goes.
func TestPage(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	s := newSite(t, m.Addr)
	_, url := serveStates(t, m.Addr)
	page := browser(t, 1440, 900)
	show(t, page, url+"?lang=en")
	until(t, "the page says that there is nobody yet", func() bool {
		return eval[bool](t, page, `!document.getElementById('hint').hidden && document.getElementById('hint').textContent.startsWith('no gateway was heard yet')`)
	})
	hall(s)
	rowsAre(t, page, "gate yard pool hall")
	filters(t, page)
	details(t, page)
	narrow(t, page, url)

	show(t, page, url+"?lang=en")
	rowsAre(t, page, "gate yard pool hall")
	s.sure("bauta/hall/status", "offline")
	rowsAre(t, page, "gate yard hall pool")
	s.sure("bauta/gate/status", "") // it got another name
	rowsAre(t, page, "yard hall pool")
	m.Stop()
	until(t, "the page says that all is old", func() bool {
		return eval[bool](t, page, `document.body.classList.contains('old') && !document.getElementById('alarm').hidden && document.getElementById('alarm').textContent.includes('broker')`)
	})
	if n := eval[int](t, page, `document.querySelectorAll('#list .rank5, #list .fill-p:not(.stack *)').length`); n > 0 {
		t.Errorf("%d marks in green though nothing is known", n)
	}
	screenshot(t, page, "lost")
}

func filters(t *testing.T, page context.Context) {
	t.Helper()
	run := func(actions ...chromedp.Action) {
		t.Helper()
		if err := chromedp.Run(page, actions...); err != nil {
			t.Fatal(err)
		}
	}
	run(chromedp.SetValue("#state", "0"), chromedp.Evaluate(`document.getElementById('state').dispatchEvent(new Event('change'))`, nil))
	rowsAre(t, page, "gate")
	run(chromedp.Click("#reset"))
	rowsAre(t, page, "gate yard pool hall")
	run(chromedp.SendKeys("#search", "oo"))
	rowsAre(t, page, "pool")
	run(chromedp.Click("#reset"), chromedp.Click("#clauses li:first-child button"))
	rowsAre(t, page, "gate")
	run(chromedp.Click("#reset"), chromedp.Click("#rankKey li:nth-child(2) button"))
	rowsAre(t, page, "yard")
	run(chromedp.Click("#reset"))
	rowsAre(t, page, "gate yard pool hall")
}

// details are opened by keyboard alone.
func details(t *testing.T, page context.Context) {
	t.Helper()
	err := chromedp.Run(page, chromedp.Focus("#list li:first-child button"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.Enter))
	if err != nil {
		t.Fatal(err)
	}
	var got string
	until(t, "the details of gate", func() bool {
		got = eval[string](t, page, `document.getElementById('sheet').textContent`)
		return strings.Contains(got, "Article 5")
	})
	for _, want := range []string{"gate", "blocked", "cam-4", "not met", "record the missing sign", "cn-2025", "1.4.0"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the details: %s", want, got)
		}
	}
	screenshot(t, page, "details")
	if err := chromedp.Run(page, chromedp.KeyEvent(kb.Escape)); err != nil {
		t.Fatal(err)
	}
	until(t, "the details are closed", func() bool { return !eval[bool](t, page, `document.getElementById('sheet').open`) })
}

// narrow shows the page as a phone does, in Chinese, and at both widths for
// what sticks out.
func narrow(t *testing.T, page context.Context, url string) {
	t.Helper()
	for _, width := range []int{360, 768, 1440} {
		light := emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: map[bool]string{true: "dark", false: "light"}[width == 768]}})
		if err := chromedp.Run(page, chromedp.EmulateViewport(int64(width), 740), light); err != nil {
			t.Fatal(err)
		}
		show(t, page, url+"?lang=zh-CN")
		rowsAre(t, page, "gate yard pool hall")
		if over := eval[int](t, page, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("%d px: the page is %d px too wide", width, over)
		}
		text := eval[string](t, page, `document.body.innerText`)
		for _, want := range []string{"网关", "已保护", "逐条法规事项", "第 5 条"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d px: no %q", width, want)
			}
		}
		if n := eval[int](t, page, fmt.Sprintf(`[...document.querySelectorAll('button, select, input')].filter(e => e.offsetParent && !e.closest('.cards') && e.getBoundingClientRect().right > %d + 1).length`, width)); n > 0 {
			t.Errorf("%d px: %d controls stick out", width, n)
		}
		screenshot(t, page, fmt.Sprintf("zh-%d", width))
	}
}

// Whatever somebody gets onto the broker is text on the page, never code.
func TestTamper(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	s := newSite(t, m.Addr)
	hall(s)
	const evil = `<img src=x onerror=document.title='taken'><script>document.title='taken'</script>`
	for _, topic := range []string{"bauta/<script>/status", "bauta/UPPER/status", "bauta/..%2f/status", "bauta//status", "bauta/" + strings.Repeat("x", 60) + "/status"} {
		s.say(topic, "online")
	}
	s.say("bauta/pool/camera/"+evil[:1]+"x/protection", "protected")
	s.say("bauta/pool/camera/cam-1/protection", evil)
	s.say("bauta/pool/camera/cam-1/metrics", `{"fps":1e999}`)
	s.say("bauta/pool/info", `{"version":"`+evil+`","heartbeat_s":1e300}`)
	s.say("bauta/pool/compliance", strings.Repeat("[", 5000))
	s.say("bauta/pool/compliance/m4", strings.NewReplacer("all 8 cameras", strings.ReplaceAll(evil, `"`, `\"`), "Article 4", strings.ReplaceAll(evil, `"`, `\"`)).Replace(clauseJSON("fail", 0)))
	s.say("bauta/pool/compliance/huge", strings.Repeat("x", 5<<20))
	s.say("bauta/pool/compliance/large", strings.Repeat("x", maxPayload+1))
	s.sure("bauta/hall/status", "online")
	b, url := serveStates(t, m.Addr)
	until(t, "what makes no sense is counted", func() bool {
		i := b.Ignored()
		return i.Topic >= 3 && i.Payload >= 4 && i.TooLarge == 1
	})
	page := browser(t, 1440, 900)
	show(t, page, url+"?lang=en")
	until(t, "the rows", func() bool { return strings.Count(eval[string](t, page, rowNames), " ") == 3 })
	if err := chromedp.Run(page, chromedp.Evaluate(`[...document.querySelectorAll('#list button')].find(b => b.textContent.includes('pool')).click()`, nil)); err != nil {
		t.Fatal(err)
	}
	until(t, "the details of pool", func() bool {
		return strings.Contains(eval[string](t, page, `document.getElementById('sheet').textContent`), "<img src=x")
	})
	if n := eval[int](t, page, `document.querySelectorAll('img[src=x], body script:not(#texts)').length`); n > 0 || eval[string](t, page, `document.title`) == "taken" {
		t.Errorf("%d elements of a stranger are in the page", n)
	}
}
