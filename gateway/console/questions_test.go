package console_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// At an empty site nothing is green, and each clause that waits for something has a button
// that leads to where it is said.
func TestEmptySiteAsks(t *testing.T) {
	here := startGateway(t)
	for i, size := range []struct{ width, height int64 }{{1440, 900}, {360, 740}} {
		b := openBrowser(t, size.width, size.height)
		s := walkthrough{b, mouse{b, size.width < 600}, here, "en", false}
		if i == 0 {
			s.setUp()
		} else {
			s.logIn()
		}
		for _, lang := range []string{"en", "zh-CN"} {
			s.open(s.url + "/compliance?lang=" + lang)
			s.wait("the clauses are there", "document.querySelector('[data-clause][data-status=unknown]')")
			s.waitFor("#ask")
			s.wait("each kind of records has its form", "document.querySelectorAll('#records [data-add]').length > 8")
			s.noOverflow("the page of legal duties in " + lang)
			s.shoot(lang + "-empty-duties")
			s.nothingGreen()
			s.everyForm()
			s.unknownsLead()
		}
	}
}

// The demo's camera is protected, and that is measured; of all else nobody said anything, so it
// is asked, and nothing but what is measured is green.
func TestDemoSiteAsks(t *testing.T) {
	b := openBrowser(t, 1280, 800)
	s := walkthrough{b, mouse{browser: b}, startGateway(t, "--demo", "--clip", built(t, "demo.mp4")), "en", false}
	s.setUp()
	s.wait("the camera is protected", "document.querySelector('[data-camera=demo] .state')?.dataset.tone === 'good'")
	s.wait("the hero names what waits", "/questions? to answer/.test(document.querySelector('#duties')?.innerText)")
	if s.is("document.querySelector('#hero').dataset.tone === 'good'") {
		s.Error("the overview is green while duties wait")
	}
	s.shoot("demo")
	s.open(s.url + "/compliance")
	s.waitFor("#ask")
	var green, measured []string
	s.js("[...document.querySelectorAll('[data-clause]:has(.state[data-tone=good])')].map(e => e.dataset.clause)", &green)
	s.js("fetch('/api/v1/compliance').then(r => r.json()).then(r => r.clauses.filter(c => c.status === 'pass' && c.basis === 'measured').map(c => c.id))", &measured)
	if !slices.Equal(slices.Sorted(slices.Values(green)), slices.Sorted(slices.Values(measured))) {
		s.Errorf("green are %q, measured %q", green, measured)
	}
	if s.is("document.querySelector('#hero').dataset.tone === 'good'") {
		s.Error("the page of legal duties is green while duties wait")
	}
	s.unknownsLead()
}

func (s walkthrough) logIn() {
	s.Helper()
	s.open(s.url + "/login")
	s.waitFor("#login")
	s.userInput.write("#user", "manager")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.wait("logged in", "location.pathname === '/'")
}

// everyForm opens the form of each kind of records: each asks for something, and fits.
func (s walkthrough) everyForm() {
	s.Helper()
	var kinds, bad []string
	s.js("fetch('/api/v1/record-kinds').then(r => r.json()).then(all => all.map(kind => kind.id))", &kinds)
	for _, kind := range kinds {
		s.js(fmt.Sprintf("{ const one = document.getElementById(%s); one.reveal(); }", quoted(kind)), nil)
		s.waitFor("form[data-record=" + kind + "]")
		s.js(fmt.Sprintf(`[...document.querySelectorAll('form[data-record=%s] :is(input, select, textarea)')].filter(e => !e.labels?.length && !e.getAttribute('aria-label')).map(e => e.name)`, kind), &bad)
		for _, name := range bad {
			s.Errorf("%s: the field %s has no label", kind, name)
		}
		s.js(fmt.Sprintf("document.querySelectorAll('form[data-record=%s] details').forEach(e => { e.open = true; })", kind), nil)
		s.noOverflow("the form of " + kind)
		s.js(fmt.Sprintf("{ const one = document.getElementById(%s); one.querySelector('form .row button[type=button]:last-of-type').click(); one.open = false; }", quoted(kind)), nil)
	}
}

// aside are what some kinds want beside the fields that are always required.
const aside = `{
	filing: form => tick(form, 'cameras'), assessment: () => {}, export: form => choose(form, 'purpose'), training: form => { form.pseudonym.value = '5'; }, request: form => { form.pseudonym.value = '5'; },
	ground: form => { form.basis.value = 'public-task'; }, walk: () => {},
}`

