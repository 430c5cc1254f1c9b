package console_test

import (
	"fmt"
	"strings"
	"testing"
)

// second is another manager in a browser of their own.
func (s walkthrough) second(t *testing.T, name string) walkthrough {
	t.Helper()
	s.request("POST", "/v1/users", fmt.Sprintf(`{"user": %q, "password": %q, "role": "manager"}`, name, password))
	b := openBrowser(t, s.width, 800)
	other := walkthrough{b, mouse{b, s.width < 600}, s.instance, s.lang, false}
	other.open(other.url + "/login?lang=" + s.lang)
	other.userInput.write("#user", name)
	other.userInput.write("#password", password)
	other.userInput.press("#login .button.first")
	other.wait("logged in", "location.pathname === '/'")
	return other
}

// holds chooses in the dialog of what two people changed at once.
func (s walkthrough) holds(line, whose string) {
	s.Helper()
	s.userInput.press(fmt.Sprintf("#meanwhile [data-line=%s] input[value=%s]", line, whose))
}

// Two managers change the same facts, site and area at once: the second sees both values and who
// changed it, and decides; what only one of them changed is kept of both.
func TestTwoManagersAtOnce(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		other := s.second(s.T, "guard")
		s.request("PUT", "/v1/cameras/gate/facts", `{"necessity": "at first"}`)
		s.request("POST", "/v1/cameras/gate/zones", `{"id": "desk", "kind": "masked", "points": [{"x": 0.1, "y": 0.1}, {"x": 0.5, "y": 0.1}, {"x": 0.5, "y": 0.5}]}`)
		for _, one := range []walkthrough{s, other} {
			one.open(one.url + "/cameras/gate#facts")
			one.waitFor("#facts-save")
			one.waitFor("#zone-list [data-zone]")
		}
		other.userInput.write("[name=necessity]", "the other's words")
		other.userInput.write("[name=firmware]", "2.0")
		other.userInput.press("#facts-save")
		other.wait("the first one saved", "fetch('/api/v1/cameras/gate/facts').then(r => r.json()).then(f => f.firmware === '2.0')")
		s.userInput.write("[name=necessity]", "my words")
		s.userInput.write("[name=model]", "M 1")
		s.userInput.press("#facts-save")
		s.waitFor("#meanwhile")
		if !s.is("document.querySelector('dialog').textContent.includes('guard')") {
			s.Error("it is not said who changed it")
		}
		s.fits("what two people changed")
		s.shoot(s.lang + "-meanwhile")
		s.holds("necessity", "mine")
		s.userInput.press("#meanwhile .button.first")
		s.wait("both are kept", "fetch('/api/v1/cameras/gate/facts').then(r => r.json()).then(f => f.necessity === 'my words' && f.firmware === '2.0' && f.model === 'M 1')")

		// The same area.
		other.request("POST", "/v1/cameras/gate/zones", `{"id": "desk", "kind": "private", "replace": true, "points": [{"x": 0.1, "y": 0.1}, {"x": 0.5, "y": 0.1}, {"x": 0.5, "y": 0.5}]}`)
		s.userInput.press("#zone-list [data-zone]")
		s.userInput.tick("#zone-edit [value=moving]")
		s.userInput.press("#zone-save")
		s.waitFor("#meanwhile")
		s.holds("kind", "their")
		s.userInput.press("#meanwhile .button.first")
		s.wait("theirs is kept", "!document.querySelector('#zone-edit') && fetch('/api/v1/cameras/gate/zones').then(r => r.json()).then(z => z.zones[0].kind === 'private')")

		// The site.
		for _, one := range []walkthrough{s, other} {
			one.open(one.url + "/compliance#site")
			one.waitFor("#site-save")
		}
		other.userInput.write("[name=unit]", "Their Mall")
		other.userInput.press("#site-save")
		other.wait("the first one saved", "fetch('/api/v1/site').then(r => r.json()).then(f => f.unit === 'Their Mall')")
		s.userInput.write("[name=contact]", "021-5555 0100")
		s.userInput.press("#site-save")
		s.waitFor("#meanwhile")
		s.userInput.press("#meanwhile .button.first")
		s.wait("both are kept", "fetch('/api/v1/site').then(r => r.json()).then(f => f.unit === 'Their Mall' && f.contact === '021-5555 0100')")
	})
}

