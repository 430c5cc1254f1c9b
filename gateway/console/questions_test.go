package console_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
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
			s.waitFor("[data-clause][data-status=unknown]")
			s.waitFor("#question-incident")
			s.noOverflow("the page of legal duties in " + lang)
			s.shoot(lang + "-empty-duties")
			s.nothingGreen()
			s.unknownsLead()
		}
	}
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

func (s walkthrough) nothingGreen() {
	s.Helper()
	var green []string
	s.js("[...document.querySelectorAll('[data-tone=good]')].map(e => e.closest('[data-clause]')?.dataset.clause ?? e.textContent)", &green)
	if len(green) > 0 {
		s.Errorf("green at an empty site: %q", green)
	}
}

// unknownsLead checks where the buttons of unknown clauses lead.
func (s walkthrough) unknownsLead() {
	s.Helper()
	var bad []string
	s.js(`[...document.querySelectorAll('[data-status=unknown][data-clause]')].flatMap(clause => {
		const link = clause.querySelector('a[data-fix]'), href = link?.getAttribute('href') ?? '', id = clause.dataset.clause;
		if (!link) return [id + ' has no button'];
		if (!href.startsWith('#')) return href.startsWith('/') ? [] : [id + ' leads to ' + href];
		if (!document.getElementById(href.slice(1))) return [id + ' leads nowhere: ' + href];
		if (!href.startsWith('#question-')) return [];
		link.click();
		return document.activeElement.closest('form')?.id === href.slice(1) ? [] : [id + ': its question has not the focus'];
	})`, &bad)
	for _, fault := range bad {
		s.Error(fault)
	}
	if !s.is("document.querySelectorAll('[data-status=unknown] a[data-fix=answer]').length > 3") {
		s.Error("no clause asks for an answer")
	}
}

// The questions are answered on the page, and the clauses follow: yes with how many people and
// since when, then no. What is being written in another answer stays.
func TestQuestionsAreAnswered(t *testing.T) {
	b := openBrowser(t, 390, 844)
	s := walkthrough{b, mouse{b, true}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	s.prepare()
	s.open(s.url + "/compliance")
	gates, grading := "#question-face-devices", "#question-grading"
	s.waitFor(gates)
	s.userInput.write(grading+" [name=note]", "not due: five cameras")
	s.userInput.press(gates + " .button")
	s.wait("an empty answer is refused", fmt.Sprintf("document.querySelector('%s .wrong').textContent !== ''", gates))
	s.userInput.pick(gates+" [name=says]", "yes")
	s.userInput.write(gates+" [name=note]", "gate at the north door")
	s.userInput.write(gates+" [name=count]", "3200")
	s.js(fmt.Sprintf("document.querySelector('%s [name=day]').value = '2026-01-05'", gates), nil)
	s.userInput.press(gates + " .button")
	s.wait("fewer than must be filed", "document.querySelector('[data-clause=m15]')?.dataset.status === 'pass'")
	if s.is("document.querySelector('[data-clause=m15] .state').dataset.tone === 'good'") {
		s.Error("what was only said is green")
	}
	s.wait("the answer is shown with who gave it", fmt.Sprintf("document.querySelector('%s').innerText.includes('manager') && document.querySelector('%[1]s [name=count]').value === '3200' && document.querySelector('%[1]s [name=day]').value === '2026-01-05'", gates))
	if !s.is(fmt.Sprintf("document.querySelector('%s [name=note]').value === 'not due: five cameras'", grading)) {
		s.Error("what was being written is lost")
	}
	s.shoot("questions")
	s.userInput.pick(gates+" [name=says]", "no")
	s.userInput.press(gates + " .button")
	s.wait("the order does not apply", "document.querySelector('[data-clause=m15]')?.dataset.status === 'not_applicable'")
	s.inspected()
	s.handedOut()
}

// inspected: a camera that was found is counted, and reported by a correction.
func (s walkthrough) inspected() {
	s.Helper()
	clause, form := "[data-clause=s799-8-2]", "form[data-record=inspection]"
	s.userInput.pick("#question-private-rooms [name=says]", "yes")
	s.userInput.press("#question-private-rooms .button")
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
	s.userInput.pick(form+" [name=purpose]", "public-safety")
	s.userInput.tick(form + " [name=public]")
	s.userInput.tick(form + " [name=masked]")
	s.noOverflow("the form of an export")
	s.shoot("export-form")
	s.userInput.press(form + " .button.first")
	s.waitFor(clause + "[data-status=unknown]")
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
