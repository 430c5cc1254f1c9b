package console_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// counted is a manager who answers the guided questions, and what that costs: presses of the
// mouse (a choice in a select and a file count as one each), keys, and questions shown.
type counted struct {
	walkthrough
	clicks, typed, shown int
	presses              int // of the mouse or the finger alone
	file                 string
}

func (c *counted) press(selector string) {
	c.Helper()
	c.clicks++
	c.presses++
	c.userInput.press(selector)
}

func (c *counted) pick(selector, value string) {
	c.Helper()
	c.clicks++
	c.userInput.pick(selector, value)
}

func (c *counted) upload(selector string) {
	c.Helper()
	c.clicks++
	c.walkthrough.upload(selector, c.file)
}

// reach goes on by Tab, of which each counts as a key.
func (c *counted) reach(selector string) {
	c.Helper()
	c.waitFor(selector)
	here := fmt.Sprintf("document.activeElement === document.querySelector(%s)", quoted(selector))
	for tabs := 0; !c.is(here); tabs++ {
		if tabs > 60 {
			c.shoot("failed")
			c.Fatalf("Tab does not reach %s", selector)
		}
		c.run(chromedp.KeyEvent(kb.Tab))
		c.typed++
	}
}

func (c *counted) write(selector, text string) {
	c.Helper()
	c.reach(selector)
	c.run(input.InsertText(text))
	c.typed += len([]rune(text))
	c.wait("the text is in", fmt.Sprintf("document.querySelector(%s).value === %s", quoted(selector), quoted(text)))
}

// date counts as its characters.
func (c *counted) date(selector, day string) {
	c.Helper()
	c.waitFor(selector)
	c.typed += len(day)
	c.js(fmt.Sprintf("{ const e = document.querySelector(%s); e.value = %s; e.dispatchEvent(new Event('change', {bubbles: true})); }", quoted(selector), quoted(day)), nil)
}

// at waits for a question and photographs it.
func (c *counted) at(id string) {
	c.Helper()
	c.wait("the question "+id, fmt.Sprintf("document.querySelector('#question form')?.dataset.question === %s", quoted(id)))
	c.shown++
	c.noOverflow("the question " + id)
	c.shoot(c.lang + "-question-" + id)
}

// save keeps the answer and waits for the next question.
func (c *counted) save() {
	c.Helper()
	c.press("#save")
	c.wait("the answer is kept", "!document.querySelector('#save[aria-busy]')")
}

// mallCameras adds the four cameras of the base MALL with the areas that may be captured.
func (s walkthrough) mallCameras() {
	s.Helper()
	s.js(`(async () => {
		const call = async (method, path, body) => {
			const r = await fetch('/api' + path, {method, body: JSON.stringify(body), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
			if (!r.ok) throw new Error(path + ': ' + await r.text());
		};
		for (const id of ['gate', 'hall', 'lift', 'park']) {
			await call('POST', '/v1/cameras', {id, name: id, url: 'rtsp://127.0.0.1:9/' + id});
			await call('POST', '/v1/cameras/' + id + '/zones', {id: 'capture-1', kind: 'capture', points: [{x: 0, y: 0}, {x: 1, y: 0}, {x: 1, y: 1}]});
		}
	})()`, nil)
}

// Bounds of what a manager with the answers at hand has to do.
const (
	mostQuestions = 40
	mostClicks    = 60
	mostTyped     = 600
)

// A manager with the answers of a shopping mall with four cameras at hand clears its questions,
// in both languages, on a PC and on a phone, and then no duty is unknown.
func TestQuestionnaire(t *testing.T) {
	for _, lang := range oneOf(t, []string{"en", "zh-CN"}) {
		t.Run(lang, func(t *testing.T) {
			width := map[string]int64{"en": 1440, "zh-CN": 360}[lang]
			b := openBrowser(t, width, 900)
			s := walkthrough{b, mouse{b, width < 600}, startGateway(t), lang, false}
			s.setUp()
			s.mallCameras()
			c := &counted{walkthrough: s, file: filepath.Join(t.TempDir(), "paper.pdf")}
			if err := os.WriteFile(c.file, []byte("a signed paper"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.countPresses()
			s.open(s.url + "/questions")
			c.mall()
			t.Logf("%s: %d questions, %d clicks, %d characters", lang, c.shown, c.clicks, c.typed)
			if c.shown > mostQuestions || c.clicks > mostClicks || c.typed > mostTyped {
				t.Errorf("more than %d questions, %d clicks or %d characters", mostQuestions, mostClicks, mostTyped)
			}
			if !s.is(fmt.Sprintf("Number(sessionStorage.presses) === %d", c.presses)) {
				t.Errorf("the pages were not pressed %d times", c.presses)
			}
			c.nothingUnknown()
		})
	}
}

// countPresses has each page count what really presses it, so that the figures are no claim.
func (s walkthrough) countPresses() {
	s.Helper()
	const count = `addEventListener('pointerdown', event => { if (event.isTrusted) sessionStorage.presses = Number(sessionStorage.presses ?? 0) + 1; }, true)`
	s.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(count).Do(ctx)
		return err
	}))
}

// nothingUnknown: neither a duty nor a question waits for an answer.
func (c *counted) nothingUnknown() {
	c.Helper()
	var unknown, open []string
	c.js("fetch('/api/v1/compliance').then(r => r.json()).then(r => r.clauses.filter(c => c.status === 'unknown').map(c => c.id + ': ' + c.evidence.en))", &unknown)
	c.js("fetch('/api/v1/questions').then(r => r.json()).then(all => all.filter(q => q.state === 'open').map(q => q.id))", &open)
	if len(unknown)+len(open) > 0 {
		c.Errorf("unknown are %q, open %q", unknown, open)
	}
}