// What was removed is back after an undo, on another page too: the camera with its areas and facts,
// a user with the password, a token, an area.
func TestUndoOfRemovals(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.request("PUT", "/v1/cameras/gate/facts", `{"necessity": "people were hurt here", "model": "M 1"}`)
		s.request("POST", "/v1/cameras/gate/zones", `{"id": "desk", "kind": "private", "points": [{"x": 0.1, "y": 0.1}, {"x": 0.5, "y": 0.1}, {"x": 0.5, "y": 0.5}]}`)
		s.request("POST", "/v1/users", fmt.Sprintf(`{"user": "guard", "password": %q, "role": "viewer"}`, password))
		s.request("POST", "/v1/tokens", `{"name": "recorder", "role": "viewer", "days": 30}`)

		s.open(s.url + "/cameras/gate")
		s.userInput.press("#zone-list [data-zone]")
		s.userInput.press("#zone-edit .button.danger")
		s.userInput.press("dialog .danger") // what hides something is asked for all the same
		s.waitFor("[data-undo]")
		s.fits("the line of an undo")
		s.shoot(s.lang + "-undo")
		s.userInput.press("[data-undo]")
		s.wait("the area is back", "!document.querySelector('[data-undo]') && fetch('/api/v1/cameras/gate/zones').then(r => r.json()).then(z => z.zones[0]?.kind === 'private')")

		s.userInput.press("#remove")
		s.userInput.press("dialog .danger")
		s.wait("the overview", "location.pathname === '/'")
		s.waitFor("[data-undo]")
		s.open(s.url + "/settings")
		s.userInput.press("[data-undo]")
		s.wait("the camera's page", "location.pathname === '/cameras/gate'")
		if got := s.answer("/v1/cameras/gate/facts", "v.necessity + v.model"); got != "people were hurt hereM 1" {
			s.Errorf("the facts are %q", got)
		}
		if got := s.answer("/v1/cameras/gate/zones", "v.zones.map(z => z.id + z.kind)"); got != "deskprivate" {
			s.Errorf("the areas are %q", got)
		}

		s.open(s.url + "/settings")
		for _, list := range []string{"#users", "#tokens"} {
			s.userInput.press(list + " .button.danger")
			s.userInput.press("dialog .danger")
			s.userInput.press("[data-undo]")
			s.wait("it is back", fmt.Sprintf("!document.querySelector('[data-undo]') && document.querySelector('%s .button.danger')", list))
		}
		s.js(fmt.Sprintf("fetch('/api/v1/login', {method: 'POST', body: JSON.stringify({user: 'guard', password: %q})}).then(r => { if (!r.ok) throw new Error(r.status); })", password), nil)
	})
}