// Each kind of records is recorded on the page with what its form requires, and corrected there;
// the version before stays in sight.
func TestEachKindIsRecordedAndCorrected(t *testing.T) {
	b := openBrowser(t, 1280, 900)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "en", false}
	s.setUp()
	s.mallCameras()
	s.open(s.url + "/compliance")
	s.wait("the records are there", "document.querySelector('#records [data-add]')")
	var kinds []string
	s.js("fetch('/api/v1/record-kinds').then(r => r.json()).then(all => all.map(kind => kind.id))", &kinds)
	s.js(`(() => {
		window.tick = (form, name) => form.querySelectorAll('[name=' + name + ']').forEach(box => { box.checked = true; });
		window.choose = (form, name) => { const select = form.elements[name]; select.value = [...select.options].find(o => o.value).value; };
		const file = new DataTransfer();
		file.items.add(new File(['a paper'], 'paper.pdf'));
		window.fillIn = (form, kind) => {
			for (const e of form.querySelectorAll('input, select, textarea')) {
				if (e.type === 'checkbox' && e.name === 'cameras') e.checked = true;
				else if (!e.required || e.value && e.type !== 'radio') continue;
				else if (e.type === 'file') e.files = file.files;
				else if (e.type === 'radio') { if (e.value === 'no') e.checked = true; }
				else if (e.type === 'date') e.value = '2026-03-01';
				else if (e.type === 'number') e.value = e.min;
				else if (e.tagName === 'SELECT') choose(form, e.name);
				else e.value = e.tagName === 'TEXTAREA' ? 'words of an answer' : 'words';
			}
			(`+aside+`)[kind]?.(form);
		};
	})()`, nil)
	for _, kind := range kinds {
		form := "form[data-record=" + kind + "]"
		s.js(fmt.Sprintf("document.getElementById(%s).reveal()", quoted(kind)), nil)
		s.waitFor(form)
		submit := fmt.Sprintf("{ const form = document.querySelector('%s'); fillIn(form, %s); form.requestSubmit(); }", form, quoted(kind))
		s.js(submit, nil)
		s.wait(kind+" is recorded", fmt.Sprintf("document.querySelector('#%s [data-id]') && !document.querySelector('%[2]s')", kind, form))
		s.userInput.press("#" + kind + " [data-id] .button")
		s.waitFor(form)
		s.js(submit, nil)
		s.wait(kind+" is corrected", fmt.Sprintf("document.querySelector('#%s [data-id] details') && !document.querySelector('%[2]s')", kind, form))
		s.js(fmt.Sprintf("document.getElementById(%s).open = false", quoted(kind)), nil)
	}
}

func (s walkthrough) nothingGreen() {
	s.Helper()
	var green []string
	s.js("[...document.querySelectorAll('[data-tone=good]')].map(e => e.closest('[data-clause]')?.dataset.clause ?? e.textContent)", &green)
	if len(green) > 0 {
		s.Errorf("green at an empty site: %q", green)
	}
}

// unknownsLead checks where the buttons of unknown clauses lead: each to the question whose
// answer makes it known, which asks for something there.
func (s walkthrough) unknownsLead() {
	s.Helper()
	var bad []string
	s.js(`fetch('/api/v1/questions').then(r => r.json()).then(all => [...document.querySelectorAll('[data-status=unknown][data-clause]')].flatMap(clause => {
		const href = clause.querySelector('a[data-fix]')?.getAttribute('href') ?? '', id = clause.dataset.clause;
		if (['/cameras/new'].includes(href)) return [];
		if (!href.startsWith('/questions#')) return [id + ' leads to ' + (href || 'nothing')];
		const question = all.find(one => '/questions#' + one.id === href);
		return question?.open.includes(id) && question.state === 'open' ? [] : [id + ' leads to ' + href + ', which does not wait for it'];
	}))`, &bad)
	for _, fault := range bad {
		s.Error(fault)
	}
	var asked []string
	s.js("[...new Set([...document.querySelectorAll('[data-status=unknown] a[href^=\\'/questions#\\']')].map(a => a.getAttribute('href').slice(11)))]", &asked)
	if len(asked) < 4 {
		s.Errorf("the unknown clauses lead to %q alone", asked)
	}
	here := "location.href"
	s.js(here, &here)
	for _, id := range asked {
		s.open(s.url + "/questions#" + id)
		s.wait("the question "+id+" asks", fmt.Sprintf("document.querySelector('#question [data-question=%s]')?.matches(':has(input, select, textarea, .button.first)')", id))
		s.noOverflow("the question " + id)
	}
	s.open(here)
}