// says answers yes or no.
func (c *counted) says(word string) { c.press("[name=says][value=" + word + "]") }

// none answers no and goes on; where a time without entries is confirmed the page shows it first.
func (c *counted) none(id string) {
	c.at(id)
	if c.is("document.querySelector('#save-no')") {
		c.press("#save-no")
		return
	}
	c.says("no")
	c.save()
}

// enter saves from the field that has the focus.
func (c *counted) enter() {
	c.Helper()
	c.run(chromedp.KeyEvent(kb.Enter))
	c.typed++
	c.wait("the answer is kept", "!document.querySelector('#save[aria-busy]')")
}

// paper is a document of a day, which is prefilled with today.
func (c *counted) paper(record int, day string) {
	c.date(fmt.Sprintf("[name='r%d.date']", record), day)
	c.upload(fmt.Sprintf("[name='r%d.file']", record))
}

func (c *counted) mall() {
	c.Helper()
	c.at("where")
	c.write("[name=jurisdiction]", "CN-310115")
	c.pick("[name=recognition_mode]", "detect_only")
	c.save()
	c.at("kind")
	c.pick("[name=kind]", "trade-centre")
	c.pick("[data-suggest=entitled]", "0")
	c.save()
	c.at("unit")
	c.write("[name=unit]", "East Mall Ltd")
	c.write("[name=credit_code]", "91350100M000100Y43")
	c.write("[name=contact]", "021-5550100")
	c.enter()
	c.at("needs")
	c.pick("[name='every.purpose']", "public-safety")
	c.pick("[data-suggest='every.necessity']", "0")
	c.save()
	c.at("places")
	for id, place := range map[string]string{"gate": "entrance", "hall": "lobby", "lift": "lift", "park": "parking"} {
		c.pick(fmt.Sprintf("[name='%s.place']", id), place)
	}
	c.save()
	c.at("first-use")
	c.date("[name='every.commissioned']", "2026-03-02")
	c.save()
	c.at("equipment")
	c.write("[name='every.model']", "DS-2CD")
	c.write("[name='every.firmware']", "5.7")
	c.write("[name='every.certificate']", "GA-1234")
	c.enter()
	c.at("private-rooms")
	c.says("yes")
	c.date("[name='r0.date']", "2026-09-20")
	c.press("[data-suggest='r0.found']")
	c.write("[name='r0.cameras']", "0")
	c.enter()
	for _, id := range []string{"secret-neighbour", "key-target", "face-devices"} {
		c.none(id)
	}
	c.at("recorder")
	c.press("[data-all='r0.cameras']")
	c.pick("[name='r0.keeps']", "originals")
	c.press("[data-suggest-all='0']")
	c.date("[name='r0.date']", "2026-03-02")
	c.write("[name='r1.hours']", "30")
	c.enter()
	c.none("processors")
	c.at("signs")
	c.press("[data-all='r0.cameras']")
	c.press("[data-suggest='r0.place']")
	c.date("[name='r0.date']", "2026-09-01")
	c.upload("[name='r0.photo']")
	c.write("[name='r0.link']", "https://mall.example/cameras")
	c.enter()
	c.at("notice")
	c.press("[data-suggest-all='0']")
	c.date("[name='r0.date']", "2026-02-20")
	c.write("[name='r0.shown']", "desk")
	c.press("[name='r0.accessible'][value=yes]")
	c.write("[name='r0.link']", "https://mall.example/cameras")
	c.enter()
	c.at("assessment")
	c.write("[name='r0.lawful_necessary']", "Decree 799 Art. 7; theft")
	c.write("[name='r0.effect_and_mitigation']", "masked for viewers")
	c.write("[name='r0.risks']", "leak, misuse")
	c.write("[name='r0.measures']", "masks, logins, sealed")
	c.date("[name='r0.date']", "2026-02-10")
	c.upload("[name='r0.file']")
	c.date("[name='r0.review']", "2027-02-10")
	c.save()
	c.at("police-filing")
	c.press("[data-all='r0.cameras']")
	c.date("[name='r0.date']", "2026-03-20")
	c.write("[name='r0.receipt']", "310115-77")
	c.press("[data-suggest='r0.authority']")
	c.save()
	c.at("acceptance")
	c.paper(0, "2026-02-25")
	c.save()
	c.at("training")
	c.press("[data-suggest-all='0']")
	c.date("[name='r0.date']", "2026-02-15")
	c.press("[name='r0.vetted'][value=yes]")
	c.upload("[name='r0.undertaking']")
	c.save()
	c.none("call-register")
	c.at("rules")
	for i := range 3 {
		c.paper(i, "2026-02-01")
	}
	c.save()
	c.at("audit")
	c.paper(0, "2026-05-01")
	c.save()
	c.at("device-tests")
	c.press("[data-all='r0.cameras']")
	c.date("[name='r0.date']", "2026-03-01")
	c.press("[name='r0.passed'][value=yes]")
	c.save()
	for _, id := range []string{"incident", "complaints", "requests"} {
		c.none(id)
	}
	c.at("evidence")
	c.press("#question a.button.first")
	c.waitFor("#export")
	c.press("#export .button.first")
	c.waitFor("#download")
}