// Records open with all that they say and who recorded them, are settled, corrected, withdrawn and
// put in force again, searched by pages and exported.
func TestRecordsPage(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		for i := range 30 {
			s.request("POST", "/v1/records/complaint", fmt.Sprintf(`{"date": "2026-03-02", "content": "complaint %02d"}`, i))
		}
		s.request("POST", "/v1/records/inspection", `{"date": "2026-03-02", "found": "one camera", "cameras": 1}`)
		s.open(s.url + "/records?kind=complaint")
		s.waitFor("#list [data-id]")
		if !s.is("document.querySelectorAll('#list [data-id]').length === 25") {
			s.Error("a page has other than 25 records")
		}
		s.userInput.press("[data-page=next]")
		s.wait("the last page", "document.querySelectorAll('#list [data-id]').length === 5")
		s.userInput.write("#q", "complaint 07")
		s.wait("the search finds one", "document.querySelectorAll('#list [data-id]').length === 1")
		s.userInput.press("#list [data-id] summary")
		s.wait("who recorded it is said", "document.querySelector('#list [data-id] details').textContent.includes('manager')")
		s.fits("a record")
		s.shoot(s.lang + "-record")
		s.userInput.press("[data-settle]")
		s.userInput.write("#list [name=answer]", "the camera was turned away")
		s.userInput.press("#list form .button.first")
		s.wait("it is settled", "fetch('/api/v1/records/complaint').then(r => r.json()).then(all => all.find(c => c.record.content === 'complaint 07').record.answer === 'the camera was turned away')")
		s.wait("the row says so", "!document.querySelector('[data-settle]')")

		s.userInput.press("[data-withdraw]")
		s.userInput.write("#list [name=reason]", "recorded twice")
		s.userInput.press("#list form .button.danger")
		s.wait("it is withdrawn", "fetch('/api/v1/records/complaint').then(r => r.json()).then(all => all.find(c => c.record.content === 'complaint 07').withdrawn)")
		s.userInput.pick("#which", "withdrawn")
		s.waitFor("#list [data-withdrawn]")
		s.shoot(s.lang + "-record-withdrawn")
		var csv string
		s.js(fmt.Sprintf("fetch('/api/v1/forms/register-complaint?format=csv&lang=%s').then(r => r.text())", s.lang), &csv)
		if !strings.Contains(csv, "recorded twice") {
			s.Errorf("the register does not say that it is withdrawn")
		}
		if s.is("document.querySelector('#list details').open") == false {
			s.userInput.press("#list [data-id] summary")
		}
		s.userInput.press("[data-restore]")
		s.userInput.write("#list [name=reason]", "it was right")
		s.userInput.press("#list form .button.first")
		s.wait("it is in force", "fetch('/api/v1/records/complaint').then(r => r.json()).then(all => !all.find(c => c.record.content === 'complaint 07').withdrawn)")

		s.open(s.url + "/records?kind=inspection")
		s.userInput.press("[data-settle]")
		s.userInput.press("#list form .button.first")
		s.wait("it is reported", "fetch('/api/v1/records/inspection').then(r => r.json()).then(all => all[0].record.reported)")

		s.request("POST", "/v1/records/complaint", `{"date": "2026-03-02", "content": "one more"}`)
		s.open(s.url + "/compliance")
		s.wait("the records are there", "document.querySelector('#complaint [data-all-of]')")
		if !s.is("document.querySelector('#complaint [data-settle]')") {
			s.Error("an open complaint cannot be settled where the clauses are")
		}
	})
}

// A new assessment begins with the last answers and says what changed; one letter is no answer.
func TestAssessmentAfterAChange(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.request("PUT", "/v1/cameras/gate/facts", `{"place": "lobby", "purpose": "public-safety"}`)
		items := `{"lawful_necessary": "the law asks for it", "effect_and_mitigation": "all faces are masked", "risks": "a login is stolen", "measures": "new passwords each year"}`
		s.request("POST", "/v1/records/assessment", fmt.Sprintf(`{"date": "2026-03-02", "review": "2027-03-02", "file": %q, "items": %s}`, strings.Repeat("a", 64), items))
		s.request("PUT", "/v1/cameras/gate/facts", `{"place": "corridor", "purpose": "public-safety"}`)
		s.open(s.url + "/compliance")
		s.wait("the records are there", "document.querySelector('#assessment [data-id]')")
		s.js("document.getElementById('assessment').reveal()", nil)
		s.waitFor("form[data-record=assessment]")
		if !s.is("document.querySelector('form[data-record=assessment] [name=risks]').value === 'a login is stolen'") {
			s.Error("the last answers are not filled in")
		}
		if !s.is("document.querySelector('form[data-record=assessment] .note[data-tone=warn] li')") {
			s.Error("it is not said what changed")
		}
		s.fits("an assessment")
		s.shoot(s.lang + "-assessment")
		s.userInput.write("form[data-record=assessment] [name=risks]", "x")
		if s.is("document.querySelector('form[data-record=assessment] [name=risks]').checkValidity()") {
			s.Error("one letter is an answer")
		}
	})
}