// The questions are answered on their page, and the clauses follow: no, then yes with a device.
// What was answered is there with who and when.
func TestQuestionsAreAnswered(t *testing.T) {
	b := openBrowser(t, 390, 844)
	s := walkthrough{b, mouse{b, true}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	s.prepare()
	s.answered("face-devices", func() { s.userInput.tick("[name=says][value=no]") })
	s.open(s.url + "/compliance")
	s.wait("the order does not apply", "document.querySelector('[data-clause=m15]')?.dataset.status === 'not_applicable'")
	s.answered("face-devices", func() {
		s.wait("the answer is shown with who gave it", "document.querySelector('#question').innerText.includes('manager') && document.querySelector('[name=says][value=no]').checked")
		s.userInput.tick("[name=says][value=yes]")
		s.userInput.write("[name=note]", "gate at the north door")
		s.userInput.write("[name='r0.name']", "north gate")
		s.userInput.pick("[name='r0.what']", "gate")
		s.userInput.pick("[name='r0.mode']", "identify")
		s.userInput.press("[data-record=device] .more > summary")
		s.userInput.write("[name='r0.people']", "3200")
		s.noOverflow("a question")
		s.shoot("question")
	})
	s.open(s.url + "/compliance")
	s.wait("fewer than must be filed", "document.querySelector('[data-clause=m15]')?.dataset.status === 'pass'")
	if s.is("document.querySelector('[data-clause=m15] .state').dataset.tone === 'good'") {
		s.Error("what was only said is green")
	}
	s.inspected()
	s.handedOut()
}

// answered opens a question, does what answers it and goes on.
func (s walkthrough) answered(id string, by func()) {
	s.Helper()
	s.open(s.url + "/questions#" + id)
	here := fmt.Sprintf("document.querySelector('[data-question=%s]')", id)
	s.wait("the question is there", here)
	by()
	s.userInput.press("#save")
	s.wait("the next question", here+" === null")
}

// inspected: a camera that was found is counted, and reported by a correction.
func (s walkthrough) inspected() {
	s.Helper()
	clause, form := "[data-clause=s799-8-2]", "form[data-record=inspection]"
	s.js(`fetch('/api/v1/site/answers/private-rooms', {method: 'PUT', body: JSON.stringify({says: 'yes'}), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, nil)
	s.waitFor(clause + "[data-status=warn]")
	s.userInput.press(clause + " [data-fix=inspection]")
	s.waitFor(form)
	s.userInput.write(form+" [name=found]", "a camera in toilet 3")
	s.userInput.write(form+" [name=cameras]", "1")
	s.userInput.press(form + " .button.first")
	s.waitFor(clause + "[data-status=fail]")
	s.userInput.press(clause + " [data-fix=report]")
	s.userInput.press("#inspection [data-id] .button")
	s.waitFor(form)
	s.noOverflow("the form of an inspection")
	s.userInput.write(form+" [name=correction]", "reported")
	s.js(fmt.Sprintf("{ const form = document.querySelector('%s'); form.reported.value = form.date.value; }", form), nil)
	s.userInput.press(form + " .button.first")
	s.wait("the clause is kept", fmt.Sprintf("document.querySelector('%s')?.dataset.status === 'pass'", clause))
}

// handedOut: a tick is no mask, the report of bauta redact is; its file is hashed in the page.
func (s walkthrough) handedOut() {
	s.Helper()
	clause, form := "[data-clause=s799-release]", "form[data-record=export]"
	s.js("document.getElementById('export').reveal()", nil)
	s.waitFor(form)
	for name, value := range map[string]string{"reason": "a lost child", "content": "the lobby at noon", "unit": "the police station", "name": "officer 5"} {
		s.userInput.write(form+" [name="+name+"]", value)
	}
	s.userInput.pick(form+" [name=requester]", "public")
	s.userInput.press(form + " .more > summary")
	s.userInput.pick(form+" [name=purpose]", "public-safety")
	s.userInput.tick(form + " [name=public]")
	s.userInput.tick(form + " [name=masked]")
	s.noOverflow("the form of an export")
	s.shoot("export-form")
	s.userInput.press(form + " .button.first")
	s.wait("the clause waits for the report", fmt.Sprintf("document.querySelector('%s')?.dataset.status === 'unknown'", clause))
	s.userInput.press("[data-of=unknown] > summary") // folded where there is little room
	s.userInput.press(clause + " [data-fix=report_of_masks]")
	s.userInput.press("#export [data-id] .button")
	s.waitFor(form)
	report, said := filepath.Join(s.TempDir(), "redacted.json"), "what bauta redact wrote"
	if err := os.WriteFile(report, []byte(said), 0o600); err != nil {
		s.Fatal(err)
	}
	s.userInput.write(form+" [name=correction]", "the report")
	s.upload(form+" [name=report]", report)
	s.userInput.press(form + " .button.first")
	s.wait("the clause is kept", fmt.Sprintf("document.querySelector('%s')?.dataset.status === 'pass'", clause))
	var kept string
	s.js("fetch('/api/v1/records/export').then(r => r.json()).then(all => all.at(-1).record.report)", &kept)
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(said))); !strings.EqualFold(kept, want) {
		s.Errorf("the report's hash on record is %q, want %s", kept, want)
	}
}
